"""Aparelhos conectados: where a subscriber is signed in, and what he uses in place of a code."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from religa.actions import portal_password, portal_sessions
from religa.entrypoints.portal import push
from religa.entrypoints.portal.devices import name_of
from religa.entrypoints.portal.visitor import Visitor, for_visitors
from religa.records.models import PortalSession
from religa.records.queries import portal_sessions as queries

_WHY_NOT = {
    "short": _("A senha é curta demais: use pelo menos 10 letras, números ou sinais."),
    "long": _("A senha é longa demais: use até 128 letras, números ou sinais."),
    "common": _("Esta senha é fácil de adivinhar. Escolha outra, com letras também."),
}
_DONE = ("set", "gone")


@dataclass(frozen=True, slots=True)
class Device:
    """A line of the page; `since` and `seen` in words."""

    id: int
    name: str
    since: str
    seen: str = ""
    is_this: bool = False


@for_visitors
@require_safe
def devices(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    return _show(request, visitor)


def _show(request: HttpRequest, visitor: Visitor, *, error: object = "", status: int = 200) -> HttpResponse:
    said, subscriber = visitor.moments.on, visitor.subscriber
    living = queries.devices(subscriber, at=visitor.at)
    done = request.GET.get("senha", "")
    context = {
        "visitor": visitor,
        "devices": [
            Device(
                one.pk, name_of(one.device), said(one.since), said(one.seen_at), one.pk == visitor.session_id
            )
            for one in living
        ],
        "keys": [
            Device(one.pk, name_of(one.device), said(one.since)) for one in queries.passkeys(subscriber)
        ],
        "push": push.section(visitor),
        "has_password": queries.has_password(subscriber),
        "error": error,
        "done": done if done in _DONE else "",
    }
    return render(request, "portal/devices.html", context, status=status)


def _seen(one: PortalSession, visitor: Visitor) -> str:
    """When it was last used; nothing where that is when it came in."""
    return visitor.moments.on(one.seen_at) if one.seen_at > one.since else ""


@for_visitors
@require_POST
def end_device(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """Signs one device out: also this one. A number that is not his is none, and changes nothing."""
    key = request.POST.get("aparelho", "")
    if key.isdecimal() and len(key) < 19:
        portal_sessions.end(subscriber_id=visitor.subscriber.pk, session_id=int(key), at=visitor.at)
    return redirect("portal:devices")


@for_visitors
@require_POST
def end_devices(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """Signs all others out."""
    portal_sessions.end_all(subscriber_id=visitor.subscriber.pk, at=visitor.at, but=visitor.session_id)
    return redirect("portal:devices")


@sensitive_post_parameters("senha")
@for_visitors
@require_POST
def set_password(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """A new password ends what others may have opened with the old one."""
    made = portal_password.set_(
        subscriber_id=visitor.subscriber.pk, password=request.POST.get("senha", ""), at=visitor.at
    )
    if isinstance(made, portal_password.PasswordRefused):
        return _show(request, visitor, error=_WHY_NOT[made.why], status=422)
    portal_sessions.end_all(subscriber_id=visitor.subscriber.pk, at=visitor.at, but=visitor.session_id)
    return _back("set")


@for_visitors
@require_POST
def forget_password(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    portal_password.forget(subscriber_id=visitor.subscriber.pk)
    return _back("gone")


def _back(done: str) -> HttpResponse:
    response = redirect("portal:devices")
    response["Location"] += f"?senha={done}"
    return response
