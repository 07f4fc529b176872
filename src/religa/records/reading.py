"""The queries behind `records/facts.py`: each reads one table for a batch and sorts its rows by contract."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from operator import itemgetter
from typing import Any

from religa.domain.evidence import of_notice
from religa.domain.facts import (
    Agreement,
    Channel,
    Closed,
    Discount,
    Dispute,
    Evidence,
    Invoice,
    Line,
    Lot,
    Method,
    Notice,
    NoticeKind,
    Outcome,
    Payment,
    PayWindow,
    Period,
    Settlement,
    Suspension,
    TrustUnlock,
    UnlockKind,
)
from religa.records import raw, statements
from religa.records.loaded import Ask

_UNLOCKS_NAME_INVOICES_FOR = timedelta(days=200)
_SUSPENSIONS_FOR = timedelta(days=400)
_LINE = 17  # the column at which a line stands beside its invoice


def _by_value(words: Any) -> dict[str | None, Any]:
    return {word.value: word for word in words}


_METHODS, _EVIDENCE, _NOTICE_KINDS = _by_value(Method), _by_value(Evidence), _by_value(NoticeKind)
_UNLOCK_KINDS, _CHANNELS = _by_value(UnlockKind), _by_value(Channel)
_OUTCOMES = _by_value(Outcome) | {None: None}
_CLOSED = _by_value(Closed) | {None: None}


class Reading:
    """One batch being read. `read()` asks the tables in the order in which one names rows of the next.

    `empty`: families (`statements.FAMILIES`) that are known to hold nothing of the batch, and are not asked. `few`: it
    pays to ask first whether there is something.
    """

    def __init__(
        self,
        contracts: list[int],
        at: datetime,
        ask: Ask,
        *,
        few: bool = False,
        empty: frozenset[str] = frozenset(),
    ) -> None:
        self.few, self.empty = few, empty
        self.settled = self.disputed = True
        self.contracts, self.at, self.ask = frozenset(contracts), at, ask
        self.ids = raw.ids(contracts)
        self.found: dict[str, dict[int, list[Any]]] = defaultdict(lambda: defaultdict(list))
        self.named: set[int] = set()
        self.seen_by: dict[int, list[int]] = {}
        self.names: dict[int, str] = {}
        self.payments_named: set[int] = set()
        self.receipts: frozenset[str] = frozenset()

    def read(self) -> None:
        if not self.contracts:
            return
        for name, family in (
            ("unlocks", self._unlocks), ("suspensions", self._suspensions), ("agreements", self._agreements),
            ("periods", self._periods), ("receipts", self._receipts),
        ):  # fmt: skip
            if name not in self.empty:
                family()
        invoices = self._invoice_rows()
        if invoices:
            self._invoices(invoices)
            self._notices()
        if "lots" not in self.empty:
            self._lots()
        self._payments()

    def _rows(self, statement: str, parameters: Sequence[Any] | Mapping[str, Any]) -> list[raw.Row]:
        return raw.rows(statements.of_few(statement) if self.few else statement, parameters)

    def facts_of(self, contract: int) -> dict[str, Any]:
        """The tuples of one contract, as `Facts` takes them."""
        kept = {family: tuple(of[contract]) for family, of in self.found.items() if contract in of}
        own = {u.receipt for u in kept.get("unlocks", ()) if u.receipt}
        return {**kept, "receipts_used": self.receipts | own if own else self.receipts}

    # -- what names invoices ------------------------------------------------------------------------------------

    def _unlocks(self) -> None:
        recent = self.at - _UNLOCKS_NAME_INVOICES_FOR
        for (
            key,
            contract,
            kind,
            channel,
            granted,
            until,
            receipt,
            promise,
            outcome,
            judged,
            warned,
            *covers,
        ) in self._rows(statements.UNLOCKS, [self.ids]):
            names, amounts, invoices = (column or () for column in covers)
            if invoices and granted > recent:
                self.named.update(invoices)
            self.found["unlocks"][contract].append(
                TrustUnlock(
                    _UNLOCK_KINDS[kind], _CHANNELS[channel], granted, until, tuple(zip(names, amounts, strict=True)),
                    receipt, promise, _OUTCOMES[outcome], judged, key, warned,
                )
            )  # fmt: skip

    def _suspensions(self) -> None:
        since = (
            datetime.min.replace(tzinfo=self.at.tzinfo) if self.ask.everything else self.at - _SUSPENSIONS_FOR
        )
        parameters = {"contracts": self.ids, "since": since}
        for key, contract, opened, late, closed, why, imported, names, invoices in self._rows(
            statements.SUSPENSIONS, parameters
        ):
            if closed is None:
                self.named.update(invoices or ())
            self.found["suspensions"][contract].append(
                Suspension(opened, tuple(names or ()), late, closed, why, imported, key)
            )

    def _agreements(self) -> None:
        for key, contract, name, made, first, first_key, names, invoices in self._rows(
            statements.AGREEMENTS, [self.ids]
        ):
            self.named.update((first_key, *(invoices or ())))
            self.found["agreements"][contract].append(Agreement(name, made, tuple(names or ()), first, key))

    # -- what names nothing -------------------------------------------------------------------------------------

    def _periods(self) -> None:
        for family, contract, key, since, until, reason in self._rows(
            statements.PERIODS, {"contracts": self.ids}
        ):
            fact = (
                PayWindow(since, until, key) if family == "pay_windows" else Period(since, until, reason, key)
            )
            self.found[family][contract].append(fact)

    def _receipts(self) -> None:
        if self.ask.receipts:
            found = self._rows(statements.RECEIPTS, [list(self.ask.receipts), self.ids])
            self.receipts = frozenset(receipt for (receipt,) in found)

    # -- invoices -----------------------------------------------------------------------------------------------

    def _invoice_rows(self) -> list[raw.Row]:
        if not (self.ask.everything or self.ask.invoices or self.ask.payments):
            return self._live_invoice_rows()
        return self._rows(
            self._asking(statements.INVOICES),
            {
                "contracts": self.ids,
                "named": raw.ids(self.named),
                "all": self.ask.everything,
                "asked": list(self.ask.invoices),
                "paid_by": list(self.ask.payments),
            },
        )

    def _live_invoice_rows(self) -> list[raw.Row]:
        """Those that are not at rest, also where the contract only has a line, and those that something names."""
        live = self._rows(self._asking(statements.LIVE_INVOICES), [self.ids])
        none_shared = "shared" in self.empty
        shared = set() if none_shared else {i for (i,) in self._rows(statements.SHARED_INVOICES, [self.ids])}
        others = (self.named | shared) - {row[0] for row in live}
        if not others:
            return live
        statement = self._asking(statements.INVOICES_BY_KEY)
        found = self._rows(statement, [raw.ids(others), raw.ids(self.named)])
        return sorted([*live, *found], key=itemgetter(0))

    def _asking(self, statement: str) -> str:
        return statements.with_lines(statement) if self.few else statement

    def _invoices(self, rows: list[raw.Row]) -> None:
        """From rows of invoices; those of a few have their lines beside them."""
        keys = list(dict.fromkeys(row[0] for row in rows))
        lines, places = self._lines(self._beside(rows) if self.few else self._line_rows(keys))
        settlements = self._settlements(keys, places) if self.settled else {}
        disputes = self._disputes(keys) if self.disputed else {}
        mine = self.contracts
        for row in {row[0]: row[:_LINE] for row in rows}.values():
            key, billed, self.names[key] = row[0], row[1], row[2]
            own = lines.get(key, [])
            seers = {billed, *(owner for owner, _, _ in own)} & mine
            self.seen_by[key] = sorted(seers) if len(seers) > 1 else list(seers)
            for contract in self.seen_by[key]:
                self.found["invoices"][contract].append(
                    _invoice(
                        row,
                        tuple(
                            Line(amount, suspendable, owner == contract) for owner, amount, suspendable in own
                        ),
                        tuple(settlements.get(key, ())),
                        tuple(disputes.get(key, ())),
                        billed_here=billed == contract,
                    )
                )

    def _beside(self, rows: list[raw.Row]) -> list[raw.Row]:
        """The lines that stand beside invoices, which also say whether anything was paid or contested."""
        self.settled, self.disputed = any(row[-2] for row in rows), any(row[-1] for row in rows)
        return [(row[_LINE], row[0], *row[_LINE + 1 : -2]) for row in rows if row[_LINE] is not None]

    def _line_rows(self, invoices: list[int]) -> list[raw.Row]:
        return self._rows(statements.INVOICE_LINES, [raw.ids(invoices)])

    def _lines(self, rows: list[raw.Row]) -> tuple[dict[int, list[raw.Row]], dict[int, tuple[int, int]]]:
        """Lines by invoice, and where each line stands: (invoice, place)."""
        lines: dict[int, list[raw.Row]] = defaultdict(list)
        places: dict[int, tuple[int, int]] = {}
        for key, invoice, owner, amount, suspendable in rows:
            of_invoice = lines[invoice]
            places[key] = (invoice, len(of_invoice))
            of_invoice.append((owner, amount, suspendable))
        self.line_count = {invoice: len(of) for invoice, of in lines.items()}
        return lines, places

    def _settlements(
        self, invoices: list[int], places: dict[int, tuple[int, int]]
    ) -> dict[int, list[Settlement]]:
        parts: dict[tuple[int, int], dict[str, Any]] = {}
        for invoice, number, payment, name, known, paid_at, paid_on, part, line, amount in self._rows(
            statements.SETTLEMENTS, [raw.ids(invoices)]
        ):
            one = parts.setdefault(
                (invoice, number),
                {
                    "head": (name, known, paid_at, paid_on),
                    "lines": [0] * self.line_count[invoice],
                    "part": {},
                },
            )
            self.payments_named.add(payment)
            if line is None:
                one["part"][part] = amount
            else:
                one["lines"][places[line][1]] = amount
        found: dict[int, list[Settlement]] = defaultdict(list)
        for (invoice, number), one in parts.items():
            charges, discount = one["part"].get("charges", 0), one["part"].get("discount", 0)
            name, known, paid_at, paid_on = one["head"]
            found[invoice].append(
                Settlement(name, known, paid_at, paid_on, tuple(one["lines"]), charges, discount, number)
            )
        return found

    def _disputes(self, invoices: list[int]) -> dict[int, list[Dispute]]:
        found: dict[int, list[Dispute]] = defaultdict(list)
        for key, invoice, filed, amount, answered, upheld in self._rows(
            statements.DISPUTES, [raw.ids(invoices)]
        ):
            found[invoice].append(Dispute(filed, amount, answered, upheld, key))
        return found

    # -- what invoices name -------------------------------------------------------------------------------------

    def _notices(self) -> None:
        """Notices that name a loaded invoice; they speak to every contract that has a line on it."""
        rows: dict[int, raw.Row] = {}
        named: dict[int, list[int]] = defaultdict(list)
        found, events = self._notice_rows()
        for row in found:
            rows[row[0]] = row
            named[row[0]].append(row[8])
        known: dict[int, list[tuple[int | None, datetime, Evidence]]] = defaultdict(list)
        for notice, message, at, state, *_ in events:
            known[notice].append((message, at, _EVIDENCE[state]))
        names = self._notice_names(rows, named)
        notices = self.found["notices"]
        for key, (_, _, kind, sent, opens, offset, automatic, _, _) in rows.items():
            fact = Notice(
                _NOTICE_KINDS[kind],
                names[key],
                sent,
                of_notice(known[key]) if key in known else (),
                opens,
                offset,
                automatic,
                key,
            )
            for seen in self._seers(named[key]):
                notices[seen].append(fact)

    def _notice_rows(self) -> tuple[Iterable[raw.Row], Iterable[raw.Row]]:
        """Notices by the invoices that they name, and what is known of their messages."""
        if self.few:
            both = self._rows(statements.NOTICES_OF_FEW, [raw.ids(self.seen_by)])
            events = ((row[0], *row[9:]) for row in both if row[-1] is not None)
            return dict.fromkeys(row[:9] for row in both), dict.fromkeys(events)
        found = self._rows(statements.NOTICES, [raw.ids(self.seen_by)])
        notices = {row[0] for row in found}
        return found, self._rows(statements.DELIVERIES, [raw.ids(notices)]) if notices else ()

    def _seers(self, invoices: list[int]) -> Iterable[int]:
        """The contracts to which a notice speaks: those that have a line on an invoice it names."""
        if len(invoices) == 1:
            return self.seen_by[invoices[0]]
        return {seen for invoice in invoices for seen in self.seen_by[invoice]}

    def _notice_names(
        self, rows: dict[int, raw.Row], named: dict[int, list[int]]
    ) -> dict[int, tuple[str, ...]]:
        """The invoices of each notice by name; only notices that also name others need a look."""
        partly = [key for key, row in rows.items() if len(named[key]) < row[7]]
        looked_up: dict[int, list[str]] = defaultdict(list)
        if partly:
            for key, name in self._rows(statements.NOTICE_NAMES, [raw.ids(partly)]):
                looked_up[key].append(name)
        known = {key: tuple(self.names[i] for i in invoices) for key, invoices in named.items()}
        return known | {key: tuple(names) for key, names in looked_up.items()}

    def _lots(self) -> None:
        for contract, payment, name, paid_at, amount in self._rows(statements.LOTS, [self.ids]):
            self.payments_named.add(payment)
            self.found["lots"][contract].append(Lot(name, paid_at, amount))

    def _payments(self) -> None:
        asked = bool(self.ask.everything or self.ask.payments)
        if not (self.payments_named or asked):
            return
        parameters = {
            "named": raw.ids(self.payments_named),
            "contracts": self.ids,
            "all": self.ask.everything,
            "asked": list(self.ask.payments),
        }
        for key, contract, name, known, paid, amount, method, reversed_at in self._rows(
            statements.PAYMENTS, parameters
        ):
            fact = Payment(name, known, paid, amount, _METHODS[method], reversed_at, key)
            self.found["payments"][contract].append(fact)


def _invoice(
    row: raw.Row,
    lines: tuple[Line, ...],
    settlements: tuple[Settlement, ...],
    disputes: tuple[Dispute, ...],
    *,
    billed_here: bool,
) -> Invoice:
    (
        key,
        _,
        name,
        issued,
        due,
        reference,
        fine,
        interest,
        off,
        off_until,
        closed,
        closed_at,
        reopened,
        spared,
        agreed,
        *waived,
    ) = row
    discount = None if off_until is None else Discount(off, off_until)
    return Invoice(
        name, issued, due, lines, reference, fine, interest, discount, settlements, disputes,
        _CLOSED[closed], closed_at, reopened, spared, agreed, key, billed_here, *waived,
    )  # fmt: skip
