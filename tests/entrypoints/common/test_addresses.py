"""Where a request comes from: only our own proxies may speak for others."""

from __future__ import annotations

from ipaddress import ip_network

import pytest
from django.test import RequestFactory

from religa.entrypoints.common.addresses import caller, source


@pytest.fixture
def proxies(settings):
    settings.TRUSTED_PROXIES = [ip_network("10.0.0.0/24"), ip_network("fd00::7")]


def request(peer: str, *forwarded: str):
    headers = {"HTTP_X_FORWARDED_FOR": ", ".join(forwarded)} if forwarded else {}
    return RequestFactory().get("/", REMOTE_ADDR=peer, **headers)


CASES = [
    ("203.0.113.9", [], "203.0.113.9"),
    ("203.0.113.9", ["100.64.0.1"], "203.0.113.9"),
    ("10.0.0.7", ["100.64.0.1"], "100.64.0.1"),
    ("fd00::7", ["2001:db8::1"], "2001:db8::1"),
    ("10.0.0.7", ["6.6.6.6", "100.64.0.1"], "100.64.0.1"),
    ("10.0.0.7", ["100.64.0.1", "10.0.0.8"], "100.64.0.1"),
    ("10.0.0.7", [], "10.0.0.7"),
    ("10.0.0.7", ["100.64.0.1", "nonsense"], None),
    ("10.0.0.7", ["100.64.0.1:1234"], None),
    ("::ffff:10.0.0.7", ["::ffff:100.64.0.1"], "100.64.0.1"),
    ("", ["100.64.0.1"], None),
    ("fe80::1%eth0", [], None),
]


@pytest.mark.parametrize(("peer", "forwarded", "expected"), CASES)
def test_the_source_is_the_nearest_that_is_no_proxy_of_ours(proxies, peer, forwarded, expected):
    found = source(request(peer, *forwarded))
    assert (found and str(found)) == expected


def test_without_a_list_nobody_speaks_for_others(settings):
    settings.TRUSTED_PROXIES = []
    assert str(source(request("10.0.0.7", "100.64.0.1"))) == "10.0.0.7"


def test_tries_are_counted_for_the_home_behind_the_proxy(proxies):
    assert caller(request("10.0.0.7", "2001:db8:1:2::5")) == "2001:db8:1:2::/64"
    assert caller(request("203.0.113.9", "100.64.0.1")) == "203.0.113.9"
    assert caller(request("10.0.0.7", "nonsense")) == "10.0.0.7"
