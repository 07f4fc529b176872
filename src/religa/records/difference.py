"""What changed between two `Facts` of one contract, as rows to write. Pure: no database here.

A fact without key is new. A fact that was changed keeps its key. Facts do not vanish: only a settlement or a lot may,
and then it is undone by a contra-entry. Anything else that is missing is a fault of the caller and raises `Vanished`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from operator import attrgetter
from typing import Any, TypeVar

from religa.domain.facts import (
    Dispute,
    Facts,
    GuardHold,
    Invoice,
    Lot,
    Notice,
    Settlement,
)

Fact = TypeVar("Fact")


class Vanished(ValueError):
    """A fact that was loaded is not among the facts to save (did somebody save filtered facts?)."""


@dataclass(slots=True)
class Changed:
    """New and changed facts of one family: `changed` pairs old with new."""

    new: list[Any] = field(default_factory=list)
    changed: list[tuple[Any, Any]] = field(default_factory=list)


@dataclass(slots=True)
class Difference:
    """Everything to write for one contract."""

    families: dict[str, Changed] = field(default_factory=dict)
    undone: list[tuple[Invoice, Settlement]] = field(default_factory=list)
    settled: list[tuple[Invoice, Settlement]] = field(default_factory=list)
    disputes: Changed = field(default_factory=Changed)
    filed: list[tuple[Invoice, Dispute]] = field(default_factory=list)
    lots: list[tuple[Lot, int]] = field(default_factory=list)
    evidence: list[tuple[Notice, datetime, Any]] = field(default_factory=list)
    receipts: frozenset[str] = frozenset()
    contract: dict[str, Any] = field(default_factory=dict)
    guard: tuple[GuardHold | None, GuardHold | None] | None = None
    reduced: tuple[datetime | None, datetime | None] | None = None

    def new(self, family: str) -> list[Any]:
        return self.families[family].new if family in self.families else []

    def changed(self, family: str) -> list[tuple[Any, Any]]:
        return self.families[family].changed if family in self.families else []


PERIODS = ("holds", "enforcement_off", "operator_blocks", "pauses", "bars")
_FAMILIES = ("payments", "notices", "suspensions", "unlocks", "pay_windows", "agreements", *PERIODS)
_OF_THE_CONTRACT = ("since", "segment", "holder_since", "terminated_at")
_families, _of_the_contract = attrgetter(*_FAMILIES), attrgetter(*_OF_THE_CONTRACT)


def between(before: Facts, after: Facts) -> Difference:
    """The difference of two facts of one contract."""
    found = Difference()
    for name, old, new in zip(_FAMILIES, _families(before), _families(after), strict=True):
        if old is not new:
            found.families[name] = _changed(name, old, new)
    if before.invoices is not after.invoices:
        _invoices(found, before, after)
    if before.lots is not after.lots:
        found.lots = list(_lots(before.lots, after.lots))
    found.evidence = [(n, at, e) for o, n in found.changed("notices") for at, e in _later_evidence(o, n)]
    if before.receipts_used is not after.receipts_used:
        found.receipts = after.receipts_used - before.receipts_used
    of_before, of_after = _of_the_contract(before), _of_the_contract(after)
    if of_before != of_after:
        each = zip(_OF_THE_CONTRACT, of_before, of_after, strict=True)
        found.contract = {name: new for name, old, new in each if new != old}
    if before.guard_hold != after.guard_hold:
        found.guard = (before.guard_hold, after.guard_hold)
    if before.reduced_since != after.reduced_since:
        found.reduced = (before.reduced_since, after.reduced_since)
    return found


def _changed(family: str, old: Iterable[Any], new: Iterable[Any]) -> Changed:
    known = {fact.key: fact for fact in old}
    found = Changed()
    for fact in new:
        if fact.key is None:
            found.new.append(fact)
            continue
        was = known.pop(fact.key, None)
        if was is None:
            raise Vanished(f"{family}: {fact.key} was not loaded")
        if was is not fact and was != fact:
            found.changed.append((was, fact))
    if known:
        raise Vanished(f"{family}: {sorted(known)} are gone")
    return found


def _invoices(found: Difference, before: Facts, after: Facts) -> None:
    invoices = found.families["invoices"] = _changed("invoices", before.invoices, after.invoices)
    for invoice in invoices.new:
        found.settled += [(invoice, s) for s in invoice.settlements]
        found.filed += [(invoice, d) for d in invoice.disputes]
    for old, new in invoices.changed:
        if old.settlements is not new.settlements:
            _settlements(found, old, new)
        if old.disputes is not new.disputes:
            disputes = _changed("disputes", old.disputes, new.disputes)
            found.filed += [(new, d) for d in disputes.new]
            found.disputes.changed += disputes.changed


def _settlements(found: Difference, old: Invoice, new: Invoice) -> None:
    """One that was altered is undone and made again: allocations are never edited."""
    kept: dict[int | None, Settlement] = {s.key: s for s in new.settlements if s.key is not None}
    found.undone += [(new, s) for s in old.settlements if not _same(kept.get(s.key), s)]
    was = {s.key: s for s in old.settlements}
    found.settled += [(new, s) for s in new.settlements if s.key is None or not _same(was.get(s.key), s)]


def _same(one: Settlement | None, other: Settlement) -> bool:
    return one is other or one == other


def _lots(old: Iterable[Lot], new: Iterable[Lot]) -> Iterator[tuple[Lot, int]]:
    """Lots whose amount changed, with the difference; lots of one source and instant are one."""
    was, now = _sums(old), _sums(new)
    for which in {**was, **now}:
        more = now.get(which, 0) - was.get(which, 0)
        if more:
            yield Lot(which[0], which[1], now.get(which, 0)), more


def _sums(lots: Iterable[Lot]) -> Mapping[tuple[str, datetime], int]:
    sums: dict[tuple[str, datetime], int] = {}
    for lot in lots:
        which = (lot.source, lot.paid_at)
        sums[which] = sums.get(which, 0) + lot.amount
    return sums


def _later_evidence(old: Notice, new: Notice) -> tuple[tuple[datetime, Any], ...]:
    count = len(old.evidence)
    if new.evidence[:count] != old.evidence:
        raise Vanished(f"notices: evidence of {new.key} was rewritten")
    return new.evidence[count:]
