"""Where a request comes from."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

from django.conf import settings
from django.http import HttpRequest

Address = IPv4Address | IPv6Address
_SUBSCRIBER_PREFIX = 64  # one IPv6 home has at least this network; its addresses are one caller


def source(request: HttpRequest) -> Address | None:
    """The address from which the request came to our proxies, or to us: the nearest one that is no proxy of ours.

    None where it cannot be told. Only RELIGA_TRUSTED_PROXIES may speak for others.
    """
    hops = [
        hop.strip() for hop in str(request.META.get("HTTP_X_FORWARDED_FOR", "")).split(",") if hop.strip()
    ]
    found = _read(str(request.META.get("REMOTE_ADDR", "")))
    while hops and found is not None and _is_proxy(found):
        found = _read(hops.pop())
    return found


def caller(request: HttpRequest) -> str:
    """The network address to count tries by; an IPv6 one stands for its /64.

    Behind a proxy it is what the proxy says: RELIGA_TRUSTED_PROXIES, or, without that list, whoever is in front
    (RELIGA_BEHIND_PROXY) by the last entry of X-Forwarded-For. What stands before it was written by anybody.
    """
    if settings.TRUSTED_PROXIES:
        address = source(request)
        text = str(request.META.get("REMOTE_ADDR", ""))
    else:
        text = _said_in_front(request)
        address = _read(text)
    if address is None:
        return text
    if isinstance(address, IPv6Address):
        return str(IPv6Network((address, _SUBSCRIBER_PREFIX), strict=False))
    return str(address)


def _said_in_front(request: HttpRequest) -> str:
    text = str(request.META.get("REMOTE_ADDR", ""))
    if getattr(settings, "SECURE_PROXY_SSL_HEADER", None):
        text = str(request.META.get("HTTP_X_FORWARDED_FOR", text)).rsplit(",", 1)[-1].strip()
    return text


def _is_proxy(address: Address) -> bool:
    return any(address in network for network in settings.TRUSTED_PROXIES)


def _read(text: str) -> Address | None:
    """An address as it is written; IPv4 in the clothes of IPv6 is IPv4."""
    try:
        address = ip_address(text)
    except ValueError:
        return None
    if getattr(address, "scope_id", None):  # of a link of ours: nobody's address in the network
        return None
    return getattr(address, "ipv4_mapped", None) or address
