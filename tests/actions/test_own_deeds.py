"""What subscribers do by themselves, at the same instant from several places."""

from __future__ import annotations

import pytest

from religa.actions import contest, make_own_agreement
from religa.actions.contest import Contested, NotContested
from religa.actions.make_own_agreement import Made, NotMade
from religa.domain.own_agreement import Wish
from religa.domain.reasons import Refusal

from . import world
from .test_races import at_once

pytestmark = pytest.mark.django_db(transaction=True)
MOMENT = world.at("2026-12-01 14:00")


@pytest.fixture
def blocked():
    contract = world.billed(world.provider(own_agreement_max_instalments=3), "bruno", "F1")
    world.play(world.BLOCKED)
    return contract


def test_of_many_agreements_at_once_one_is_made(blocked):
    given = []

    def ask(n: int) -> None:
        wish = Wish(2 + n % 2, MOMENT.date())
        given.append(make_own_agreement.make(contract_id=blocked, wish=wish, at=MOMENT, key=f"k{n}"))

    at_once(*[lambda n=n: ask(n) for n in range(6)])
    assert sum(isinstance(g, Made) for g in given) == 1
    assert {g.whys for g in given if isinstance(g, NotMade)} == {
        (Refusal.NOTHING_LATE, Refusal.AGREEMENT_OPEN)
    }
    assert len({g.protocol for g in given}) == 6


def test_of_many_disputes_at_once_one_is_filed(blocked):
    given = []

    def ask(n: int) -> None:
        given.append(
            contest.contest(
                contract_id=blocked, invoice="F1", amount=None, reason="x", at=MOMENT, key=f"k{n}"
            )
        )

    at_once(*[lambda n=n: ask(n) for n in range(6)])
    assert sum(isinstance(g, Contested) for g in given) == 1
    assert {g.whys for g in given if isinstance(g, NotContested)} == {(Refusal.ALREADY_DISPUTED,)}
    assert len({g.protocol for g in given}) == 6
