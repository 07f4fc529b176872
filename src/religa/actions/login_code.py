"""One-time codes of the subscriber's door: six digits, ten minutes, used once, five tries.

Whether a document is known never shows: asking for a code is answered alike, and a wrong code is just not accepted.
Only a keyed digest of the code is kept; its text leaves the outbox when its time is over.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from religa.actions.messages import texts
from religa.domain.message_kinds import MessageKind
from religa.records import raw
from religa.wording import Language, receipts

LIFETIME = timedelta(minutes=10)
_TRIES = 5
_DIGITS = 6
_PER_DOCUMENT = 4  # codes in a quarter of an hour
_QUARTER = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Asked:
    """Always the answer: if the document is known, a code is on its way, valid until `expires_at`."""

    expires_at: datetime


@dataclass(frozen=True, slots=True)
class LoggedIn:
    subscriber_id: int


@dataclass(frozen=True, slots=True)
class NotAccepted:
    """Wrong, expired, used, or too many tries; which of them is not said."""


_PERSON = """
    SELECT s.id, s.provider_id, s.email, s.language,
           (SELECT number FROM subscriber_phone p WHERE p.subscriber_id = s.id ORDER BY position LIMIT 1)
      FROM subscriber s WHERE s.document = %s ORDER BY s.id LIMIT 1
"""


def send(*, document: str, at: datetime, address: str = "", by_email: bool = False) -> Asked:
    """Makes a code for the holder of a document (CPF or CNPJ without mask) and puts it into the outbox.

    `address` is the network address that asked, kept for throttling and for the log of attempts. `by_email`: not by
    SMS to the phone, which is tried first because it works without the internet that was cut.
    """
    with transaction.atomic():
        people = raw.rows(_PERSON, [document])
        too_often = _asked_too_often(people[0][0] if people else 0, at)
        if people and not too_often:
            _make(people[0], at, address, by_email)
        else:
            _as_if(at)
    return Asked(at + LIFETIME)


def _as_if(at: datetime) -> None:
    """As much work as making a code, and as much to be put on the disk: the time of the answer tells nothing."""
    _digest(0, f"{secrets.randbelow(10**_DIGITS):0{_DIGITS}}")
    texts.load([0])
    for length in (150, 250):
        raw.run("SELECT pg_logical_emit_message(true, 'religa', repeat(' ', %s))", [length])


def _asked_too_often(subscriber: int, at: datetime) -> bool:
    query = "SELECT count(*) FROM login_code WHERE subscriber_id = %s AND created_at > %s"
    return bool(raw.rows(query, [subscriber, at - _QUARTER])[0][0] >= _PER_DOCUMENT)


def _make(person: raw.Row, at: datetime, address: str, by_email: bool) -> None:
    subscriber, provider, email, language, phone = person
    code = f"{secrets.randbelow(10**_DIGITS):0{_DIGITS}}"
    raw.run(
        "INSERT INTO login_code (subscriber_id, digest, created_at, expires_at, attempts, address)"
        " VALUES (%s, %s, %s, %s, 0, %s)",
        [subscriber, _digest(subscriber, code), at, at + LIFETIME, address],
    )
    channel, to = ("email", email) if email and (by_email or not phone) else ("sms", phone)
    minutes = LIFETIME // timedelta(minutes=1)
    text = texts.write(
        MessageKind.CODE, channel, Language.of(str(language)), receipts.code(code, minutes=minutes), provider
    )
    written = [text.subject, text.body, text.template, text.version, text.language]
    raw.run(_MESSAGE, [provider, subscriber, channel, to or "", *written, at])


_MESSAGE = """
    INSERT INTO message (provider_id, subscriber_id, kind, channel, address, subject, text, template,
                         template_version, language, created_at, state, attempts, error)
    VALUES (%s, %s, 'code', %s, %s, %s, %s, %s, %s, %s, %s, 'queued', 0, '')
"""


def _digest(subscriber: object, code: str) -> bytes:
    return hmac.digest(
        settings.SECRET_KEY.encode(), f"login-code|{subscriber}|{code}".encode(), hashlib.sha256
    )


def check(*, document: str, code: str, at: datetime) -> LoggedIn | NotAccepted:
    """Takes a code once. Every try on a living code counts."""
    with transaction.atomic():
        people = raw.rows(_PERSON, [document])
        subscriber = (
            people[0][0] if people else 0
        )  # nobody's: looked for all the same, so that it takes as long
        living = raw.rows(_LIVING, {"s": subscriber, "at": at, "tries": _TRIES})
        raw.run(
            "UPDATE login_code SET attempts = attempts + 1 WHERE id = ANY (%s)", [[key for key, _ in living]]
        )
        wanted = _digest(subscriber, code)
        fits = [key for key, digest in living if hmac.compare_digest(bytes(digest), wanted)]
        if not fits:
            return NotAccepted()
        raw.run(
            "UPDATE login_code SET used_at = %s WHERE subscriber_id = %s AND used_at IS NULL",
            [at, subscriber],
        )
    return LoggedIn(subscriber)


_LIVING = """
    SELECT id, digest FROM login_code
     WHERE subscriber_id = %(s)s AND used_at IS NULL AND expires_at > %(at)s AND attempts < %(tries)s FOR UPDATE
"""


def forget_texts(*, at: datetime) -> int:
    """Erases the text of codes that are over."""
    with transaction.atomic():
        return raw.run(
            "UPDATE message SET text = '' WHERE kind = 'code' AND text <> '' AND created_at < %s",
            [at - LIFETIME],
        )
