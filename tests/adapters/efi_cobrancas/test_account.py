"""Efí's own ways: no idempotency key, pages, a day that may be changed, tokens that expire, and pages of proxies."""

from __future__ import annotations

import logging
from datetime import date, datetime, timedelta

import pytest

from religa.adapters.efi_cobrancas import Account, Settings, session
from religa.adapters.fakes.efi import ZONE, Fault
from religa.ports.money import (
    BankRefused,
    BankUnreachable,
    Capability,
    ChargeRef,
    ChargeSeen,
    ChargeStatus,
    Debtor,
    Event,
    Hint,
    NotFound,
    NotUnderstood,
    Received,
    Terms,
)

from .conftest import TXID, settings, wanted


def count(efi, what: str) -> int:
    return sum(what in asked for asked, _ in efi.requests)


# --- creating


def test_a_creation_that_got_no_answer_is_not_sent_again_by_itself(efi, account):
    efi.faults = [Fault("lost", "one-step", None)]
    assert isinstance(account.create(wanted()), BankUnreachable)
    assert count(efi, "one-step") == 1 and len(efi.charges) == 1


@pytest.mark.parametrize("kind", ["html", "xml", "html_ok", "cut", "busy"])
def test_no_boleto_is_issued_while_it_is_unknown_whether_there_is_one(kind, efi, account):
    efi.faults = [Fault(kind, "/v1/charges", None)]
    assert isinstance(account.create(wanted()), BankUnreachable)
    assert count(efi, "one-step") == 0 and count(efi, "/v1/charges?") == 3


def test_what_efi_would_refuse_is_not_asked_for(efi, account):
    answer = account.create(wanted(amount=4_99))
    assert isinstance(answer, BankRefused) and "500 centavos" in answer.said and count(efi, "one-step") == 0


def test_a_charge_that_exists_is_given_back_though_it_could_not_be_made_any_more(clock, account, issue):
    charge = issue()
    clock.at += timedelta(days=30)
    assert issue() == charge


def test_a_list_that_ignores_the_txid_gives_nobody_elses_charge(efi, account, issue, monkeypatch):
    issue(txid="ReligaBruno0000000000000000002")
    monkeypatch.setattr(efi, "_is_listed", lambda *_: True)
    charge = account.create(wanted())
    assert isinstance(charge, ChargeSeen) and charge.ref.txid == TXID and len(efi.charges) == 2


def test_a_list_that_answers_404_proves_nothing(efi, account, monkeypatch):
    def lost(_):
        raise KeyError

    monkeypatch.setattr(efi, "_list", lost)
    assert isinstance(account.create(wanted()), BankUnreachable) and efi.charges == {}


def test_what_efi_refuses_is_told_with_its_place_and_without_the_document(efi, account, monkeypatch):
    monkeypatch.setattr("religa.adapters.efi_cobrancas.wanted.refusal", lambda *_: None)
    answer = account.create(wanted(debtor=Debtor("11144477735", "Ana")))
    assert answer == BankRefused(
        400,
        "validation_error: O nome deve ter nome e sobrenome.",
        ("/payment/banking_billet/customer/name",),
    )
    assert session.understood(
        "POST /", 400, '{"error_description": "CPF 11144477734 é inválido"}'.encode()
    ) == (BankRefused(400, "CPF … é inválido"))


def test_of_two_charges_with_one_txid_the_paid_one_counts(efi, account, issue, monkeypatch):
    first = issue()
    monkeypatch.setattr(account, "_by_txid", lambda _: NotFound())
    second = issue()
    monkeypatch.undo()
    efi.pay(second.ref.bank_id)
    seen = account.fetch(ChargeRef(first.ref.kind, TXID))
    assert isinstance(seen, ChargeSeen) and seen.ref.bank_id == second.ref.bank_id != first.ref.bank_id


def test_a_number_of_efis_that_bears_another_txid_is_not_found(account, issue):
    mine, other = issue(), issue(txid="ReligaBruno0000000000000000002")
    mixed = ChargeRef(mine.ref.kind, TXID, other.ref.bank_id)
    assert isinstance(account.fetch(mixed), NotFound) and isinstance(account.cancel(mixed), NotFound)
    seen = account.fetch(other.ref)
    assert isinstance(seen, ChargeSeen) and seen.status is ChargeStatus.ACTIVE


# --- changing


def test_the_day_of_a_boleto_can_be_changed_and_nothing_else(efi, account, issue):
    charge, later = issue(), date(2026, 12, 10)
    assert Capability.UPDATE not in account.capabilities
    changed = account.update(charge.ref, wanted(due_date=later))
    assert isinstance(changed, ChargeSeen)
    assert efi.charges[int(charge.ref.bank_id)].billet["expire_at"] == "2026-12-10"
    for more in ({"amount": 50_00}, {"terms": Terms(fine_pct=100, interest_pct_month=100)}):
        refused = account.update(charge.ref, wanted(due_date=later, **more))
        assert isinstance(refused, BankRefused) and "only the due date" in refused.said
    assert isinstance(account.update(charge.ref, wanted(due_date=date(2026, 11, 1))), BankRefused)
    assert count(efi, "/billet") == 1


def test_a_paid_boleto_is_not_moved(efi, account, issue):
    charge = issue()
    efi.pay(charge.ref.bank_id)
    seen = account.update(charge.ref, wanted(due_date=date(2026, 12, 10)))
    assert isinstance(seen, ChargeSeen) and seen.status is ChargeStatus.PAID and count(efi, "/billet") == 0


def test_a_boleto_paid_after_it_was_cancelled_is_paid(efi, account, issue):
    charge = issue()
    account.cancel(charge.ref)
    efi.pay(charge.ref.bank_id)
    seen = account.fetch(charge.ref)
    assert isinstance(seen, ChargeSeen) and seen.status is ChargeStatus.PAID and len(seen.payments) == 1


# --- receiving


def test_a_list_of_several_pages_is_whole(efi, account, issue, monkeypatch):
    monkeypatch.setattr("religa.adapters.efi_cobrancas.account.PAGE", 3)
    for number in range(7):
        efi.pay(issue(txid=f"ReligaAna{number}").ref.bank_id, 60_00 + number)
    day = timedelta(days=1)
    received = account.received(since=efi._now() - day, until=efi._now() + day)
    assert isinstance(received, Received)
    assert sorted(payment.amount for payment in received.payments) == [60_00 + number for number in range(7)]
    assert count(efi, "page=3") == 1 and count(efi, "page=4") == 0


def test_pages_shorter_than_asked_for_are_read_to_the_end(efi, account, issue):
    efi.longest_page = 2
    for number in range(5):
        efi.pay(issue(txid=f"ReligaAna{number}").ref.bank_id)
    day = timedelta(days=1)
    received = account.received(since=efi._now() - day, until=efi._now() + day)
    assert isinstance(received, Received) and len(received.payments) == 5


def test_half_a_list_is_none(efi, account, issue, monkeypatch):
    monkeypatch.setattr("religa.adapters.efi_cobrancas.account.PAGE", 1)
    for number in range(3):
        efi.pay(issue(txid=f"ReligaAna{number}").ref.bank_id)
    efi.faults = [Fault("html", "page=2", None)]
    day = timedelta(days=1)
    assert isinstance(account.received(since=efi._now() - day, until=efi._now() + day), BankUnreachable)


def test_a_list_that_never_ends_is_given_up(efi, account, issue, monkeypatch):
    monkeypatch.setattr("religa.adapters.efi_cobrancas.account.MAX_PAGES", 2)
    monkeypatch.setattr("religa.adapters.efi_cobrancas.account.PAGE", 1)
    for number in range(3):
        issue(txid=f"ReligaAna{number}")
    assert isinstance(account.fetch(ChargeRef(wanted().kind, "")), NotFound)
    monkeypatch.setattr(efi, "_is_listed", lambda *_: True)
    assert isinstance(account.fetch(ChargeRef(wanted().kind, TXID)), BankUnreachable)


@pytest.mark.parametrize("sparse", [False, True])
def test_what_was_paid_on_friday_and_heard_of_on_monday_is_in_mondays_list(
    sparse, efi, clock, account, issue
):
    efi.sparse = sparse
    charge = issue()
    clock.at = datetime(2026, 12, 7, 8, 31, tzinfo=ZONE)
    efi.pay(charge.ref.bank_id, on=date(2026, 12, 4))
    minute = timedelta(minutes=1)
    monday = account.received(since=clock.at, until=clock.at + minute)
    assert isinstance(monday, Received) and [payment.txid for payment in monday.payments] == [TXID]
    assert account.received(since=clock.at - minute, until=clock.at) == Received(())
    assert account.received(since=clock.at + minute, until=clock.at + 2 * minute) == Received(())


def test_a_boleto_of_another_system_is_in_the_list_with_the_name_it_has_there(efi, clock, account, issue):
    charge = issue(txid="pedido 42")
    efi.pay(charge.ref.bank_id)
    day = timedelta(days=1)
    received = account.received(since=clock.at - day, until=clock.at + day)
    assert isinstance(received, Received) and [payment.txid for payment in received.payments] == ["pedido 42"]


# --- notifications


def test_the_form_that_efi_posts_is_a_hint(account):
    token = "09027955-5e06-4ff0-a9c7-46b47b8f1b27"
    kind = "application/x-www-form-urlencoded"
    assert account.parse_event(Event(f"notification={token}".encode(), kind)) == (Hint(token=token),)
    assert account.parse_event(Event(f"notification={token}&notification={token}".encode(), kind)) == (
        Hint(token=token),
    )
    assert account.parse_event(Event(f'{{"notification": "{token}"}}'.encode())) == (Hint(token=token),)


@pytest.mark.parametrize("token", ["", "..%2F..%2Fcharge%2F1", "short", "a" * 200, "a b c d e f g h"])
def test_what_is_no_token_is_not_asked_for(token, efi, account):
    assert isinstance(account.parse_event(Event(f"notification={token}".encode())), NotUnderstood)
    assert efi.requests == []


def test_a_flood_is_not_read(account):
    assert isinstance(account.parse_event(Event(b"notification=aaaaaaaa&" * 5_000)), NotUnderstood)


def test_while_the_charge_itself_cannot_be_read_the_event_waits(efi, account, issue):
    charge = issue()
    efi.pay(charge.ref.bank_id)
    hint = Hint(token=efi.charges[int(charge.ref.bank_id)].token)
    efi.faults = [Fault("html", "/v1/charge/", None)]
    assert isinstance(account.truth(hint), BankUnreachable)


# --- talking


@pytest.mark.parametrize("kind", ["html", "xml", "html_ok", "cut", "busy"])
def test_a_question_is_asked_three_times_and_no_more(kind, efi, account, issue):
    charge = issue()
    before = count(efi, "GET /v1/charge/")
    efi.faults = [Fault(kind, "GET /v1/charge/", 2)]
    assert isinstance(account.fetch(charge.ref), ChargeSeen)
    assert count(efi, "GET /v1/charge/") == before + 3
    efi.faults = [Fault(kind, "GET /v1/charge/", 3)]
    assert isinstance(account.fetch(charge.ref), BankUnreachable)


def test_what_is_refused_is_not_asked_again(efi, account, issue):
    charge = issue()
    before = count(efi, "GET /v1/charge/")
    efi.faults = [Fault("refused", "GET /v1/charge/", None)]
    assert isinstance(account.fetch(charge.ref), BankRefused) and count(efi, "GET /v1/charge/") == before + 1


def test_a_token_that_efi_has_forgotten_is_renewed_also_for_a_creation(efi, account, issue):
    issue()
    efi.tokens.clear()
    assert isinstance(account.create(wanted(txid="ReligaBruno0000000000000000002")), ChargeSeen)
    efi.faults = [Fault("unauthorized", "one-step", 1)]
    assert isinstance(account.create(wanted(txid="ReligaCarla0000000000000000003")), ChargeSeen)
    assert len(efi.charges) == 3 and count(efi, "authorize") == 3


def test_a_token_is_used_until_shortly_before_its_end(efi):
    clock = [0.0]
    talk = session.Session(settings(efi), monotonic=lambda: clock[0], sleep=lambda _: None)
    for at, asked in ((0, 1), (569, 1), (571, 2)):
        clock[0] = float(at)
        talk.get("/v1/charge/1")
        assert count(efi, "authorize") == asked
    talk.close()


def test_pauses_grow_between_repetitions(efi):
    slept: list[float] = []
    talk = session.Session(settings(efi, pause=0.5, tries=4), sleep=slept.append)
    efi.faults = [Fault("html", "/v1/charge/1", None)]
    assert isinstance(talk.get("/v1/charge/1"), BankUnreachable)
    assert slept == [0.5, 1.0, 2.0]
    talk.close()


def test_wrong_credentials_are_a_refusal(efi, clock):
    account = Account(Settings("Client_Id_fake", "wrong", efi.base_url), now=clock)
    answer = account.create(wanted())
    assert isinstance(answer, BankRefused) and answer.code == 401 and count(efi, "authorize") == 1
    account.close()


def test_nobody_at_the_address_is_unreachable(clock):
    account = Account(Settings("id", "secret", "http://127.0.0.1:9", pause=0.0), now=clock)
    for answer in (account.create(wanted()), account.fetch(ChargeRef(wanted().kind, TXID, "7"))):
        assert isinstance(answer, BankUnreachable) and "ConnectError" in answer.error
    account.close()


@pytest.mark.parametrize(
    ("status", "content", "outcome"),
    [
        (200, b'{"data": []}', dict),
        (200, b"[]", BankUnreachable),
        (200, b"", BankUnreachable),
        (200, b"\xff", BankUnreachable),
        (200, b"[" * 100_000, BankUnreachable),
        (301, b"{}", BankUnreachable),
        (404, b"<html>", BankUnreachable),
        (404, b"{}", NotFound),
        (400, b"{}", BankRefused),
        (403, b'{"error_description": {"message": null}}', BankRefused),
        (429, b"{}", BankUnreachable),
        (503, b"{}", BankUnreachable),
    ],
)
def test_an_answer_is_what_its_status_and_its_json_say_together(status, content, outcome):
    assert isinstance(session.understood("GET /", status, content), outcome)


def test_nothing_secret_is_logged_or_shown(efi, account, issue, caplog):
    with caplog.at_level(logging.DEBUG):
        charge = issue()
        efi.faults = [Fault("cut", "/v1/", 9)]
        account.fetch(charge.ref)
    shown = caplog.text + repr(settings(efi)) + repr(wanted()) + repr(charge)
    for secret in (efi.client_secret, *efi.tokens, "11144477735", "Ana Souza"):
        assert secret not in shown
