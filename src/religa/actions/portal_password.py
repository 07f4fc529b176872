"""A subscriber's own password, in place of a code. Whoever has none is answered like the others, and as slowly."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.hashers import check_password, make_password
from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError
from django.db import transaction

from religa.actions.login_code import LoggedIn, NotAccepted
from religa.records import raw

SHORTEST, LONGEST = 10, 128
_TRIES = 10  # wrong ones in a row, whoever tried; then only a code helps


@dataclass(frozen=True, slots=True)
class PasswordSet:
    pass


@dataclass(frozen=True, slots=True)
class PasswordRefused:
    """`why`: `short`, `long`, or `common` (it stands in lists of leaked ones, or is a number alone)."""

    why: str


def set_(*, subscriber_id: int, password: str, at: datetime) -> PasswordSet | PasswordRefused:
    """Keeps a password (argon2), in place of an earlier one. For somebody who has proved who he is."""
    refused = _refused(password)
    if refused is not None:
        return refused
    with transaction.atomic():
        raw.run(
            "INSERT INTO portal_password (subscriber_id, hash, set_at, failed) VALUES (%s, %s, %s, 0)"
            " ON CONFLICT (subscriber_id) DO UPDATE SET hash = excluded.hash, set_at = excluded.set_at, failed = 0",
            [subscriber_id, make_password(password), at],
        )
    return PasswordSet()


def _refused(password: str) -> PasswordRefused | None:
    if len(password) < SHORTEST:
        return PasswordRefused("short")
    if len(password) > LONGEST:
        return PasswordRefused("long")
    try:
        _common().validate(password)
    except ValidationError:
        return PasswordRefused("common")
    return PasswordRefused("common") if password.isdigit() else None


@functools.cache
def _common() -> CommonPasswordValidator:
    return CommonPasswordValidator()


def forget(*, subscriber_id: int) -> None:
    """From now on a code alone opens the door."""
    with transaction.atomic():
        raw.run("DELETE FROM portal_password WHERE subscriber_id = %s", [subscriber_id])


def forgive(*, subscriber_id: int) -> None:
    """A code was right: wrong passwords are counted anew."""
    with transaction.atomic():
        raw.run(
            "UPDATE portal_password SET failed = 0 WHERE subscriber_id = %s AND failed > 0", [subscriber_id]
        )


def check(*, document: str, password: str) -> LoggedIn | NotAccepted:
    """Whether it is the password of a document's holder. A hash is always computed, also for nobody."""
    found = raw.rows(_OF_DOCUMENT, [document])
    subscriber, kept, failed = found[0] if found else (None, None, 0)
    fits = check_password(password[:LONGEST], kept or _nobodys())
    good = bool(fits and kept and failed < _TRIES)
    with transaction.atomic():
        raw.run(_COUNTED, {"subscriber": subscriber or 0, "good": good})
    return LoggedIn(subscriber) if good else NotAccepted()


# The same person as for a code: the first with the document.
_OF_DOCUMENT = """
    SELECT s.id, p.hash, coalesce(p.failed, 0) FROM subscriber s LEFT JOIN portal_password p ON p.subscriber_id = s.id
     WHERE s.document = %s ORDER BY s.id LIMIT 1
"""
_COUNTED = """
    UPDATE portal_password SET failed = CASE WHEN %(good)s THEN 0 ELSE least(failed + 1, 1000) END
     WHERE subscriber_id = %(subscriber)s
"""


@functools.cache
def _nobodys() -> str:
    """A hash that no password fits, made as the others are."""
    return make_password("nobody's password, of no account")
