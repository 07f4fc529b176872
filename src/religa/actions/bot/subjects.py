"""Tokens for a subscriber whom a program has identified: short-lived, of that program alone, kept as digests."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from religa.actions.bot.identify import Identified
from religa.actions.bot.make_client import digest
from religa.records.models import ApiClient, ApiSubject
from religa.wording import Language

LIVES = timedelta(minutes=15)  # a call, or a talk in a chat
_LONGEST = 200  # characters that are looked at


@dataclass(frozen=True, slots=True, repr=False)
class Token:
    """`text` goes to the program; `strength`: code or caller."""

    text: str
    strength: str
    language: Language
    expires_at: datetime


def issue(
    *, client: ApiClient, found: Identified, contact: str, language: Language | None, at: datetime
) -> Token:
    """`contact`: the protocol number that was told at the start; `language`: another than the subscriber's own."""
    text, strength = secrets.token_urlsafe(32), "caller" if found.number else "code"
    spoken = language or Language.of(found.language)
    ApiSubject.objects.create(
        client=client, subscriber_id=found.subscriber_id, digest=digest(text), strength=strength, number=found.number,
        contact=contact, language=spoken.value, created_at=at, expires_at=at + LIVES,
    )  # fmt: skip
    return Token(text, strength, spoken, at + LIVES)


def of_token(*, client: ApiClient, text: str, at: datetime) -> ApiSubject | None:
    """The subject of a living token of this very program."""
    return (
        ApiSubject.objects.select_related("subscriber", "subscriber__provider")
        .filter(client=client, digest=digest(text[:_LONGEST]), expires_at__gt=at)
        .first()
    )


def forget_old(*, at: datetime) -> int:
    """Lets go of tokens that are over."""
    return ApiSubject.objects.filter(expires_at__lte=at).delete()[0]
