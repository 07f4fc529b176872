"""Hundreds ask at once for one contract: one is granted, whatever the doors and keys.

With 2,000, and over HTTP: benchmarks/unlock_storm.py.
"""

from __future__ import annotations

from collections import Counter

import pytest

from religa.actions import unlock_on_trust
from religa.actions.unlock_on_trust import Unlocked
from religa.domain.facts import Channel, UnlockKind
from religa.domain.reasons import TrustRefusal
from religa.domain.trust import Request

from . import world
from .test_races import at_once

pytestmark = pytest.mark.django_db(transaction=True)
DOORS, EACH = 20, 10


def test_of_two_hundred_at_once_one_is_granted():
    contract = world.billed(world.provider(), "bruno", "F1")
    world.play(world.BLOCKED)
    moment, answers = world.at("2026-12-01 14:00"), []

    def ask(door: int) -> None:
        channel = list(Channel)[door % len(Channel)]
        for n in range(EACH):
            # Every third request is one that was sent before: it gets the answer of that one.
            key = f"{door}-{n - n % 3}"
            request = Request(UnlockKind.PROMISE, channel)
            answers.append(
                (key, unlock_on_trust.unlock(contract_id=contract, request=request, at=moment, key=key))
            )

    at_once(*[lambda door=door: ask(door) for door in range(DOORS)])
    by_key = dict(answers)
    assert len(answers) == DOORS * EACH and all(by_key[key] == given for key, given in answers)
    kinds = Counter(type(given) for given in by_key.values())
    assert kinds[Unlocked] == 1 and len(by_key) == DOORS * 4
    refused = {given.refusal.whys for given in by_key.values() if not isinstance(given, Unlocked)}
    assert refused == {(TrustRefusal.PROMISE_OPEN,)}
    assert world.count("SELECT count(*) FROM trust_unlock") == 1
    # Each request that was no repetition has a protocol number of its own.
    assert world.count("SELECT count(DISTINCT number) FROM protocol_number") == len(by_key)
