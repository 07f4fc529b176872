"""What an import writes, and that the same import again writes nothing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from religa.actions.importing.columns import Kind
from religa.records import locks
from religa.records.models import (
    AccessRecord,
    Contract,
    DeliveryEvent,
    Hold,
    ImportBatch,
    Notice,
    Subscriber,
    SubscriberPhone,
    TrustUnlock,
    TrustUnlockInvoice,
)

from . import files
from .files import (
    AT,
    EVERYTHING,
    access,
    bring,
    bring_only,
    contract,
    everything_written,
    facts_of,
    figures,
    wrong,
)

pytestmark = pytest.mark.django_db


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
