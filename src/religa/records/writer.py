"""Saves the difference between two facts, for one contract or for a thousand: a few statements per batch.

The caller holds the lock of each contract (docs/decisions/0002). New facts come back with their keys: go on with these,
the facts handed in are spent. Money is only ever added to: what is taken back gets a contra-entry.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from religa.domain.facts import Facts
from religa.records import write_conduct, write_money
from religa.records.batch import Batch, UnknownName
from religa.records.changes import Change
from religa.records.difference import Vanished

__all__ = ["Change", "UnknownName", "Vanished", "save", "save_all"]


def save(change: Change, *, at: datetime, author: str = "") -> Facts:
    """Writes what changed of one contract; returns the facts with the keys of what is new."""
    return save_all([change], at=at, author=author)[change.loaded.contract_id]


def save_all(changes: Sequence[Change], *, at: datetime, author: str = "") -> dict[int, Facts]:
    """The same for many contracts, in a number of statements that does not depend on how many there are."""
    saved = {change.loaded.contract_id: change.after for change in changes}
    touched = [change for change in changes if change.after is not change.loaded.facts]
    if touched:
        batch = Batch(touched, at, author)
        batch.prepare()
        write_money.write(batch)
        write_conduct.write(batch)
        saved.update((change.loaded.contract_id, batch.keyed(n)) for n, change in enumerate(touched))
    return saved
