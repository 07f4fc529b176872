"""What only the domain can judge of an import, contract by contract: changed and ended invoices, payments that must be
spread, credit that now finds a debt, blocks that already stand. Then the decision, written by the one way there is.

A dry run goes the same way up to the narrow row, which it leaves alone: nobody waits for a lock that a trial holds.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from religa.actions import evaluate_access
from religa.actions.evaluate_access import Judgement
from religa.actions.importing import payments
from religa.actions.importing.alongside import ForeignKeys
from religa.actions.importing.staging import Run
from religa.domain import access as deciding
from religa.domain import balance, deeds, dunning, invoicing, steps
from religa.domain.access import Decision
from religa.domain.facts import Facts, Method, Payment
from religa.domain.invoicing import Refused
from religa.domain.reasons import ClosedBecause, Refusal
from religa.domain.standing import Standing
from religa.records import calendars, facts, raw, writer
from religa.records.changes import NOTHING_BESIDE, Beside, PaymentDetails
from religa.records.loaded import Ask, Loaded

BATCH = 8000  # judging so many takes about as long as one foreign key of 300,000 rows (`alongside`)


@dataclass(frozen=True, slots=True)
class Block:
    """A block of the old system: since when, for which invoices (none: what was late), noticed on which day."""

    since: datetime
    invoices: tuple[str, ...]
    notice_on: date | None


@dataclass(frozen=True, slots=True)
class Agreed:
    """An agreement of the old system: which invoices it replaces by which instalments, the first one first."""

    id: str
    made_at: datetime
    invoices: tuple[str, ...]
    instalments: tuple[str, ...]


@dataclass(slots=True)
class Work:
    """What is to be done to one contract before it is decided."""

    resized: dict[str, dict[int, int]] = field(default_factory=dict)
    cancelled: list[str] = field(default_factory=list)
    paid: list[tuple[Payment, str | None]] = field(default_factory=list)
    details: dict[str, PaymentDetails] = field(default_factory=dict)
    agreed: list[Agreed] = field(default_factory=list)
    block: Block | None = None
    terminated_at: datetime | None = None

    def names(self) -> Iterator[str]:
        """Invoices to load whether or not they still matter."""
        yield from self.resized
        yield from self.cancelled
        yield from (invoice for _, invoice in self.paid if invoice)
        yield from (name for agreed in self.agreed for name in (*agreed.invoices, *agreed.instalments))
        yield from self.block.invoices if self.block else ()


@dataclass(frozen=True, slots=True)
class Judged:
    """One contract after the import. `took_over`: its block of the old system stands here from now on;
    `opens_because`: why it does not."""

    contract_id: int
    decision: Decision
    was_blocked: bool
    took_over: bool
    opens_because: StrEnum | None
    block_due: bool


def gather() -> dict[int, Work]:
    """Everything that waits for the domain, by contract."""
    found: dict[int, Work] = defaultdict(Work)
    for contract, name, position, amount in raw.rows(
        "SELECT contract_id, external_id, position, amount FROM x_resize"
    ):
        found[contract].resized.setdefault(name, {})[position] = amount
    for contract, name in raw.rows("SELECT contract_id, external_id FROM x_cancel ORDER BY external_id"):
        found[contract].cancelled.append(name)
    for contract, name, invoice, amount, method, paid_at, known_at, *kept in payments.waiting():
        found[contract].paid.append((Payment(name, known_at, paid_at, amount, Method(method)), invoice))
        charge, account, booked_on = kept
        found[contract].details[name] = PaymentDetails(charge=charge, account=account, booked_on=booked_on)
    for contract, name, made_at, invoices, instalments in raw.rows(_AGREED):
        found[contract].agreed.append(Agreed(name, made_at, tuple(invoices), tuple(instalments)))
    for contract, since, invoices, notice_on in raw.rows(
        "SELECT contract_id, since, invoices, notice_on FROM x_suspension"
    ):
        found[contract].block = Block(since, tuple(invoices or ()), notice_on)
    for contract, at in raw.rows(
        "SELECT id, terminated_at FROM x_contract"
        " WHERE old_id IS NOT NULL AND old_terminated_at IS NULL AND terminated_at IS NOT NULL"
    ):
        found[contract].terminated_at = at
    return found


_AGREED = """
    SELECT a.contract_id, a.external_id, a.made_at, a.invoices, array_agg(i.external_id ORDER BY i.due_date, i.line)
      FROM x_agreement a JOIN x_instalment i ON i.agreement = a.external_id
     WHERE a.old_id IS NULL GROUP BY 1, 2, 3, 4 ORDER BY a.made_at, a.external_id
"""


def carry_out(run: Run, contracts: Sequence[int], *, keep: bool, done: Callable[[int], None]) -> list[Judged]:
    """Does the waiting work of each contract and decides it. `keep` writes the decisions; a trial takes all back, and
    nothing is ever checked."""
    work = gather()
    found: dict[int, Judged] = {}
    changed: list[int] = []
    ordered = sorted(
        contracts, key=lambda contract: contract in work
    )  # where nothing waits, nothing is asked for
    with ForeignKeys() as keys:
        for start in range(0, len(ordered), BATCH):
            batch = ordered[start : start + BATCH]
            judged, touched = _batch(run, batch, work, keys if keep else None)
            found.update(judged)
            changed += touched
            done(start + len(batch))
    for contract, decision in _neighbours(run, changed, keep).items():
        if contract in found:
            found[contract] = replace(found[contract], decision=decision)
    return list(found.values())


def _batch(
    run: Run, batch: Sequence[int], work: dict[int, Work], keys: ForeignKeys | None
) -> tuple[dict[int, Judged], list[int]]:
    """`keys`: what may be checked meanwhile; None for a trial."""
    ask = Ask(invoices=tuple(sorted({name for c in batch if c in work for name in work[c].names()})))
    judgements, doings = [], {}
    everyone = facts.load(batch, run.at, ask=ask)
    if keys is not None:
        keys.check_meanwhile()
    for contract, loaded in everyone.items():
        doings[contract] = doing = _Doing(run, loaded, work.get(contract))
        judgements.append(Judgement(loaded, doing.facts, f"import {run.batch}", doing.beside))
    decisions = _decided(run, judgements, keep=keys is not None)
    judged = {
        contract: Judged(contract, decision, d.was_blocked, d.took_over, d.opens_because, due)
        for contract, (decision, due) in decisions.items()
        if (d := doings[contract])
    }
    return judged, [j.loaded.contract_id for j in judgements if j.after is not j.loaded.facts]


def _decided(run: Run, judgements: Sequence[Judgement], *, keep: bool) -> dict[int, tuple[Decision, bool]]:
    """Each contract's decision, and whether a first block would be proposed now (the guard then has its say)."""
    if keep:
        evaluated = evaluate_access.write(judgements, at=run.at, author=run.author)
        return {c: (e.decision, _block_is_due(e.standing, e.decision, run.at)) for c, e in evaluated.items()}
    saved = _saved(run, [j for j in judgements if j.after is not j.loaded.facts])
    found = {}
    for judgement in judgements:
        contract = judgement.loaded.contract_id
        known = saved.get(contract, judgement.loaded.facts)
        standing = evaluate_access.standing_of(judgement.loaded, run.at, known)
        decision = deciding.decide(standing, run.at)
        found[contract] = (decision, _block_is_due(standing, decision, run.at))
    return found


def _saved(run: Run, judgements: Sequence[Judgement]) -> Mapping[int, Facts]:
    """Facts in their tables, so that a trial finds what the real run would find; it is all taken back."""
    if not judgements:
        return {}
    changes = [
        writer.Change(j.loaded, j.after, calendars.of(j.loaded.place, run.at), j.beside) for j in judgements
    ]
    return writer.save_all(changes, at=run.at, author=run.author)


_QUIET = frozenset({"current", "terminated", "paused", "blocked", "locked"})


def _block_is_due(standing: Standing, decision: Decision, at: datetime) -> bool:
    if decision.status.value in _QUIET or standing.facts.open_suspension is not None:
        return False
    return standing.would_be_blocked(at)


def _neighbours(run: Run, changed: Sequence[int], keep: bool) -> dict[int, Decision]:
    """Contracts that share an invoice with one that was changed, decided once all are done."""
    if not changed:
        return {}
    query = """
        SELECT DISTINCT o.contract_id FROM invoice_line l JOIN invoice i ON i.id = l.invoice_id
          JOIN LATERAL (SELECT contract_id FROM invoice_line WHERE invoice_id = i.id
                        UNION SELECT i.contract_id) o ON true
         WHERE l.shared AND (l.contract_id = ANY (%(c)s) OR i.contract_id = ANY (%(c)s)) ORDER BY 1
    """
    beside = [contract for (contract,) in raw.rows(query, {"c": list(changed)})]
    again = [Judgement(o, o.facts, f"import {run.batch}") for o in facts.load(beside, run.at).values()]
    return {contract: decision for contract, (decision, _) in _decided(run, again, keep=keep).items()}


class _Doing:
    """One contract's work, done on its facts in memory."""

    def __init__(self, run: Run, loaded: Loaded, work: Work | None) -> None:
        self.run, self.loaded, self.facts = run, loaded, loaded.facts
        self.calendars = calendars.of(loaded.place, run.at)
        self.opens_because: StrEnum | None = None
        self.took_over = False
        self.beside = Beside(payments=work.details) if work is not None and work.details else NOTHING_BESIDE
        self.was_blocked = loaded.facts.open_suspension is not None
        if work is not None:
            self._money(work)
        if self.facts.lots and balance.total_open(self.facts):
            self.facts = balance.put_lots(self.calendars, loaded.policy, self.facts, at=run.at)
        if work is not None and work.block is not None:
            self.was_blocked = True
            self._block(work.block)
        if work is not None and work.terminated_at is not None:
            self._took(deeds.terminate(self._standing(), deeds.SUBSCRIBER, work.terminated_at))

    def _standing(self) -> Standing:
        return Standing(self.facts, self.loaded.policy, self.calendars)

    def _took(self, answer: Any) -> bool:
        """Goes on with the new facts; a no leaves them as they were."""
        if isinstance(answer, Facts):
            self.facts = answer
            return True
        return False

    def _money(self, work: Work) -> None:
        for name, amounts in work.resized.items():
            invoice = self.facts.invoice(name)
            if invoice is not None:
                wanted = [amounts.get(place, line.amount) for place, line in enumerate(invoice.lines)]
                self._took(invoicing.adjust_lines(self._standing(), name, wanted, self.run.at))
        for name in work.cancelled:
            self._took(invoicing.cancel(self._standing(), name, self.run.at))
        agreements = deque(work.agreed)
        for payment, invoice_paid in work.paid:
            while agreements and agreements[0].made_at < payment.paid_at:
                self._agree(agreements.popleft())
            first = (invoice_paid,) if invoice_paid else ()
            self._took(deeds.pay(self._standing(), payment, first=first))
        for agreed in agreements:
            self._agree(agreed)

    def _agree(self, agreed: Agreed) -> None:
        originals = [name for name in agreed.invoices if name not in agreed.instalments]
        self._took(
            invoicing.import_agreement(self.facts, agreed.id, originals, agreed.instalments, agreed.made_at)
        )

    def _block(self, block: Block) -> None:
        """Takes a block over if it would stand here; otherwise says why it opens."""
        if any(s.opened_at == block.since for s in self.facts.suspensions):
            return
        standing = self._standing()
        invoices = block.invoices or (*self._agreed_since(block.since), *self._late_at(standing, block.since))
        answer = deeds.import_suspension(standing, invoices, block.since, block.notice_on, self.run.at)
        if isinstance(answer, Refused):
            self.opens_because = self._why_refused(answer, invoices)
            return
        closing = steps.closing_step(Standing(answer, self.loaded.policy, self.calendars), self.run.at)
        if closing is not None:
            self.opens_because = closing.because
            return
        self.facts, self.took_over = answer, True

    @staticmethod
    def _late_at(standing: Standing, at: datetime) -> Iterator[str]:
        return (claim.invoice.id for claim in standing.late_suspendable(at))

    def _agreed_since(self, since: datetime) -> Iterator[str]:
        """What was late when the block began and was replaced by an agreement behind it."""
        for agreement in self.facts.agreements:
            for invoice in map(self.facts.invoice, agreement.invoices if agreement.made_at >= since else ()):
                if (
                    invoice is not None
                    and dunning.late_from(self.calendars, self.loaded.policy, invoice) <= since
                ):
                    yield invoice.id

    @staticmethod
    def _why_refused(answer: Refused, invoices: Sequence[str]) -> StrEnum | None:
        if answer.whys == (Refusal.ALREADY_SUSPENDED,):
            return None
        return answer.whys[0] if invoices else ClosedBecause.SETTLED
