"""Money at the counter: numbered, booked once, taken back by whoever may, and shut away with its day."""

from __future__ import annotations

import pytest

from religa.actions import close_day, reverse_payment, take_payment
from religa.actions.carry_out import Done, UnknownContract
from religa.actions.once import KeyUsedForSomethingElse
from religa.actions.take_payment import Taken
from religa.domain.facts import Method
from religa.domain.invoicing import Refused
from religa.domain.reasons import Refusal
from religa.records.models import Closing, Payment, PaymentAccount, PaymentReversal
from religa.records.queries import closings, payments
from religa.records.queries.closings import Period

from . import world

pytestmark = pytest.mark.django_db
NOON = world.at("2026-11-12 12:00")
LATER, TOMORROW = world.at("2026-11-12 23:30"), world.at("2026-11-13 09:00")
TODAY, NEXT = world.at("2026-11-12 00:00").date(), world.at("2026-11-13 00:00").date()


@pytest.fixture
def provider():
    return world.provider()


@pytest.fixture
def carla(provider):
    return world.billed(provider, "carla", "F1")


def take(contract, key="k1", amount=50_00, method=Method.CASH, cashier="bia", at=NOON, **more):
    return take_payment.take(
        contract_id=contract,
        amount=amount,
        method=method,
        cashier=cashier,
        key=key,
        at=at,
        author="Bia",
        **more,
    )


def undo(contract, key="k1", cashier="bia", may_all=False, reason="engano", at=LATER):
    return take_payment.undo(
        contract_id=contract, payment_id=take_payment.payment_id_of(key), cashier=cashier, may_all=may_all,
        reason=reason, at=at, author=f"{cashier}: {reason}",
    )  # fmt: skip


def close(provider, counted, cashier="bia", day=TODAY, note="", at=LATER, **more):
    desk = PaymentAccount.objects.get(provider=provider, kind="desk")
    return close_day.close(
        provider_id=provider.pk, account_id=desk.pk, cashier=cashier, day=day, counted=counted, note=note, at=at,
        author="Bia", **more,
    )  # fmt: skip


# -- taking -----------------------------------------------------------------------------------------------------


def test_money_taken_at_the_counter_pays_and_gets_a_number_of_the_day(carla):
    taken = take(carla, amount=99_90 + 2_05)
    assert isinstance(taken, Taken) and taken.receipt_number == "2026111200001"
    kept = Payment.objects.get(pk=taken.key)
    assert (kept.method, kept.cashier, kept.booked_on, kept.payment_account.kind) == (
        "cash",
        "bia",
        TODAY,
        "desk",
    )
    [part] = payments.parts_of(taken.key)
    assert (part.invoice, part.principal, part.charges, part.money) == ("F1", 99_90, 2_05, 101_95)
    assert world.row(carla)[1] == "current"


def test_the_same_form_sent_twice_is_one_payment_with_one_receipt(carla):
    assert take(carla) == take(carla, at=LATER)
    assert Payment.objects.count() == 1


def test_the_same_form_with_another_amount_is_an_error_and_books_nothing(carla):
    take(carla)
    with pytest.raises(KeyUsedForSomethingElse):
        take(carla, amount=1_00)
    assert Payment.objects.count() == 1


def test_receipts_are_numbered_without_gaps_through_each_day_of_a_provider(provider, carla):
    numbers = [
        take(carla, key=f"k{n}", amount=1_00, cashier=who).receipt_number for n, who in enumerate("ab")
    ]
    refused = take(carla, key="bad", amount=0)
    numbers.append(take(carla, key="k2", amount=1_00).receipt_number)
    numbers.append(take(carla, key="k3", amount=1_00, at=LATER).receipt_number)  # the next day in UTC
    numbers.append(take(carla, key="k4", amount=1_00, at=TOMORROW).receipt_number)
    assert refused == Refused((Refusal.AMOUNT_NOT_POSITIVE,))
    assert numbers == [*(f"20261112{n:05}" for n in range(1, 5)), "2026111300001"]
    elsewhere = world.contract(world.provider(cnpj="55444333000181"))
    assert take(elsewhere, key="k1", amount=1_00).receipt_number == "2026111200001"


def test_a_refused_payment_may_be_sent_again_with_the_same_token(carla):
    assert isinstance(take(carla, amount=0), Refused)
    assert isinstance(take(carla, amount=10_00), Taken)


def test_the_desk_is_made_once_and_never_in_the_place_of_another_account(provider, carla):
    PaymentAccount.objects.create(provider=provider, name="Caixa", kind="bank_files", since=NOON)
    take(carla, key="k1"), take(carla, key="k2")
    assert [a.name for a in PaymentAccount.objects.filter(kind="desk")] == ["Caixa do balcão"]


def test_what_is_not_taken_at_a_counter_and_who_is_not_there_is_an_error(carla):
    with pytest.raises(ValueError, match="pix"):
        take(carla, method=Method.PIX)
    with pytest.raises(UnknownContract):
        take(carla + 999)


# -- taking back ------------------------------------------------------------------------------------------------


def test_its_cashier_takes_it_back_on_the_same_open_day(provider, carla):
    taken = take(carla)
    assert isinstance(undo(carla), Done)
    row = payments.payment(taken.key)
    assert (row.reversal_reason, row.reversed_by, row.stands) == ("engano", "bia: engano", False)
    [book] = closings.open_books(provider.pk, TODAY)
    assert [(t.method, t.count, t.reversed, t.gross) for t in book.totals] == [("cash", 1, 1, 0)]
    assert payments.parts_of(taken.key)[0].principal == 50_00  # the receipt still says what it was for


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"cashier": "caio"}, Refusal.OTHER_CASHIER),
        ({"at": TOMORROW}, Refusal.DAY_CLOSED),
        ({"reason": " "}, Refusal.NO_REASON),
        ({"key": "k9"}, Refusal.UNKNOWN_PAYMENT),
    ],
)
def test_others_and_later_days_are_for_finance(carla, changes, why):
    take(carla)
    assert undo(carla, **changes) == Refused((why,))
    assert not PaymentReversal.objects.exists()


def test_after_the_closing_its_cashier_may_not_and_finance_may_on_the_next_day(provider, carla):
    take(carla)
    close(provider, 50_00)
    assert undo(carla) == Refused((Refusal.DAY_CLOSED,))
    assert isinstance(undo(carla, cashier="fred", may_all=True), Done)
    assert PaymentReversal.objects.get().booked_on == NEXT
    [book] = closings.open_books(provider.pk, NEXT)
    assert (book.cashier, book.sums.cash, book.first) == ("bia", -50_00, NEXT)
    assert undo(carla, may_all=True) == Refused((Refusal.PAYMENT_REVERSED,))


def test_bank_money_is_not_taken_back_as_if_it_were_of_the_desk(provider, carla):
    account = PaymentAccount.objects.create(provider=provider, name="Banco", kind="other", since=NOON)
    row = book_at_bank(carla, account, "E1", 10_00)
    assert row.receipt_number is None
    answer = take_payment.undo(
        contract_id=carla, payment_id="E1", cashier="", may_all=True, reason="x", at=NOON, author="x"
    )
    assert answer == Refused((Refusal.UNKNOWN_PAYMENT,))


# -- closing ----------------------------------------------------------------------------------------------------


def book_at_bank(contract, account, name, amount, *, fee=0, paid_at=NOON, credited_on=None, at=NOON):
    from religa.actions import record_payment
    from religa.records.changes import PaymentDetails

    details = PaymentDetails(account=account.pk, fee=fee, credited_on=credited_on)
    record_payment.record(
        contract_id=contract, payment_id=name, amount=amount, method=Method.BOLETO, paid_at=paid_at, at=at,
        details=details,
    )  # fmt: skip
    return payments.payment_named(contract, name)


def test_a_day_is_closed_when_what_was_counted_is_there(provider, carla):
    take(carla, key="k1", amount=50_00)
    take(carla, key="k2", amount=20_00, method=Method.CARD)
    take(carla, key="k3", amount=7_00, cashier="caio")
    closed = close(provider, 50_00)
    assert (closed.expected, closed.difference) == (50_00, 0)
    row = closings.closing(provider.pk, closed.closing_id)
    assert [(t.method, t.count, t.net) for t in row.totals] == [("card", 1, 20_00), ("cash", 1, 50_00)]
    assert (row.cashier, row.counted, row.difference, row.after, row.author) == ("bia", 50_00, 0, None, "Bia")
    [other] = closings.open_books(provider.pk, TODAY)
    assert (other.cashier, other.sums.gross) == ("caio", 7_00)  # each till for itself


def test_later_money_goes_to_the_next_day(provider, carla):
    take(carla)
    close(provider, 50_00)
    after = payments.payment(take(carla, key="k2", at=LATER).key)
    assert (after.booked_on, after.receipt_number) == (NEXT, "2026111200002")
    [book] = closings.open_books(provider.pk, TODAY)
    assert (book.totals, book.later, book.closed_until) == ((), 50_00, TODAY)
    assert close(provider, 0) == Refused((Refusal.DAY_CLOSED,))


def test_a_forgotten_day_is_taken_in_by_the_next_closing(provider, carla):
    take(carla)
    take(carla, key="k2", at=TOMORROW)
    closed = close(provider, 100_00, day=NEXT, at=TOMORROW)
    assert closed.expected == 100_00
    rows = entries_of(provider, closed)
    assert [(e.day, e.amount) for e in rows] == [(TODAY, 50_00), (NEXT, 50_00)]
    assert close(provider, 0, day=TODAY, at=TOMORROW) == Refused((Refusal.DAY_CLOSED,))


def entries_of(provider, closed):
    row = closings.closing(provider.pk, closed.closing_id)
    return closings.entries(Period(provider.pk, row.account.account_id, row.cashier, row.after, row.day))


@pytest.mark.parametrize(
    ("counted", "changes", "why"),
    [
        (49_00, {}, Refusal.DIFFERENCE_UNEXPLAINED),
        (None, {}, Refusal.NOT_COUNTED),
        (50_00, {"day": NEXT}, Refusal.DAY_TO_COME),
        (50_00, {"seen": 30_00}, Refusal.ENTRIES_CAME),
    ],
)
def test_a_day_is_not_closed_when_something_is_unclear(provider, carla, counted, changes, why):
    take(carla)
    assert close(provider, counted, **changes) == Refused((why,))
    assert not Closing.objects.exists()


def test_a_difference_is_closed_with_its_note(provider, carla):
    take(carla)
    closed = close(provider, 48_00, note="faltou troco")
    assert closed.difference == -2_00
    assert Closing.objects.get().note == "faltou troco"


def test_an_account_of_another_provider_is_not_closed(provider, carla):
    take(carla)
    desk = PaymentAccount.objects.get()
    answer = close_day.close(
        provider_id=provider.pk + 1, account_id=desk.pk, cashier="bia", day=TODAY, counted=0, note="", at=LATER,
        author="x",
    )  # fmt: skip
    assert answer == Refused((Refusal.UNKNOWN_ACCOUNT,))
    assert closings.account(provider.pk + 1, desk.pk) is None


def test_a_bank_account_is_closed_by_what_it_keeps_for_us_without_counting(provider, carla):
    account = PaymentAccount.objects.create(provider=provider, name="Banco", kind="bank_files", since=NOON)
    friday, monday = world.at("2026-11-13 10:00"), world.at("2026-11-16 08:00")
    for n, credited in enumerate((monday.date(), monday.date(), None)):
        book_at_bank(
            carla, account, f"B{n}", 30_00, fee=1_50, paid_at=friday, credited_on=credited, at=monday
        )
    closed = close_day.close(
        provider_id=provider.pk, account_id=account.pk, cashier="", day=monday.date(), counted=None, note="",
        at=monday, author="Fred",
    )  # fmt: skip
    assert (closed.expected, closed.difference) == (85_50, 0)
    found = closings.crossings(Period(provider.pk, account.pk, "", None, monday.date()))
    assert [(c.paid_on, c.credited_on, c.count, c.gross, c.net) for c in found] == [
        (friday.date(), monday.date(), 2, 60_00, 57_00),
        (friday.date(), None, 1, 30_00, 28_50),
    ]


def test_a_reversal_of_bank_money_counts_negative_in_the_open_day(provider, carla):
    account = PaymentAccount.objects.create(provider=provider, name="Banco", kind="other", since=NOON)
    book_at_bank(carla, account, "E1", 30_00, fee=1_00)
    reverse_payment.reverse(contract_id=carla, payment_id="E1", at=TOMORROW, reason="MED")
    [book] = closings.open_books(provider.pk, NEXT)
    assert (book.sums.gross, book.sums.fee, book.sums.net) == (0, 0, 0)
    assert PaymentReversal.objects.get().booked_on == NEXT


def test_money_without_an_account_is_in_no_book(provider, carla):
    from religa.actions import record_payment

    record_payment.record(
        contract_id=carla, payment_id="E1", amount=1_00, method=Method.PIX, paid_at=NOON, at=NOON
    )
    reverse_payment.reverse(contract_id=carla, payment_id="E1", at=NOON)
    assert PaymentReversal.objects.get().booked_on is None
    assert closings.open_books(provider.pk, TODAY) == []
