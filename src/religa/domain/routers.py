"""A router as somebody registers it, and what is wrong with that; how it fares, and what needs a person."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

REACHES = ("coa", "routeros_api", "none")
MIKROTIK_PORT, USUAL_PORT = 1700, 3799
SHORT_SECRET = 16  # characters
_LONGEST_SECRET = 200
_WIDEST = {4: 8, 6: 32}  # a network of routers is not a continent
QUIET = timedelta(minutes=15)  # three interim intervals of 300 s

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network


@dataclass(frozen=True, slots=True)
class Router:
    """As typed. `address`: one address, or a network of routers that share a secret. The secret is never part of it."""

    name: str
    address: str
    vendor: str
    reach: str = "coa"
    coa_port: int = USUAL_PORT
    source: str = ""
    coa_window: int = 16
    shadow: bool = False
    enabled: bool = True
    signs: bool = False


class RouterFault(StrEnum):
    NO_NAME = "no_name"
    ADDRESS_FORM = "address_form"
    ADDRESS_HAS_HOST_BITS = "address_has_host_bits"
    ADDRESS_TOO_WIDE = "address_too_wide"
    ADDRESS_OF_NOBODY = "address_of_nobody"
    ADDRESS_TAKEN = "address_taken"
    VENDOR_UNKNOWN = "vendor_unknown"
    REACH_UNKNOWN = "reach_unknown"
    PORT_RANGE = "port_range"
    WINDOW_RANGE = "window_range"
    SOURCE_FORM = "source_form"
    SOURCE_FAMILY = "source_family"
    SECRET_MISSING = "secret_missing"
    SECRET_TOO_LONG = "secret_too_long"
    SECRET_CHARACTERS = "secret_characters"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class RouterProblem:
    """`field`: of the router, or `secret`; `detail`: what the words name."""

    fault: RouterFault
    field: str = ""
    detail: str = ""


def problems_of(router: Router) -> list[RouterProblem]:
    """Everything that can be seen without the database."""
    found = [] if router.name.strip() else [RouterProblem(RouterFault.NO_NAME, "name")]
    found += _address_problems(router)
    if router.reach not in REACHES:
        found.append(RouterProblem(RouterFault.REACH_UNKNOWN, "reach"))
    if not 1 <= router.coa_port <= 65535:
        found.append(RouterProblem(RouterFault.PORT_RANGE, "coa_port"))
    if not 1 <= router.coa_window <= 64:
        found.append(RouterProblem(RouterFault.WINDOW_RANGE, "coa_window"))
    return [*found, *_source_problems(router)]


def secret_problems(secret: str | None, *, is_new: bool) -> list[RouterProblem]:
    """None leaves a known router's secret as it is. Routers compare octets: nothing is trimmed."""
    if not secret:
        return [RouterProblem(RouterFault.SECRET_MISSING, "secret")] if is_new or secret == "" else []
    if len(secret.encode()) > _LONGEST_SECRET:
        return [RouterProblem(RouterFault.SECRET_TOO_LONG, "secret")]
    if any(ord(c) < 32 or ord(c) == 127 for c in secret):
        return [RouterProblem(RouterFault.SECRET_CHARACTERS, "secret")]
    return []


def network_of(text: str) -> Network | None:
    """The network that an address or network names; None: it names none."""
    if "%" in text:  # the zone of an IPv6 address: of one machine alone
        return None
    try:
        return ipaddress.ip_network(text, strict=False)
    except ValueError:
        return None


def is_network(text: str) -> bool:
    """Whether it stands for several routers."""
    network = network_of(text)
    return network is not None and network.num_addresses > 1


def _address_problems(router: Router) -> Iterator[RouterProblem]:
    network = network_of(router.address)
    if network is None:
        yield RouterProblem(RouterFault.ADDRESS_FORM, "address")
    elif network.num_addresses > 1 and ipaddress.ip_interface(router.address).ip != network.network_address:
        yield RouterProblem(RouterFault.ADDRESS_HAS_HOST_BITS, "address", str(network))
    elif network.prefixlen < _WIDEST[network.version]:
        yield RouterProblem(RouterFault.ADDRESS_TOO_WIDE, "address")
    elif network.is_multicast or network.is_unspecified or str(network) == "255.255.255.255/32":
        yield RouterProblem(RouterFault.ADDRESS_OF_NOBODY, "address")


def _source_problems(router: Router) -> Iterator[RouterProblem]:
    if not router.source:
        return
    source, network = network_of(router.source), network_of(router.address)
    if source is None or source.num_addresses > 1 or "/" in router.source:
        yield RouterProblem(RouterFault.SOURCE_FORM, "source")
    elif network is not None and network.version != source.version:
        yield RouterProblem(RouterFault.SOURCE_FAMILY, "source")


class RouterAlarm(StrEnum):
    """What needs a person."""

    NO_ACCOUNTING = "no_accounting"
    SILENT = "silent"
    MISCONFIGURED = "misconfigured"


@dataclass(frozen=True, slots=True)
class Health:
    """What is known of a router now (see nas_health). `sessions`: those that are open by accounting."""

    sessions: int = 0
    accounted_at: datetime | None = None
    answered_at: datetime | None = None
    outcome: str = ""
    silent_since: datetime | None = None
    alarm: str = ""
    alarm_at: datetime | None = None

    def alarms(self, at: datetime) -> list[RouterAlarm]:
        """In the order in which they matter."""
        found = []
        if self.sessions and (self.accounted_at is None or self.accounted_at <= at - QUIET):
            found.append(RouterAlarm.NO_ACCOUNTING)
        if self.silent_since is not None:
            found.append(RouterAlarm.SILENT)
        return [*found, RouterAlarm.MISCONFIGURED] if self.alarm else found
