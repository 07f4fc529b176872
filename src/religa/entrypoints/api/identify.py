"""The start of a talk: its protocol number, then who it is."""

from __future__ import annotations

from datetime import timedelta

from django.http import HttpRequest, JsonResponse

from religa.actions import login_code, protocol
from religa.actions.bot import identify, subjects
from religa.actions.bot.identify import Identified, TooManyTries
from religa.entrypoints.api.door import Asker, for_clients
from religa.entrypoints.api.problems import Problem
from religa.entrypoints.api.said import said
from religa.entrypoints.common.throttle import Limit, try_once
from religa.wording import Language, bot

SENT_TO_DOCUMENT = Limit("api_send_document", 4, timedelta(minutes=15))
_HOUR = 3600


@for_clients("POST")
def contact(request: HttpRequest, asker: Asker) -> JsonResponse:
    """A protocol number, to be told before anything else (RGC art. 9)."""
    asker.fields.only("language")
    language = asker.fields.language() or Language.PT
    told = protocol.number(
        provider_id=asker.client.provider_id, contract_id=None, subject="bot_contact", at=asker.at,
        author=asker.client.name, text=asker.channel.value,
    )  # fmt: skip
    text = bot.CONTACT.in_(language).format(protocol=told)
    return JsonResponse({"protocol": told, **said(text, language)}, status=201)


@for_clients("POST")
def code(request: HttpRequest, asker: Asker) -> JsonResponse:
    """Sends a one-time code to the holder of a document. Whether there is one never shows."""
    asker.fields.only("document", "by")
    document = asker.fields.document("document")
    by = asker.fields.one_of("by", "sms", "email", default="sms")
    if not try_once(SENT_TO_DOCUMENT, document, at=asker.at):
        raise Problem("too_many_requests", retry_after=900)
    asked = login_code.send(
        document=document, at=asker.at, address=f"api {asker.client.pk}", by_email=by == "email"
    )
    return JsonResponse({"expires_at": asked.expires_at.isoformat(timespec="seconds")}, status=202)


@for_clients("POST")
def subject(request: HttpRequest, asker: Asker) -> JsonResponse:
    """A token for whoever proves himself by document and code, or by calling number and the end of the document."""
    fields = asker.fields
    by_code = "document" in fields.values
    fields.only(*(("document", "code") if by_code else ("caller", "digits")), "contact", "language")
    found = _by_code(asker) if by_code else _by_caller(asker)
    if isinstance(found, TooManyTries):
        raise Problem("too_many_requests", retry_after=_HOUR)
    if not isinstance(found, Identified):
        raise Problem("not_identified")
    told, language = fields.text("contact", required=False, longest=20), fields.language()
    token = subjects.issue(client=asker.client, found=found, contact=told, language=language, at=asker.at)
    made = {
        "token": token.text, "strength": token.strength, "language": token.language.value,
        "expires_at": token.expires_at.isoformat(timespec="seconds"),
    }  # fmt: skip
    return JsonResponse(made, status=201)


def _by_code(asker: Asker) -> identify.Answer:
    return identify.by_code(
        provider_id=asker.client.provider_id,
        document=asker.fields.document("document"),
        code=asker.fields.pattern("code", r"[0-9]{6}"),
        at=asker.at,
    )


def _by_caller(asker: Asker) -> identify.Answer:
    if not asker.knows_callers:
        raise Problem("role_may_not")
    return identify.by_caller(
        provider_id=asker.client.provider_id,
        number=asker.fields.number("caller"),
        digits=asker.fields.pattern("digits", r"[0-9A-Z]{2}[0-9]{2}"),
        at=asker.at,
    )
