"""How a subscriber's contracts stand: online or not, why, until when, and what a trust unlock would bring."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, JsonResponse

from religa.actions.bot import standing
from religa.actions.bot.standing import Stands
from religa.domain.facts import UnlockKind
from religa.domain.trust import Granted
from religa.entrypoints.api.door import Guest, for_subjects
from religa.entrypoints.api.said import said
from religa.records.models import Contract
from religa.wording import bot

_MOST = 50  # contracts; who has more uses the portal
_OFFERS = {UnlockKind.PROMISE: bot.OFFER_PROMISE, UnlockKind.PAID_ALREADY: bot.OFFER_PAID}


@for_subjects("GET")
def status(request: HttpRequest, guest: Guest) -> JsonResponse:
    found = guest.contracts()
    return JsonResponse(
        {
            "language": guest.language.value,
            "contracts": [_contract(guest, one) for one in found[:_MOST]],
            "more": len(found) > _MOST,
        }
    )


def _contract(guest: Guest, contract: Contract) -> dict[str, Any]:
    stands = standing.of(contract.pk, at=guest.at, moments=guest.moments, history=guest.is_proven)
    decision = stands.view.decision
    return {
        "contract": contract.external_id,
        "status": decision.status.value,
        "access": decision.access.value,
        "why": decision.why.value,
        "until": None if decision.until is None else guest.moment(decision.until),
        "fault": stands.at_fault,
        "must_call": stands.must_call,
        "unlocks": _unlocks(guest, stands),
        **said(stands.text, guest.language),
    }


def _unlocks(guest: Guest, stands: Stands) -> list[dict[str, Any]]:
    """What would be granted now, with its exact end: to be said before it is asked for."""
    found = []
    for kind, words in _OFFERS.items():
        answer = standing.offer(stands.view, kind=kind, channel=guest.asker.channel, at=guest.at)
        if isinstance(answer, Granted):
            text = words.in_(guest.language).format(until=guest.moments.until(answer.until))
            found.append(
                {"kind": kind.value, "until": guest.moment(answer.until), **said(text, guest.language)}
            )
    return found
