"""Saves the difference between two facts, for one contract or for a thousand: a few statements per batch.

The caller holds the lock of each contract (docs/decisions/0002). New facts come back with their keys: go on with these,
the facts handed in are spent. Money is only ever added to: what is taken back gets a contra-entry.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from religa.domain.facts import Facts
from religa.records import write_conduct, write_money
from religa.records.batch import Batch, UnknownName
from religa.records.changes import Change
from religa.records.difference import Vanished

__all__ = ["Change", "Saved", "UnknownName", "Vanished", "save", "save_all"]


def save(change: Change, *, at: datetime, author: str = "") -> Facts:
    """Writes what changed of one contract; returns the facts with the keys of what is new."""
    return save_all([change], at=at, author=author)[change.loaded.contract_id]


class Saved(Mapping[int, Facts]):
    """The facts of each contract as they were saved, by its key. Put together when they are asked for: who books a
    thousand payments goes on with none of them."""

    def __init__(self, changes: Sequence[Change], batch: Batch) -> None:
        self._unchanged = {c.loaded.contract_id: c.after for c in changes}
        self._places = {c.loaded.contract_id: n for n, c in enumerate(batch.changes)}
        self._batch = batch

    def __getitem__(self, contract: int) -> Facts:
        place = self._places.get(contract)
        return self._unchanged[contract] if place is None else self._batch.keyed(place)

    def __iter__(self) -> Iterator[int]:
        return iter(self._unchanged)

    def __len__(self) -> int:
        return len(self._unchanged)


def save_all(changes: Sequence[Change], *, at: datetime, author: str = "") -> Saved:
    """The same for many contracts, in a number of statements that does not depend on how many there are."""
    batch = Batch([change for change in changes if change.after is not change.loaded.facts], at, author)
    if batch.changes:
        batch.prepare()
        write_money.write(batch)
        write_conduct.write(batch)
    return Saved(changes, batch)
