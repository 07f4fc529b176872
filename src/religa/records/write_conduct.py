"""Writes messages, blocks, trust, periods, the guard's holds and the contract's own columns."""

from __future__ import annotations

from collections.abc import Iterator

from religa.domain.facts import GuardHold, Suspension
from religa.records import raw
from religa.records.batch import Batch
from religa.records.difference import PERIODS

_PERIOD_TABLES = {
    "holds": "hold",
    "enforcement_off": "enforcement_off",
    "operator_blocks": "operator_block",
    "pauses": "pause",
    "bars": "bar",
}


def write(batch: Batch) -> None:
    _contracts(batch)
    _notices(batch)
    _suspensions(batch)
    _unlocks(batch)
    _pay_windows(batch)
    for family in PERIODS:
        _periods(batch, family, _PERIOD_TABLES[family])
    _guard(batch)
    _reductions(batch)


def _contracts(batch: Batch) -> None:
    columns = {
        "since": "date",
        "segment": "text",
        "holder_since": "timestamptz",
        "terminated_at": "timestamptz",
    }
    changed = [
        (
            c.loaded.contract_id,
            c.after.since,
            c.after.segment.value,
            c.after.holder_since,
            c.after.terminated_at,
        )
        for _, c, found in batch.each()
        if found.contract
    ]
    raw.update("contract", columns, changed)


def _notices(batch: Batch) -> None:
    new = [(n, c, notice) for n, c, found in batch.each() for notice in found.new("notices")]
    raw.insert(
        "notice",
        ("id", "contract_id", "kind", "sent_at", "opens_at", "offset_days", "automatic", "invoice_count", "author"),
        (
            (batch.key(n, x), c.loaded.contract_id, x.kind.value, x.sent_at, x.opens_at, x.offset, x.automatic,
             len(x.invoices), batch.author)
            for n, c, x in new
        ),
    )  # fmt: skip
    raw.insert(
        "notice_invoice",
        ("notice_id", "invoice_id", "position"),
        (
            (batch.key(n, x), batch.invoice(n, name), place)
            for n, _, x in new
            for place, name in enumerate(x.invoices)
        ),
    )
    evidence: list[raw.Row] = [
        (batch.key(n, x), at, state.value, "") for n, _, x in new for at, state in x.evidence
    ]
    evidence += [(x.key, at, s.value, "") for _, _, found in batch.each() for x, at, s in found.evidence]
    raw.insert("delivery_event", ("notice_id", "at", "evidence", "detail"), evidence)


# -- blocks ---------------------------------------------------------------------------------------------------------


def _suspensions(batch: Batch) -> None:
    ended = [
        (s.key, s.closed_at, s.why_closed)
        for _, _, found in batch.each()
        for _, s in found.changed("suspensions")
    ]
    raw.update("suspension", {"closed_at": "timestamptz", "why_closed": "text"}, ended)
    new = [(n, c, s) for n, c, found in batch.each() for s in found.new("suspensions")]
    raw.insert(
        "suspension",
        ("id", "contract_id", "opened_at", "late_at_opening", "imported", "closed_at", "why_closed", "author"),
        (
            (batch.key(n, s), c.loaded.contract_id, s.opened_at, s.late_at_opening, s.imported, s.closed_at,
             s.why_closed, batch.author)
            for n, c, s in new
        ),
    )  # fmt: skip
    raw.insert("suspension_invoice", ("suspension_id", "invoice_id", "position"), _suspension_invoices(batch))
    opened = [(c.loaded.contract_id, s.opened_at, batch.key(n, s)) for n, c, s in new if s.closed_at is None]
    _candidates_opened(opened)


def _suspension_invoices(batch: Batch) -> Iterator[raw.Row]:
    for n, _, found in batch.each():
        pairs: list[tuple[Suspension | None, Suspension]] = [(None, s) for s in found.new("suspensions")]
        for old, new in pairs + found.changed("suspensions"):
            known = old.invoices if old else ()
            for place, name in enumerate(new.invoices):
                if name not in known:
                    yield batch.key(n, new), batch.invoice(n, name), place


def _candidates_opened(opened: list[raw.Row]) -> None:
    """A first block that is opened leaves the guard's list, whoever opened it."""
    if opened:
        raw.run(
            "UPDATE block_candidate b SET state = 'opened', opened_at = v.at, suspension_id = v.suspension"
            " FROM unnest(%s::bigint[], %s::timestamptz[], %s::bigint[]) AS v(contract, at, suspension)"
            " WHERE b.contract_id = v.contract AND b.state IN ('proposed', 'checked', 'admitted', 'held')",
            [list(column) for column in zip(*opened, strict=True)],
        )


def _guard(batch: Batch) -> None:
    changed = [(n, c.loaded.contract_id, *found.guard) for n, c, found in batch.each() if found.guard]
    dropped = [contract for _, contract, _, now in changed if now is None]
    held = [(n, contract, now) for n, contract, _, now in changed if now is not None]
    if dropped:
        raw.run(
            "UPDATE block_candidate SET state = 'dropped', dropped_at = %s, dropped_why = 'no longer due'"
            " WHERE contract_id = ANY (%s) AND state IN ('proposed', 'checked', 'admitted', 'held')",
            [batch.at, dropped],
        )
    if held:
        _hold(batch, held)


def _hold(batch: Batch, held: list[tuple[int, int, GuardHold]]) -> None:
    rows = [
        (
            contract,
            "admitted" if h.approved_at else "held",
            h.since,
            h.reason,
            h.approved_at,
            _approver(batch, h),
        )
        for _, contract, h in held
    ]
    found = raw.rows(_HOLD, [list(column) for column in zip(*rows, strict=True)])
    known: dict[int, int] = dict(found)
    new = []
    for (n, contract, h), row in zip(held, rows, strict=True):
        if contract in known:
            batch.keys[n, id(h)] = known[contract]
        else:
            new.append((batch.key(n, h), *row, h.since, ""))
    columns = ("id", "contract_id", "state", "held_at", "held_reason", "approved_at", "approved_by", "proposed_at",
               "dropped_why")  # fmt: skip
    raw.insert("block_candidate", columns, new)


def _approver(batch: Batch, hold: GuardHold) -> str:
    return batch.author if hold.approved_at else ""


_HOLD = """
    UPDATE block_candidate b SET state = v.state, held_at = v.held_at, held_reason = v.reason,
           approved_at = v.approved_at, approved_by = v.approved_by
      FROM unnest(%s::bigint[], %s::text[], %s::timestamptz[], %s::text[], %s::timestamptz[], %s::text[])
           AS v(contract, state, held_at, reason, approved_at, approved_by)
     WHERE b.contract_id = v.contract AND b.state IN ('proposed', 'checked', 'admitted', 'held')
    RETURNING b.contract_id, b.id
"""


def _reductions(batch: Batch) -> None:
    changed = [(c.loaded.contract_id, *found.reduced) for _, c, found in batch.each() if found.reduced]
    ended = [contract for contract, was, _ in changed if was is not None]
    if ended:
        raw.run(
            "UPDATE reduction SET until = %s WHERE contract_id = ANY (%s) AND until IS NULL",
            [batch.at, ended],
        )
    raw.insert(
        "reduction",
        ("contract_id", "since", "author"),
        ((contract, now, batch.author) for contract, _, now in changed if now is not None),
    )


# -- trust ----------------------------------------------------------------------------------------------------------


def _unlocks(batch: Batch) -> None:
    """Ends first: a new unlock may begin where the old one was cut short."""
    columns = {
        "until": "timestamptz",
        "outcome": "text",
        "judged_at": "timestamptz",
        "warned_hours": "smallint",
    }
    ended = [
        (u.key, u.until, u.outcome.value if u.outcome else None, u.judged_at, u.warned_hours)
        for _, _, found in batch.each()
        for _, u in found.changed("unlocks")
    ]
    raw.update("trust_unlock", columns, ended)
    new = [(n, c, u) for n, c, found in batch.each() for u in found.new("unlocks")]
    names = ("id", "contract_id", "kind", "channel", "granted_at", "granted_until", "until", "receipt", "promise_date",
             "declaration", "outcome", "judged_at", "author")  # fmt: skip
    raw.insert(
        "trust_unlock",
        names,
        (
            (batch.key(n, u), c.loaded.contract_id, u.kind.value, u.channel.value, u.granted_at, u.until, u.until,
             u.receipt, u.promise_date, "", u.outcome.value if u.outcome else None, u.judged_at, batch.author)
            for n, c, u in new
        ),
    )  # fmt: skip
    raw.insert(
        "trust_unlock_invoice",
        ("trust_unlock_id", "invoice_id", "position", "amount"),
        (
            (batch.key(n, u), batch.invoice(n, name), place, amount)
            for n, _, u in new
            for place, (name, amount) in enumerate(u.covers)
        ),
    )
    raw.insert(
        "receipt_used",
        ("provider_id", "contract_id", "receipt", "at"),
        (
            (c.loaded.provider_id, c.loaded.contract_id, receipt, batch.at)
            for _, c, found in batch.each()
            for receipt in sorted(found.receipts)
        ),
    )


def _pay_windows(batch: Batch) -> None:
    raw.insert(
        "pay_window",
        ("id", "contract_id", "granted_at", "until", "author"),
        (
            (batch.key(n, w), c.loaded.contract_id, w.granted_at, w.until, batch.author)
            for n, c, found in batch.each()
            for w in found.new("pay_windows")
        ),
    )


def _periods(batch: Batch, family: str, table: str) -> None:
    ended = [(p.key, p.until, batch.author) for _, _, found in batch.each() for _, p in found.changed(family)]
    raw.update(table, {"until": "timestamptz", "ended_by": "text"}, ended)
    raw.insert(
        table,
        ("id", "contract_id", "since", "until", "reason", "author", "ended_by"),
        (
            (batch.key(n, p), c.loaded.contract_id, p.since, p.until, p.reason, batch.author, "")
            for n, c, found in batch.each()
            for p in found.new(family)
        ),
    )
