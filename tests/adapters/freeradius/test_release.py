"""The switch of the whole network, where Religa's own RADIUS answers."""

from collections.abc import Iterator

import pytest

from radius import Radius
from religa.adapters.freeradius.client import Accepted, Rejected

from .town import Town


@pytest.fixture
def released(town: Town, radius: Radius) -> Iterator[None]:
    town.release(True)
    yield
    town.release(False)


@pytest.mark.parametrize("access", ["walled", "reduced"])
def test_released_is_full_access_for_whoever_is_less(town: Town, radius: Radius, released, access: str):
    bruno = town.login()
    town.decide(bruno, access, seconds=3600, then="walled")
    answer = radius.ask(bruno)
    assert isinstance(answer, Accepted)
    assert (answer.text("Class"), answer.text("Session-Timeout")) == ("st=active", None)
    assert answer.text("Mikrotik-Rate-Limit") == "300000k/600000k"
    town.release(False)
    assert radius.ask(bruno).text("Class") != "st=active"


def test_released_ends_no_session_at_the_end_of_trust(town: Town, radius: Radius, released):
    carla = town.login()
    town.decide(carla, "full", status="trusted", seconds=3600, then="walled")
    assert radius.ask(carla).text("Session-Timeout") is None
    town.decide(carla, "full", status="trusted", seconds=-1, then="walled")
    assert radius.ask(carla).text("Class") == "st=active"


def test_released_does_not_let_in_who_is_closed_or_unknown(town: Town, radius: Radius, released):
    ended, turned = town.login(), town.login()
    town.decide(ended, "closed")
    town.decide(turned, "full", seconds=-1, then="closed")
    assert isinstance(radius.ask(ended), Rejected)
    assert isinstance(radius.ask(turned), Rejected)
    assert isinstance(radius.router().ask(username=turned.username, password="errada"), Rejected)
