"""What a router is told, from the rows of its kind."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from religa.actions.reconcile import orders
from religa.domain.pushing import Kind
from religa.records.reconciling import Push, Router, VendorRow

NOW = datetime(2026, 12, 1, 15, 0, tzinfo=UTC)
ROUTER = Router(1, "bng", "mikrotik", 3799, "192.0.2.9", "secret", 16, False)
PUSH = Push(7, 70, 1, "192.0.2.1", "u7", "80000007", "ana", "100.64.0.9", "walled", None, "full", 600, 0, 0, True,
            300_000, 600_000, " 1k/1k", False, NOW, None)  # fmt: skip
ROWS = [
    VendorRow("mikrotik", "coa", "receipt", "", ["User-Name", "Acct-Session-Id", "Framed-IP-Address"], access, names,
              templates, facts)
    for access, names, templates, facts in (
        ("full", ["Mikrotik-Address-List", "Mikrotik-Rate-Limit", "Huawei-Input-Average-Rate"],
         ["isp-active", "{up}k/{down}k{burst}", "{up_bps}"], ["", "rate", "rate"]),
        ("walled", ["Mikrotik-Address-List"], ["isp-blocked{voice}"], ["wall"]),
    )
]  # fmt: skip
VENDOR = orders.vendors(ROWS)["mikrotik"]


def told(push: Push, kind: Kind = Kind.COA, **vendor) -> dict[str, str]:
    made = orders.order(push, ROUTER, replace(VENDOR, **vendor), kind, NOW)
    assert (made.address, made.port, made.source) == ("192.0.2.1", 3799, "192.0.2.9")
    return dict(made.attributes)


IDENTITY = {"User-Name": "ana", "Acct-Session-Id": "80000007", "Framed-IP-Address": "100.64.0.9"}


def test_a_block_names_the_session_the_wall_and_its_half_hour():
    assert told(PUSH) == {**IDENTITY, "Mikrotik-Address-List": "isp-blocked", "Session-Timeout": "1800"}
    assert told(replace(PUSH, voice=True))["Mikrotik-Address-List"] == "isp-blocked-voice"


def test_a_restore_gives_the_plan_back_and_clears_the_timeout():
    assert told(replace(PUSH, wanted="full")) == {
        **IDENTITY, "Mikrotik-Address-List": "isp-active", "Mikrotik-Rate-Limit": "300000k/600000k 1k/1k",
        "Huawei-Input-Average-Rate": "300000000", "Session-Timeout": "2073600",
    }  # fmt: skip


def test_what_is_not_known_is_not_sent():
    without = replace(PUSH, wanted="full", up=None, ipv4=None)
    assert set(told(without)) == {"User-Name", "Acct-Session-Id", "Mikrotik-Address-List", "Session-Timeout"}


@pytest.mark.parametrize(
    ("left", "seconds"), [(0.2, "1"), (90, "90"), (89.1, "90"), (90 * 86_400, "2073600")]
)
def test_an_end_is_the_seconds_left_rounded_up_and_never_none(left: float, seconds: str):
    push = replace(PUSH, wanted="full", wanted_until=NOW + timedelta(seconds=left))
    assert told(push)["Session-Timeout"] == seconds


def test_a_router_that_counts_from_the_start_is_told_so_much_more():
    push = replace(PUSH, wanted="full", wanted_until=NOW + timedelta(seconds=100))
    assert told(push, timeout_from="start")["Session-Timeout"] == "700"
    assert "Session-Timeout" not in told(push, timeout_from="never")


def test_a_disconnect_names_the_session_alone():
    assert told(PUSH, Kind.DISCONNECT) == IDENTITY


@pytest.mark.parametrize(
    ("push", "vendor", "kind"),
    [
        (PUSH, {}, Kind.COA),
        (replace(PUSH, wanted="closed"), {}, Kind.DISCONNECT),
        (PUSH, {"moved_by": Kind.DISCONNECT}, Kind.DISCONNECT),
        (replace(PUSH, wanted="full"), {}, Kind.COA),  # only the end differs
        (replace(PUSH, wanted="full"), {"moved_by": Kind.DISCONNECT}, None),
        (replace(PUSH, wanted="full"), {"timeout_from": "never"}, None),
        (replace(PUSH, wanted="full", applied=None), {"moved_by": Kind.DISCONNECT}, None),
        (replace(PUSH, contradicted=1), {}, Kind.COA),
        (replace(PUSH, contradicted=2), {}, Kind.DISCONNECT),
    ],
)
def test_how_a_session_is_moved(push: Push, vendor: dict, kind: Kind | None):
    assert orders.kind_for(push, replace(VENDOR, **vendor)) is kind


def test_no_order_shows_the_secret():
    made = orders.order(PUSH, replace(ROUTER, secret="s3gredo"), VENDOR, Kind.COA, NOW)
    assert "s3gredo" not in repr(made) and "s3gredo" not in repr(replace(ROUTER, secret="s3gredo"))
