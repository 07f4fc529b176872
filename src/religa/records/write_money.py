"""Writes payments, invoices, what settles them and what is left over.

The order keeps the promises of records/sql/guarantees.sql: what frees money comes before what uses it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

from religa.domain.facts import Invoice, Payment, Settlement
from religa.records import charges, raw
from religa.records.batch import Batch, UnknownName
from religa.records.changes import Change, PaymentDetails


def write(batch: Batch) -> None:
    _payments(batch)
    lines = _lines_of(batch)
    raw.insert("allocation", _ALLOCATION, _contra_entries(batch, lines))
    raw.insert("credit_entry", _CREDIT, _credit(batch, taken=True))
    _agreements(batch)
    _new_invoices(batch)
    _changed_invoices(batch, lines)
    raw.insert("allocation", _ALLOCATION, _entries(batch, lines))
    raw.insert("credit_entry", _CREDIT, _credit(batch, taken=False))
    _reversals(batch)
    _disputes(batch)


# -- payments -------------------------------------------------------------------------------------------------------


def _payments(batch: Batch) -> None:
    columns = ("id", "provider_id", "contract_id", "external_id", "method", "amount", "known_at", "paid_at", "author",
               *_DETAILS)  # fmt: skip
    raw.insert(
        "payment",
        columns,
        (
            (batch.key(n, p), c.loaded.provider_id, c.loaded.contract_id, p.id, p.method.value, p.amount,
             p.known_at, p.paid_at, batch.author, *_details(c.details(p.id)))
            for n, c, found in batch.each()
            for p in found.new("payments")
        ),
    )  # fmt: skip


_DETAILS = ("charge_id", "payment_account_id", "fee", "credited_on", "split", "booked_on", "cashier", "receipt_number",
            "moved_from_id")  # fmt: skip


def _details(d: PaymentDetails) -> raw.Row:
    split = None if d.split is None else json.dumps(dict(d.split))
    return (d.charge, d.account, d.fee, d.credited_on, split, d.booked_on, d.cashier, d.receipt_number,
            d.moved_from)  # fmt: skip


def _reversals(batch: Batch) -> None:
    """Last of all money: a reversed payment has no use left."""
    gone = [
        (new.key, new.reversed_at, *_why(c, new), batch.author)
        for _, c, found in batch.each()
        for old, new in found.changed("payments")
        if old.reversed_at is None and new.reversed_at is not None
    ]
    gone += [
        (batch.key(n, p), p.reversed_at, *_why(c, p), batch.author)
        for n, c, found in batch.each()
        for p in found.new("payments")
        if p.reversed_at is not None
    ]
    raw.insert("payment_reversal", ("payment_id", "reversed_at", "reason", "booked_on", "author"), gone)


def _why(change: Change, payment: Payment) -> raw.Row:
    known = change.reversal(payment.id)
    return known.reason, known.booked_on


# -- allocations ----------------------------------------------------------------------------------------------------

_ALLOCATION = ("settlement", "payment_id", "invoice_id", "line_id", "part", "amount", "known_at", "paid_at", "paid_on",
               "booked_at", "author")  # fmt: skip
_CREDIT = ("contract_id", "payment_id", "amount", "paid_at", "booked_at", "author")


def _lines_of(batch: Batch) -> dict[int, list[int]]:
    """Keys of the lines, in order, of every invoice whose lines are written to."""
    wanted = {
        i.key for _, _, found in batch.each() for i, _ in (*found.settled, *found.undone) if i.key is not None
    } | {
        new.key
        for _, _, found in batch.each()
        for old, new in found.changed("invoices")
        if old.lines != new.lines
    }
    query = (
        "SELECT invoice_id, array_agg(id ORDER BY position) FROM invoice_line"
        " WHERE invoice_id = ANY (%s::bigint[]) GROUP BY invoice_id"
    )
    known: dict[int, list[int]] = dict(raw.rows(query, [raw.ids(wanted)])) if wanted else {}
    known.update((batch.keys[which], keys) for which, keys in batch.line_keys.items())
    return known


def _contra_entries(batch: Batch, lines: dict[int, list[int]]) -> Iterator[raw.Row]:
    for n, _, found in batch.each():
        for invoice, settlement in found.undone:
            yield from _parts(batch, n, invoice, settlement, lines, sign=-1, number=settlement.key)


def _entries(batch: Batch, lines: dict[int, list[int]]) -> Iterator[raw.Row]:
    for n, _, found in batch.each():
        for invoice, settlement in found.settled:
            number = batch.keys[n, id(settlement)]
            yield from _parts(batch, n, invoice, settlement, lines, sign=1, number=number)


def _parts(
    batch: Batch,
    n: int,
    invoice: Invoice,
    settlement: Settlement,
    lines: dict[int, list[int]],
    *,
    sign: int,
    number: int | None,
) -> Iterator[raw.Row]:
    key = batch.key(n, invoice)
    head = (number, batch.payment(n, settlement.source), key)
    tail = (settlement.known_at, settlement.paid_at, settlement.paid_on, batch.at, batch.author)
    for line, amount in zip(lines[key], settlement.lines, strict=True):
        if amount:
            yield *head, line, "principal", sign * amount, *tail
    for part, amount in (("charges", settlement.charges), ("discount", settlement.discount)):
        if amount:
            yield *head, None, part, sign * amount, *tail


def _credit(batch: Batch, *, taken: bool) -> Iterator[raw.Row]:
    for n, change, found in batch.each():
        for lot, more in found.lots:
            if (more < 0) is taken:
                payment = batch.payment(n, lot.source)
                yield change.loaded.contract_id, payment, more, lot.paid_at, batch.at, batch.author


# -- invoices -------------------------------------------------------------------------------------------------------


def _agreements(batch: Batch) -> None:
    made = [(n, c, a) for n, c, found in batch.each() for a in found.new("agreements")]
    raw.insert(
        "agreement",
        ("id", "provider_id", "contract_id", "external_id", "made_at", "first_instalment_id", "author"),
        (
            (batch.key(n, a), c.loaded.provider_id, c.loaded.contract_id, a.id, a.made_at,
             batch.invoice(n, a.first_instalment), batch.author)
            for n, c, a in made
        ),
    )  # fmt: skip
    raw.insert(
        "agreement_invoice",
        ("agreement_id", "invoice_id", "position"),
        (
            (batch.key(n, a), batch.invoice(n, name), place)
            for n, _, a in made
            for place, name in enumerate(a.invoices)
        ),
    )


def _new_invoices(batch: Batch) -> None:
    new = [(n, c, i) for n, c, found in batch.each() for i in found.new("invoices")]
    columns = ("id", "provider_id", "contract_id", "subscriber_id", "external_id", "issued_at", "reference",
               "fiscal_document", *_STATE)  # fmt: skip
    raw.insert(
        "invoice",
        columns,
        (
            (batch.key(n, i), c.loaded.provider_id, c.loaded.contract_id, c.loaded.subscriber_id, i.id, i.issued_at,
             i.reference, "", *_state(batch, n, c, i))
            for n, c, i in new
        ),
    )  # fmt: skip
    raw.insert(
        "invoice_line",
        ("id", "invoice_id", "contract_id", "position", "amount", "suspendable", "shared", "description"),
        (row for n, c, i in new for row in _line_rows(batch, n, c, i)),
    )


def _line_rows(batch: Batch, n: int, change: Change, invoice: Invoice) -> Iterator[raw.Row]:
    billed = change.loaded.contract_id
    owners = change.beside.owners.get(invoice.id) or [billed] * len(invoice.lines)
    keys = batch.line_keys[n, id(invoice)]
    for place, (key, line, owner) in enumerate(zip(keys, invoice.lines, owners, strict=True)):
        if line.own is not (owner == billed):
            raise ValueError(f"invoice {invoice.id}: whose line {place} is must be said in `owners`")
        yield key, batch.key(n, invoice), owner, place, line.amount, line.suspendable, owner != billed, ""


_STATE = {
    "due_date": "date",
    "fine_pct": "int",
    "interest_pct_month": "int",
    "discount_amount": "bigint",
    "discount_until": "date",
    "closed": "text",
    "closed_at": "timestamptz",
    "reopened_at": "timestamptz",
    "spared": "boolean",
    "at_rest": "boolean",
    "waived": "bigint",
    "waived_fine": "bigint",
    "agreement_id": "bigint",
}


def _state(batch: Batch, n: int, change: Change, invoice: Invoice) -> raw.Row:
    discount = invoice.discount
    return (
        invoice.due_date,
        invoice.fine_pct,
        invoice.interest_pct_month,
        discount.amount if discount else None,
        discount.until if discount else None,
        invoice.closed.value if invoice.closed else None,
        invoice.closed_at,
        invoice.reopened_at,
        invoice.spared,
        change.rests(invoice),
        invoice.waived,
        invoice.waived_fine,
        _agreement_of(batch, n, change, invoice),
    )


def _agreement_of(batch: Batch, n: int, change: Change, invoice: Invoice) -> int | None:
    if invoice.agreement is None:
        return None
    made = next((a for a in change.after.agreements if a.id == invoice.agreement), None)
    if made is None:
        raise UnknownName(
            f"invoice {invoice.id} names agreement {invoice.agreement}, which the facts do not hold"
        )
    return batch.key(n, made)


def _changed_invoices(batch: Batch, lines: dict[int, list[int]]) -> None:
    changed = [(n, c, old, new) for n, c, found in batch.each() for old, new in found.changed("invoices")]
    raw.update("invoice", _STATE, [(new.key, *_state(batch, n, c, new)) for n, c, _, new in changed])
    if changed:
        charges.look_again([new.key for _, _, _, new in changed], batch.at)
    resized = [(old, new) for _, _, old, new in changed if old.lines != new.lines]
    if resized:
        _resize(batch, resized, lines)


def _resize(batch: Batch, resized: list[tuple[Invoice, Invoice]], lines: dict[int, list[int]]) -> None:
    """Other amounts on the same lines; each change is kept as an adjustment."""
    moved = [
        (key, now.amount, now.amount - was.amount)
        for old, new in resized
        for key, was, now in zip(lines[new.key or 0], old.lines, new.lines, strict=True)
        if was.amount != now.amount
    ]
    raw.update("invoice_line", {"amount": "bigint"}, [(key, amount) for key, amount, _ in moved])
    raw.insert(
        "adjustment",
        ("line_id", "amount", "at", "author"),
        ((key, more, batch.at, batch.author) for key, _, more in moved),
    )


def _disputes(batch: Batch) -> None:
    raw.insert(
        "dispute",
        ("id", "invoice_id", "filed_at", "amount", "answered_at", "upheld", "reason", "answer", "author"),
        (
            (
                batch.key(n, d),
                batch.key(n, i),
                d.filed_at,
                d.amount,
                d.answered_at,
                d.upheld,
                "",
                "",
                batch.author,
            )
            for n, _, found in batch.each()
            for i, d in found.filed
        ),
    )
    answered = [
        (new.key, new.answered_at, new.upheld)
        for _, _, found in batch.each()
        for _, new in found.disputes.changed
    ]
    raw.update("dispute", {"answered_at": "timestamptz", "upheld": "boolean"}, answered)
