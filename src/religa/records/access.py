"""Writes decisions into the narrow rows, and appends what changed for people. Only the evaluation of access calls it.

The caller holds the lock of each contract (docs/decisions/0002).
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from religa.records import raw
from religa.records.chain import Link, digest, seal
from religa.records.loaded import AccessRow

CHANNEL = "religa_access"  # one NOTIFY per transaction wakes the reconciler
_NAMES_AT_MOST = 7_900  # octets of a NOTIFY; a batch that names more says only that something changed


@dataclass(frozen=True, slots=True)
class Verdict:
    """One contract's row as it was and as it is to be. `cause`: what made us look, as `payment E1`."""

    contract_id: int
    old: AccessRow
    new: AccessRow
    policy_version: int | None
    cause: str

    @property
    def differs(self) -> bool:
        return self.shows or _kept(self.old) != _kept(self.new)

    @property
    def shows(self) -> bool:
        """Whether people or the network would see another answer."""
        return _shown(self.old) != _shown(self.new)


def _shown(row: AccessRow) -> tuple[object, ...]:
    return row.access, row.status, row.why, row.until, row.access_then


def _kept(row: AccessRow) -> tuple[object, ...]:
    return row.next_look_at, row.decided_with


def write(verdicts: Sequence[Verdict], *, at: datetime) -> int:
    """Updates the rows that differ and keeps a change for those that show; says how many show.

    `changed_at` becomes `at` where the change shows and stays what it was otherwise.
    """
    differing = [v for v in verdicts if v.differs]
    showing = [v for v in differing if v.shows]
    raw.update("contract_access", _COLUMNS, [_row(v, at) for v in differing], key="contract_id")
    if showing:
        raw.insert("access_change", _CHANGE, _changes(showing, at))
        raw.run("SELECT pg_notify(%s, %s)", [CHANNEL, _names([v.contract_id for v in showing])])
    return len(showing)


def wake(contract_ids: Sequence[int | None]) -> None:
    """Has the sessions of contracts looked at without a change: what their order waited for is done."""
    if contract_ids:
        raw.run("SELECT pg_notify(%s, %s)", [CHANNEL, _names([c for c in contract_ids if c is not None])])


def _names(contract_ids: Sequence[int]) -> str:
    """The contracts whose sessions are to be looked at, and no others."""
    names = ",".join(map(str, contract_ids))
    return names if len(names) <= _NAMES_AT_MOST else ""


_COLUMNS = {
    "access": "text",
    "status": "text",
    "why": "text",
    "until": "timestamptz",
    "access_then": "text",
    "next_look_at": "timestamptz",
    "decided_with": "text",
    "changed_at": "timestamptz",
}
_CHANGE = (
    "contract_id", "seq", "at", "old_access", "old_status", "access", "status", "why", "until", "access_then",
    "decided_with", "policy_version_id", "cause", "salt", "digest", "chain",
)  # fmt: skip


def _row(verdict: Verdict, at: datetime) -> raw.Row:
    new = verdict.new
    changed_at = at if verdict.shows else verdict.old.changed_at
    return (
        verdict.contract_id, new.access, new.status, new.why, new.until, new.access_then, new.next_look_at,
        new.decided_with, changed_at,
    )  # fmt: skip


_LAST = """
    SELECT c.id, l.seq, l.chain FROM unnest(%s::bigint[]) AS c(id)
     CROSS JOIN LATERAL (SELECT seq, chain FROM access_change WHERE contract_id = c.id ORDER BY seq DESC LIMIT 1) l
"""


def _changes(verdicts: Sequence[Verdict], at: datetime) -> list[raw.Row]:
    last = {
        contract: (seq, chain)
        for contract, seq, chain in raw.rows(_LAST, [raw.ids(v.contract_id for v in verdicts)])
    }
    return [_change(v, at, *last.get(v.contract_id, (0, None))) for v in verdicts]


def _change(verdict: Verdict, at: datetime, last_seq: int, last_seal: bytes | None) -> raw.Row:
    old, new, salt = verdict.old, verdict.new, secrets.token_bytes(16)
    link = Link(
        contract_id=verdict.contract_id,
        seq=last_seq + 1,
        at=at,
        old=(old.access, old.status),
        new=(new.access, new.status, new.why),
        until=new.until,
        access_then=new.access_then,
        decided_with=new.decided_with,
        cause=verdict.cause,
    )
    sealed = digest(link, salt)
    return (
        link.contract_id, link.seq, at, *link.old, *link.new, link.until, link.access_then, link.decided_with,
        verdict.policy_version, link.cause, salt, sealed, seal(last_seal, sealed),
    )  # fmt: skip
