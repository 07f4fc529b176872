"""Carla is blocked since Monday and writes on Tuesday; her CPF ends in 7735."""

from __future__ import annotations

import pytest

DIGITS = "7735"


@pytest.fixture(autouse=True)
def nobody_has_tried_before(db):
    from religa.records import raw

    raw.run("DELETE FROM throttle")


@pytest.fixture
def provider(db):
    from .. import world

    return world.provider()


@pytest.fixture
def carla(provider):
    """Her contract."""
    from religa.records.models import SubscriberPhone

    from .. import world

    made = world.billed(provider, "carla", "I1")
    world.play(world.BLOCKED)
    SubscriberPhone.objects.create(subscriber=world_subscriber(made), number="5585999990001")
    return made


def world_subscriber(contract_id: int):
    from religa.records.models import Contract

    return Contract.objects.select_related("subscriber").get(pk=contract_id).subscriber


@pytest.fixture
def phone(carla):
    from .. import world
    from .talk import Phone

    return Phone("5585999990001", world.at("2026-12-01 14:00"))
