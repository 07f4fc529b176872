"""One-time codes by SMS for the block page: who has the registered phone may ask for trust, and for nothing else.

Kept beside the codes of the log-in and told apart by their digest: neither opens the other's door. Whoever sits at the
access can have a message sent, so the door counts them, and one that was not sent is answered like one that was.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import transaction

from religa.actions.login_code import LIFETIME
from religa.records.models import LoginCode, Message
from religa.records.queries.block_page import Holder
from religa.wording import Language, Words

_TRIES = 5
_TEXT = Words(
    "{code} é o código para liberar a sua internet em confiança. Vale 10 minutos. Não o passe a ninguém.",
    "{code} is the code to open your internet on trust. It is valid for 10 minutes. Give it to nobody.",
    "{code} es el código para liberar su internet por confianza. Vale 10 minutos. No se lo dé a nadie.",
)


@dataclass(frozen=True, slots=True)
class CodeAccepted:
    """It was the holder's code, and it is used up."""


@dataclass(frozen=True, slots=True)
class CodeRefused:
    """Wrong, expired, used, or too many tries; which of them is not said."""


def send(*, contract_id: int, holder: Holder, at: datetime, address: str = "") -> None:
    """Puts a code for the holder's first phone into the outbox. The caller counts how often."""
    code = f"{secrets.randbelow(1_000_000):06}"
    with transaction.atomic():
        LoginCode.objects.create(
            subscriber_id=holder.subscriber_id,
            digest=_digest(contract_id, code),
            created_at=at,
            expires_at=at + LIFETIME,
            address=address,
        )
        Message.objects.create(
            provider_id=holder.provider_id,
            subscriber_id=holder.subscriber_id,
            kind="code",
            channel="sms",
            address=holder.phone,
            text=_TEXT.in_(Language.of(holder.language)).format(code=code),
            template="unlock_code",
            template_version="1",
            language=holder.language,
            created_at=at,
            state="queued",
        )


def check(*, contract_id: int, holder: Holder, code: str, at: datetime) -> CodeAccepted | CodeRefused:
    """Takes a code once. Every try counts on each living code of the holder."""
    with transaction.atomic():
        living = list(
            LoginCode.objects.select_for_update().filter(
                subscriber_id=holder.subscriber_id, used_at=None, expires_at__gt=at, attempts__lt=_TRIES
            )
        )
        wanted = _digest(contract_id, code)
        fits = [one for one in living if hmac.compare_digest(bytes(one.digest), wanted)]
        for one in living:
            one.attempts += 1
            one.used_at = at if one in fits else None
        LoginCode.objects.bulk_update(living, ["attempts", "used_at"])
    return CodeAccepted() if fits else CodeRefused()


def _digest(contract_id: int, code: str) -> bytes:
    text = f"unlock-code|{contract_id}|{code}"
    return hmac.digest(settings.SECRET_KEY.encode(), text.encode(), hashlib.sha256)
