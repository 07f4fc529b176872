"""A provider without RADIUS: its router is read, told what differs, and read again."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from click.testing import CliRunner

import aside
from religa import wiring
from religa.actions import release_network
from religa.actions.reconcile.api_routers import ApiRouters
from religa.adapters.fakes.routeros import RouterOs
from religa.entrypoints.commands.network import network
from religa.ports import AccessRouter
from religa.records import raw
from religa.records.models import AccessRecord, Nas
from religa.records.reconciling import ApiRouter, Database

from .. import world
from .network import set_access, url

pytestmark = pytest.mark.django_db(transaction=True)
PASSWORD = "of the api"


@pytest.fixture
def box() -> Iterator[RouterOs]:
    with RouterOs(password=PASSWORD) as made:
        for profile in ("plano-300", "isp-blocked", "isp-reduced"):
            made.add("/ppp/profile", name=profile)
        yield made


@pytest.fixture
def provider():
    return world.provider()


@pytest.fixture
def bruno(provider, box: RouterOs) -> int:
    """Bruno dials in at the router; the operator wrote a comment on his secret."""
    made = world.contract(provider, "bruno")
    AccessRecord.objects.create(contract_id=made, username="bruno")
    box.add("/ppp/secret", name="bruno", profile="plano-300", comment="casa azul")
    box.dial("bruno")
    return made


def registered(box: RouterOs, **more: str) -> ApiRouter:
    arguments = ["routeros", "borda", "--host", "127.0.0.1", "--port", str(box.port), "--password-stdin"]
    arguments += [part for key, value in more.items() for part in (f"--{key}", value)]
    done = CliRunner().invoke(network, arguments, input=PASSWORD + "\n", catch_exceptions=False)
    assert done.exit_code == 0, done.output
    assert PASSWORD not in done.output
    [found] = Database(url()).api_routers()
    return found


def connect(router: ApiRouter) -> AccessRouter:
    settings = dict(router.settings["api"])
    return wiring.access_router(
        host=router.host,
        username=settings.pop("user"),
        password=router.secret,
        answer_seconds=1.0,
        **settings,
    )


def look(router: ApiRouter):
    """One look, as the reconciler does it every twenty seconds and whenever access changes."""

    async def once():
        watching = ApiRouters(url=url(), connect=connect, now=lambda: datetime.now(UTC))
        return await watching.look_at(router, connect(router))

    return aside.run(once())


def secret(box: RouterOs) -> dict[str, str]:
    return box.row("/ppp/secret", name="bruno")


def outcomes() -> list[tuple[str, str]]:
    return raw.rows("SELECT wanted, outcome FROM coa_log WHERE kind = 'routeros_api' ORDER BY id")


def test_a_block_and_a_restore_reach_the_router_and_leave_no_trace(box: RouterOs, bruno: int):
    router = registered(box)
    assert look(router).differed == 0
    set_access(bruno, "walled")
    assert look(router).differed == 1
    assert secret(box)["profile"] == "isp-blocked"
    assert look(router).differed == 0  # read again: it is so
    set_access(bruno, "full")
    look(router)
    assert (secret(box)["profile"], secret(box)["comment"]) == ("plano-300", "casa azul")
    assert outcomes() == [("walled", "applied"), ("full", "applied")]
    assert raw.rows("SELECT outcome, answered_at IS NOT NULL, silent_since FROM nas_health") == [
        ("applied", True, None)
    ]


def test_what_somebody_undid_on_the_router_is_found(box: RouterOs, bruno: int):
    router = registered(box)
    set_access(bruno, "walled")
    look(router)
    box.amend("/ppp/secret", secret(box)[".id"], profile="plano-300")
    assert look(router).differed == 1
    assert secret(box)["profile"] == "isp-blocked"


def test_letting_the_network_go_gives_everything_back(box: RouterOs, bruno: int):
    router = registered(box, way="both")
    set_access(bruno, "walled")
    look(router)
    assert secret(box)["profile"] == "isp-blocked"
    release_network.release(by="Helena", at=datetime.now(UTC), reason="virada")
    look(router)
    assert (secret(box)["profile"], secret(box)["comment"]) == ("plano-300", "casa azul")
    assert box.rows("/ip/firewall/address-list") == []


def test_what_is_left_of_a_log_in_that_we_do_not_know_any_more_is_taken_back_too(box: RouterOs, bruno: int):
    router = registered(box)
    set_access(bruno, "walled")
    look(router)
    AccessRecord.objects.update(username="outro")
    release_network.release(by="Helena", at=datetime.now(UTC), reason="virada")
    look(router)
    assert (secret(box)["profile"], secret(box)["comment"]) == ("plano-300", "casa azul")


def test_log_ins_that_are_not_ours_are_left_alone(box: RouterOs, bruno: int):
    box.add("/ppp/secret", name="do operador", profile="isp-blocked")
    assert look(registered(box)).differed == 0


def test_a_router_in_shadow_is_read_and_not_told(box: RouterOs, bruno: int):
    registered(box)
    Nas.objects.update(shadow=True)
    [router] = Database(url()).api_routers()
    set_access(bruno, "walled")
    found = look(router)
    assert (found.differed, found.told) == (1, ())
    assert secret(box)["profile"] == "plano-300"


def test_a_router_that_does_not_answer_is_said_to_be_silent(box: RouterOs, bruno: int):
    router = registered(box)
    box.fail("cut", "/login")
    look(router)
    assert raw.rows("SELECT outcome, silent_since IS NOT NULL FROM nas_health") == [("silent", True)]
    box.faults.clear()
    look(router)
    assert raw.rows("SELECT silent_since FROM nas_health") == [(None,)]
