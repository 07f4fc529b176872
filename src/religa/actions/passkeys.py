"""Passkeys of subscribers (WebAuthn Level 2): kept after a proof, found by their credential, counted at each use.

Whether a signature is right is for the door to check (entrypoints/portal/passkeys.py): it knows its own name.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from religa.records import raw

MOST = 10  # of one subscriber


@dataclass(frozen=True, slots=True)
class Passkey:
    id: int
    subscriber_id: int
    public_key: bytes
    uses: int


def keep(
    *, subscriber_id: int, credential: bytes, public_key: bytes, uses: int, device: str, at: datetime
) -> bool:
    """False: somebody has this credential already, or the subscriber has as many as one may have."""
    with transaction.atomic():
        return raw.run(
            "INSERT INTO portal_passkey (subscriber_id, credential, public_key, uses, device, since)"
            " SELECT %(s)s, %(credential)s, %(key)s, %(uses)s, %(device)s, %(at)s"
            " WHERE (SELECT count(*) FROM portal_passkey WHERE subscriber_id = %(s)s) < %(most)s"
            " ON CONFLICT (credential) DO NOTHING",
            {"s": subscriber_id, "credential": credential, "key": public_key, "uses": uses, "device": device,
             "at": at, "most": MOST},
        ) == 1  # fmt: skip


def of_credential(credential: bytes) -> Passkey | None:
    query = "SELECT id, subscriber_id, public_key, uses FROM portal_passkey WHERE credential = %s"
    found = raw.rows(query, [credential])
    return Passkey(found[0][0], found[0][1], bytes(found[0][2]), found[0][3]) if found else None


def used(passkey: Passkey, *, uses: int, at: datetime) -> bool:
    """Counts a use. False: another use came first, or it was taken away meanwhile; then this one opens nothing."""
    with transaction.atomic():
        return raw.run(
            "UPDATE portal_passkey SET uses = %s, used_at = greatest(%s, since) WHERE id = %s AND uses = %s",
            [uses, at, passkey.id, passkey.uses],
        ) == 1  # fmt: skip


def forget(*, subscriber_id: int, passkey_id: int) -> bool:
    """False: the subscriber has no such passkey."""
    with transaction.atomic():
        statement = "DELETE FROM portal_passkey WHERE id = %s AND subscriber_id = %s"
        return raw.run(statement, [passkey_id, subscriber_id]) == 1
