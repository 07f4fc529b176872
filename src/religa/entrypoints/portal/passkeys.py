"""Passkeys (WebAuthn Level 2): made by somebody who is in, and later opening the door without document and code.

A challenge is drawn for each try, kept in the browser's session for some minutes, and taken once. The device must check
its owner (`user verification`), else a phone that lies about would be enough.
"""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlsplit

import webauthn
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from religa.actions import passkeys
from religa.entrypoints.common.addresses import caller
from religa.entrypoints.common.i18n import in_readers_language
from religa.entrypoints.common.private import private
from religa.entrypoints.common.throttle import Limit, try_once
from religa.entrypoints.portal import devices, visitor
from religa.entrypoints.portal.log_in import TRIED_BY_ADDRESS, too_often
from religa.entrypoints.portal.visitor import Visitor, for_visitors
from religa.records import locks
from religa.records.queries import portal_sessions as queries

_CHALLENGE = "portal_passkey_challenge"
ASKED_BY_ADDRESS = Limit("portal_passkey_address", 60, timedelta(minutes=15))
_LONGEST = 20_000  # characters of an answer


@private
@require_POST
def options(request: HttpRequest) -> HttpResponse:
    """What a device must sign to come in. The same for everybody: it names nobody."""
    if not try_once(ASKED_BY_ADDRESS, caller(request), at=locks.database_now()):
        return HttpResponse(status=429)
    made = webauthn.generate_authentication_options(
        rp_id=_name(request), user_verification=UserVerificationRequirement.REQUIRED
    )
    return _challenge(request, made.challenge, webauthn.options_to_json(made))


@private
@in_readers_language
@require_POST
def log_in(request: HttpRequest) -> HttpResponse:
    """The device's answer. Whatever is wrong with it, the answer is the first step of the log-in."""
    at = locks.database_now()
    if not try_once(TRIED_BY_ADDRESS, caller(request), at=at):
        return too_often(request)
    found = _proved(request)
    if found is None or not passkeys.used(found[0], uses=found[1], at=at):
        return redirect("portal:log_in")
    response = redirect("portal:home")
    visitor.log_in(request, response, subscriber_id=found[0].subscriber_id, proof="passkey", at=at, long=True)
    return response


def _proved(request: HttpRequest) -> tuple[passkeys.Passkey, int] | None:
    """The passkey that has signed this browser's challenge, and its new count of uses."""
    answer, challenge = request.POST.get("resposta", "")[:_LONGEST], _taken(request)
    try:
        credential = webauthn.helpers.parse_authentication_credential_json(answer)
        found = passkeys.of_credential(credential.raw_id)
        if found is None or challenge is None:
            return None
        verified = webauthn.verify_authentication_response(
            credential=credential,
            expected_challenge=challenge,
            expected_rp_id=_name(request),
            expected_origin=_origin(request),
            credential_public_key=found.public_key,
            credential_current_sign_count=found.uses,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError, TypeError, KeyError):
        return None
    return found, verified.new_sign_count


@for_visitors
@require_POST
def making(request: HttpRequest, who: Visitor) -> HttpResponse:
    """What a device needs to make a passkey. Its name there is the provider's and the first name: no document."""
    known = [PublicKeyCredentialDescriptor(id=bytes(k.credential)) for k in queries.passkeys(who.subscriber)]
    made = webauthn.generate_registration_options(
        rp_id=_name(request),
        rp_name=who.provider.trade_name or who.provider.name,
        user_id=f"religa-{who.subscriber.pk}".encode(),
        user_name=who.first_name or who.subscriber.name,
        exclude_credentials=known,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED,
            user_verification=UserVerificationRequirement.REQUIRED,
        ),
    )
    return _challenge(request, made.challenge, webauthn.options_to_json(made))


@for_visitors
@require_POST
def keep(request: HttpRequest, who: Visitor) -> HttpResponse:
    """The passkey that a device has made. One that does not hold is not kept, and the page shows none."""
    challenge = _taken(request)
    try:
        if challenge is not None:
            made = webauthn.verify_registration_response(
                credential=request.POST.get("resposta", "")[:_LONGEST],
                expected_challenge=challenge,
                expected_rp_id=_name(request),
                expected_origin=_origin(request),
                require_user_verification=True,
            )
            passkeys.keep(
                subscriber_id=who.subscriber.pk,
                credential=made.credential_id,
                public_key=made.credential_public_key,
                uses=made.sign_count,
                device=devices.kind_of(str(request.META.get("HTTP_USER_AGENT", ""))),
                at=who.at,
            )
    except (WebAuthnException, ValueError, TypeError, KeyError):
        pass
    return redirect("portal:devices")


@for_visitors
@require_POST
def forget(request: HttpRequest, who: Visitor) -> HttpResponse:
    key = request.POST.get("chave", "")
    if key.isdecimal() and len(key) < 19:
        passkeys.forget(subscriber_id=who.subscriber.pk, passkey_id=int(key))
    return redirect("portal:devices")


def _challenge(request: HttpRequest, challenge: bytes, said: str) -> HttpResponse:
    request.session[_CHALLENGE] = bytes_to_base64url(challenge)
    return HttpResponse(said, content_type="application/json")


def _taken(request: HttpRequest) -> bytes | None:
    """The challenge, which is good for one answer."""
    kept = request.session.pop(_CHALLENGE, None)
    return base64url_to_bytes(kept) if kept else None


def _origin(request: HttpRequest) -> str:
    """The portal's own address: RELIGA_PORTAL_URL, or that under which it was asked (a name of RELIGA_HOSTS)."""
    parts = urlsplit(settings.PORTAL_URL or f"{request.scheme}://{request.get_host()}")
    return f"{parts.scheme}://{parts.netloc}"


def _name(request: HttpRequest) -> str:
    return urlsplit(_origin(request)).hostname or ""
