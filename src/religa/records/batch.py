"""A batch being saved: the keys of what is new and of what is named."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from religa.domain.changing import replace
from religa.domain.facts import Facts, Invoice
from religa.records import difference, raw
from religa.records.changes import Change
from religa.records.difference import Difference

TABLES = {
    "invoices": "invoice",
    "payments": "payment",
    "notices": "notice",
    "suspensions": "suspension",
    "unlocks": "trust_unlock",
    "pay_windows": "pay_window",
    "agreements": "agreement",
    "holds": "hold",
    "enforcement_off": "enforcement_off",
    "operator_blocks": "operator_block",
    "pauses": "pause",
    "bars": "bar",
}
_SEQUENCES = {family: f"{table}_id_seq" for family, table in TABLES.items()}
SETTLEMENT = "settlement_number"


class UnknownName(LookupError):
    """A fact names an invoice or payment that the provider does not have."""


class Batch:
    def __init__(self, changes: Sequence[Change], at: datetime, author: str) -> None:
        self.changes, self.at, self.author = changes, at, author
        self.differences = [difference.between(c.loaded.facts, c.after) for c in changes]
        self._each = [(n, c, self.differences[n]) for n, c in enumerate(changes)]
        self.keys: dict[tuple[int, int], int] = {}
        self.line_keys: dict[tuple[int, int], list[int]] = {}
        self._invoices: dict[tuple[int, str], int] = {}
        self._payments: dict[tuple[int, str], int] = {}

    def each(self) -> list[tuple[int, Change, Difference]]:
        """Position, change and difference of every contract."""
        return self._each

    def prepare(self) -> None:
        self._number()
        self._resolve()

    # -- keys of what is new ------------------------------------------------------------------------------------

    def key(self, n: int, fact: Any) -> int:
        """The key of a fact, old or new."""
        number: int = self.keys[n, id(fact)] if fact.key is None else fact.key
        return number

    def _number(self) -> None:
        waiting: list[tuple[str, int, Any]] = []
        for n, _, found in self.each():
            for family, changed in found.families.items():
                waiting += [(_SEQUENCES[family], n, fact) for fact in changed.new]
            waiting += [("dispute_id_seq", n, d) for _, d in found.filed]
            waiting += [(SETTLEMENT, n, s) for _, s in found.settled]
            if found.guard and found.guard[1] is not None and found.guard[1].key is None:
                waiting.append(("block_candidate_id_seq", n, found.guard[1]))
        wanted = Counter(sequence for sequence, _, _ in waiting)
        wanted["invoice_line_id_seq"] = sum(self._new_lines(found) for found in self.differences)
        numbers = {sequence: iter(found) for sequence, found in raw.numbers(wanted).items()}
        for sequence, n, fact in waiting:
            self.keys[n, id(fact)] = next(numbers[sequence])
        for n, _, found in self.each():
            for invoice in found.new("invoices"):
                self.line_keys[n, id(invoice)] = [next(numbers["invoice_line_id_seq"]) for _ in invoice.lines]

    @staticmethod
    def _new_lines(found: Difference) -> int:
        return sum(len(invoice.lines) for invoice in found.new("invoices"))

    # -- keys of what is named ----------------------------------------------------------------------------------

    def invoice(self, n: int, name: str) -> int:
        return self._named(self._invoices, n, name, "invoice")

    def payment(self, n: int, name: str) -> int:
        return self._named(self._payments, n, name, "payment")

    def _named(self, known: dict[tuple[int, str], int], n: int, name: str, what: str) -> int:
        provider = self.changes[n].loaded.provider_id
        try:
            return known[provider, name]
        except KeyError:
            raise UnknownName(f"provider {provider} has no {what} {name!r}") from None

    def _resolve(self) -> None:
        """What the facts at hand do not know by key is looked up, in one query per table."""
        each = [(n, c.loaded.provider_id, c.after, found) for n, c, found in self.each()]
        self._invoices = {(p, i.id): self.key(n, i) for n, p, after, _ in each for i in after.invoices}
        self._payments = {(p, m.id): self.key(n, m) for n, p, after, _ in each for m in after.payments}
        invoices = {(p, name) for _, p, _, found in each for name in _invoices_named(found)}
        payments = {(p, name) for _, p, _, found in each for name in _payments_named(found)}
        self._look_up("invoice", self._invoices, invoices)
        self._look_up("payment", self._payments, payments)

    @staticmethod
    def _look_up(table: str, known: dict[tuple[int, str], int], wanted: set[tuple[int, str]]) -> None:
        missing = [which for which in wanted if which not in known]
        if missing:
            query = (
                f"SELECT t.provider_id, t.external_id, t.id FROM {table} t JOIN unnest(%s::bigint[], %s::text[])"
                " AS w(provider, name) ON t.provider_id = w.provider AND t.external_id = w.name"
            )
            for provider, name, key in raw.rows(query, [[p for p, _ in missing], [x for _, x in missing]]):
                known[provider, name] = key

    # -- the facts with their keys ------------------------------------------------------------------------------

    def keyed(self, n: int) -> Facts:
        """The facts that were saved, each with its key."""
        found, facts = self.differences[n], self.changes[n].after
        changes: dict[str, Any] = {}
        for family, changed in found.families.items():
            if family == "invoices":
                changes[family] = tuple(self._keyed_invoice(n, i) for i in facts.invoices)
            elif changed.new:
                changes[family] = tuple(self._keyed(n, fact) for fact in getattr(facts, family))
        if found.guard and found.guard[1] is not None:
            changes["guard_hold"] = self._keyed(n, found.guard[1])
        return replace(facts, **changes) if changes else facts

    def _keyed(self, n: int, fact: Any) -> Any:
        number = self.keys.get((n, id(fact)))
        return fact if number is None else replace(fact, key=number)

    def _keyed_invoice(self, n: int, invoice: Invoice) -> Invoice:
        settlements = tuple(self._keyed(n, s) for s in invoice.settlements)
        disputes = tuple(self._keyed(n, d) for d in invoice.disputes)
        if settlements != invoice.settlements or disputes != invoice.disputes:
            number = self.key(n, invoice)
            return replace(invoice, settlements=settlements, disputes=disputes, key=number)
        return self._keyed(n, invoice)  # type: ignore[no-any-return]


def _invoices_named(found: Difference) -> Iterator[str]:
    for notice in found.new("notices"):
        yield from notice.invoices
    for suspension in (*found.new("suspensions"), *(new for _, new in found.changed("suspensions"))):
        yield from suspension.invoices
    for unlock in found.new("unlocks"):
        yield from (name for name, _ in unlock.covers)
    for agreement in found.new("agreements"):
        yield from (*agreement.invoices, agreement.first_instalment)


def _payments_named(found: Difference) -> Iterator[str]:
    yield from (s.source for _, s in (*found.settled, *found.undone))
    yield from (lot.source for lot, _ in found.lots)
