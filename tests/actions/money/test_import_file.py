"""A return file comes into the books once, however often and in whatever pieces it is read."""

from __future__ import annotations

from datetime import date

import pytest

from cnab_files import Boleto
from religa.actions.money import file_records, import_file
from religa.actions.money.file_accounts import NoAccount
from religa.actions.money.import_file import AlreadyRead, Imported
from religa.records import raw
from religa.records.models import (
    BankFile,
    BankRecord,
    Charge,
    CreditEntry,
    FeedHeartbeat,
    Invoice,
    MoneyCase,
    Payment,
    UnidentifiedPayment,
)

from .. import world
from . import files
from .bank import owed
from .files import AT, account, bring, file, read, title

pytestmark = pytest.mark.django_db
PAID = Boleto("00231327")
ENTRY = Boleto("00231327", occurrence="02", paid=0, fee=0, credited_on=None)


@pytest.fixture
def itau(provider):
    return account(provider)


@pytest.fixture
def paper(itau, bruno) -> Charge:
    """Bruno's boleto of R$ 99.90 as the old system printed it."""
    return title("F1", "109/00231327-5")


def cases() -> list[tuple[str, int | None]]:
    return list(MoneyCase.objects.order_by("pk").values_list("kind", "amount"))


# -- what a settlement does -----------------------------------------------------------------------------------------


def test_a_settlement_is_credited_with_what_the_payer_paid_on_the_day_he_paid(provider, bruno, paper):
    done = read(provider, PAID)
    assert isinstance(done, Imported)
    assert (done.credited, done.seen_before, done.unidentified, done.noted, done.failed) == (1, 0, 0, 0, 0)
    paid = Payment.objects.get()
    assert (paid.amount, paid.fee, paid.method, paid.charge_id) == (99_90, 2_50, "boleto", paper.pk)
    assert (paid.paid_at, paid.credited_on) == (world.at("2026-11-10 12:00"), date(2026, 11, 11))
    assert paid.external_id.startswith("cnab:341:") and len(paid.external_id) == 41
    record = BankRecord.objects.get()
    assert (record.result, record.payment_id, record.line) == ("credited", paid.pk, 2)
    assert (owed(bruno), Charge.objects.get().status, cases()) == (0, "paid", [])
    assert done.paid == {"credited": 99_90}


def test_it_opens_the_door_of_whoever_was_blocked(provider, bruno, paper):
    world.play(world.BLOCKED)
    assert world.row(bruno)[0] == "walled"
    read(
        provider,
        Boleto("00231327", paid=102_50, interest=2_60, paid_on=date(2026, 12, 1)),
        at=world.at("2026-12-02 08:00"),
    )
    assert world.row(bruno)[:2] == ("full", "current")


def test_what_is_paid_today_counts_as_today_though_it_is_not_noon_yet(provider, paper):
    read(provider, Boleto("00231327", paid_on=date(2026, 11, 11)), at=AT)
    assert Payment.objects.get().paid_at == AT


def test_the_same_octets_again_are_already_read_and_change_nothing(provider, paper):
    read(provider, PAID)
    before = files.ledger()
    again = read(provider, PAID, at=world.at("2026-11-12 08:00"))
    assert isinstance(again, AlreadyRead)
    assert (again.file.author, again.file.received_at, again.file.counts["credited"]) == ("Fátima", AT, 1)
    assert files.ledger() == before


def test_a_record_that_comes_again_in_another_file_is_seen_before(provider, paper):
    read(provider, PAID)
    done = read(provider, PAID, Boleto("00999999"))
    assert (done.credited, done.seen_before, done.unidentified) == (0, 1, 1)
    assert Payment.objects.count() == 1


def test_two_equal_settlements_in_one_file_are_two_payments_and_a_case(provider, bruno, paper):
    done = read(provider, PAID, PAID)
    assert (done.credited, owed(bruno), CreditEntry.objects.get().amount) == (2, 0, 99_90)
    assert cases() == [("paid_twice", 99_90)]


def test_a_title_of_nobody_waits_for_a_person_and_so_does_one_without_number(provider, paper):
    done = read(provider, Boleto("00777777"), Boleto("00000000", paid=50_00))
    assert (done.credited, done.unidentified, done.paid["unidentified"]) == (0, 2, 149_90)
    found = UnidentifiedPayment.objects.order_by("why").values_list("why", "amount", "nosso_numero")
    assert list(found) == [("no_title", 50_00, "00000000"), ("unknown_title", 99_90, "00777777")]


def test_what_is_no_settlement_credits_nobody_whatever_stands_in_its_columns(provider, bruno, paper):
    done = read(provider, Boleto("00231327", occurrence="25"), Boleto("00231327", occurrence="09", paid=0))
    assert (done.noted, done.credited, owed(bruno), Payment.objects.count()) == (2, 0, 99_90, 0)


# -- what is no payment ---------------------------------------------------------------------------------------------


def test_a_cheque_that_bounced_is_a_persons_and_takes_nothing_off(provider, bruno, paper):
    read(provider, PAID)
    read(provider, Boleto("00231327", occurrence="69"))
    case = MoneyCase.objects.get()
    assert (case.kind, case.contract_id, case.charge_id, case.amount) == ("reversed", bruno, paper.pk, 99_90)
    assert case.payment == Payment.objects.get() and "cheque devolvido" in case.detail
    assert owed(bruno) == 0


def test_a_title_that_the_bank_takes_can_be_paid_and_one_it_refuses_is_a_case(provider, itau, bruno):
    ours = title("F1", "00231327", payment_account=itau, status="new")
    read(provider, ENTRY)
    ours.refresh_from_db()
    assert (ours.status, cases()) == ("active", [])
    Charge.objects.update(status="new")
    read(provider, Boleto("00231327", occurrence="03", paid=0, fee=0, credited_on=None))
    ours.refresh_from_db()
    assert (ours.status, ours.error) == ("failed", "03 entrada rejeitada")
    assert cases() == [("charge_failed", 99_90)]


def test_an_entry_of_another_systems_title_is_only_noted(provider, paper):
    read(provider, Boleto("00231327", occurrence="03", paid=0, fee=0, credited_on=None))
    assert (Charge.objects.get().status, cases()) == ("active", [])


# -- whose file -----------------------------------------------------------------------------------------------------


def test_a_file_of_an_account_that_is_not_here_is_refused_with_what_it_says(provider, paper):
    raw.run("UPDATE payment_account SET number = '999'")
    refused = read(provider, PAID)
    assert isinstance(refused, NoAccount)
    assert (refused.why, refused.header.account, refused.names) == (
        "other_account",
        "123450",
        ("Itaú cobrança",),
    )
    assert not BankFile.objects.exists() and not Payment.objects.exists()


def test_a_bank_without_an_account_is_refused(provider):
    assert read(provider, PAID).why == "no_account"


def test_a_header_that_names_nobody_is_of_the_banks_only_account_and_that_is_said(provider, bruno):
    account(provider, agency="", number="", covenant="")
    title("F1", "00231327")
    done = read(provider, PAID)
    assert (done.assumed, done.credited) == (True, 1)


def test_of_two_accounts_of_a_bank_the_one_the_header_names_is_taken(provider, itau, bruno):
    account(provider, name="Outra", agency="0111", number="99999-9")
    title("F1", "00231327")
    done = read(provider, PAID)
    assert (done.account, done.assumed) == ("Itaú cobrança", False)
    raw.run("UPDATE payment_account SET number = '', agency = ''")
    assert read(provider, PAID, PAID).why == "several"


def test_a_file_of_an_account_that_another_system_reports_is_refused(provider, itau, paper):
    raw.run("UPDATE payment_account SET reported_by = 'other'")
    assert read(provider, PAID).why == "not_ours"


# -- the guard ------------------------------------------------------------------------------------------------------


def test_a_file_tells_the_guard_how_far_the_bank_has_been_heard(provider, itau):
    read(provider, PAID, at=world.at("2026-11-20 08:00"))
    beat = FeedHeartbeat.objects.get()
    assert (beat.kind, beat.last_completed_at) == (
        "file",
        world.at("2026-11-12 00:00"),
    )  # generated on the 11th
    read(provider, PAID, PAID, at=AT)
    assert FeedHeartbeat.objects.get().last_completed_at == world.at("2026-11-12 00:00")


# -- killed, broken ------------------------------------------------------------------------------------------------


def test_a_file_whose_reader_was_killed_is_resumed_and_nothing_comes_twice(provider, paper, monkeypatch):
    monkeypatch.setattr(import_file, "_PART", 1)
    booked = []

    def dies(*arguments, **more):
        if booked:
            raise KeyboardInterrupt
        booked.append(1)
        file_book(*arguments, **more)

    file_book = file_records.book
    monkeypatch.setattr(file_records, "book", dies)
    two = file(PAID, Boleto("00777777"))
    with pytest.raises(KeyboardInterrupt):
        bring(provider, two)
    assert (Payment.objects.count(), BankFile.objects.get().finished_at) == (1, None)
    monkeypatch.setattr(file_records, "book", file_book)
    done = bring(provider, two)
    assert (done.resumed, done.credited, done.unidentified, done.seen_before) == (True, 1, 1, 0)
    assert Payment.objects.count() == 1 and BankFile.objects.get().finished_at == AT


def test_a_record_that_cannot_be_booked_is_set_aside_and_tried_again_with_the_file(
    provider, paper, monkeypatch
):
    good = file_records.money

    def bad(of, record, at):
        if record.nosso_numero == "00777777":
            raise ValueError("not this one")
        return good(of, record, at)

    monkeypatch.setattr(file_records, "money", bad)
    three = file(PAID, Boleto("00777777"), Boleto("00888888"))
    done = bring(provider, three)
    assert (done.credited, done.unidentified, done.failed) == (1, 1, 1)
    assert [(f.line, f.why) for f in done.failures] == [(3, "ValueError: not this one")]
    assert cases() == [("event_failed", 99_90)]
    monkeypatch.setattr(file_records, "money", good)
    again = bring(provider, three)
    assert (again.credited, again.unidentified, again.failed, again.seen_before) == (1, 2, 0, 0)
    assert MoneyCase.objects.get().resolution == "tried_again"
    assert isinstance(bring(provider, three), AlreadyRead)


# -- one payment, two ways ------------------------------------------------------------------------------------------


def hybrid(bank) -> Charge:
    """A boleto with a Pix code on it, of an old system whose Pix account is ours, too."""
    return title("F1", "00231327", kind="boleto_pix", txid="HIBRIDO00000000000000000001")


def by_pix(bank, when: str):
    bank.at = world.at(when)
    pix = bank.psp.pay_key(99_90, txid="HIBRIDO00000000000000000001")
    bank.passes(minutes=5)
    bank.poll()
    return pix


@pytest.mark.parametrize("paid_on", [date(2026, 11, 7), date(2026, 11, 9)], ids=["same day", "next bank day"])
def test_a_hybrid_boleto_paid_by_pix_is_in_the_file_too_and_lands_once(provider, itau, bank, bruno, paid_on):
    hybrid(bank)
    pix = by_pix(bank, "2026-11-07 09:00")  # a Saturday
    done = read(provider, Boleto("00231327", paid_on=paid_on))
    assert (done.credited, done.seen_before, Payment.objects.get().external_id) == (0, 1, pix.id)
    assert BankRecord.objects.get().payment == Payment.objects.get()
    assert (owed(bruno), CreditEntry.objects.count(), cases()) == (0, 0, [])


def test_the_other_way_round_it_lands_once_too(provider, itau, bank, bruno):
    hybrid(bank)
    bank.at = world.at("2026-11-10 09:00")
    bank.psp.pay_key(99_90, txid="HIBRIDO00000000000000000001")
    read(provider, PAID)
    for _ in range(2):
        bank.passes(minutes=5)
        bank.poll()
    assert (Payment.objects.get().method, owed(bruno), CreditEntry.objects.count()) == ("boleto", 0, 0)


@pytest.mark.parametrize(
    "second",
    [
        Boleto("00231327", paid=99_91),
        Boleto("00231327", paid_on=date(2026, 11, 11)),
        Boleto("00231327", paid_on=date(2026, 11, 6)),
    ],
    ids=["another amount", "days later", "before it"],
)
def test_a_second_payment_of_a_hybrid_boleto_is_not_lost(provider, itau, bank, bruno, second):
    hybrid(bank)
    by_pix(bank, "2026-11-07 09:00")
    done = read(provider, second)
    assert (done.credited, Payment.objects.count(), cases()[-1][0]) == (1, 2, "paid_twice")
    assert CreditEntry.objects.get().amount == second.paid


def test_one_pix_stands_for_one_record_only(provider, itau, bank, bruno):
    hybrid(bank)
    by_pix(bank, "2026-11-10 09:00")
    done = read(provider, PAID, PAID)
    assert (done.seen_before, done.credited, Payment.objects.count()) == (1, 1, 2)


def test_a_pix_and_a_boleto_of_two_charges_are_two_payments(provider, itau, bank, bruno):
    title("F1", "00231327")
    bank.post(bank.psp.pay(bank.charge(bruno).txid))
    bank.take()
    assert read(provider, Boleto("00231327", paid_on=date(2026, 11, 5))).credited == 1
    assert (Payment.objects.count(), Invoice.objects.get().at_rest) == (2, True)
    assert cases() == [("paid_twice", 99_90)]
