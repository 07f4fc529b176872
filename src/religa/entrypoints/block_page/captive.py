"""The captive portal API of RFC 8908: says to a device whether it is walled, and for how long it is not."""

from __future__ import annotations

import math
from datetime import datetime

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from religa.domain.facts import Access
from religa.entrypoints.block_page import sources
from religa.entrypoints.block_page.sources import Network
from religa.entrypoints.common.private import private
from religa.records import locks
from religa.records.queries.who import Found

MEDIA_TYPE = "application/captive+json"
_OPEN = (Network.OPEN, Network.SLOW, Network.WINDOW)
_WORSE = {Access.WALLED, Access.CLOSED}


@private
@require_safe
def state(request: HttpRequest) -> HttpResponse:
    """Who is not known is not captive: a device asks before its router has told us of the session."""
    at = locks.database_now()
    if not sources.within(sources.PROBES, request, at=at):
        return HttpResponse(status=429, headers={"Retry-After": "60"})
    found = sources.find(request, at=at)
    network = sources.network_of(found)
    said: dict[str, object] = {
        "captive": network in sources.SHUT,
        "user-portal-url": _page(request),
        "can-extend-session": False,
    }
    seconds = _seconds_left(found, at) if network in _OPEN else None
    if seconds is not None:  # the page at that address takes the payment that lets it go on
        said |= {"seconds-remaining": seconds, "can-extend-session": True, "venue-info-url": _page(request)}
    return JsonResponse(said, content_type=MEDIA_TYPE)


def _seconds_left(found: Found | None, at: datetime) -> int | None:
    """Of an access that ends by itself."""
    if found is None or found.until is None or found.access_then not in _WORSE:
        return None
    return math.ceil((found.until - at).total_seconds())


def _page(request: HttpRequest) -> str:
    path = reverse("block_page:page")
    return settings.PORTAL_URL + path if settings.PORTAL_URL else request.build_absolute_uri(path)
