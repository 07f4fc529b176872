"""A router with people on it: Ana pays, Bruno is late, Carla has a fixed address, Dora's secret bears a note."""

from typing import Any

from religa.adapters.fakes.routeros import RouterOs
from religa.adapters.routeros.router import Router
from religa.adapters.routeros.settings import Settings
from religa.domain.facts import Access
from religa.ports import AppliedOutcome, RouterState, RouterStates, WantedAccess

SECRETS, SESSIONS, PROFILES, ENTRIES = (
    "/ppp/secret",
    "/ppp/active",
    "/ppp/profile",
    "/ip/firewall/address-list",
)
SECRET_SET = "/ppp/secret/set"
KEYS = {"ana": 1, "bruno": 2, "carla": 3, "dora": 4}
BLOCKED = "isp-blocked"


class Town:
    """The double, the adapter that speaks to it, and what tests ask of both."""

    def __init__(self, box: RouterOs, **settings: Any) -> None:
        self.box = box
        reached = {"host": box.host, "port": box.port, "username": box.username, "password": box.password}
        self.router = Router(Settings(**{**reached, "answer_seconds": 1.0, "call_seconds": 5.0, **settings}))

    def want(self, *people: str, access: Access, **more: Any) -> list[AppliedOutcome]:
        return list(self.router.apply([wanted(login, access, **more) for login in people]))

    def wall(self, *people: str, **more: Any) -> list[AppliedOutcome]:
        return self.want(*people, access=Access.WALLED, **more)

    def restore(self, *people: str, **more: Any) -> list[AppliedOutcome]:
        return self.want(*people, access=Access.FULL, **more)

    def close(self, *people: str, **more: Any) -> list[AppliedOutcome]:
        return self.want(*people, access=Access.CLOSED, **more)

    def state(self, login: str) -> RouterState:
        (found,) = [one for one in self.states().logins if one.login == login]
        return found

    def states(self) -> RouterStates:
        states = self.router.states()
        assert isinstance(states, RouterStates)
        return states

    def secret(self, login: str) -> dict[str, str]:
        return self.box.row(SECRETS, name=login)

    def sessions(self, login: str) -> list[dict[str, str]]:
        return self.box.rows(SESSIONS, name=login)

    def address(self, login: str) -> str:
        return self.sessions(login)[0]["address"]

    def blocked(self) -> dict[str, str]:
        """Static entries of the blocked list: address and comment."""
        rows = self.box.rows(ENTRIES, list=BLOCKED)
        return {row["address"]: row.get("comment", "") for row in rows if "dynamic" not in row}

    def written(self) -> list[str]:
        """Commands since the last look that changed something."""
        return [one.command for one in self.box.sentences if not one.command.endswith("/print")]


def wanted(login: str, access: Access, **more: Any) -> WantedAccess:
    return WantedAccess(login, more.pop("key", KEYS.get(login, 99)), access, **more)


def settle(box: RouterOs) -> None:
    """Profiles and people; all but Dora are online."""
    for name in ("PLANO 300M", "PLANO 600M", "isp-reduced"):
        box.add(PROFILES, name=name)
    box.add(PROFILES, name=BLOCKED, address_list=BLOCKED)
    box.add(SECRETS, name="ana", password="a", service="pppoe", profile="PLANO 300M")
    box.add(
        SECRETS, name="bruno", password="b", service="pppoe", profile="PLANO 600M", comment="rua 7, casa 2"
    )
    box.add(SECRETS, name="carla", password="c", profile="PLANO 300M", remote_address="10.9.0.3")
    box.add(SECRETS, name="dora", password="d", profile="PLANO 300M", comment="Dora: ligar antes")
    for login in ("ana", "bruno", "carla"):
        assert box.dial(login)
