"""A thousand log-ins: a steady state costs one print for each menu, a change one write each, many in flight."""

import pytest

from religa.adapters.fakes.routeros import RouterOs
from religa.domain.facts import Access
from religa.ports import Applied, Unchanged, WantedAccess

from .town import PROFILES, SECRETS, Town

MANY = 1000


@pytest.fixture
def crowd():
    with RouterOs() as box:
        box.add(PROFILES, name="isp-blocked")
        for number in range(MANY):
            box.add(SECRETS, name=f"login {number}")
        for number in range(0, MANY, 2):
            box.dial(f"login {number}")
        yield box


def want(access: Access) -> list[WantedAccess]:
    return [WantedAccess(f"login {number}", number, access) for number in range(MANY)]


@pytest.mark.parametrize("way", ["profile", "address_list", "both"])
def test_a_thousand_are_walled_and_restored_in_few_turns(crowd: RouterOs, way: str):
    town = Town(crowd, way=way, answer_seconds=10, call_seconds=60)
    secrets = crowd.rows(SECRETS)
    for access in (Access.WALLED, Access.FULL):
        crowd.forget()
        changed = town.router.apply(want(access))
        online = MANY if way == "profile" or way == "both" else MANY // 2
        assert sum(isinstance(one, Applied) for one in changed) == online
        assert crowd.turns <= 3 * MANY / 50 + 4
        crowd.forget()
        assert town.router.apply(want(access)) == [Unchanged()] * MANY
        commands = [one.command for one in crowd.sentences]
        assert commands == ["/ppp/secret/print", "/ppp/active/print", "/ip/firewall/address-list/print"]
    assert crowd.rows(SECRETS) == secrets
    town.router.close()


def test_states_cost_three_prints(crowd: RouterOs):
    town = Town(crowd, answer_seconds=10, call_seconds=60)
    assert len(town.states().logins) == MANY
    assert len(crowd.sentences) == 3 and crowd.logins == 1
    town.router.close()


def test_nobody_wanted_costs_nothing(crowd: RouterOs):
    town = Town(crowd)
    assert list(town.router.apply([])) == []
    assert crowd.sentences == [] and crowd.logins == 0


def test_threads_take_turns(crowd: RouterOs):
    from concurrent.futures import ThreadPoolExecutor

    town = Town(crowd, answer_seconds=10, call_seconds=60)
    parts = [[one for one in want(Access.WALLED) if one.key % 4 == part][:50] for part in range(4)]
    with ThreadPoolExecutor(4) as threads:
        outcomes = [one for part in threads.map(town.router.apply, parts) for one in part]
    assert [type(one) for one in outcomes] == [Applied] * 200
    assert crowd.logins == 1
    town.router.close()
