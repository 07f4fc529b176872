"""Who is logged in to the portal: a subscriber who has proved who he is, on one device.

Subscribers are no Django users, and their sessions are no Django sessions: a row of their own each, which any of his
devices can end. What a visitor may see is found through him, never by a number in the address alone.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import wraps
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone

from religa.actions import portal_sessions
from religa.entrypoints.common import i18n
from religa.entrypoints.common.private import private
from religa.entrypoints.portal import devices
from religa.records.models import Contract, Provider, Subscriber
from religa.records.queries import portal_sessions as sessions
from religa.wording import Language, Moments

COOKIE = "religa_portal"
STAYS = timedelta(hours=2)
STAYS_LONG = timedelta(days=30)  # on a device that its owner asked us to remember


@dataclass(frozen=True)
class Visitor:
    """A logged-in subscriber, at one instant of the database's clock, with his contracts, the living ones first.

    `session_id`: the device he is on.
    """

    subscriber: Subscriber
    provider: Provider
    at: datetime
    language: Language
    session_id: int
    contracts: list[Contract]

    @property
    def moments(self) -> Moments:
        """Instants in words, in the visitor's language and the provider's civil time."""
        return Moments(language=self.language, zone=ZoneInfo(self.provider.zone), now=self.at)

    @property
    def first_name(self) -> str:
        return self.subscriber.name.split()[0].title() if self.subscriber.kind == "person" else ""

    @property
    def is_company(self) -> bool:
        return self.subscriber.kind == "company"

    def contract(self, contract_id: int) -> Contract:
        """One of the visitor's own contracts; any other number is not found, whether it exists or not."""
        for contract in self.contracts:
            if contract.pk == contract_id:
                return contract
        raise Http404


def log_in(
    request: HttpRequest,
    response: HttpResponseBase,
    *,
    subscriber_id: int,
    proof: str,
    at: datetime,
    long: bool = False,
) -> None:
    """A new session with a new key, so that a key planted before the log-in opens nothing; the old one ends."""
    before = _session(request)
    stays = STAYS_LONG if long else STAYS
    device = devices.kind_of(str(request.META.get("HTTP_USER_AGENT", "")))
    key = portal_sessions.begin(
        subscriber_id=subscriber_id,
        proof=proof,
        device=device,
        stays=stays,
        at=at,
        after=before.id if before else None,
    )
    _end(before, at=at)
    response.set_cookie(
        COOKIE,
        key,
        max_age=int(stays.total_seconds()) if long else None,
        httponly=True,
        secure=settings.SESSION_COOKIE_SECURE,
        samesite="Lax",
    )


def end(request: HttpRequest, *, at: datetime) -> None:
    """Ends this device's session, if there is one."""
    _end(_session(request), at=at)


def _end(found: sessions.Session | None, *, at: datetime) -> None:
    if found is not None:
        portal_sessions.end(subscriber_id=found.subscriber.pk, session_id=found.id, at=at)


def log_out(request: HttpRequest, response: HttpResponseBase, *, at: datetime) -> None:
    """Ends the session and takes its key out of the browser; a person of the staff who shares it stays."""
    end(request, at=at)
    response.delete_cookie(COOKIE, samesite="Lax")


def _session(request: HttpRequest) -> sessions.Session | None:
    key = request.COOKIES.get(COOKIE)
    return sessions.by_digest(portal_sessions.digest_of(key)) if key else None


def visitor_of(request: HttpRequest) -> Visitor | None:
    """Who is logged in, if his time is not over and no device of his has ended it."""
    found = _session(request)
    if found is None:
        return None
    at = found.at
    if at >= found.ends_at:
        return None
    if at - found.seen_at >= portal_sessions.SEEN_EVERY:
        portal_sessions.seen(session_id=found.id, at=at)
    subscriber = found.subscriber
    language = i18n.chosen(request) or Language.of(subscriber.language)
    return Visitor(subscriber, subscriber.provider, at, language, found.id, found.contracts)


Page = Callable[..., HttpResponseBase]


def for_visitors(page: Page) -> Callable[..., HttpResponseBase]:
    """A page of the logged-in area: `page(request, visitor, ...)`, in his language and the civil time."""

    @private
    @wraps(page)
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        visitor = visitor_of(request)
        if visitor is None:
            return redirect("portal:log_in")
        with timezone.override(ZoneInfo(visitor.provider.zone)), i18n.speaking(visitor.language):
            return page(request, visitor, *args, **kwargs)

    return guarded
