"""Avisos neste aparelho: a browser asks to be told what comes (web push), and does not any more."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from religa import wiring
from religa.actions import push_subscriptions
from religa.domain.push_subscriptions import read
from religa.entrypoints.common.channels import push_key
from religa.entrypoints.common.throttle import Limit, try_once
from religa.entrypoints.portal import devices
from religa.entrypoints.portal.visitor import Visitor, for_visitors
from religa.records.queries import portal_sessions as queries

SWITCHED_BY_SUBSCRIBER = Limit("portal_push_subscriber", 30, timedelta(hours=1))


@dataclass(frozen=True, slots=True)
class Told:
    """A device on which notices are on; `since` in words."""

    id: int
    name: str
    since: str


@dataclass(frozen=True, slots=True)
class Section:
    """What the page says of it. `key`: what its script subscribes with; `here`: this device, if it is on."""

    key: str
    here: Told | None
    others: Sequence[Told]


def section(visitor: Visitor) -> Section | None:
    """None where the provider sends no push messages."""
    key = _key(visitor)
    if not key:
        return None
    told = {
        one.portal_session_id: Told(one.pk, devices.name_of(one.device), visitor.moments.on(one.created_at))
        for one in queries.told_devices(visitor.subscriber)
    }
    here = told.pop(visitor.session_id, None)
    return Section(key, here, tuple(told.values()))


def _key(visitor: Visitor) -> str:
    try:
        return push_key(visitor.provider.pk)
    except ValueError:  # the secrets' key has changed: nothing can be sent, and the page has more to say
        return ""


@for_visitors
@require_POST
def switch_on(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """The subscription that the browser has made. What is none, or leads elsewhere, is not kept, and the page says so
    by showing none."""
    text = request.POST.get("inscricao", "")
    found = read(text)
    if (
        found is not None
        and wiring.is_push_service(found.endpoint)
        and try_once(SWITCHED_BY_SUBSCRIBER, str(visitor.subscriber.pk), at=visitor.at)
    ):
        push_subscriptions.switch_on(
            provider_id=visitor.provider.pk,
            subscriber_id=visitor.subscriber.pk,
            session_id=visitor.session_id,
            device=devices.kind_of(str(request.META.get("HTTP_USER_AGENT", ""))),
            subscription=text,
            at=visitor.at,
        )
    return redirect("portal:devices")


@for_visitors
@require_POST
def switch_off(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """Of any of his devices. A number that is not his is none, and changes nothing."""
    key = request.POST.get("aviso", "")
    if key.isdecimal() and len(key) < 19:
        push_subscriptions.switch_off(
            subscriber_id=visitor.subscriber.pk, subscription_id=int(key), at=visitor.at
        )
    return redirect("portal:devices")
