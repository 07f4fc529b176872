"""Before the cut-over: who is blocked there and opens here, who stays blocked, and why."""

from __future__ import annotations

import pytest

from religa.domain.facts import Access
from religa.domain.reasons import ClosedBecause, Refusal, Why
from religa.records.models import ContractAccess, Suspension

from . import files
from .files import bring, bring_only

pytestmark = pytest.mark.django_db

BLOCKED = "contrato;bloqueado em;aviso em\nC-bruno;30/11/2026 09:00;13/11/2026\nC-carla;03/11/2026 09:00;15/10/2026\n"


def opens(report) -> list[tuple[str, object]]:
    return [(o.contract, o.why) for o in report.cut_over.opens]


def stays(report) -> list[tuple[str, object]]:
    return [(o.contract, o.why) for o in report.cut_over.stays]


def test_a_block_with_its_debt_and_its_notice_stays():
    report = bring(faturas=files.INVOICES, bloqueios=BLOCKED)
    assert (opens(report), stays(report)) == ([], [("C-bruno", Why.DEBT), ("C-carla", Why.DEBT)])
    assert list(Suspension.objects.values_list("imported", "late_at_opening").order_by("pk")) == [
        (True, 9990),
        (True, 129990),
    ]


def test_a_dry_run_says_the_same_and_leaves_no_block():
    trial = bring(apply=False, faturas=files.INVOICES, bloqueios=BLOCKED)
    assert Suspension.objects.count() == 0
    assert trial.cut_over == bring(faturas=files.INVOICES, bloqueios=BLOCKED).cut_over


def test_a_block_without_a_proven_notice_opens():
    report = bring(faturas=files.INVOICES, bloqueios="contrato;bloqueado em\nC-bruno;30/11/2026 09:00\n")
    assert opens(report) == [("C-bruno", Refusal.NO_EVIDENCE)]
    assert ContractAccess.objects.get(contract__external_id="C-bruno").access == Access.FULL


def test_the_notices_file_can_prove_it():
    proof = "faturas;enviado em;evidencia\nF-bruno;13/11/2026 10:00;entregue\n"
    report = bring(
        faturas=files.INVOICES, avisos=proof, bloqueios="contrato;bloqueado em\nC-bruno;30/11/2026 09:00\n"
    )
    assert stays(report) == [("C-bruno", Why.DEBT)]


def test_a_notice_that_failed_proves_nothing():
    proof = "faturas;enviado em;evidencia\nF-bruno;13/11/2026 10:00;falhou\n"
    report = bring(
        faturas=files.INVOICES, avisos=proof, bloqueios="contrato;bloqueado em\nC-bruno;30/11/2026 09:00\n"
    )
    assert opens(report) == [("C-bruno", Refusal.NO_EVIDENCE)]


def test_a_block_whose_debt_is_paid_opens():
    paid = "pagamento;fatura;valor;pago em\nE1;F-bruno;110,00;30/11/2026\n"
    report = bring(faturas=files.INVOICES, pagamentos=paid, bloqueios=BLOCKED)
    assert opens(report) == [("C-bruno", ClosedBecause.SETTLED)]


def test_a_block_without_any_late_invoice_opens():
    report = bring(
        faturas=files.INVOICES, bloqueios="contrato;bloqueado em;aviso em\nC-ana;30/11/2026;13/11/2026\n"
    )
    assert opens(report) == [("C-ana", ClosedBecause.SETTLED)]


def test_a_block_under_a_hold_opens_and_says_until_when():
    hold = "contrato;ate;motivo\nC-bruno;10/12/2026;visita marcada\n"
    report = bring(faturas=files.INVOICES, bloqueios=BLOCKED, salvaguardas=hold)
    assert [(o.contract, o.why, f"{o.until:%d.%m.}") for o in report.cut_over.opens] == [
        ("C-bruno", Why.HOLD, "11.12.")
    ]


def test_who_is_online_there_but_owes_enough_to_be_blocked_is_listed_and_not_blocked():
    proof = "faturas;enviado em;evidencia\nF-carla;15/10/2026 10:00;entregue\n"
    report = bring(faturas=files.INVOICES, avisos=proof)
    assert [o.contract for o in report.cut_over.block_due] == ["C-carla"]
    assert Suspension.objects.count() == 0


def test_the_list_comes_again_with_the_same_files_although_nothing_changes():
    bring(faturas=files.INVOICES, bloqueios=BLOCKED)
    again = bring(apply=False, faturas=files.INVOICES, bloqueios=BLOCKED)
    assert (again.touched, [c for c, _ in stays(again)]) == (0, ["C-bruno", "C-carla"])


def test_a_block_that_religa_has_ended_does_not_come_back_with_an_old_file():
    bring(faturas=files.INVOICES, bloqueios=BLOCKED)
    bring_only(pagamentos="pagamento;fatura;valor;pago em\nE1;F-bruno;110,00;01/12/2026\n")
    bring_only(bloqueios=BLOCKED)
    row = ContractAccess.objects.get(contract__external_id="C-bruno")
    assert (row.access, Suspension.objects.filter(contract=row.contract).count()) == ("full", 1)
