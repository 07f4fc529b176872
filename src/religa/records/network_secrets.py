"""Sets network passwords and NAS secrets; nothing here, or anywhere in the application, can read one back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction

from religa.records import raw


@dataclass(frozen=True, slots=True)
class Password:
    """`clear` for CHAP and MS-CHAP, or a hash of `scheme` (crypt, bcrypt, nt, ssha, ssha2) for PAP alone."""

    access_record_id: int
    clear: str | None = None
    hash: str | None = None
    scheme: str = "clear"

    def __repr__(self) -> str:
        return f"Password(access_record_id={self.access_record_id}, scheme={self.scheme!r})"


def set_passwords(passwords: Iterable[Password]) -> None:
    """Keeps the passwords, in place of those that were there.

    Deleted and put again: an upsert would have to read what it replaces, which we may not.
    """
    columns = list(zip(*((p.access_record_id, p.clear, p.hash, p.scheme) for p in passwords), strict=True))
    if not columns:
        return
    with transaction.atomic():
        raw.run(
            "DELETE FROM radius_secret.network_password WHERE access_record_id = ANY (%s)", [list(columns[0])]
        )
        raw.run(
            "INSERT INTO radius_secret.network_password (access_record_id, clear, hash, scheme)"
            " SELECT * FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::text[])",
            [list(c) for c in columns],
        )


def set_nas_secret(*, nas_id: int, secret: str) -> None:
    """Keeps the secret shared with a NAS."""
    with transaction.atomic():
        raw.run("DELETE FROM radius_secret.nas_secret WHERE nas_id = %s", [nas_id])
        raw.run("INSERT INTO radius_secret.nas_secret (nas_id, secret) VALUES (%s, %s)", [nas_id, secret])
