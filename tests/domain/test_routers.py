"""A router as it is typed, and how it fares."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from religa.domain.coa_test import Answer, Found, Verdict, answer_of
from religa.domain.pushing import Acknowledged, NoAnswer, NotSent, Refused
from religa.domain.routers import (
    Health,
    Router,
    RouterAlarm,
    RouterFault,
    is_network,
    problems_of,
    secret_problems,
)

ROUTER = Router("BNG 1", "10.0.0.1", "mikrotik")
AT = datetime(2026, 12, 5, 3, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    "address", ["10.0.0.1", "10.0.0.0/24", "10.0.0.1/32", "2001:db8::1", "2001:db8::/48"]
)
def test_an_address_or_a_network_is_a_router(address):
    assert problems_of(replace(ROUTER, address=address)) == []


@pytest.mark.parametrize(
    ("address", "fault"),
    [
        ("", RouterFault.ADDRESS_FORM), ("bng1", RouterFault.ADDRESS_FORM), ("10.0.0.300", RouterFault.ADDRESS_FORM),
        ("fe80::1%eth0", RouterFault.ADDRESS_FORM), ("10.0.0.1/24", RouterFault.ADDRESS_HAS_HOST_BITS),
        ("0.0.0.0/0", RouterFault.ADDRESS_TOO_WIDE), ("2001::/16", RouterFault.ADDRESS_TOO_WIDE),
        ("0.0.0.0", RouterFault.ADDRESS_OF_NOBODY), ("224.0.0.1", RouterFault.ADDRESS_OF_NOBODY),
        ("255.255.255.255", RouterFault.ADDRESS_OF_NOBODY),
    ],
)  # fmt: skip
def test_an_address_that_is_no_routers_is_refused(address, fault):
    assert [p.fault for p in problems_of(replace(ROUTER, address=address))] == [fault]


def test_the_network_that_was_meant_is_named():
    assert problems_of(replace(ROUTER, address="10.0.0.1/24"))[0].detail == "10.0.0.0/24"


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"name": " "}, RouterFault.NO_NAME), ({"reach": "telnet"}, RouterFault.REACH_UNKNOWN),
        ({"coa_port": 0}, RouterFault.PORT_RANGE), ({"coa_port": 65536}, RouterFault.PORT_RANGE),
        ({"coa_window": 0}, RouterFault.WINDOW_RANGE), ({"coa_window": 65}, RouterFault.WINDOW_RANGE),
        ({"source": "x"}, RouterFault.SOURCE_FORM), ({"source": "10.0.0.0/24"}, RouterFault.SOURCE_FORM),
        ({"source": "2001:db8::1"}, RouterFault.SOURCE_FAMILY),
    ],
)  # fmt: skip
def test_what_is_out_of_range_is_named(change, fault):
    assert [p.fault for p in problems_of(replace(ROUTER, **change))] == [fault]


def test_a_new_router_needs_a_secret_and_a_known_one_may_keep_its_own():
    assert secret_problems(None, is_new=True)[0].fault is RouterFault.SECRET_MISSING
    assert secret_problems(None, is_new=False) == []
    assert secret_problems(" with blanks ", is_new=True) == []
    assert secret_problems("a\nb", is_new=True)[0].fault is RouterFault.SECRET_CHARACTERS
    assert secret_problems("x" * 201, is_new=True)[0].fault is RouterFault.SECRET_TOO_LONG


def test_a_network_stands_for_several_routers():
    assert is_network("10.0.0.0/24") and not is_network("10.0.0.1/32") and not is_network("x")


def test_sessions_without_accounting_for_15_minutes_are_an_alarm():
    quiet = AT - timedelta(minutes=15)
    assert Health(sessions=3, accounted_at=quiet).alarms(AT) == [RouterAlarm.NO_ACCOUNTING]
    assert Health(sessions=3).alarms(AT) == [RouterAlarm.NO_ACCOUNTING]
    assert Health(sessions=3, accounted_at=quiet + timedelta(seconds=1)).alarms(AT) == []
    assert Health(sessions=0, accounted_at=quiet).alarms(AT) == []


def test_silence_and_a_fault_of_ours_are_alarms():
    assert Health(silent_since=AT, alarm="refused").alarms(AT) == [
        RouterAlarm.SILENT,
        RouterAlarm.MISCONFIGURED,
    ]


@pytest.mark.parametrize(
    ("outcome", "answer", "verdict"),
    [
        (Refused(503, 2.0), Answer(Found.REFUSED, 503, 2.0), Verdict.WORKS),
        (Refused(None, 2.0), Answer(Found.REFUSED, None, 2.0), Verdict.ANSWERS),
        (Refused(402, 2.0), Answer(Found.REFUSED, 402, 2.0), Verdict.ANSWERS),
        (Acknowledged(2.0), Answer(Found.ACKNOWLEDGED, None, 2.0), Verdict.SUSPICIOUS),
        (NoAnswer(), Answer(Found.SILENT), Verdict.DOES_NOT_WORK),
        (NotSent("no route"), Answer(Found.NOT_SENT), Verdict.DOES_NOT_WORK),
    ],
)
def test_only_no_such_session_proves_that_a_router_takes_orders(outcome, answer, verdict):
    assert answer_of(outcome) == answer and answer.verdict is verdict
