"""Requests for names that are not ours: the walled gateway sends us whatever page a walled device asks for by HTTP.

They are answered here, before anything that trusts the name: it is compared with our own and used for nothing else.
"""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.http import HttpRequest, HttpResponseBase
from django.http.request import split_domain_port, validate_host

from religa.entrypoints.block_page import probes

Next = Callable[[HttpRequest], HttpResponseBase]


class ForeignHosts:
    """Middleware, only with RELIGA_WALL_HOSTS. Without it Django refuses foreign names, as it should."""

    def __init__(self, get_response: Next) -> None:
        if not settings.WALL_HOSTS:
            raise MiddlewareNotUsed
        self._next = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if _is_ours(request.META.get("HTTP_HOST", "")):
            return self._next(request)
        return probes.answer(request)


def _is_ours(host: str) -> bool:
    domain, _ = split_domain_port(host.lower())
    return bool(domain) and validate_host(domain, settings.ALLOWED_HOSTS)
