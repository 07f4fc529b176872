"""What the database itself holds of receipts, closings and waivers, whoever writes."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from religa.records import raw
from religa.records.errors import Broken, naming
from religa.records.models import Closing, Payment, PaymentAccount, PaymentReversal

from . import rows

pytestmark = pytest.mark.django_db
MONDAY, TUESDAY = date(2026, 11, 30), date(2026, 12, 1)


@pytest.fixture
def desk(provider):
    return PaymentAccount.objects.create(provider=provider, name="Caixa", kind="desk", since=rows.AT)


def payment(contract, desk, name="E1", **more):
    return Payment.objects.create(
        provider_id=desk.provider_id, contract_id=contract, external_id=name, method="cash", amount=1_00,
        known_at=rows.AT, paid_at=rows.AT, payment_account=desk, cashier="bia", **more,
    )  # fmt: skip


def close(desk, day=MONDAY, cashier="bia", **more):
    values = {"expected": 0, "closed_at": rows.AT, "author": "Bia"} | more
    return Closing.objects.create(payment_account=desk, cashier=cashier, day=day, **values)


def broken(write) -> str:
    """The name of the promise that a write breaks."""
    with pytest.raises(Broken) as caught, naming(), transaction.atomic():
        write()
    return caught.value.constraint


def test_a_closed_day_and_the_days_before_it_take_no_payment(desk, ana):
    close(desk)
    for day in (MONDAY, date(2026, 11, 1)):
        assert broken(lambda day=day: payment(ana, desk, booked_on=day)) == "closing_takes_no_more"
    payment(ana, desk, booked_on=TUESDAY)
    payment(ana, desk, "E2")  # in no book


def test_nor_a_reversal(desk, ana):
    money = payment(ana, desk, booked_on=MONDAY)
    close(desk)
    entry = {"payment": money, "reversed_at": rows.AT}
    assert (
        broken(lambda: PaymentReversal.objects.create(**entry, booked_on=MONDAY)) == "closing_takes_no_more"
    )
    PaymentReversal.objects.create(**entry, booked_on=TUESDAY)


def test_the_day_of_another_cashier_stays_open(desk, ana):
    close(desk, cashier="caio")
    payment(ana, desk, booked_on=MONDAY)


def test_a_receipt_number_is_given_once_by_a_provider(desk, ana):
    payment(ana, desk, receipt_number="2026113000001")
    again = lambda: payment(ana, desk, "E2", receipt_number="2026113000001")  # noqa: E731
    assert broken(again) == "payment_receipt_number_once"
    payment(ana, desk, "E3"), payment(ana, desk, "E4")  # without one, as many as there are
    other = PaymentAccount.objects.create(
        provider=rows.provider(cnpj="55444333000181"), name="Caixa", kind="desk", since=rows.AT
    )
    payment(rows.contract(other.provider, "zeca"), other, receipt_number="2026113000001")


@pytest.mark.parametrize(
    ("more", "constraint"),
    [
        ({"expected": 5_00, "counted": 4_00}, "closing_difference_explained"),
        ({"author": ""}, "closing_names_person"),
    ],
)
def test_a_closing_explains_itself(desk, more, constraint):
    assert broken(lambda: close(desk, **more)) == constraint
    close(desk, expected=5_00, counted=4_00, note="faltou troco")
    assert broken(lambda: close(desk)) == "closing_day_once"


def test_of_what_was_waived_no_more_is_of_the_fine_than_all_of_it(bruno):
    rows.change(bruno, invoices=(rows.invoice(),))
    with pytest.raises(IntegrityError, match="invoice_waived_not_negative"), transaction.atomic():
        raw.run("UPDATE invoice SET waived = 1, waived_fine = 2")
