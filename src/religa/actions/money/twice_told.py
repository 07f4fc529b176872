"""One payment that two ways tell of: a boleto with a Pix code, paid by Pix, is in the list of Pix and, at some banks,
in the return file, too. It is booked once, whichever comes first.

Only this is taken for the same money: one charge that can be paid both ways, one Pix and one record of a file, the same
amount, and the file's day is that of the Pix or the bank day after it. Each payment stands for one other at most.
Anything else is money of its own: it is credited, and `paid_twice` asks a person.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from religa.domain.calendar import Calendars, bank_day_from
from religa.ports.money import ChargeKind, MoneySeen
from religa.records import raw
from religa.records.accounts import Account
from religa.records.charges import Target

_WAYS = {"pix", "boleto"}


@dataclass(frozen=True, slots=True)
class _Known:
    payment: int
    amount: int
    method: str
    paid_at: datetime

    def is_same(self, seen: MoneySeen, calendars: Calendars) -> bool:
        if {self.method, seen.method} != _WAYS or self.amount != seen.amount:
            return False
        day = {m.method: calendars.day(m.paid_at) for m in (self, seen)}
        return day["pix"] <= day["boleto"] <= bank_day_from(calendars, day["pix"] + timedelta(days=1))


def find(
    account: Account,
    money: Sequence[tuple[MoneySeen, Target]],
    calendars: Mapping[int, Calendars],
    at: datetime,
) -> set[str]:
    """The ids of `money` that another way has told of already; keeps whose money they are. The caller holds the locks
    of the contracts, whose calendars these are."""
    both_ways = [(m, t) for m, t in money if t.kind == ChargeKind.BOLETO_PIX.value and m.method in _WAYS]
    if not both_ways:
        return set()
    known, same = _known([t.charge for _, t in both_ways]), []
    for seen, target in both_ways:
        before = next((k for k in known[target.charge] if k.is_same(seen, calendars[target.contract])), None)
        if before is not None:
            known[target.charge].remove(before)
            day = calendars[target.contract].day(seen.paid_at)
            same.append((account.id, "religa", seen.id, before.payment, seen.amount, day, at))
    raw.insert("payment_sighting", _SIGHTING, same)
    return {row[2] for row in same}


_SIGHTING = ("payment_account_id", "ledger", "external_id", "payment_id", "amount", "paid_on", "seen_at")


def _known(charges: Sequence[int]) -> dict[int, list[_Known]]:
    query = """
        SELECT p.charge_id, p.id, p.amount, p.method, p.paid_at FROM payment p
         WHERE p.charge_id = ANY (%s) AND NOT EXISTS (
            SELECT FROM payment_sighting s
             WHERE s.payment_id = p.id AND s.ledger = 'religa' AND s.external_id <> p.external_id)
         ORDER BY p.paid_at, p.id
    """
    found: dict[int, list[_Known]] = defaultdict(list)
    for charge, *rest in raw.rows(query, [list(charges)]):
        found[charge].append(_Known(*rest))
    return found
