"""Deeds on invoices: issue, adjust, cancel, write off, contest, answer. Each gives new facts, or why not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from religa.domain import balance
from religa.domain.calendar import Calendars
from religa.domain.facts import Agreement, Closed, Dispute, Facts, Invoice, Line, Lot, WaiverKind
from religa.domain.policy import Policy
from religa.domain.reasons import Refusal
from religa.domain.standing import Standing

_LEAST_LEAD = timedelta(days=5)  # RGC art. 54 § 1
_WHOLE = 100_00


@dataclass(frozen=True, slots=True)
class Refused:
    """A business no, with its reasons."""

    whys: tuple[Refusal, ...]


def refused(*whys: Refusal) -> Refused:
    return Refused(whys)


def issue(
    facts: Facts, policy: Policy, calendars: Calendars, invoice: Invoice, *, printed: bool = False
) -> Facts | Refused:
    """Adds an invoice and lets waiting credit pay it.

    Issued later than five days before its due date it gets a due date five days after issue, unless it was printed
    by another system (`printed`).
    """
    if facts.invoice(invoice.id) is not None:
        return refused(Refusal.INVOICE_EXISTS)
    if invoice.total <= 0 or any(line.amount < 0 for line in invoice.lines):
        return refused(Refusal.AMOUNT_NOT_POSITIVE)
    if not printed and policy.invoice_lead_days > 0:
        earliest = calendars.day(invoice.issued_at) + _LEAST_LEAD
        invoice = replace(invoice, due_date=max(invoice.due_date, earliest))
    facts = replace(facts, invoices=(*facts.invoices, invoice))
    return balance.put_lots(calendars, policy, facts, at=invoice.issued_at, first=(invoice.id,))


def _open(facts: Facts, invoice_id: str) -> Invoice | Refused:
    invoice = facts.invoice(invoice_id)
    if invoice is None:
        return refused(Refusal.UNKNOWN_INVOICE)
    return refused(Refusal.INVOICE_CLOSED) if invoice.closed is not None else invoice


def adjust(standing: Standing, invoice_id: str, total: int, at: datetime) -> Facts | Refused:
    """Gives an invoice a new total in centavos; what was paid beyond it becomes credit."""
    invoice = _open(standing.facts, invoice_id)
    if isinstance(invoice, Refused):
        return invoice
    if total < 0:
        return refused(Refusal.AMOUNT_NOT_POSITIVE)
    return _with_lines(standing, invoice, _resized(invoice.lines, total), at)


def waive(
    standing: Standing,
    invoice_id: str,
    kind: WaiverKind,
    amount: int,
    at: datetime,
    *,
    ceiling: int = _WHOLE,
    before: int = 0,
) -> Facts | Refused:
    """Forgives centavos of the fine or the interest that is owed on the day of `at`, or of the open principal.

    `ceiling`: how much may be forgiven, what was forgiven before included, in hundredths of a percent: of all fine and
    interest earned by then, or of what was open before the first settlement discount. `before`: what such discounts
    took off already (what was waived of late charges the invoice knows).
    """
    invoice = _open(standing.facts, invoice_id)
    if isinstance(invoice, Refused):
        return invoice
    if kind is WaiverKind.SETTLEMENT:
        left = balance.open_principal(invoice)
        whys = _too_much(amount, left, Refusal.AMOUNT_ABOVE_OPEN, left + before, before, ceiling)
        return Refused(whys) if whys else adjust(standing, invoice_id, invoice.total - amount, at)
    return _waive_charges(standing, invoice, kind, amount, at, ceiling)


def _waive_charges(
    standing: Standing, invoice: Invoice, kind: WaiverKind, amount: int, at: datetime, ceiling: int
) -> Facts | Refused:
    owed = balance.owed(standing.calendars, standing.policy, invoice, on=standing.calendars.day(at))
    left = owed.fine_left if kind is WaiverKind.FINE else owed.interest_left
    whys = _too_much(
        amount, left, Refusal.ABOVE_LATE_CHARGES, owed.fine + owed.interest, owed.waived, ceiling
    )
    if whys:
        return Refused(whys)
    fine = amount if kind is WaiverKind.FINE else 0
    return standing.facts.with_invoice(
        replace(invoice, waived=invoice.waived + amount, waived_fine=invoice.waived_fine + fine)
    )


def _too_much(
    amount: int, left: int, beyond: Refusal, whole: int, before: int, ceiling: int
) -> tuple[Refusal, ...]:
    if amount <= 0:
        return (Refusal.AMOUNT_NOT_POSITIVE,)
    allowed = whole * ceiling // _WHOLE
    checks = [(amount > left, beyond), (before + amount > allowed, Refusal.ABOVE_CEILING)]
    return tuple(why for applies, why in checks if applies)


def adjust_lines(
    standing: Standing, invoice_id: str, amounts: Sequence[int], at: datetime
) -> Facts | Refused:
    """The same line by line, for a caller that knows every line (an import); one amount per line, in its order."""
    invoice = _open(standing.facts, invoice_id)
    if isinstance(invoice, Refused):
        return invoice
    if any(amount < 0 for amount in amounts):
        return refused(Refusal.AMOUNT_NOT_POSITIVE)
    lines = tuple(replace(line, amount=a) for line, a in zip(invoice.lines, amounts, strict=True))
    return _with_lines(standing, invoice, lines, at)


def _with_lines(standing: Standing, invoice: Invoice, lines: tuple[Line, ...], at: datetime) -> Facts:
    """Facts with other amounts on an invoice, its money spread again if it is now too much.

    A written-off one, too: its dispute may be upheld after it was given up.
    """
    facts = standing.facts.with_invoice(replace(invoice, lines=lines))
    unclosed = replace(invoice, lines=lines, closed=None)
    if any(left < 0 for left in balance.open_lines(unclosed)):
        facts = _spread_again(standing, facts, unclosed)
        facts = facts.with_invoice(replace(_named(facts, invoice.id), closed=invoice.closed))
    return balance.put_lots(standing.calendars, standing.policy, facts, at=at)


def _named(facts: Facts, invoice_id: str) -> Invoice:
    return next(i for i in facts.invoices if i.id == invoice_id)


def _spread_again(standing: Standing, facts: Facts, invoice: Invoice) -> Facts:
    policy, calendars = standing.policy, standing.calendars
    facts = facts.with_invoice(replace(invoice, settlements=()))
    for s in invoice.settlements:
        kept = next((lot.amount for lot in facts.lots if lot.source == s.source), 0)
        money = Lot(s.source, s.paid_at, s.money)
        facts = balance.put(
            calendars, policy, facts, money, on=s.paid_on, known_at=s.known_at, first=(invoice.id,), only=True
        )
        facts = _with_lot(facts, s.source, s.paid_at, kept)
    return facts


def _with_lot(facts: Facts, source: str, paid_at: datetime, more: int) -> Facts:
    """Facts with a lot grown by money of the same source that was waiting already."""
    if not more:
        return facts
    now = next((lot.amount for lot in facts.lots if lot.source == source), 0)
    others = tuple(lot for lot in facts.lots if lot.source != source)
    return replace(facts, lots=(*others, Lot(source, paid_at, now + more)))


def _resized(lines: Sequence[Line], total: int) -> tuple[Line, ...]:
    """Lines that add up to a new total: the first suspendable line grows; shrinking takes suspendable lines first."""
    order = sorted(range(len(lines)), key=lambda n: not lines[n].suspendable)
    amounts = [line.amount for line in lines]
    difference = total - sum(amounts)
    for n in order:
        change = difference if difference > 0 else -min(amounts[n], -difference)
        amounts[n] += change
        difference -= change
    return tuple(replace(line, amount=a) for line, a in zip(lines, amounts, strict=True))


def cancel(standing: Standing, invoice_id: str, at: datetime) -> Facts | Refused:
    """Ends an invoice that should not have been; what was paid on it becomes credit."""
    invoice = _open(standing.facts, invoice_id)
    if isinstance(invoice, Refused):
        return invoice
    facts = balance.freed(standing.facts, _closed(invoice, Closed.CANCELLED, at))
    return balance.put_lots(standing.calendars, standing.policy, facts, at=at)


def _closed(invoice: Invoice, how: Closed, at: datetime) -> Invoice:
    disputes = tuple(
        d if not d.is_open else replace(d, answered_at=at, upheld=True) for d in invoice.disputes
    )
    return replace(invoice, closed=how, closed_at=at, disputes=disputes)


def write_off(standing: Standing, invoice_id: str, at: datetime) -> Facts | Refused:
    """Gives a debt up; it may come back (`undo_write_off`)."""
    invoice = _open(standing.facts, invoice_id)
    if isinstance(invoice, Refused):
        return invoice
    return standing.facts.with_invoice(replace(invoice, closed=Closed.WRITTEN_OFF, closed_at=at))


def undo_write_off(standing: Standing, invoice_id: str, at: datetime) -> Facts | Refused:
    """Brings a written-off debt back to life; it needs a new notice before it may block."""
    invoice = standing.facts.invoice(invoice_id)
    if invoice is None:
        return refused(Refusal.UNKNOWN_INVOICE)
    if invoice.closed is not Closed.WRITTEN_OFF:
        return refused(Refusal.NOT_WRITTEN_OFF)
    reopened = replace(invoice, closed=None, closed_at=None, reopened_at=at)
    return balance.put_lots(
        standing.calendars, standing.policy, standing.facts.with_invoice(reopened), at=at, first=(invoice_id,)
    )


def contest(standing: Standing, invoice_id: str, at: datetime, amount: int | None = None) -> Facts | Refused:
    """Files a dispute: clocks and charges of what is contested stand still until it is answered."""
    invoice = _open(standing.facts, invoice_id)
    if isinstance(invoice, Refused):
        return invoice
    if balance.open_dispute(invoice) is not None:
        return refused(Refusal.ALREADY_DISPUTED)
    left = balance.open_principal(invoice)
    if amount is not None and not 0 < amount <= left:
        return refused(Refusal.AMOUNT_ABOVE_OPEN)
    whole = amount is None or amount == left
    filed = Dispute(filed_at=at, amount=None if whole else amount)
    return standing.facts.with_invoice(replace(invoice, disputes=(*invoice.disputes, filed)))


def answer(standing: Standing, invoice_id: str, at: datetime, *, upheld: bool) -> Facts | Refused:
    """Answers a dispute: upheld cancels what was contested, rejected lets the clocks go on where they stood."""
    invoice = standing.facts.invoice(invoice_id)
    if invoice is None:
        return refused(Refusal.UNKNOWN_INVOICE)
    if balance.open_dispute(invoice) is None:
        return refused(Refusal.NOT_DISPUTED)
    if upheld:
        return deny_charge(standing, invoice_id, at)
    answered = tuple(replace(d, answered_at=at, upheld=False) if d.is_open else d for d in invoice.disputes)
    facts = standing.facts.with_invoice(replace(invoice, disputes=answered))
    return balance.put_lots(standing.calendars, standing.policy, facts, at=at)


def deny_charge(standing: Standing, invoice_id: str, at: datetime) -> Facts:
    """Cancels the contested amount, or the invoice if all of it was contested (RGC arts. 61 and 62)."""
    invoice = _named(standing.facts, invoice_id)
    contested = balance.open_dispute(invoice)
    if contested is None or contested.amount is None:
        facts = balance.freed(standing.facts, _closed(invoice, Closed.CANCELLED, at))
        return balance.put_lots(standing.calendars, standing.policy, facts, at=at)
    disputes = tuple(replace(d, answered_at=at, upheld=True) if d.is_open else d for d in invoice.disputes)
    lines = _resized(invoice.lines, max(0, invoice.total - contested.amount))
    return _with_lines(standing, replace(invoice, disputes=disputes), lines, at)


def instalments(
    agreement: str, parts: Sequence[tuple[date, int]], at: datetime, like: Invoice
) -> list[Invoice]:
    """The invoices of an agreement, numbered A/1, A/2, ...; they block like any connection debt."""
    return [
        Invoice(
            id=f"{agreement}/{n}",
            issued_at=at,
            due_date=due,
            lines=(Line(amount),),
            reference=like.reference,
            fine_pct=like.fine_pct,
            interest_pct_month=like.interest_pct_month,
            agreement=agreement,
        )
        for n, (due, amount) in enumerate(parts, start=1)
    ]


def agreed(invoice: Invoice, agreement_id: str, at: datetime) -> Invoice:
    """An invoice that an agreement takes the place of."""
    disputes = tuple(replace(d, answered_at=at, upheld=False) if d.is_open else d for d in invoice.disputes)
    return replace(invoice, closed=Closed.AGREED, closed_at=at, agreement=agreement_id, disputes=disputes)


def import_agreement(
    facts: Facts, agreement_id: str, invoices: Sequence[str], instalments: Sequence[str], made_at: datetime
) -> Facts | Refused:
    """Takes over an agreement made elsewhere, whose instalments are invoices already: the first of them brings access
    back. Originals that are still open end with it."""
    if any(a.id == agreement_id for a in facts.agreements):
        return refused(Refusal.AGREEMENT_EXISTS)
    if not instalments:
        return refused(Refusal.NO_INSTALMENTS)
    if any(facts.invoice(i) is None for i in (*invoices, *instalments)):
        return refused(Refusal.UNKNOWN_INVOICE)
    ended = [
        agreed(i, agreement_id, made_at) for i in facts.invoices if i.id in invoices and i.closed is None
    ]
    parts = [replace(i, agreement=agreement_id) for i in facts.invoices if i.id in instalments]
    for invoice in (*ended, *parts):
        facts = facts.with_invoice(invoice)
    made = Agreement(agreement_id, made_at, tuple(invoices), instalments[0])
    return replace(facts, agreements=(*facts.agreements, made))
