"""Settings from the environment, through typed readers that say which setting is wrong and why."""

import os
import re
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import Any
from urllib.parse import parse_qsl, unquote


class BadSetting(ValueError):
    """An environment variable has a value that cannot be used."""


def text(name: str, default: str = "") -> str:
    """A line of text; unset and empty are the same."""
    return os.environ.get(name) or default


def words(name: str, default: str = "") -> list[str]:
    """A comma-separated list; blanks around the words do not count."""
    return [word.strip() for word in text(name, default).split(",") if word.strip()]


def networks(name: str) -> list[IPv4Network | IPv6Network]:
    """Comma-separated addresses and networks."""
    try:
        return [ip_network(word) for word in words(name)]
    except ValueError as wrong:
        raise BadSetting(
            f"{name} must be addresses or networks, as 10.0.0.5 or 10.0.0.0/24: {wrong}"
        ) from None


def whole(name: str, default: int) -> int:
    """A whole number."""
    value = text(name, str(default))
    try:
        return int(value)
    except ValueError:
        raise BadSetting(f"{name} must be a whole number, not {value!r}") from None


def yes(name: str, default: bool) -> bool:
    """`yes` or `no` (also true/false, on/off, 1/0)."""
    value = text(name, "yes" if default else "no").lower()
    if value in ("yes", "true", "on", "1"):
        return True
    if value in ("no", "false", "off", "0"):
        return False
    raise BadSetting(f"{name} must be yes or no, not {value!r}")


# By hand: newer Pythons refuse several hosts where one of them is an IPv6 address in brackets.
_DATABASE = re.compile(
    r"postgres(?:ql)?://(?P<places>[^/?#]*)(?:/(?P<name>[^?#]*))?(?:\?(?P<query>[^#]*))?(?:#.*)?"
)


def database(name: str, default: str) -> dict[str, Any]:
    """``postgresql://user:password@host:port/name?option=value`` as Django's settings.

    Several hosts (``a:5432,b:5432``) go to libpq as they are, for failover without a proxy.
    """
    found = _DATABASE.fullmatch(text(name, default))
    if found is None:
        raise BadSetting(f"{name} must start with postgresql://")
    login, _, places = found["places"].rpartition("@")
    user, _, password = login.partition(":")
    hosts, ports = zip(*(_place(place) for place in places.split(",")), strict=True)
    return {
        "ENGINE": "religa.project.postgres",
        "NAME": unquote(found["name"] or ""),
        "USER": unquote(user),
        "PASSWORD": unquote(password),
        "HOST": ",".join(hosts),
        "PORT": ",".join(ports),
        "OPTIONS": dict(parse_qsl(found["query"] or "")),
    }


def _place(place: str) -> tuple[str, str]:
    """Host and port; an IPv6 address stands in brackets."""
    if place.startswith("["):
        host, _, port = place[1:].partition("]")
        return host, port.lstrip(":") or "5432"
    host, _, port = place.partition(":")
    return unquote(host), port or "5432"
