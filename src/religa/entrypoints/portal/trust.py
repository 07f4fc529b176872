"""Liberar em confiança: the exact end first, then the button, then an answer with a protocol number."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from religa.actions import unlock_on_trust
from religa.actions.look import View, look
from religa.actions.once import KeyUsedForSomethingElse
from religa.actions.unlock_on_trust import Unlocked
from religa.domain.facts import Channel, UnlockKind
from religa.domain.trust import Granted, Request, TrustRefused
from religa.entrypoints.common.throttle import Limit, try_once
from religa.entrypoints.portal import situation
from religa.entrypoints.portal.visitor import Visitor, for_visitors
from religa.records.models import Contract
from religa.wording import Language
from religa.wording.moments import weekday

_KINDS = {"promessa": UnlockKind.PROMISE, "ja-paguei": UnlockKind.PAID_ALREADY}
_LONGEST_RECEIPT = 64
_KEY = re.compile(r"[0-9a-f]{32}")
ASKED = Limit("portal_unlock", 20, timedelta(hours=1))


@dataclass(frozen=True, slots=True)
class Day:
    """A pay day to choose: its date, and until when the internet would be open."""

    date: date
    until: datetime

    @property
    def weekday(self) -> str:
        """Short, as people say it: `terça`."""
        return weekday(self.date, language=Language.PT).removesuffix("-feira")


@for_visitors
@require_http_methods(["GET", "HEAD", "POST"])
def unlock(request: HttpRequest, visitor: Visitor, contract_id: int) -> HttpResponse:
    """GET previews and changes nothing; POST asks."""
    own = visitor.contract(contract_id)
    if request.method == "POST":
        return _ask(request, visitor, own)
    wish = _wish(request.GET)
    view = look(contract_id=own.pk, at=visitor.at)
    answer = unlock_on_trust.preview(contract_id=own.pk, request=wish, at=visitor.at)
    context = {
        "visitor": visitor, "contract": own, "wish": wish, "key": secrets.token_hex(16),
        "answer": answer, "granted": isinstance(answer, Granted), "days": _days(own, wish, view, visitor),
        "pay_day": _pay_day(wish, visitor),
        "paying": situation.read(view, at=visitor.at, moments=visitor.moments).paying,
    }  # fmt: skip
    return render(request, "portal/unlock.html", context)


def _wish(fields: QueryDict) -> Request:
    """What a form or a link asks for; an unreadable date is no date."""
    kind = _KINDS.get(fields.get("como", ""), UnlockKind.PROMISE)
    receipt = (
        " ".join(fields.get("comprovante", "").replace("\0", "").split())[:_LONGEST_RECEIPT].upper() or None
    )
    if kind is UnlockKind.PAID_ALREADY:
        return Request(kind, Channel.PORTAL, receipt=receipt)
    return Request(kind, Channel.PORTAL, promise_date=_date(fields.get("dia", "")))


def _pay_day(wish: Request, visitor: Visitor) -> str:
    """`na segunda-feira, 7 de dezembro`."""
    if wish.promise_date is None:
        return ""
    midnight = datetime.combine(wish.promise_date, time(), ZoneInfo(visitor.provider.zone))
    return visitor.moments.on_day(midnight)


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _days(own: Contract, wish: Request, view: View, visitor: Visitor) -> list[Day]:
    """Every pay day that the policy allows, with the end it would bring."""
    if wish.kind is not UnlockKind.PROMISE:
        return []
    policy, calendars = view.standing.policy, view.standing.calendars
    found = []
    for n in range(policy.trust_max_promise_days + 1):
        day = calendars.day(visitor.at) + timedelta(days=n)
        asked = Request(UnlockKind.PROMISE, Channel.PORTAL, promise_date=day)
        answer = unlock_on_trust.preview(contract_id=own.pk, request=asked, at=visitor.at)
        if isinstance(answer, Granted):
            found.append(Day(day, answer.until))
    return found


def _ask(request: HttpRequest, visitor: Visitor, own: Contract) -> HttpResponse:
    key = request.POST.get("chave", "")
    if not _KEY.fullmatch(key):
        return redirect("portal:unlock", own.pk)
    if not try_once(ASKED, str(own.pk), at=visitor.at):
        return render(
            request, "portal/asked_too_often.html", {"visitor": visitor, "contract": own}, status=429
        )
    try:
        unlock_on_trust.unlock(
            contract_id=own.pk, request=_wish(request.POST), at=visitor.at, key=_own_key(own, key)
        )
    except KeyUsedForSomethingElse:  # the form was changed and sent again with its old key
        return redirect("portal:unlock", own.pk)
    return redirect("portal:unlock_answer", own.pk, key)


def _own_key(own: Contract, key: str) -> str:
    """Keys of different contracts never meet."""
    return f"portal:{own.pk}:{key}"


@for_visitors
@require_safe
def answer(request: HttpRequest, visitor: Visitor, contract_id: int, key: str) -> HttpResponse:
    """The answer that was given; looking again asks nothing again."""
    own = visitor.contract(contract_id)
    given = unlock_on_trust.answered(key=_own_key(own, key))
    if given is None:
        raise Http404
    context = {"visitor": visitor, "contract": own, "given": given}
    if isinstance(given, Unlocked):
        return render(request, "portal/unlocked.html", context)
    view = look(contract_id=own.pk, at=visitor.at)
    found = situation.read(view, at=visitor.at, moments=visitor.moments)
    refusal: TrustRefused = given.refusal
    return render(request, "portal/not_unlocked.html", {**context, "refusal": refusal, "situation": found})
