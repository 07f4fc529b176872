"""A trust unlock: granted, refused, or not known. A bot may say that the internet is open only with a receipt id."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.http import HttpRequest, JsonResponse

from religa.actions import unlock_on_trust
from religa.actions.once import KeyUsedForSomethingElse
from religa.actions.unlock_on_trust import NotUnlocked, Unlocked
from religa.domain.facts import UnlockKind
from religa.domain.trust import Request
from religa.entrypoints.api.door import Guest, for_subjects
from religa.entrypoints.api.problems import Problem
from religa.entrypoints.api.said import said
from religa.entrypoints.common.throttle import Limit, try_once
from religa.wording import bot, say

ASKED = Limit("api_unlock", 20, timedelta(hours=1))
_KINDS = tuple(kind.value for kind in UnlockKind)


@for_subjects("POST")
def unlock(request: HttpRequest, guest: Guest) -> JsonResponse:
    """The same key again: the same answer. With another body: 409, and nothing is done."""
    fields = guest.asker.fields
    fields.only("contract", "kind", "promise_date", "receipt")
    contract, key = guest.contract(fields.text("contract")), guest.key(fields.key)
    wish = _wish(guest)
    given = unlock_on_trust.answered(key=key)
    if given is None and not try_once(ASKED, str(contract.pk), at=guest.at):
        raise Problem("too_many_requests", retry_after=3600)
    try:
        given = unlock_on_trust.unlock(
            contract_id=contract.pk, request=wish, at=guest.at, key=key, author=guest.asker.client.name
        )
    except KeyUsedForSomethingElse:
        raise Problem("key_reused") from None
    return JsonResponse(_answer(guest, given))


def _wish(guest: Guest) -> Request:
    fields = guest.asker.fields
    receipt = " ".join(fields.text("receipt", required=False).split()).upper() or None
    kind = UnlockKind(fields.one_of("kind", *_KINDS, default=UnlockKind.PROMISE.value))
    return Request(kind, guest.asker.channel, promise_date=fields.day("promise_date"), receipt=receipt)


@for_subjects("GET")
def answer(request: HttpRequest, guest: Guest, key: str) -> JsonResponse:
    """What was answered to a key; asks nothing again."""
    given = unlock_on_trust.answered(key=guest.key(guest.asker.fields.kept_key(key)))
    if given is None:
        return JsonResponse(
            {"answer": "unknown", **said(bot.OUTCOME_UNKNOWN.in_(guest.language), guest.language)}
        )
    return JsonResponse(_answer(guest, given))


def _answer(guest: Guest, given: Unlocked | NotUnlocked) -> dict[str, Any]:
    if isinstance(given, Unlocked):
        text = bot.granted(given.until, protocol=given.protocol, moments=guest.moments)
        until = guest.moment(given.until)
        return {
            "answer": "granted", "receipt_id": given.protocol, "until": until, **said(text, guest.language)
        }  # fmt: skip
    no = given.refusal
    text = bot.not_granted(no, protocol=given.protocol, moments=guest.moments, amounts=guest.is_proven)
    made = {
        "answer": "refused",
        "receipt_id": given.protocol,
        "reasons": [{"code": why.value, "text": say(why, guest.language)} for why in no.whys],
        "eligible_at": None if no.eligible_at is None else guest.moment(no.eligible_at),
        **said(text, guest.language),
    }
    return made | ({"pay_now": no.pay_now} if guest.is_proven else {})
