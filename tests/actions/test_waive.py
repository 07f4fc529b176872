"""Forgiving: the invoice and the row that says who and why are written together, or neither."""

import pytest

from religa.actions import waive as waiving
from religa.actions.carry_out import Done
from religa.domain.facts import Role, WaiverKind
from religa.domain.invoicing import Refused
from religa.domain.reasons import Refusal
from religa.records.models import Adjustment, Invoice, Waiver

from . import world

pytestmark = pytest.mark.django_db
LATE = world.at("2026-11-21 10:00")  # fine 1.99, interest 0.36


@pytest.fixture
def carla():
    return world.billed(world.provider(), "carla", "F1")


def waive(contract, **changes):
    asked = {"invoice": "F1", "kind": WaiverKind.FINE, "amount": 1_00, "role": Role.AGENT, "reason": "ligou"}
    return waiving.waive(contract_id=contract, at=LATE, author="Bia: ligou", **{**asked, **changes})


def test_who_why_and_in_which_role_stay_with_what_was_forgiven(carla):
    assert isinstance(waive(carla), Done)
    assert isinstance(waive(carla, kind=WaiverKind.INTEREST, amount=17, reason=" pediu "), Done)
    rows = Waiver.objects.order_by("id").values_list("kind", "amount", "role", "reason", "author", "at")
    assert list(rows) == [
        ("fine", 1_00, "agent", "ligou", "Bia: ligou", LATE),
        ("interest", 17, "agent", "pediu", "Bia: ligou", LATE),
    ]
    kept = Invoice.objects.get()
    assert (kept.waived, kept.waived_fine) == (1_17, 1_00)


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"amount": 1_18}, Refusal.ABOVE_CEILING),  # half of 2.35
        ({"amount": 2_00}, Refusal.ABOVE_LATE_CHARGES),
        ({"reason": " "}, Refusal.NO_REASON),
        ({"invoice": "F9"}, Refusal.UNKNOWN_INVOICE),
        ({"kind": WaiverKind.SETTLEMENT, "amount": 1}, Refusal.ABOVE_CEILING),
    ],
)
def test_a_no_leaves_nothing_behind(carla, changes, why):
    answer = waive(carla, **changes)
    assert isinstance(answer, Refused) and why in answer.whys
    assert not Waiver.objects.exists() and Invoice.objects.get().waived == 0
    assert not Adjustment.objects.exists()


def test_discounts_to_settle_count_together(carla):
    ten = {"kind": WaiverKind.SETTLEMENT, "role": Role.FINANCE}
    assert isinstance(waive(carla, **ten, amount=9_00), Done)
    assert waive(carla, **ten, amount=1_00) == Refused((Refusal.ABOVE_CEILING,))
    assert isinstance(waive(carla, **ten, amount=99), Done)  # a tenth of what was open before the first
    assert [a.amount for a in Adjustment.objects.order_by("id")] == [-9_00, -99]
    assert waiving.discounted(carla, "F1") == 9_99


def test_an_invoice_of_the_same_name_at_another_provider_is_left_alone(carla):
    other = world.contract(world.provider(cnpj="55444333000181"))
    world.bill(other, "F1")
    waive(other)
    assert sorted(Invoice.objects.values_list("contract_id", "waived")) == [(carla, 0), (other, 1_00)]
