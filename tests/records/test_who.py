"""Whose session has an address: fresh ones alone, the newest, of both families."""

from __future__ import annotations

from datetime import timedelta
from ipaddress import ip_address

import pytest

from religa.domain.facts import Access
from religa.records import locks, raw
from religa.records.models import SessionLive
from religa.records.queries.who import HEARD_WITHIN, who_has

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


@pytest.fixture
def now(db):
    return locks.database_now()


@pytest.fixture
def online(now):
    """`online(contract, ...)`: a session of the contract, heard of a minute ago."""
    made: list[SessionLive] = []

    def open_one(contract: int | None, *, age=60 * MINUTE, heard=MINUTE, **session) -> int:
        number = f"s{len(made)}"
        made.append(
            SessionLive.objects.create(
                unique_id=number, session_id=number, username=number, contract_id=contract,
                started_at=now - age, updated_at=now - heard, **session,
            )
        )  # fmt: skip
        return made[-1].pk

    return open_one


def who(address: str, now) -> int | None:
    found = who_has(ip_address(address), at=now)
    return found and found.contract_id


@pytest.mark.parametrize(
    ("session", "inside", "outside"),
    [
        ({"framed_ipv4": "100.64.7.9"}, "100.64.7.9", "100.64.7.8"),
        ({"framed_ipv6_prefix": "2001:db8:1:9::/64"}, "2001:db8:1:9:abcd::1", "2001:db8:1:8::1"),
        ({"delegated_ipv6_prefix": "2001:db8:2:900::/56"}, "2001:db8:2:9ff::1", "2001:db8:2:a00::1"),
    ],
)
def test_an_address_leads_to_its_session(online, ana, now, session, inside, outside):
    online(ana, **session)
    assert who(inside, now) == ana
    assert who(outside, now) is None


def test_a_session_that_fell_silent_is_nobody(online, ana, now):
    online(ana, framed_ipv4="100.64.7.9", heard=HEARD_WITHIN + MINUTE)
    assert who("100.64.7.9", now) is None


def test_the_newest_session_wins_whichever_prefix_it_is(online, ana, bruno, now):
    online(ana, framed_ipv4="100.64.7.9", delegated_ipv6_prefix="2001:db8:2:900::/56", age=90 * MINUTE)
    online(bruno, framed_ipv4="100.64.7.9", framed_ipv6_prefix="2001:db8:2:900::/64", age=5 * MINUTE)
    assert who("100.64.7.9", now) == who("2001:db8:2:900::1", now) == bruno


def test_an_address_that_two_homes_have_at_once_says_so(online, ana, bruno, now):
    online(ana, framed_ipv4="100.64.7.9", age=90 * MINUTE, heard=MINUTE)
    assert not who_has(ip_address("100.64.7.9"), at=now).shared
    online(bruno, framed_ipv4="100.64.7.9", age=5 * MINUTE)
    assert who_has(ip_address("100.64.7.9"), at=now).shared


def test_a_lost_stop_is_no_second_home(online, ana, bruno, now):
    online(ana, framed_ipv4="100.64.7.9", age=90 * MINUTE, heard=6 * MINUTE)
    online(bruno, framed_ipv4="100.64.7.9", age=5 * MINUTE)
    online(bruno, framed_ipv4="100.64.7.9", age=4 * MINUTE)
    found = who_has(ip_address("100.64.7.9"), at=now)
    assert (found.contract_id, found.shared) == (bruno, False)


def test_an_address_that_a_stranger_has_now_is_not_its_last_owners(online, ana, now):
    online(ana, framed_ipv4="100.64.7.9", age=90 * MINUTE)
    online(None, framed_ipv4="100.64.7.9", age=MINUTE)
    assert who("100.64.7.9", now) is None


def test_what_holds_is_said_as_the_row_says_it_at_that_instant(online, ana, now):
    session = online(ana, framed_ipv4="100.64.7.9", applied_state="walled")
    end = now + 10 * MINUTE
    raw.run(
        "UPDATE contract_access SET access = 'full', status = 'trusted', why = 'trust', until = %s,"
        " access_then = 'walled' WHERE contract_id = %s",
        [end, ana],
    )
    found = who_has(ip_address("100.64.7.9"), at=now)
    assert (found.access, found.until, found.applied) == (Access.FULL, end, Access.WALLED)
    assert found.session_id == session
    raw.run("UPDATE session_live SET updated_at = %s", [end])
    later = who_has(ip_address("100.64.7.9"), at=end)
    assert (later.access, later.until) == (Access.WALLED, None)
