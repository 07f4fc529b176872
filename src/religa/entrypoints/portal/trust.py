"""Liberar em confiança: the exact end first, then the button, then an answer with a protocol number."""

from __future__ import annotations

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
from religa.domain import trust
from religa.domain.facts import Channel, UnlockKind
from religa.domain.trust import Granted, Request, TrustRefused
from religa.entrypoints.common import i18n
from religa.entrypoints.common.throttle import Limit, try_once
from religa.entrypoints.portal import doors, forms, pay_day, situation
from religa.entrypoints.portal.pay import waited, wants_json
from religa.entrypoints.portal.visitor import Visitor, for_visitors
from religa.records.models import Contract
from religa.records.queries import portal_deeds
from religa.records.queries.portal_deeds import Line
from religa.wording.moments import weekday

_KINDS = {"promessa": UnlockKind.PROMISE, "ja-paguei": UnlockKind.PAID_ALREADY}
_LONGEST_RECEIPT = 64
ASKED = Limit("portal_unlock", 20, timedelta(hours=1))


@dataclass(frozen=True, slots=True)
class Day:
    """A pay day to choose: its date, and until when the internet would be open (None: it is too far)."""

    date: date
    until: datetime | None
    name: str = ""

    @property
    def weekday(self) -> str:
        """Short, as people say it: `terça`."""
        return weekday(self.date, language=i18n.active()).removesuffix("-feira")


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
    promises = wish.kind is UnlockKind.PROMISE
    context = {
        "visitor": visitor, "contract": own, "wish": wish, "key": forms.new_key(),
        "answer": answer, "granted": isinstance(answer, Granted), "pay_day": _pay_day(wish, visitor),
        "days": _days(view, visitor) if promises else [], "usual": _usual_days(view, visitor) if promises else [],
        "paying": situation.read(view, at=visitor.at, moments=visitor.moments).paying,
        "may_agree": doors.of(view, visitor.at).agreement,
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


def _days(view: View, visitor: Visitor) -> list[Day]:
    """Every pay day that the policy allows, with the end it would bring. A day adds reasons to refuse and takes none
    away, so where none is granted without a day there is nothing to try."""
    if not isinstance(_asked(view, visitor, None), Granted):
        return []
    today = view.standing.calendars.day(visitor.at)
    days = (today + timedelta(days=n) for n in range(view.standing.policy.trust_max_promise_days + 1))
    return [Day(day, until) for day in days if (until := _until(view, visitor, day)) is not None]


def _usual_days(view: View, visitor: Visitor) -> list[Day]:
    """The days on which people are paid: one button each. None where no day at all is granted."""
    if not isinstance(_asked(view, visitor, None), Granted):
        return []
    found = pay_day.usual(view.standing.calendars, visitor)
    return [Day(day, _until(view, visitor, day), name) for name, day in found]


def _until(view: View, visitor: Visitor, day: date) -> datetime | None:
    answer = _asked(view, visitor, day)
    return answer.until if isinstance(answer, Granted) else None


def _asked(view: View, visitor: Visitor, day: date | None) -> Granted | TrustRefused:
    asked, seen = Request(UnlockKind.PROMISE, Channel.PORTAL, promise_date=day), view.standing
    return trust.may_unlock(seen.facts, seen.policy, seen.calendars, visitor.at, asked)


def _ask(request: HttpRequest, visitor: Visitor, own: Contract) -> HttpResponse:
    key = forms.key_of(request)
    if key is None:
        return redirect("portal:unlock", own.pk)
    if not try_once(ASKED, str(own.pk), at=visitor.at):
        return render(
            request, "portal/asked_too_often.html", {"visitor": visitor, "contract": own}, status=429
        )
    try:
        unlock_on_trust.unlock(
            contract_id=own.pk, request=_wish(request.POST), at=visitor.at, key=forms.own_key(own, key)
        )
    except KeyUsedForSomethingElse:  # the form was changed and sent again with its old key
        return redirect("portal:unlock", own.pk)
    return redirect("portal:unlock_answer", own.pk, key)


@for_visitors
@require_safe
def answer(request: HttpRequest, visitor: Visitor, contract_id: int, key: str) -> HttpResponse:
    """The answer that was given; looking again asks nothing again."""
    own = visitor.contract(contract_id)
    given = unlock_on_trust.answered(key=forms.own_key(own, key))
    if given is None:
        raise Http404
    context = {"visitor": visitor, "contract": own, "given": given}
    if isinstance(given, Unlocked):
        return _unlocked(request, visitor, own, given, {**context, "key": key})
    view = look(contract_id=own.pk, at=visitor.at)
    found = situation.read(view, at=visitor.at, moments=visitor.moments)
    context |= {
        "refusal": given.refusal,
        "situation": found,
        "may_agree": doors.of(view, visitor.at).agreement,
    }
    return render(request, "portal/not_unlocked.html", context)


def _unlocked(
    request: HttpRequest, visitor: Visitor, own: Contract, given: Unlocked, context: dict[str, object]
) -> HttpResponse:
    """Granted; `line` says whether a router has let it through by now. Afterwards the page only says what was."""
    line = portal_deeds.line_of(own.pk) if visitor.at < given.until else Line.BACK
    if wants_json(request):
        return waited(request, line)
    over = visitor.at >= given.until
    return render(request, "portal/unlocked.html", {**context, "line": line, "over": over})
