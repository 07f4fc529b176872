"""Rows that do not go together: told with their place, and nothing is half done."""

from __future__ import annotations

import pytest

from religa.actions.importing.columns import Kind
from religa.actions.importing.problems import What
from religa.actions.importing.run import Asked, Outcome
from religa.records.models import Contract, ImportBatch, Invoice, Payment, Provider, Subscriber

from . import files
from .files import AT, bring, bring_only, wrong

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("brought", "problem"),
    [
        (
            {"contratos": "contrato;assinante;desde\nC1;A9;10/01/2024\n"},
            (What.UNKNOWN_REFERENCE, 2, "assinante"),
        ),
        (
            {"contratos": "contrato;assinante;desde;plano\nC1;A1;10/01/2024;P9\n"},
            (What.UNKNOWN_REFERENCE, 2, "plano"),
        ),
        ({"logins": "login;contrato\nana;C9\n"}, (What.UNKNOWN_REFERENCE, 2, "contrato")),
        (
            {"faturas": "fatura;contrato;vencimento;valor\nF1;C9;10/12/2026;99,90\n"},
            (What.UNKNOWN_REFERENCE, 2, "contrato"),
        ),
        (
            {"pagamentos": "pagamento;fatura;valor;pago em\nE1;F9;99,90;10/11/2026\n"},
            (What.UNKNOWN_REFERENCE, 2, "fatura"),
        ),
        (
            {"avisos": "faturas;enviado em;evidencia\nF9;10/11/2026;entregue\n"},
            (What.UNKNOWN_REFERENCE, 2, "faturas"),
        ),
        ({"bloqueios": "contrato;bloqueado em\nC9;10/11/2026\n"}, (What.UNKNOWN_REFERENCE, 2, "contrato")),
        (
            {"confianca": "contrato;concedido em;ate\nC9;10/11/2026;12/11/2026\n"},
            (What.UNKNOWN_REFERENCE, 2, "contrato"),
        ),
        ({"salvaguardas": "contrato;ate;motivo\nC9;10/12/2026;x\n"}, (What.UNKNOWN_REFERENCE, 2, "contrato")),
    ],
    ids=lambda v: next(iter(v)) if isinstance(v, dict) else "",
)
def test_what_is_named_must_be_there(brought, problem):
    assert wrong(bring(**brought)) == [problem]


def test_a_name_is_found_in_religa_when_its_file_is_not_brought_again():
    bring()
    report = bring_only(faturas=files.INVOICES)
    assert (wrong(report), report.outcome) == ([], Outcome.APPLIED)


def test_whoever_names_a_row_that_is_wrong_itself_is_not_called_wrong_too():
    report = bring(assinantes=files.SUBSCRIBERS.replace("390.533.447-05", "390.533.447-06"))
    assert wrong(report) == [(What.DOCUMENT_DIGITS, 2, "cpf/cnpj")]


def test_an_id_twice_in_a_file_names_the_first_line():
    report = bring(assinantes=files.SUBSCRIBERS + "A1;935.411.347-80;Outra Ana;;\n")
    [problem] = report.problems.kept
    assert (problem.what, problem.line, problem.value, problem.more) == (What.DUPLICATE, 5, "A1", "2")


def test_the_same_invoice_twice_does_not_double_the_debt():
    report = bring(faturas=files.INVOICES + "F-ana;C-ana;10/12/2026;99,90;12/2026\n")
    assert wrong(report) == [(What.DUPLICATE, 5, "fatura")]


def test_one_id_in_every_row_is_told_and_not_multiplied():
    rows = "".join(f"F1;C-ana;10/12/2026;{n},00\n" for n in range(1, 2000))
    report = bring(faturas="fatura;contrato;vencimento;valor\n" + rows)
    assert report.problems.counted == {("faturas.csv", What.DUPLICATE): 1998}


def test_lines_of_one_invoice_agree_on_whose_and_when():
    text = "fatura;item;contrato;vencimento;valor\nF1;1;C-ana;10/12/2026;90,00\nF1;2;C-ana;11/12/2026;9,90\n"
    assert wrong(bring(faturas=text)) == [(What.INVOICE_DISAGREES, 3, "vencimento")]


ITEMS = "fatura;item;contrato;vencimento;valor;situação\nF1;1;C-ana;10/12/2026;90,00;{}\nF1;2;C-ana;10/12/2026;9,90;{}\n"


@pytest.mark.parametrize(
    ("first", "second"), [("Cancelada", ""), ("", "Cancelada"), ("Cancelada", "Cancelada")]
)
def test_an_empty_situation_of_an_item_says_nothing(first, second):
    assert wrong(bring(faturas=ITEMS.format(first, second))) == []
    assert Invoice.objects.get().closed == "cancelled"


def test_items_of_one_invoice_agree_on_what_became_of_it():
    assert wrong(bring(faturas=ITEMS.format("Aberta", "Cancelada"))) == [
        (What.INVOICE_DISAGREES, 3, "situacao")
    ]


@pytest.mark.parametrize(("amount", "what"), [("-99,90", What.NEGATIVE), ("0,00", What.ZERO)])
def test_an_invoice_of_nothing_or_less_is_refused(amount, what):
    text = f"fatura;contrato;vencimento;valor\nF1;C-ana;10/12/2026;{amount}\n"
    assert wrong(bring(faturas=text)) == [(what, 2, "valor")]


def test_an_invoice_that_says_paid_needs_its_payment():
    text = "fatura;contrato;vencimento;valor;situação\nF1;C-ana;10/11/2026;99,90;Paga\n"
    assert wrong(bring(faturas=text)) == [(What.PAID_WITHOUT_PAYMENT, 2, "situacao")]


def test_two_invoices_cannot_carry_the_same_boleto_or_txid():
    text = (
        "fatura;contrato;vencimento;valor;nosso número;txid\n"
        "F1;C-ana;10/12/2026;99,90;777;t1\nF2;C-bruno;10/12/2026;99,90;777;t2\nF3;C-carla;10/12/2026;99,90;778;t1\n"
    )
    assert wrong(bring(faturas=text)) == [
        (What.CHARGE_TAKEN, 3, "nosso_numero"),
        (What.CHARGE_TAKEN, 4, "txid"),
    ]


def test_a_boleto_number_that_religa_knows_of_another_invoice_is_told():
    head = "fatura;contrato;vencimento;valor;nosso número\n"
    bring(faturas=head + "F1;C-ana;10/12/2026;99,90;777\n")
    report = bring_only(faturas=head + "F2;C-bruno;10/12/2026;99,90;777\n")
    [problem] = report.problems.kept
    assert (problem.what, problem.value, problem.more) == (What.CHARGE_TAKEN, "777", "F1")


def test_an_invoice_cannot_move_to_another_contract():
    bring(faturas=files.INVOICES)
    report = bring_only(faturas=files.INVOICES.replace("F-ana;C-ana", "F-ana;C-bruno"))
    assert wrong(report) == [(What.OF_ANOTHER_CONTRACT, 2, "contrato")]


def test_a_contract_with_another_holder_is_for_the_console():
    bring()
    report = bring(contratos=files.CONTRACTS.replace("C-ana;A1", "C-ana;B1"))
    assert wrong(report) == [(What.HOLDER_CHANGED, 2, "assinante")]


def test_a_payment_is_never_rewritten():
    text = "pagamento;contrato;valor;pago em\nE1;C-ana;50,00;10/11/2026\n"
    bring(pagamentos=text)
    assert wrong(bring(pagamentos=text.replace("50,00", "60,00"))) == [(What.PAYMENT_DIFFERS, 2, "valor")]
    assert Payment.objects.get().amount == 5000


def test_a_payment_says_whose_it_is():
    report = bring(pagamentos="pagamento;valor;pago em\nE1;50,00;10/11/2026\n")
    assert wrong(report) == [(What.NEITHER, 2, "fatura")]


def test_trust_periods_of_one_contract_do_not_overlap():
    text = "contrato;concedido em;ate\nC-ana;01/11/2026 10:00;04/11/2026\nC-ana;03/11/2026;05/11/2026\n"
    assert wrong(bring(confianca=text)) == [(What.TRUST_OVERLAPS, 3, "concedido_em")]


def test_a_period_ends_after_it_begins():
    text = "contrato;concedido em;ate\nC-ana;05/11/2026;01/11/2026\n"
    assert wrong(bring(confianca=text)) == [(What.END_BEFORE_START, 2, "ate")]


def test_one_wrong_row_in_the_last_file_leaves_every_table_empty_and_is_remembered():
    report = bring(faturas=files.INVOICES, salvaguardas="contrato;ate;motivo\nC-ana;31/02/2026;x\n")
    assert report.outcome is Outcome.REFUSED
    assert [m.objects.count() for m in (Provider, Subscriber, Contract, Invoice)] == [0, 0, 0, 0]
    bring()
    report = bring(faturas=files.INVOICES.replace(";99,90", ";-1,00"))
    assert ImportBatch.objects.filter(state="refused").values_list("counts", flat=True).get() == {"errors": 2}


def test_two_files_of_one_kind_are_not_mixed():
    report = bring_only(provedor=files.PROVIDER, assinantes=files.SUBSCRIBERS, clientes=files.SUBSCRIBERS)
    assert wrong(report) == [(What.TWO_OF_A_KIND, None, "")]


def test_without_a_provider_nobody_knows_whose_files_they_are():
    assert wrong(bring_only(assinantes=files.SUBSCRIBERS)) == [(What.NO_PROVIDER, None, "")]


def test_of_several_providers_one_must_be_named():
    bring()
    bring_only(provedor="cnpj;nome\n11.222.333/0001-81;Outra Net\n")
    assert wrong(bring_only(planos="plano;nome;download;upload\nP;P;1M;1M\n")) == [
        (What.NO_PROVIDER, None, "")
    ]
    named = bring_only(
        planos="plano;nome;download;upload\nP;P;1M;1M\n", asked=Asked(apply=True, provider="11222333000181")
    )
    assert files.figures(named, Kind.PLANS) == (1, 0, 0, 0)


def test_a_log_in_of_another_provider_is_not_taken_away():
    bring(logins=files.LOGINS)
    other = "cnpj;nome\n11.222.333/0001-81;Outra Net\n"
    report = bring(provedor=other, logins=files.LOGINS)
    assert wrong(report) == [(What.OF_ANOTHER_PROVIDER, 2, "login"), (What.OF_ANOTHER_PROVIDER, 3, "login")]


def test_a_dry_run_writes_nothing():
    report = bring(apply=False, faturas=files.INVOICES, logins=files.LOGINS)
    assert (report.outcome, report.batch) == (Outcome.TRIAL, None)
    assert files.figures(report, Kind.INVOICES) == (3, 0, 0, 0)
    assert [m.objects.count() for m in (Provider, Contract, Invoice, ImportBatch)] == [0, 0, 0, 0]


def test_what_was_sent_cannot_have_been_sent_tomorrow():
    text = "faturas;enviado em;evidencia\nF-bruno;02/12/2026;entregue\n"
    report = bring(at=AT, faturas=files.INVOICES, avisos=text)
    assert wrong(report) == [(What.FUTURE, 2, "enviado em")]
