"""How a router is reached, and that wiring builds it."""

import dataclasses

import pytest

from religa import wiring
from religa.adapters.fakes.routeros import RouterOs
from religa.adapters.routeros.settings import Settings, Way
from religa.domain.facts import Access
from religa.ports import AccessRouter, Applied

from .town import settle, wanted


def test_ports_are_those_of_the_manual():
    plain = Settings(host="10.0.0.1", username="religa", password="x")
    assert plain.place == ("10.0.0.1", 8728)
    assert dataclasses.replace(plain, tls=True).place == ("10.0.0.1", 8729)
    assert dataclasses.replace(plain, port=9000).place == ("10.0.0.1", 9000)


@pytest.mark.parametrize(
    "wrong",
    [
        {"walled_profile": "same", "reduced_profile": "same"},
        {"blocked_list": ""},
        {"answer_seconds": 0},
        {"call_seconds": -1},
        {"in_flight": 0},
    ],
)
def test_what_cannot_work_is_refused_at_once(wrong: dict[str, object]):
    with pytest.raises(ValueError):
        Settings(host="h", username="u", password="p", **wrong)  # type: ignore[arg-type]


def test_wiring_builds_a_router_by_names():
    with RouterOs() as box:
        settle(box)
        router: AccessRouter = wiring.access_router(
            host=box.host,
            username=box.username,
            password=box.password,
            port=box.port,
            way=Way.ADDRESS_LIST.value,
        )
        assert isinstance(router.apply([wanted("bruno", Access.WALLED)])[0], Applied)
        assert len(box.rows("/ip/firewall/address-list", comment="religa:2")) == 1


def test_wiring_knows_no_other_way():
    with pytest.raises(ValueError, match="magic"):
        wiring.access_router(host="h", username="u", password="p", way="magic")
