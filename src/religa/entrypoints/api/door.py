"""Who asks: a program by its key, for a subscriber by his token. Nothing is found but through both."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import wraps
from ipaddress import ip_network
from zoneinfo import ZoneInfo

from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

from religa.actions.bot import subjects
from religa.actions.bot.make_client import digest
from religa.domain.facts import Channel
from religa.entrypoints.api.fields import Fields
from religa.entrypoints.api.problems import Problem
from religa.entrypoints.common import addresses
from religa.entrypoints.common.throttle import Limit, try_once
from religa.records import locks
from religa.records.models import ApiClient, ApiSubject, Contract
from religa.records.queries import portal as queries
from religa.wording import Language, Moments, bot

_MINUTE = timedelta(minutes=1)
_SEEN_EVERY = timedelta(minutes=5)
_CHANNELS = {"app": Channel.API, "chat": Channel.WHATSAPP, "phone": Channel.URA}
_LONGEST_KEY = 200


@dataclass(frozen=True, slots=True)
class Asker:
    """A program at one instant of the database's clock, and what it sent."""

    client: ApiClient
    at: datetime
    fields: Fields

    @property
    def channel(self) -> Channel:
        return _CHANNELS[self.client.role]

    @property
    def knows_callers(self) -> bool:
        """Whether its word of the calling number is taken."""
        return self.client.role != "app"


@dataclass(frozen=True, slots=True)
class Guest:
    """A subscriber, as this program has identified him."""

    asker: Asker
    subject: ApiSubject

    @property
    def at(self) -> datetime:
        return self.asker.at

    @property
    def is_proven(self) -> bool:
        """By a code: may hear of amounts and months."""
        return self.subject.strength == "code"

    @property
    def language(self) -> Language:
        return Language.of(self.subject.language)

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.subject.subscriber.provider.zone)

    @property
    def moments(self) -> Moments:
        return Moments(language=self.language, zone=self.zone, now=self.at)

    def contracts(self) -> list[Contract]:
        return queries.contracts_of(self.subject.subscriber)

    def contract(self, number: str) -> Contract:
        """One of his own by its number; any other is not found, whether it exists or not."""
        found = next((c for c in self.contracts() if c.external_id == number), None)
        if found is None:
            raise Problem("not_found", field="contract")
        return found

    def moment(self, at: datetime) -> str:
        """An instant in the provider's civil time."""
        return at.astimezone(self.zone).isoformat(timespec="seconds")

    def key(self, written: str) -> str:
        """An idempotency key that meets no other program's and no other subscriber's."""
        return f"api:{self.asker.client.pk}:{self.subject.subscriber_id}:{written}"


ForClients = Callable[..., HttpResponse]


def for_clients(*methods: str) -> Callable[[ForClients], ForClients]:
    """A view of the API: `view(request, asker, ...)`."""

    def admit(view: ForClients) -> ForClients:
        @csrf_exempt  # a key in a header is sent by no browser by itself
        @wraps(view)
        def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
            try:
                response = view(request, _asker(request, methods), *args, **kwargs)
            except Problem as problem:
                response = problem.response()
            except OperationalError:  # the database went away in the middle: neither yes nor no
                words = bot.OUTCOME_UNKNOWN.in_(Language.PT)
                response = Problem("outcome_unknown", retry_after=2, text=words).response()
            response["Cache-Control"] = "no-store"
            return response

        return guarded

    return admit


def for_subjects(*methods: str) -> Callable[[ForClients], ForClients]:
    """The same for a subscriber: `view(request, guest, ...)`."""

    def admit(view: ForClients) -> ForClients:
        @for_clients(*methods)
        @wraps(view)
        def guarded(request: HttpRequest, asker: Asker, *args: object, **kwargs: object) -> HttpResponse:
            text = str(request.META.get("HTTP_RELIGA_SUBJECT", ""))
            subject = subjects.of_token(client=asker.client, text=text, at=asker.at)
            if subject is None:
                raise Problem("subject_invalid")
            return view(request, Guest(asker, subject), *args, **kwargs)

        return guarded

    return admit


def _asker(request: HttpRequest, methods: tuple[str, ...]) -> Asker:
    client = _client(request)
    at = locks.database_now()
    if not try_once(Limit("api_client", client.per_minute, _MINUTE), str(client.pk), at=at):
        raise Problem("too_many_requests", retry_after=60)
    if client.last_used_at is None or client.last_used_at < at - _SEEN_EVERY:
        ApiClient.objects.filter(pk=client.pk).update(last_used_at=at)
    if request.method not in methods:
        raise Problem("method_not_allowed")
    return Asker(client, at, Fields.of(request))


def _client(request: HttpRequest) -> ApiClient:
    scheme, _, key = str(request.META.get("HTTP_AUTHORIZATION", "")).partition(" ")
    if scheme.lower() != "bearer" or not key or len(key) > _LONGEST_KEY:
        raise Problem("unauthorized")
    found = ApiClient.objects.filter(digest=digest(key), revoked_at__isnull=True).first()
    if found is None:
        raise Problem("unauthorized")
    address = addresses.source(request)
    if found.addresses and (address is None or not any(address in ip_network(a) for a in found.addresses)):
        raise Problem("address_not_allowed")
    return found
