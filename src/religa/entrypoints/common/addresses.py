"""Where a request comes from."""

from __future__ import annotations

from ipaddress import IPv6Address, IPv6Network, ip_address

from django.conf import settings
from django.http import HttpRequest

_SUBSCRIBER_PREFIX = 64  # one IPv6 home has at least this network; its addresses are one caller


def caller(request: HttpRequest) -> str:
    """The network address to count tries by; an IPv6 one stands for its /64.

    Behind our own proxy it is the last entry of X-Forwarded-For: what stands before it was written by anybody.
    """
    text: str = request.META.get("REMOTE_ADDR", "")
    if getattr(settings, "SECURE_PROXY_SSL_HEADER", None):
        text = str(request.META.get("HTTP_X_FORWARDED_FOR", text)).rsplit(",", 1)[-1].strip()
    try:
        address = ip_address(text)
    except ValueError:
        return text
    if isinstance(address, IPv6Address):
        return str(address.ipv4_mapped or IPv6Network((address, _SUBSCRIBER_PREFIX), strict=False))
    return str(address)
