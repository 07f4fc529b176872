"""Sends the Pix to a registered number of the holder. The answer shows the end of the number, never the code."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.http import HttpRequest, JsonResponse

from religa.actions.bot.send_pix import PixNotSent, send
from religa.actions.once import KeyUsedForSomethingElse
from religa.entrypoints.api.door import Guest, for_subjects
from religa.entrypoints.api.problems import Problem
from religa.entrypoints.api.said import said
from religa.entrypoints.common.throttle import Limit, try_once
from religa.wording import bot

ASKED = Limit("api_pix", 6, timedelta(hours=1))


@for_subjects("POST")
def pix(request: HttpRequest, guest: Guest) -> JsonResponse:
    """To the calling number if that is how he was identified, else to the first that is registered."""
    fields = guest.asker.fields
    fields.only("contract", "channel")
    contract, key = guest.contract(fields.text("contract")), guest.key(fields.key)
    channel = fields.one_of("channel", "sms", "whatsapp", default="sms")
    if not try_once(ASKED, str(contract.pk), at=guest.at):
        raise Problem("too_many_requests", retry_after=3600)
    try:
        sent = send(
            contract_id=contract.pk, number=guest.subject.number, channel=channel, at=guest.at,
            key=key, language=guest.language,
        )  # fmt: skip
    except KeyUsedForSomethingElse:
        raise Problem("key_reused") from None
    if isinstance(sent, PixNotSent):
        return JsonResponse(_not_sent(guest, sent))
    words = bot.PIX_SENT.in_(guest.language)
    text = words.format(channel=bot.CHANNELS[channel].in_(guest.language), ending=sent.ending)
    made = {
        "answer": "sent", "receipt_id": sent.protocol, "channel": channel, "number_ending": sent.ending,
        **said(text, guest.language),
    }  # fmt: skip
    return JsonResponse(made | ({"amount": sent.amount} if guest.is_proven else {}))


def _not_sent(guest: Guest, sent: PixNotSent) -> dict[str, Any]:
    words = bot.NO_PIX_BECAUSE.get(sent.why, bot.NO_PIX)
    phones = [(p.get("number", ""), p.get("hours", "")) for p in guest.subject.subscriber.provider.phones]
    reach = bot.phone_line(phones, language=guest.language)
    text = words.in_(guest.language).format(reach=reach).strip()
    return {"answer": "not_sent", "why": sent.why, **said(text, guest.language)}
