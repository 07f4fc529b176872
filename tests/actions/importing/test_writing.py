"""What an import writes, and that the same import again writes nothing."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection

from religa.actions.importing.columns import Kind
from religa.actions.importing.problems import What
from religa.actions.importing.run import Asked, Outcome
from religa.records import facts, locks
from religa.records.loaded import WHOLE_HISTORY
from religa.records.models import (
    AccessRecord,
    Adjustment,
    Charge,
    Contract,
    ContractAccess,
    DeliveryEvent,
    Hold,
    ImportBatch,
    Invoice,
    InvoiceLine,
    Notice,
    Subscriber,
    SubscriberPhone,
    TrustUnlock,
    TrustUnlockInvoice,
)

from . import files
from .files import AT, bring, bring_only, figures, wrong

pytestmark = pytest.mark.django_db

EVERYTHING = {
    "planos": "plano;nome;preço;download;upload\nP1;Fibra 300;99,90;300M;150M\n",
    "contratos": "contrato;assinante;desde;plano;endereço\nC-ana;A1;10/01/2024;P1;Rua A, 1\nC-bruno;B1;10/01/2024;P1;\n"
    "C-carla;C1;10/01/2024;P1;\n",
    "logins": files.LOGINS,
    "faturas": "fatura;contrato;vencimento;valor;nosso número;situação\n"
    "F-ana;C-ana;10/12/2026;99,90;1;Aberta\nF-bruno;C-bruno;10/11/2026;99,90;2;Aberta\n"
    "F-carla;C-carla;10/10/2026;99,90;3;Aberta\nF-velha;C-ana;10/10/2026;99,90;4;Paga\n"
    "F-meia;C-bruno;10/12/2026;99,90;5;Aberta\n",
    "pagamentos": "pagamento;fatura;valor;pago em\nE1;F-velha;101,92;11/10/2026\nE2;F-meia;40,00;01/11/2026\n",
    "avisos": "faturas;enviado em;evidencia;canal\nF-bruno;12/11/2026 10:00;entregue;whatsapp\n"
    "F-bruno;12/11/2026 10:00;enviado;email\n",
    "bloqueios": "contrato;bloqueado em;aviso em\nC-carla;03/11/2026 09:00;15/10/2026\n",
    "confianca": "contrato;concedido em;ate;resultado\nC-bruno;01/09/2026 10:00;04/09/2026;cumprida\n",
    "salvaguardas": "contrato;ate;motivo\nC-bruno;10/12/2026;visita marcada\n",
}


def everything_written() -> dict[str, list]:
    """Every row of every table, but for what an import says of itself."""
    from django.apps import apps

    found = {}
    with connection.cursor() as cursor:
        for model in apps.get_app_config("records").get_models():
            table = model._meta.db_table
            if model._meta.managed and table not in ("import_batch", "provider"):
                cursor.execute(f"SELECT t.xmin::text, t::text FROM {table} t ORDER BY 2")
                found[table] = cursor.fetchall()
    return found


def contract(name: str) -> int:
    return Contract.objects.get(external_id=name).pk


def facts_of(name: str, at: datetime = AT):
    return facts.load([contract(name)], at, ask=WHOLE_HISTORY)[contract(name)].facts


def access(name: str) -> tuple[str, str, str]:
    row = ContractAccess.objects.get(contract__external_id=name)
    return row.access, row.status, row.why


def open_principal(name: str) -> int:
    from religa.domain.balance import open_principal as left

    return left(
        next(
            i
            for i in facts_of(Invoice.objects.get(external_id=name).contract.external_id).invoices
            if i.id == name
        )
    )


def test_the_same_files_twice_change_nothing():
    first = bring(**EVERYTHING)
    assert wrong(first) == []
    before = everything_written()
    again = bring(at=AT + timedelta(hours=1), **EVERYTHING)
    assert everything_written() == before
    assert {kind: figures(again, kind)[:2] for kind in again.counts} == dict.fromkeys(again.counts, (0, 0))
    assert again.touched == 0


def test_every_file_is_counted():
    report = bring(**EVERYTHING)
    assert {kind.value: figures(report, kind) for kind in report.counts} == {
        "provider": (1, 0, 0, 0),
        "plans": (1, 0, 0, 0),
        "subscribers": (3, 0, 0, 0),
        "contracts": (3, 0, 0, 0),
        "credentials": (2, 0, 0, 0),
        "invoices": (5, 0, 0, 0),
        "payments": (2, 0, 0, 0),
        "notices": (1, 0, 0, 0),
        "trust": (1, 0, 0, 0),
        "suspensions": (1, 0, 0, 0),
        "holds": (1, 0, 0, 0),
    }


def test_every_contract_is_decided_by_its_own_facts():
    bring(**EVERYTHING)
    assert access("C-ana") == ("full", "current", "nothing_late")
    assert access("C-bruno") == ("full", "held", "hold")
    assert access("C-carla") == ("walled", "blocked", "debt")


def test_people_and_their_numbers():
    bring()
    ana, carla = Subscriber.objects.get(external_id="A1"), Subscriber.objects.get(external_id="C1")
    assert (ana.kind, ana.document, carla.kind) == ("person", "39053344705", "company")
    assert Contract.objects.get(external_id="C-carla").segment == "company"
    assert list(SubscriberPhone.objects.filter(subscriber=ana).values_list("number", "whatsapp")) == [
        ("5585900000001", True)
    ]


def test_a_number_that_the_file_no_longer_has_gets_no_more_codes_unless_it_was_verified():
    bring()
    bruno = SubscriberPhone.objects.get(subscriber__external_id="B1")
    moved = files.SUBSCRIBERS.replace("85 3000-0002", "85 3000-0099")
    bring(assinantes=moved)
    assert [p.number for p in SubscriberPhone.objects.filter(subscriber=bruno.subscriber)] == ["558530000099"]
    SubscriberPhone.objects.filter(subscriber=bruno.subscriber).update(verified_at=AT)
    bring()
    assert SubscriberPhone.objects.filter(subscriber=bruno.subscriber).count() == 2


def test_an_absent_column_keeps_what_is_there_and_an_empty_cell_empties_it():
    bring(
        assinantes="id;cpf;nome;email\nA1;39053344705;Ana;ana@example.com\n",
        contratos="contrato;assinante;desde\nC-ana;A1;10/01/2024\n",
    )
    short = "contrato;assinante;desde\nC-ana;A1;10/01/2024\n"
    bring(assinantes="id;cpf;nome\nA1;39053344705;Ana Maria\n", contratos=short)
    assert Subscriber.objects.values_list("name", "email").get() == ("Ana Maria", "ana@example.com")
    report = bring(assinantes="id;cpf;nome;email\nA1;39053344705;Ana Maria;\n", contratos=short)
    assert (Subscriber.objects.get().email, figures(report, Kind.SUBSCRIBERS)) == ("", (0, 1, 0, 0))


def test_network_passwords_go_where_only_radius_reads_them():
    bring(logins=files.LOGINS + "carla@exemplo;C-carla;\n")
    with connection.cursor() as cursor:
        cursor.execute("SELECT clear, scheme FROM radius_secret.network_password ORDER BY clear")
        assert cursor.fetchall() == [("segredo da ana", "clear"), ("segredo do bruno", "clear")]
    bring(logins=files.LOGINS.replace("segredo da ana", "nova"))
    with connection.cursor() as cursor:
        cursor.execute("SELECT clear FROM radius_secret.network_password ORDER BY clear")
        assert cursor.fetchall() == [("nova",), ("segredo do bruno",)]


def test_a_hashed_password_is_kept_as_a_hash():
    bring(logins="login;contrato;senha;tipo senha\nana;C-ana;$2b$12$abc;bcrypt\n")
    with connection.cursor() as cursor:
        cursor.execute("SELECT clear, hash, scheme FROM radius_secret.network_password")
        assert cursor.fetchall() == [(None, "$2b$12$abc", "bcrypt")]


def test_a_log_in_may_move_to_another_contract_of_the_same_provider():
    bring(logins=files.LOGINS)
    bring(logins=files.LOGINS.replace("C-ana", "C-carla"))
    assert AccessRecord.objects.get(username="ana@exemplo").contract.external_id == "C-carla"


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


# -- history ----------------------------------------------------------------------------------------------------------


def test_one_notice_by_two_channels_is_one_notice_with_two_proofs():
    bring(**EVERYTHING)
    assert Notice.objects.filter(contract=contract("C-bruno")).values_list(
        "kind", "automatic", "invoice_count"
    ).get() == ("debt_notice", False, 1)
    assert sorted(DeliveryEvent.objects.exclude(detail="").values_list("evidence", "detail")) == [
        ("delivered", "whatsapp"),
        ("sent", "email"),
    ]


def test_a_proof_that_comes_later_is_added_to_its_notice():
    text = "faturas;enviado em;evidencia;comprovado em\nF-bruno;12/11/2026 10:00;enviado;\n"
    bring(faturas=files.INVOICES, avisos=text)
    report = bring(faturas=files.INVOICES, avisos=text.replace("enviado;\n", "entregue;12/11/2026 11:00\n"))
    assert figures(report, Kind.NOTICES) == (0, 1, 0, 0)
    assert (Notice.objects.count(), DeliveryEvent.objects.count()) == (1, 2)


def test_past_trust_counts_against_the_next():
    from religa.domain.facts import Outcome as Kept

    bring(
        faturas=files.INVOICES,
        confianca="contrato;concedido em;ate;resultado\nC-bruno;20/11/2026 10:00;23/11/2026;quebrada\n",
    )
    [unlock] = facts_of("C-bruno").unlocks
    assert (unlock.outcome, unlock.covers) == (Kept.BROKEN, (("F-bruno", 9990),))
    assert TrustUnlock.objects.get().until == datetime(2026, 11, 24, 3, 0, tzinfo=UTC)


def test_trust_covers_the_invoices_it_names():
    text = "contrato;concedido em;ate;faturas\nC-bruno;20/11/2026 10:00;23/11/2026;F-bruno\n"
    bring(faturas=files.INVOICES, confianca=text)
    assert TrustUnlockInvoice.objects.values_list("invoice__external_id", "amount").get() == ("F-bruno", 9990)


def test_a_hold_keeps_a_contract_open_until_the_end_of_its_day():
    bring(**{**EVERYTHING, "salvaguardas": "contrato;ate;motivo\nC-carla;10/12/2026;visita marcada\n"})
    assert access("C-carla") == ("full", "held", "hold")
    assert Hold.objects.get().until == datetime(2026, 12, 11, 3, 0, tzinfo=UTC)


def test_a_hold_with_another_end_is_moved_not_doubled():
    text = "contrato;desde;ate;motivo\nC-ana;30/11/2026;10/12/2026;x\n"
    bring(salvaguardas=text)
    report = bring(salvaguardas=text.replace("10/12/2026", "12/12/2026"))
    assert figures(report, Kind.HOLDS) == (0, 1, 0, 0)
    assert Hold.objects.get().until == datetime(2026, 12, 13, 3, 0, tzinfo=UTC)


def test_a_contract_ended_there_is_ended_here():
    bring()
    head = "contrato;assinante;desde;encerrado em\n"
    bring_only(contratos=head + "C-ana;A1;10/01/2024;30/11/2026\nC-novo;A1;10/01/2024;15/10/2026\n")
    assert (access("C-ana"), access("C-novo")) == (("closed", "terminated", "terminated"),) * 2


# -- the import itself ------------------------------------------------------------------------------------------------


def test_an_import_that_may_block_many_is_held_and_stays_held_through_a_smaller_one():
    report = bring(faturas=files.INVOICES)  # two of three contracts are late
    assert (report.risky, report.contracts, report.held) == (2, 3, True)
    held = ImportBatch.objects.get()
    assert Contract.objects.get(external_id="C-bruno").import_batch == held
    small = bring_only(faturas="fatura;contrato;vencimento;valor\nF9;C-bruno;10/01/2027;9,90\n")
    assert not small.held
    assert Contract.objects.get(external_id="C-bruno").import_batch == held
    ImportBatch.objects.filter(pk=held.pk).update(released_at=AT, released_by="Gil")
    later = bring_only(faturas="fatura;contrato;vencimento;valor\nF10;C-bruno;10/01/2027;9,90\n")
    assert Contract.objects.get(external_id="C-bruno").import_batch_id == later.batch


def test_bills_that_are_still_to_fall_due_hold_nothing():
    text = "".join(f"F-{c};C-{c};10/01/2027;99,90\n" for c in ("ana", "bruno", "carla"))
    report = bring(faturas="fatura;contrato;vencimento;valor\n" + text)
    assert (report.touched, report.risky, report.held) == (3, 0, False)


def test_only_contracts_that_change_are_locked(monkeypatch):
    bring(**EVERYTHING)
    locked: list[int] = []
    real = locks.lock
    monkeypatch.setattr(locks, "lock", lambda ids: locked.extend(ids) or real(ids))
    bring_only(faturas=EVERYTHING["faturas"].replace("10/12/2026;99,90;1", "10/12/2026;98,90;1"))
    assert locked == [contract("C-ana")]


def test_all_that_share_an_invoice_are_locked_in_order_and_decided_again(monkeypatch):
    text = (
        "fatura;item;contrato;vencimento;valor;contrato do item\n"
        "F1;1;C-carla;10/10/2026;90,00;\nF1;2;C-carla;10/10/2026;50,00;C-ana\n"
    )
    bring(faturas=text, bloqueios="contrato;bloqueado em;aviso em\nC-ana;03/11/2026 09:00;15/10/2026\n")
    assert access("C-ana")[0] == "walled"
    locked: list[int] = []
    real = locks.lock
    monkeypatch.setattr(locks, "lock", lambda ids: locked.extend(ids) or real(ids))
    bring_only(pagamentos="pagamento;fatura;valor;pago em\nE1;F1;150,00;01/12/2026\n")
    assert locked == sorted([contract("C-ana"), contract("C-carla")])
    assert access("C-ana")[0] == "full"
