"""What a bank's word does to a contract beyond a payment: a part that goes back, a sum that the bank worked out."""

from __future__ import annotations

from datetime import datetime

from religa.domain import balance, deeds
from religa.domain.changing import replace
from religa.domain.facts import Facts
from religa.domain.invoicing import Refused, refused
from religa.domain.reasons import Refusal
from religa.domain.standing import Standing


def give_back(
    standing: Standing, payment_id: str, amount: int, rest_id: str, at: datetime
) -> Facts | Refused:
    """Takes back a part of a payment: the whole by contra-entry, then what stays as a payment of the same moment.

    `rest_id` names that rest. Nothing stays where all of it is taken back.
    """
    payment = next((p for p in standing.facts.payments if p.id == payment_id), None)
    if payment is not None and not 0 < amount <= payment.amount:
        return refused(Refusal.AMOUNT_ABOVE_OPEN)
    settled = [i.id for i in standing.facts.invoices if any(s.source == payment_id for s in i.settlements)]
    after = deeds.reverse(standing, payment_id, at)
    if isinstance(after, Refused) or payment is None or amount == payment.amount:
        return after
    rest = replace(payment, id=rest_id, amount=payment.amount - amount, known_at=at, key=None)
    return deeds.pay(standing.after(after), rest, first=settled)


def settle_as_charged(standing: Standing, payment_id: str, invoice_id: str) -> Facts:
    """Takes an invoice as settled by a payment whose amount its bank had worked out (payments.md §6).

    What our own sum misses of late charges is waived, of principal forgiven as a discount: the payer has paid what he
    was asked for.
    """
    facts = standing.facts
    invoice = facts.invoice(invoice_id)
    mine = next((s for s in invoice.settlements if s.source == payment_id), None) if invoice else None
    if invoice is None or mine is None or invoice.closed is not None:
        return facts
    rest = balance.open_lines(invoice)
    ours = balance.owed(standing.calendars, standing.policy, invoice, on=mine.paid_on)
    if not any(rest) and not ours.charges:
        return facts
    lines = tuple(a + b for a, b in zip(mine.lines, rest, strict=True))
    whole = replace(mine, lines=lines, discount=mine.discount + sum(rest))
    settled = replace(invoice, settlements=tuple(whole if s is mine else s for s in invoice.settlements))
    owed = balance.owed(standing.calendars, standing.policy, settled, on=mine.paid_on)
    return facts.with_invoice(replace(settled, waived=settled.waived + owed.charges))
