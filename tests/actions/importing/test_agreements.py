"""Agreements of the old system: what they replace, what blocks, and what opens."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from religa.actions import record_payment
from religa.actions.importing.columns import Kind
from religa.actions.importing.problems import What
from religa.actions.importing.run import Asked
from religa.domain.facts import Closed, Method
from religa.domain.reasons import ClosedBecause, Why
from religa.records.models import Agreement, AgreementInvoice, Invoice

from .files import (
    AT,
    BASE,
    access,
    bring,
    bring_only,
    contract,
    everything_written,
    facts_of,
    figures,
    open_principal,
    wrong,
)

pytestmark = pytest.mark.django_db

# Bruno owes two bills, was blocked on 3 November, and on the 20th agreed to pay them in two parts.
HEAD = "fatura;contrato;vencimento;valor;acordo\n"
OLD = "F1;C-bruno;10/09/2026;100,00;\nF2;C-bruno;13/10/2026;100,00;\n"
PARTS = "P1;C-bruno;15/12/2026;110,00;AC1\nP2;C-bruno;15/01/2027;100,00;AC1\n"
AGREED = "acordo;faturas;feito em\nAC1;F1 F2;20/11/2026 10:00\n"
BLOCK = "contrato;bloqueado em;aviso em\nC-bruno;03/11/2026 09:00;15/10/2026\n"
FIRST_PAID = "pagamento;fatura;valor;pago em\nE1;P1;110,00;30/11/2026 14:00\n"


def brought(**more):
    report = bring(**{"faturas": HEAD + OLD + PARTS, "acordos": AGREED, **more})
    assert report.problems.errors == 0, wrong(report)
    return report


def test_an_agreement_takes_the_place_of_its_invoices():
    assert figures(brought(), Kind.AGREEMENTS) == (1, 0, 0, 0)
    assert {i.id: (i.closed, i.agreement) for i in facts_of("C-bruno").invoices} == {
        "F1": (Closed.AGREED, "AC1"),
        "F2": (Closed.AGREED, "AC1"),
        "P1": (None, "AC1"),
        "P2": (None, "AC1"),
    }
    [made] = facts_of("C-bruno").agreements
    assert (made.first_instalment, made.invoices) == ("P1", ("F1", "F2"))
    assert made.made_at == datetime(2026, 11, 20, 13, 0, tzinfo=UTC)
    assert access("C-bruno") == ("full", "current", "nothing_late")


def test_the_same_files_again_change_nothing():
    brought(bloqueios=BLOCK)
    before = everything_written()
    again = brought(bloqueios=BLOCK, at=AT + timedelta(hours=1))
    assert everything_written() == before
    assert (figures(again, Kind.AGREEMENTS), again.touched, wrong(again)) == ((0, 0, 1, 0), 0, [])


def test_a_block_stands_until_the_first_instalment_is_paid():
    report = brought(bloqueios=BLOCK)
    assert [(o.contract, o.why) for o in report.cut_over.stays] == [("C-bruno", Why.DEBT)]
    paid = {"payment_id": "E9", "amount": 11000, "method": Method.PIX, "invoice": "P1", "paid_at": AT}
    record_payment.record(contract_id=contract("C-bruno"), at=AT, **paid)
    assert access("C-bruno") == ("full", "current", "nothing_late")
    assert open_principal("P2") == 10000


def test_a_block_whose_first_instalment_was_paid_opens():
    report = brought(bloqueios=BLOCK, pagamentos=FIRST_PAID)
    assert [(o.contract, o.why) for o in report.cut_over.opens] == [("C-bruno", ClosedBecause.AGREEMENT)]
    assert access("C-bruno")[0] == "full"


def test_a_trial_says_what_the_import_will_do():
    files = {**BASE, "faturas": HEAD + OLD + PARTS, "acordos": AGREED, "bloqueios": BLOCK}
    trial = bring_only(apply=False, **files)
    assert Agreement.objects.count() == 0
    assert trial.cut_over == bring_only(**files).cut_over


def test_what_was_paid_before_the_agreement_stays_where_it_was():
    brought(pagamentos="pagamento;fatura;valor;pago em\nE1;F1;40,00;01/11/2026\n")
    [paid] = [i for i in facts_of("C-bruno").invoices if i.settlements]
    assert (paid.id, open_principal("P1"), facts_of("C-bruno").lots) == ("F1", 11000, ())


def test_what_is_paid_after_it_goes_to_the_instalments():
    brought(pagamentos="pagamento;contrato;valor;pago em\nE1;C-bruno;120,00;30/11/2026\n")
    assert (open_principal("P1"), open_principal("P2")) == (0, 9000)


def test_an_original_that_the_old_system_cancelled_stays_cancelled():
    text = "fatura;contrato;vencimento;valor;acordo;situação\nF1;C-bruno;10/09/2026;100,00;;Cancelada\n"
    text += "F2;C-bruno;13/10/2026;100,00;;Cancelada\nP1;C-bruno;15/12/2026;110,00;AC1;Aberta\n"
    brought(faturas=text)
    assert Invoice.objects.get(external_id="F1").closed == "cancelled"
    assert AgreementInvoice.objects.count() == 2


def test_an_instalment_that_is_billed_later_joins_its_agreement():
    brought()
    late = "P3;C-bruno;15/02/2027;50,00;AC1\n"
    report = brought(faturas=HEAD + OLD + PARTS + late)
    assert (figures(report, Kind.INVOICES)[:2], figures(report, Kind.AGREEMENTS)[0]) == ((1, 0), 0)
    assert Invoice.objects.get(external_id="P3").agreement == Agreement.objects.get()
    assert len(facts_of("C-bruno").agreements) == 1


def test_a_complete_file_cancels_an_instalment_that_it_brought_and_now_lacks():
    brought()
    bring_only(
        asked=Asked(apply=True, complete=True), faturas=HEAD + OLD + "P1;C-bruno;15/12/2026;110,00;AC1\n"
    )
    assert Invoice.objects.get(external_id="P2").closed == "cancelled"
    assert Invoice.objects.get(external_id="P1").closed is None


@pytest.mark.parametrize(
    ("faturas", "acordos", "problem"),
    [
        (HEAD + OLD, AGREED, (What.NO_INSTALMENTS, 2, "acordo")),
        (HEAD + OLD + PARTS, AGREED.replace("F1", "F9"), (What.UNKNOWN_REFERENCE, 2, "faturas")),
        (HEAD + OLD + PARTS, AGREED.replace("20/11", "20/12"), (What.FUTURE, 2, "feito em")),
        (
            HEAD + OLD + PARTS.replace("P2;C-bruno", "P2;C-ana"),
            AGREED,
            (What.OF_ANOTHER_CONTRACT, 2, "faturas"),
        ),
    ],
)
def test_an_agreement_that_cannot_be_is_refused_with_its_line(faturas, acordos, problem):
    assert problem in wrong(bring(faturas=faturas, acordos=acordos))
    assert Agreement.objects.count() == 0


def test_an_instalment_of_nothing_is_refused():
    assert wrong(bring(faturas=HEAD + OLD + PARTS)) == [
        (What.UNKNOWN_REFERENCE, 4, "acordo"),
        (What.UNKNOWN_REFERENCE, 5, "acordo"),
    ]
