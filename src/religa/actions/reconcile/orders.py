"""What a router is told about one session: by the rows of its kind, never by code for a vendor."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from math import ceil

from religa.domain.pushing import Kind
from religa.ports import Order
from religa.records.reconciling import Push, Router, VendorRow

WALL_TIMEOUT = (
    1800  # seconds; a walled session asks again, and so heals when every order to its router is lost
)
LONGEST_TIMEOUT = (
    24 * 86_400
)  # seconds: 2^31 milliseconds are 24.8 days, and below that no router's timer overflows
GENERIC = "generic"
_CONTRADICTED_AT_MOST = 2  # times a router may acknowledge and not obey, before the session is ended instead


@dataclass(frozen=True, slots=True)
class Item:
    """One attribute; what stands in braces in `template` is put in, if `fact` is known of the session."""

    attribute: str
    template: str
    fact: str


@dataclass(slots=True)
class Vendor:
    """How a kind of router is spoken to; see `radius.vendor`."""

    moved_by: Kind
    timeout_from: str
    identified_by: tuple[str, ...]
    items: dict[str, tuple[Item, ...]] = field(default_factory=dict)


def vendors(rows: Iterable[VendorRow]) -> dict[str, Vendor]:
    found: dict[str, Vendor] = {}
    for row in rows:
        vendor = found.setdefault(
            row.vendor, Vendor(Kind(row.moved_by), row.timeout_from, tuple(row.identified_by))
        )
        if row.access is not None:
            parts = zip(row.attributes or (), row.templates or (), row.facts or (), strict=True)
            vendor.items[row.access] = tuple(Item(*part) for part in parts)
    return found


def kind_for(push: Push, vendor: Vendor) -> Kind | None:
    """How the session is moved; None: it need not be told anything.

    Only its end differs, and the router cannot be told another: dropping a session for that would help nobody. It ends
    when it ends, and the next log-in hears the rest.
    """
    if push.wanted == "closed":
        return Kind.DISCONNECT
    same_access = (push.applied or "full") == push.wanted
    if same_access and (vendor.moved_by is Kind.DISCONNECT or vendor.timeout_from == "never"):
        return None
    if vendor.moved_by is Kind.DISCONNECT or push.contradicted >= _CONTRADICTED_AT_MOST:
        return Kind.DISCONNECT
    return Kind.COA


def order(push: Push, router: Router, vendor: Vendor, kind: Kind, at: datetime) -> Order:
    """The order as it goes to the router that holds the session."""
    attributes = [*_identity(push, vendor)]
    if kind is Kind.COA:
        attributes += _state(push, vendor)
        attributes += _timeout(push, vendor, at)
    return Order(kind, push.nas_address, router.port, router.secret, tuple(attributes), router.source)


def _identity(push: Push, vendor: Vendor) -> Iterator[tuple[str, str]]:
    known = {
        "User-Name": push.username,
        "Acct-Session-Id": push.session_id,
        "Framed-IP-Address": push.ipv4,
        "NAS-IP-Address": push.nas_address,
    }
    for name in vendor.identified_by:
        if value := known.get(name):
            yield name, value


def _state(push: Push, vendor: Vendor) -> Iterator[tuple[str, str]]:
    for item in vendor.items.get(push.wanted, ()):
        value = _filled(item, push)
        if value is not None:
            yield item.attribute, value


def _filled(item: Item, push: Push) -> str | None:
    if item.fact == "rate":
        return _with_rate(item.template, push)
    if item.fact == "wall":
        return item.template.replace("{voice}", "-voice" if push.voice else "")
    return item.template


def _with_rate(template: str, push: Push) -> str | None:
    if push.up is None or push.down is None:
        return None
    filled = template.replace("{up}", str(push.up)).replace("{down}", str(push.down))
    filled = filled.replace("{up_bps}", str(push.up * 1000)).replace("{down_bps}", str(push.down * 1000))
    return filled.replace("{burst}", push.burst)


def _timeout(push: Push, vendor: Vendor, at: datetime) -> Iterator[tuple[str, str]]:
    """A restore clears the wall's timeout, too: who has paid would otherwise be dropped once within half an hour."""
    if vendor.timeout_from == "never":
        return
    seconds = _seconds(push, at)
    if vendor.timeout_from == "start":
        seconds = min(seconds + push.seconds_old, LONGEST_TIMEOUT)
    yield "Session-Timeout", str(seconds)


def _seconds(push: Push, at: datetime) -> int:
    if push.wanted == "walled":
        return WALL_TIMEOUT
    if push.wanted_until is None:
        return LONGEST_TIMEOUT
    return max(1, min(ceil((push.wanted_until - at).total_seconds()), LONGEST_TIMEOUT))
