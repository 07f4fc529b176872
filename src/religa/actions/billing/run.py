"""Makes every invoice that is due to be made: set-based, resumable, any number of runs side by side.

A batch locks its contracts, reads how far each is billed, and issues in the same transaction in which it writes that
down: a run that is killed leaves whole batches, and the next one goes on. A batch that fails is halved until the bad
contract is alone; that one is set aside, shown, and tried again by the next run.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import astuple, dataclass, field, replace
from datetime import date, datetime

from django.db import transaction

from religa.actions import evaluate_access
from religa.actions.billing.months import Work, names_to_lower, work_of
from religa.actions.evaluate_access import IMPROVING, Evaluated, Judgement
from religa.domain import balance, billing, invoicing
from religa.domain.facts import Facts
from religa.domain.invoicing import Refused
from religa.domain.standing import Standing
from religa.records import billing as rows
from religa.records import collecting, locks
from religa.records.billing import NewCharge

logger = logging.getLogger(__name__)
AUTHOR = "billing"


class NotIssued(Exception):
    """The domain refused an invoice that billing made: a fault of ours, shown to people."""


@dataclass(frozen=True, slots=True)
class Made:
    """What a run did. Amounts in centavos; `closed`: contracts whose last invoice was settled for good."""

    contracts: int = 0
    invoices: int = 0
    amount: int = 0
    charges: int = 0
    closed: int = 0
    set_aside: list[int] = field(default_factory=list)

    def __add__(self, other: Made) -> Made:
        return Made(*(a + b for a, b in zip(astuple(self), astuple(other), strict=True)))


Told = Callable[[int, int], None]  # contracts done, of how many


def run(
    *,
    at: datetime,
    ahead_to: date | None = None,
    provider_id: int | None = None,
    told: Told = lambda done, of: None,
) -> Made:
    """Bills what is due at `at`; `ahead_to`: also what is to be made by a later day."""
    found = rows.due(at=at, ahead_to=ahead_to, provider_id=provider_id)
    batches = [found.sound[n : n + IMPROVING] for n in range(0, len(found.sound), IMPROVING)]
    batches += [[contract] for contract in found.failed]
    total, done = Made(), 0
    for batch in batches:
        total += _halved(batch, at, ahead_to)
        done += len(batch)
        told(done, len(found.sound) + len(found.failed))
    return total


def _halved(contract_ids: Sequence[int], at: datetime, ahead_to: date | None) -> Made:
    """The contracts in one transaction, or in ever smaller ones until the one that fails is alone."""
    try:
        with transaction.atomic():
            return _batch(contract_ids, at, ahead_to)
    except Exception as why:
        if len(contract_ids) == 1:
            return _set_aside(contract_ids[0], why, at)
        logger.exception("a billing batch failed; looking for the contract")
        middle = len(contract_ids) // 2
        return _halved(contract_ids[:middle], at, ahead_to) + _halved(contract_ids[middle:], at, ahead_to)


def _set_aside(contract_id: int, why: Exception, at: datetime) -> Made:
    logger.error("contract %s could not be billed: %s", contract_id, why)
    with transaction.atomic():
        rows.set_aside(contract_id, f"{type(why).__name__}: {why}", at=at)
    return Made(set_aside=[contract_id])


@collecting.paused()
def _batch(contract_ids: Sequence[int], at: datetime, ahead_to: date | None) -> Made:
    together = locks.lock(locks.sharing_invoices(contract_ids))
    work = [w for w in work_of(contract_ids, at=at, ahead_to=ahead_to) if w.changes or w.closes]
    judged = [Judgement(w.loaded, _facts_after(w, at), AUTHOR) for w in work]
    written = evaluate_access.write(judged, at=at, author=AUTHOR)
    rows.save({w.row.contract_id: w.after for w in work})
    rows.resolve(contract_ids, at=at)
    wanted = [c for w in work for c in _charges(w, written[w.row.contract_id])]
    charges = rows.make_charges(wanted, at=at)
    rows.look_at_charges(_lowered(work, written), at=at)
    beside = {*together} - {*contract_ids} | {w.row.contract_id for w in work if _shares(w.loaded.facts)}
    if beside:  # the credit of one may have paid what the other was judged by
        evaluate_access.evaluate_many(sorted(beside), at=at, cause=AUTHOR)
    return _sum(work, charges)


def _shares(known: Facts) -> bool:
    """Whether lines of another contract are on an invoice, or ours on another's."""
    return any(not i.billed_here or not all(line.own for line in i.lines) for i in known.invoices)


def _facts_after(work: Work, at: datetime) -> Facts:
    """The contract with its new invoices, each paid by waiting credit first, and with what a closing gives back."""
    standing = evaluate_access.standing_of(work.loaded, at)
    known = standing.facts
    for made in work.bills:
        if made.amount:
            invoice = billing.invoice(made, made.after, work.row.rule, work.row.contract_id, at)
            known = _taken(invoicing.issue(known, standing.policy, standing.calendars, invoice))
    return _closed(work, Standing(known, standing.policy, standing.calendars), at) if work.closes else known


def _taken(answer: Facts | Refused) -> Facts:
    if isinstance(answer, Refused):
        raise NotIssued(", ".join(why.value for why in answer.whys))
    return answer


def _closed(work: Work, standing: Standing, at: datetime) -> Facts:
    """Lowers the latest invoices by what is given back; what was paid of it becomes credit. What finds no invoice stays
    written down as carried."""
    left, known = work.gives_back, standing.facts
    for name in names_to_lower(work.row):
        invoice = known.invoice(name)
        if not left or invoice is None or invoice.closed is not None:
            continue
        taken = min(left, invoice.total)
        seen = Standing(known, standing.policy, standing.calendars)
        known, left = _taken(invoicing.adjust(seen, name, invoice.total - taken, at)), left - taken
    work.after = replace(work.after, credited_through=work.after.billed_through, carried=left)
    return known


def _charges(work: Work, written: Evaluated) -> list[NewCharge]:
    """One for each new invoice on which something is left to pay, where an account collects.

    What the charging worker finds; it may be replaced as a whole.
    """
    account = work.row.account
    if account is None or not work.row.rule.make_charges:
        return []
    names = {billing.invoice_id(work.row.contract_id, b.month) for b in work.bills if b.amount}
    made = [(i, balance.open_principal(i)) for i in written.facts.invoices if i.id in names]
    return [
        NewCharge(work.loaded.provider_id, i.key, account, left, i.due_date)
        for i, left in made
        if left > 0 and i.key is not None
    ]


def _lowered(work: Sequence[Work], written: dict[int, Evaluated]) -> list[int]:
    """Keys of the invoices that a closing made smaller: their charges must follow."""
    found = []
    for one in work if any(w.closes for w in work) else ():
        before = {i.id: i.total for i in one.loaded.facts.invoices}
        after = written[one.row.contract_id].facts.invoices
        found += [i.key for i in after if i.key is not None and i.total != before.get(i.id, i.total)]
    return found


def _sum(work: Sequence[Work], charges: int) -> Made:
    amounts = [b.amount for w in work for b in w.bills if b.amount]
    return Made(len(work), len(amounts), sum(amounts), charges, sum(w.closes for w in work))
