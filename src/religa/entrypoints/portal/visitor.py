"""Who is logged in to the portal: a subscriber who has proved a document with a code, for two hours.

Subscribers are no Django users. What a visitor may see is found through him, never by a number in the address alone.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import wraps
from zoneinfo import ZoneInfo

from django.contrib.auth import SESSION_KEY as STAFF
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone

from religa.entrypoints.common import i18n
from religa.entrypoints.common.private import private
from religa.records import locks
from religa.records.models import Contract, Provider, Subscriber
from religa.records.queries import portal as queries
from religa.wording import Language, Moments

_KEY = "portal_subscriber"
STAYS = timedelta(hours=2)


@dataclass(frozen=True, slots=True)
class Visitor:
    """A logged-in subscriber, at one instant of the database's clock."""

    subscriber: Subscriber
    provider: Provider
    at: datetime
    language: Language

    @property
    def moments(self) -> Moments:
        """Instants in words, in the visitor's language and the provider's civil time."""
        return Moments(language=self.language, zone=ZoneInfo(self.provider.zone), now=self.at)

    @property
    def first_name(self) -> str:
        return self.subscriber.name.split()[0].title() if self.subscriber.kind == "person" else ""

    def contracts(self) -> list[Contract]:
        return queries.contracts_of(self.subscriber)

    def contract(self, contract_id: int) -> Contract:
        """One of the visitor's own contracts; any other number is not found, whether it exists or not."""
        contract = queries.contract_of(self.subscriber, contract_id)
        if contract is None:
            raise Http404
        return contract


def log_in(request: HttpRequest, *, subscriber_id: int, at: datetime) -> None:
    """A new session key, so that a key planted before the log-in opens nothing."""
    request.session.cycle_key()
    request.session[_KEY] = {"id": subscriber_id, "until": (at + STAYS).isoformat()}


def log_out(request: HttpRequest) -> None:
    """Forgets the subscriber; a person of the staff who shares the browser stays."""
    if STAFF in request.session:
        request.session.pop(_KEY, None)
        request.session.cycle_key()
    else:
        request.session.flush()


def visitor_of(request: HttpRequest) -> Visitor | None:
    """Who is logged in, if his time is not over."""
    kept = request.session.get(_KEY)
    if kept is None:
        return None
    at = locks.database_now()
    subscriber = queries.subscriber(kept["id"]) if at < datetime.fromisoformat(kept["until"]) else None
    if subscriber is None:
        return None
    language = i18n.chosen(request) or Language.of(subscriber.language)
    return Visitor(subscriber, subscriber.provider, at, language)


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
