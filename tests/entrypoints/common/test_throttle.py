"""Tries are counted for all web processes together, and forgotten in time."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.test import RequestFactory

from religa.entrypoints.common.addresses import caller
from religa.entrypoints.common.throttle import Limit, forget, forget_old, try_both, try_once

LIMIT = Limit("test", 3, timedelta(minutes=15))


def test_the_fourth_try_is_too_many(now):
    assert [try_once(LIMIT, "maria", at=now) for _ in range(4)] == [True, True, True, False]


def test_others_are_counted_for_themselves(now):
    for _ in range(4):
        try_once(LIMIT, "maria", at=now)
    assert try_once(LIMIT, "ana", at=now)
    assert try_once(Limit("other", 3, LIMIT.within), "maria", at=now)


def test_the_count_starts_anew_when_the_stretch_is_over(now):
    for _ in range(4):
        try_once(LIMIT, "maria", at=now)
    assert not try_once(LIMIT, "maria", at=now + timedelta(minutes=14, seconds=59))
    assert try_once(LIMIT, "maria", at=now + timedelta(minutes=15))


def test_two_limits_are_counted_at_once_and_either_may_say_no(now):
    narrow = Limit("narrow", 2, LIMIT.within)
    both = (LIMIT, "maria"), (narrow, "100.64.7.9")
    assert [try_both(*both, at=now) for _ in range(3)] == [True, True, False]
    assert not try_once(LIMIT, "maria", at=now)
    assert try_both((LIMIT, "ana"), (narrow, "100.64.7.10"), at=now)


def test_old_tries_are_let_go(now):
    try_once(LIMIT, "maria", at=now - timedelta(days=2))
    try_once(LIMIT, "ana", at=now)
    assert forget_old(at=now) == 1


def test_the_right_one_is_forgiven(now):
    for _ in range(4):
        try_once(LIMIT, "maria", at=now)
    forget(LIMIT, "maria")
    assert try_once(LIMIT, "maria", at=now)


@pytest.mark.django_db(transaction=True)
def test_tries_at_the_same_time_are_all_counted():
    from religa.records import locks

    at, allowed = locks.database_now(), []

    def tries() -> None:
        allowed.extend(try_once(LIMIT, "maria", at=at) for _ in range(5))
        connection.close()

    threads = [threading.Thread(target=tries) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(allowed) == [False] * 17 + [True] * 3


@pytest.mark.parametrize(
    ("address", "counted"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("::ffff:203.0.113.9", "203.0.113.9"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("unix:", "unix:"),
    ],
)
def test_a_home_is_one_caller(address, counted):
    assert caller(RequestFactory().get("/", REMOTE_ADDR=address)) == counted


def test_a_header_that_anybody_can_write_is_not_believed():
    request = RequestFactory().get("/", REMOTE_ADDR="203.0.113.9", headers={"x-forwarded-for": "10.0.0.1"})
    assert caller(request) == "203.0.113.9"


def test_behind_our_proxy_the_last_hop_counts(settings):
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    request = RequestFactory().get(
        "/", REMOTE_ADDR="127.0.0.1", headers={"x-forwarded-for": "10.0.0.1, 203.0.113.9"}
    )
    assert caller(request) == "203.0.113.9"
