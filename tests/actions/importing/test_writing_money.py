"""What an import writes of invoices and payments."""

from __future__ import annotations

from datetime import date

import pytest

from cnab_files import Boleto
from religa.actions.importing.columns import Kind
from religa.actions.importing.problems import What
from religa.actions.importing.run import Asked, Outcome
from religa.records import facts
from religa.records.loaded import WHOLE_HISTORY
from religa.records.models import (
    Adjustment,
    Charge,
    ContractAccess,
    Invoice,
    InvoiceLine,
    Payment,
    Provider,
    UnidentifiedPayment,
)

from ..money import files as of_files
from . import files
from .files import (
    AT,
    EVERYTHING,
    access,
    bring,
    bring_only,
    contract,
    facts_of,
    figures,
    open_principal,
    wrong,
)

pytestmark = pytest.mark.django_db


# -- invoices ---------------------------------------------------------------------------------------------------------


def test_an_invoice_keeps_its_printed_due_date_even_if_it_comes_late():
    bring(faturas="fatura;contrato;vencimento;valor;emissão\nF1;C-ana;02/12/2026;99,90;30/11/2026\n")
    assert Invoice.objects.get().due_date == date(2026, 12, 2)


def test_printed_boletos_and_pix_can_be_recognised_when_they_are_paid():
    head = "fatura;contrato;vencimento;valor;conta;nosso número;linha digitável;txid\n"
    linha = "00190.00009 00000.000000 00000.000000 1 00000000009990"
    bring(
        faturas=f"{head}F1;C-ana;10/12/2026;99,90;001;777;{linha};tx1\nF2;C-bruno;10/12/2026;50,00;;;;tx2\n"
    )
    kept = Charge.objects.order_by("pk").values_list("kind", "account", "nosso_numero", "txid", "amount")
    assert list(kept) == [("boleto_pix", "001", "777", "tx1", 9990), ("pix_cobv", "", None, "tx2", 5000)]
    assert Charge.objects.get(txid="tx1").linha_digitavel == "00190000090000000000000000000000100000000009990"


def test_a_payment_that_came_before_its_invoice_is_found_by_the_import():
    bring()
    provider = Provider.objects.get()
    of_files.account(provider)
    of_files.read(provider, Boleto("00231327"), at=AT)
    assert UnidentifiedPayment.objects.get().resolved_at is None
    report = bring(
        faturas="fatura;contrato;vencimento;valor;nosso número\nF1;C-ana;10/11/2026;99,90;109/00231327-5\n"
    )
    assert report.money_found == 1
    assert (open_principal("F1"), Payment.objects.get().contract.external_id) == (0, "C-ana")
    assert bring(assinantes=files.SUBSCRIBERS).money_found == 0


def test_a_trial_credits_nothing():
    bring()
    provider = Provider.objects.get()
    of_files.account(provider)
    of_files.read(provider, Boleto("00231327"), at=AT)
    text = "fatura;contrato;vencimento;valor;nosso número\nF1;C-ana;10/11/2026;99,90;109/00231327-5\n"
    assert bring(apply=False, faturas=text).money_found == 0
    assert not Payment.objects.exists()


def test_another_boleto_for_the_same_invoice_leaves_the_first_payable():
    head = "fatura;contrato;vencimento;valor;nosso número\n"
    bring(faturas=head + "F1;C-ana;10/12/2026;99,90;777\n")
    bring(faturas=head + "F1;C-ana;10/12/2026;99,90;888\n")
    assert list(Charge.objects.order_by("pk").values_list("nosso_numero", "status")) == [
        ("777", "active"),
        ("888", "active"),
    ]


def test_lines_know_their_contract_and_whether_they_may_block():
    text = (
        "fatura;item;contrato;vencimento;valor;suspende;contrato do item\n"
        "F1;1;C-ana;10/12/2026;90,00;sim;\nF1;2;C-ana;10/12/2026;9,90;não;\nF1;3;C-ana;10/12/2026;50,00;;C-bruno\n"
    )
    bring(faturas=text)
    lines = InvoiceLine.objects.order_by("position").values_list(
        "contract__external_id", "amount", "suspendable", "shared"
    )
    assert list(lines) == [
        ("C-ana", 9000, True, False),
        ("C-ana", 990, False, False),
        ("C-bruno", 5000, True, True),
    ]
    assert [i.id for i in facts_of("C-bruno").invoices] == ["F1"]


def test_rates_that_the_file_does_not_say_are_the_policys():
    bring(
        faturas="fatura;contrato;vencimento;valor;multa\nF1;C-ana;10/12/2026;99,90;1,5\nF2;C-ana;10/12/2026;9,90;\n"
    )
    assert list(Invoice.objects.order_by("pk").values_list("fine_pct", "interest_pct_month")) == [
        (150, 100),
        (200, 100),
    ]


def test_a_changed_invoice_is_adjusted_and_the_adjustment_is_kept():
    bring(faturas=files.INVOICES)
    report = bring(
        faturas=files.INVOICES.replace("F-ana;C-ana;10/12/2026;99,90", "F-ana;C-ana;15/12/2026;89,90")
    )
    assert figures(report, Kind.INVOICES) == (0, 1, 2, 0)
    assert Invoice.objects.get(external_id="F-ana").due_date == date(2026, 12, 15)
    assert Adjustment.objects.values_list("line__invoice__external_id", "amount").get() == ("F-ana", -1000)
    assert open_principal("F-ana") == 8990


def test_what_was_paid_beyond_an_adjusted_invoice_becomes_credit():
    paid = "pagamento;fatura;valor;pago em\nE1;F-ana;99,90;30/11/2026\n"
    bring(faturas=files.INVOICES, pagamentos=paid)
    bring(faturas=files.INVOICES.replace("10/12/2026;99,90", "10/12/2026;60,00"), pagamentos=paid)
    [lot] = facts_of("C-ana").lots
    assert (open_principal("F-ana"), lot.amount) == (0, 3990)


def test_a_line_that_comes_or_goes_is_an_adjustment():
    head = "fatura;item;contrato;vencimento;valor\n"
    one, two = "F1;1;C-ana;10/12/2026;90,00\n", "F1;2;C-ana;10/12/2026;9,90\n"
    bring(faturas=head + one)
    bring(faturas=head + one + two)
    assert open_principal("F1") == 9990
    bring(faturas=head + one)
    assert open_principal("F1") == 9000
    assert list(Adjustment.objects.order_by("pk").values_list("amount", flat=True)) == [990, -990]


def test_what_religa_corrected_itself_is_not_put_back_by_an_old_file():
    from religa.actions import change_invoice

    bring(faturas=files.INVOICES)
    change_invoice.adjust(contract_id=contract("C-ana"), invoice="F-ana", total=5000, at=AT, author="clerk")
    assert figures(bring(faturas=files.INVOICES), Kind.INVOICES) == (0, 0, 3, 0)
    assert open_principal("F-ana") == 5000
    bring(faturas=files.INVOICES.replace("10/12/2026;99,90", "10/12/2026;50,00"))
    assert open_principal("F-ana") == 5000


def test_an_invoice_cancelled_there_is_cancelled_here_and_the_block_opens():
    bring(**EVERYTHING)
    assert access("C-carla")[0] == "walled"
    report = bring_only(
        faturas="fatura;contrato;vencimento;valor;situação\nF-carla;C-carla;10/10/2026;99,90;Cancelada\n"
    )
    assert figures(report, Kind.INVOICES) == (0, 0, 0, 1)
    assert access("C-carla") == ("full", "current", "nothing_late")


def test_a_complete_file_cancels_what_it_lacks_and_deletes_nothing():
    bring(faturas=files.INVOICES)
    left = "".join(line for line in files.INVOICES.splitlines(True) if not line.startswith("F-ana"))
    report = bring_only(faturas=left, asked=Asked(apply=True, complete=True))
    assert figures(report, Kind.INVOICES) == (0, 0, 2, 1)
    assert Invoice.objects.get(external_id="F-ana").closed == "cancelled"
    assert InvoiceLine.objects.filter(invoice__external_id="F-ana").get().amount == 9990
    assert [figures(bring_only(faturas=left), Kind.INVOICES)] == [(0, 0, 2, 0)]


def test_a_partial_file_cancels_nothing():
    bring(faturas=files.INVOICES)
    report = bring_only(faturas="fatura;contrato;vencimento;valor\nF9;C-ana;10/01/2027;99,90\n")
    assert (figures(report, Kind.INVOICES), Invoice.objects.filter(closed=None).count()) == ((1, 0, 0, 0), 4)


def test_a_complete_file_that_lacks_too_much_is_taken_for_a_broken_one():
    rows = "".join(f"F{n};C-ana;10/12/2026;9,90\n" for n in range(40))
    head = "fatura;contrato;vencimento;valor\n"
    bring(faturas=head + rows)
    stump = head + "F1;C-ana;10/12/2026;9,90\n"
    report = bring_only(faturas=stump, asked=Asked(apply=True, complete=True))
    assert wrong(report) == [(What.CANCELS_TOO_MANY, None, "")]
    meant = bring_only(faturas=stump, asked=Asked(apply=True, complete=True, cancel_share=100))
    assert figures(meant, Kind.INVOICES)[3] == 39


def test_an_invoice_closed_here_stays_closed_and_that_is_said():
    from religa.actions import change_invoice

    bring(faturas=files.INVOICES)
    change_invoice.cancel(contract_id=contract("C-ana"), invoice="F-ana", at=AT, author="clerk")
    report = bring(faturas=files.INVOICES)
    assert (report.outcome, wrong(report)) == (Outcome.APPLIED, [(What.CLOSED_HERE, 2, "fatura")])
    assert Invoice.objects.get(external_id="F-ana").closed == "cancelled"


# -- payments ---------------------------------------------------------------------------------------------------------


def settled(name: str) -> list[tuple[tuple[int, ...], int, int, date]]:
    found = next(
        i
        for i in facts_of(Invoice.objects.get(external_id=name).contract.external_id).invoices
        if i.id == name
    )
    return [(s.lines, s.charges, s.discount, s.paid_on) for s in found.settlements]


def test_an_invoice_closed_there_as_paid_is_taken_over_as_it_was_closed():
    text = "fatura;contrato;vencimento;valor;status\nF1;C-ana;10/10/2026;100,00;Paga\nF2;C-bruno;10/10/2026;100,00;R\n"
    paid = "pagamento;fatura;valor;pago em\nE1;F1;105,00;20/10/2026\nE2;F2;90,00;05/10/2026\n"
    bring(faturas=text, pagamentos=paid)
    assert settled("F1") == [((10000,), 500, 0, date(2026, 10, 20))]
    assert settled("F2") == [((10000,), 0, 1000, date(2026, 10, 5))]
    assert all(Invoice.objects.values_list("at_rest", flat=True))
    assert [facts_of(c).lots for c in ("C-ana", "C-bruno")] == [(), ()]


def test_an_exact_payment_in_time_settles_by_set_as_the_domain_would(monkeypatch):
    from religa.actions.importing import payments

    paid = {
        "faturas": files.INVOICES,
        "pagamentos": "pagamento;fatura;valor;pago em;forma\nE1;F-ana;99,90;30/11/2026 20:15;pix\n",
    }
    bring(**paid)
    by_set = (settled("F-ana"), Invoice.objects.get(external_id="F-ana").at_rest, access("C-ana"))
    monkeypatch.setattr(payments, "_SETTLED", payments._SETTLED.replace("v.old_id IS NULL", "false"))
    other = {
        name: text.replace("12.ABC.345/01DE-35", "11.222.333/0001-81") for name, text in files.BASE.items()
    }
    report = bring_only(**other, **paid)
    assert wrong(report) == []
    mine = Invoice.objects.get(external_id="F-ana", provider__cnpj="11222333000181")
    found = next(
        i for i in facts.load([mine.contract_id], AT, ask=WHOLE_HISTORY)[mine.contract_id].facts.invoices
    )
    by_domain = [(s.lines, s.charges, s.discount, s.paid_on) for s in found.settlements]
    row = ContractAccess.objects.get(contract=mine.contract)
    assert (by_domain, mine.at_rest, (row.access, row.status, row.why)) == by_set


def test_a_part_payment_leaves_the_rest_and_its_charges():
    bring(faturas=files.INVOICES, pagamentos="pagamento;fatura;valor;pago em\nE1;F-bruno;40,00;20/11/2026\n")
    assert open_principal("F-bruno") == 5990


def test_a_payment_of_a_contract_pays_the_oldest_invoice_first():
    text = "fatura;contrato;vencimento;valor\nF1;C-ana;10/10/2026;50,00\nF2;C-ana;10/11/2026;50,00\n"
    bring(faturas=text, pagamentos="pagamento;contrato;valor;pago em\nE1;C-ana;60,00;05/10/2026\n")
    assert (open_principal("F1"), open_principal("F2")) == (0, 4000)


def test_waiting_credit_pays_an_invoice_that_comes_later():
    bring(pagamentos="pagamento;contrato;valor;pago em\nE1;C-ana;60,00;05/10/2026\n")
    bring(faturas=files.INVOICES)
    assert open_principal("F-ana") == 3990


def test_a_payment_opens_a_block_in_the_same_import():
    bring(**EVERYTHING)
    bring_only(pagamentos="pagamento;fatura;valor;pago em\nE7;F-carla;99,90;01/12/2026\n")
    assert access("C-carla") == ("full", "current", "nothing_late")
