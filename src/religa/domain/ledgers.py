"""Which payments of two ledgers are the same money, where no number of the payment itself says so.

Only payments of one charge are compared, each with at most one of the other ledger: never by the amount alone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from religa.domain.pix_ids import PixId, read_end_to_end_id

__all__ = ["Report", "number_of", "pair"]

_BOOKED_LATER = timedelta(days=5)  # the other system may write the day on which it booked the money


@dataclass(frozen=True, slots=True)
class Report:
    """A payment as one ledger reports it: `charge` is what it was paid on, whatever names that in both ledgers;
    `amount` in centavos, `day` it was paid, in civil days of the account.

    `by_txid`: the charge was named by its txid, which no other charge shares. Otherwise by the number on its paper.
    `number`: the payment's own, where it is known; two different ones are never the same money.
    """

    id: str
    charge: Hashable
    amount: int
    day: date
    by_txid: bool = False
    number: str = ""


def number_of(text: str) -> str:
    """The number of a Pix, where a text is one: what ledgers have in common; "" for a number of a ledger's own."""
    return text if isinstance(read_end_to_end_id(text), PixId) else ""


def pair(ours: Sequence[Report], theirs: Sequence[Report]) -> dict[str, str]:
    """Our id to theirs, for those that are the same money. Whoever is left over is a payment of its own.

    The same charge, amount and day first; a txid is enough where only the day was written later, or where on that day
    only the amount differs (a fee kept back). Both must have been paid by txid for that.
    """
    found: dict[str, str] = {}
    for name, fits, only_txid in _PASSES:
        taken = set(found.values())
        left = _by(name, (t for t in theirs if t.id not in taken and (t.by_txid or not only_txid)))
        for report in sorted(ours, key=lambda r: (r.day, r.id)):
            if report.id in found or (only_txid and not report.by_txid):
                continue
            same = next((t for t in left[name(report)] if _may_be(report, t) and fits(report, t)), None)
            if same is not None:
                left[name(report)].remove(same)
                found[report.id] = same.id
    return found


Name = Callable[[Report], Hashable]


def _by(name: Name, reports: Iterable[Report]) -> dict[Hashable, list[Report]]:
    found: dict[Hashable, list[Report]] = defaultdict(list)
    for report in sorted(reports, key=lambda r: (r.day, r.id)):
        found[name(report)].append(report)
    return found


def _may_be(ours: Report, theirs: Report) -> bool:
    return not (ours.number and theirs.number) or ours.number == theirs.number


def _always(ours: Report, theirs: Report) -> bool:
    return True


def _soon(ours: Report, theirs: Report) -> bool:
    return abs(ours.day - theirs.day) <= _BOOKED_LATER


_PASSES: Sequence[tuple[Name, Callable[[Report, Report], bool], bool]] = (
    (lambda r: (r.charge, r.amount, r.day), _always, False),
    (lambda r: (r.charge, r.amount), _soon, True),
    (lambda r: (r.charge, r.day), _always, True),
)
