"""What is still to come of a booklet is cancelled together; what has fallen due stays owed."""

from __future__ import annotations

from datetime import date

import pytest

from religa.actions import record_payment
from religa.actions.cancel_carne import CarneCancelled, NothingToCancel, cancel
from religa.domain.facts import Method
from religa.records.models import Charge, Invoice

from . import world

pytestmark = pytest.mark.django_db
NOW = world.at("2026-11-10 12:00")
DUES = {
    "F11": date(2026, 11, 10),
    "F12": date(2026, 12, 10),
    "F01": date(2027, 1, 11),
    "F02": date(2027, 2, 10),
}


@pytest.fixture
def provider():
    return world.provider()


@pytest.fixture
def bruno(provider):
    """Bruno has a booklet of four, the first due today, and one bill beside it."""
    made = world.contract(provider, "bruno")
    for name, due in DUES.items():
        world.bill(made, name, due=due)
        charge(name, "carne-7")
    world.bill(made, "F-extra", due=date(2027, 3, 10))
    return made


def charge(invoice: str, carne: str) -> None:
    of = Invoice.objects.get(external_id=invoice)
    Charge.objects.create(
        provider_id=of.provider_id, invoice=of, kind="carne", carne=carne, amount=99_90, due_date=of.due_date,
        created_at=world.ISSUED,
    )  # fmt: skip


def cancelled() -> set[str]:
    return set(Invoice.objects.filter(closed="cancelled").values_list("external_id", flat=True))


def test_future_invoices_are_cancelled_together(provider, bruno):
    answer = cancel(provider_id=provider.pk, carne="carne-7", at=NOW, author="Gestora")
    assert answer == CarneCancelled(("F12", "F01", "F02"))
    assert cancelled() == {"F12", "F01", "F02"}


def test_their_charges_wait_for_the_worker_and_keep_their_status(provider, bruno):
    cancel(provider_id=provider.pk, carne="carne-7", at=NOW)
    waiting = Charge.objects.filter(try_at=NOW).values_list("invoice__external_id", "status")
    assert set(waiting) == {("F12", "active"), ("F01", "active"), ("F02", "active")}


def test_what_is_paid_stays_and_part_of_it_becomes_credit(provider, bruno):
    for name, amount in (("F12", 99_90), ("F01", 40_00)):
        record_payment.record(
            contract_id=bruno, payment_id=f"E-{name}", amount=amount, method=Method.PIX, paid_at=NOW, at=NOW,
            invoice=name,
        )  # fmt: skip
    assert cancel(provider_id=provider.pk, carne="carne-7", at=NOW) == CarneCancelled(("F01", "F02"))
    paid = world.count(
        "SELECT sum(amount)::bigint FROM allocation a JOIN invoice i ON i.id = a.invoice_id"
        " WHERE i.external_id IN ('F11', 'F12')"
    )
    assert paid == 139_90  # what was paid of the cancelled one now pays what is open


def test_cancelling_twice_finds_nothing(provider, bruno):
    cancel(provider_id=provider.pk, carne="carne-7", at=NOW)
    assert cancel(provider_id=provider.pk, carne="carne-7", at=NOW) == NothingToCancel(known=True)


@pytest.mark.parametrize("carne", ["carne-8", ""])
def test_an_unknown_booklet_is_said_to_be_unknown(provider, bruno, carne):
    assert cancel(provider_id=provider.pk, carne=carne, at=NOW) == NothingToCancel(known=False)
    assert cancelled() == set()


def test_a_booklet_of_another_provider_is_not_touched(provider, bruno):
    assert cancel(provider_id=provider.pk + 1, carne="carne-7", at=NOW) == NothingToCancel(known=False)


def test_a_booklet_over_two_contracts_is_one(provider, bruno):
    world.bill(world.contract(provider, "irma"), "F-irma", due=date(2026, 12, 20))
    charge("F-irma", "carne-7")
    answer = cancel(provider_id=provider.pk, carne="carne-7", at=NOW)
    assert answer == CarneCancelled(("F12", "F-irma", "F01", "F02"))
