"""One import from open files to a report: read, look, write, decide. One transaction; a trial takes it all back.

What is slow and harmless (reading, looking) comes before the locks; nothing is locked that does not change.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import BinaryIO, Protocol

from django.db import transaction

from religa.actions.importing import (
    checks,
    columns,
    csv_text,
    cutover,
    deeds_of_old,
    history,
    invoices,
    ledgers,
    payments,
    people,
    providers,
    resolve,
    staging,
    touched,
)
from religa.actions.importing.cells import Reader
from religa.actions.importing.columns import Kind
from religa.actions.importing.csv_text import Dialect
from religa.actions.importing.cutover import CutOver
from religa.actions.importing.problems import Problem, Problems, Refused, What
from religa.actions.importing.rows import RowReader, Values
from religa.actions.importing.staging import Run, Staged
from religa.actions.importing.upsert import Counted
from religa.actions.money.look_again import look_again
from religa.records import locks, raw
from religa.records.models import ImportBatch, Provider

HOLD_SHARE = 10  # percent of contracts that may be led to a block before the guard must wait for a person
CANCEL_SHARE = (
    10  # percent of open invoices that a complete file may lack before it is taken for a broken one
)
_CANCEL_FLOOR = 20
_REPORT_EVERY = 1000
# Every provider has some: a file without any is a broken one. Nobody may be blocked today, or have paid yet.
_THINGS = (Kind.PLANS, Kind.SUBSCRIBERS, Kind.CONTRACTS, Kind.LOGINS, Kind.INVOICES)


@dataclass(frozen=True, slots=True)
class Source:
    """A file to import: its name as people know it, what it holds, its bytes (seekable)."""

    name: str
    kind: Kind
    stream: BinaryIO


class Step(StrEnum):
    READ = "read"
    LOOK = "look"
    WRITE = "write"
    DECIDE = "decide"


class Progress(Protocol):
    def step(self, step: Step, what: str, total: int) -> None:
        """A step begins; it is over when `total` is reached or the next one begins."""

    def advance(self, done: int) -> None:
        """So much of the step is done."""


class Outcome(StrEnum):
    REFUSED = "refused"
    TRIAL = "trial"
    APPLIED = "applied"


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody wants imported, and how. Shares are percent; `provider` is a CNPJ."""

    apply: bool = False
    complete: bool = False
    provider: str | None = None
    author: str = ""
    hold_share: float = HOLD_SHARE
    cancel_share: float = CANCEL_SHARE


@dataclass(slots=True)
class Report:
    """What an import found and did. With errors nothing was written, whatever was asked. `money_found`: payments of
    nobody that its invoices were for."""

    outcome: Outcome
    problems: Problems
    dialects: dict[str, Dialect] = field(default_factory=dict)
    counts: dict[Kind, Counted] = field(default_factory=dict)
    names: dict[Kind, str] = field(default_factory=dict)
    cut_over: CutOver = field(default_factory=CutOver)
    touched: int = 0
    risky: int = 0
    contracts: int = 0
    held: bool = False
    batch: int | None = None
    money_found: int = 0


class AnotherImport(RuntimeError):
    """Another import of the same provider is running."""


def import_files(sources: Sequence[Source], *, asked: Asked, at: datetime, progress: Progress) -> Report:
    """Reads all files, checks them together, and writes all of them or nothing. Raises `AnotherImport`."""
    report = Report(Outcome.REFUSED, Problems())
    with transaction.atomic():
        staging.prepare_session()
        provider = _import(sources, asked, at, progress, report)
        if report.outcome is not Outcome.APPLIED:
            transaction.set_rollback(True)
    if report.outcome is Outcome.REFUSED and asked.apply and provider is not None:
        _remember_refused(provider, sources, asked, at, report)
    if report.outcome is Outcome.APPLIED and Kind.INVOICES in report.counts and provider is not None:
        now = max(at, locks.database_now())  # reading and writing took their time
        report.money_found = look_again(at=now, provider_id=provider)
    return report


def _import(
    sources: Sequence[Source], asked: Asked, at: datetime, progress: Progress, report: Report
) -> int | None:
    try:
        provider, new = _provider(sources, asked, at, report)
    except Refused as refused:
        report.problems.add(refused.problem)
        return None
    known = providers.known(provider, at)
    if raw.rows("SELECT pg_try_advisory_xact_lock(hashtextextended('import', %s))", [known.key]) == [
        (False,)
    ]:
        raise AnotherImport
    run = Run(known.key, known.zone, at, known.fine_pct, known.interest_pct_month, asked.complete)
    run.problems = report.problems
    if _read(run, sources, report, progress):
        _look(run, asked, report, progress)
    if not report.problems.errors:
        _write(run, asked, report, progress)
    return None if new else known.key


def _provider(sources: Sequence[Source], asked: Asked, at: datetime, report: Report) -> tuple[Provider, bool]:
    """Whose files these are; a file may bring the provider itself (its zone is needed to read all others)."""
    own = [s for s in sources if s.kind is Kind.PROVIDER]
    new = False
    provider = None
    for source in own[:1]:
        reader = _reader(source, report, columns.readers_without_zone(at))
        rows = list(reader)
        if reader.broken is not None:
            raise reader.broken
        if len(rows) > 1 or len(own) > 1 or reader.count == 0:
            raise Refused(Problem(What.NO_PROVIDER, source.name))
        provider, new = providers.take_over(rows, reader.match.present)
        report.counts[Kind.PROVIDER] = Counted(rows=reader.count, new=int(new))
        if report.problems.errors:
            raise Refused(Problem(What.NO_PROVIDER, source.name))
    provider = provider or providers.named(asked.provider)
    if provider is None:
        raise Refused(Problem(What.NO_PROVIDER, ""))
    return provider, new


def _reader(source: Source, report: Report, readers: dict[str, Reader]) -> RowReader:
    opened = csv_text.open_csv(source.name, source.stream)
    report.dialects[source.name] = opened.dialect
    report.names[source.kind] = source.name
    for note in opened.notes:
        report.problems.add(note)
    return RowReader(opened, source.kind, readers, report.problems)


# -- reading --------------------------------------------------------------------------------------------------


def _read(run: Run, sources: Sequence[Source], report: Report, progress: Progress) -> bool:
    """Whether every file could be read to its end: only then can rows be called unknown."""
    staging.create()
    whole = True
    readers = columns.readers(run.zone, run.at)
    for source in sources:
        if source.kind is Kind.PROVIDER:
            continue
        if source.kind in run.files:
            report.problems.add(Problem(What.TWO_OF_A_KIND, source.name, more=run.files[source.kind].name))
            continue
        run.files[source.kind] = Staged(source.name, frozenset())
        try:
            _read_file(run, source, report, readers, progress)
        except Refused as refused:
            report.problems.add(refused.problem)
            whole = False
    return whole


def _read_file(
    run: Run, source: Source, report: Report, readers: dict[str, Reader], progress: Progress
) -> None:
    reader = _reader(source, report, readers)
    progress.step(Step.READ, source.name, reader.opened.lines)
    staging.fill(source.kind, _watched(reader, progress))
    staging.finish(source.kind, reader.spoilt)
    run.files[source.kind] = Staged(source.name, reader.match.present, reader.count)
    if reader.broken is not None:
        raise reader.broken
    if reader.count == 0:
        some = source.kind in _THINGS
        report.problems.add(Problem(What.NO_ROWS if some else What.NOTHING_TO_BRING, source.name))


def _watched(rows: RowReader, progress: Progress) -> Iterator[Values]:
    for row in rows:
        if row[0] % _REPORT_EVERY == 0:
            progress.advance(row[0])
        yield row


# -- looking --------------------------------------------------------------------------------------------------


def _look(run: Run, asked: Asked, report: Report, progress: Progress) -> None:
    steps: list[Callable[[Run], None]] = [checks.of_each_file, resolve.resolve, checks.of_all]
    _each(run, steps, Step.LOOK, progress)
    if report.problems.errors:
        return
    _each(run, [ledgers.look, invoices.look, payments.look, history.look, touched.look], Step.LOOK, progress)
    missing, open_ones = invoices.missing_of_complete(run)
    if missing > max(_CANCEL_FLOOR, open_ones * asked.cancel_share / 100):
        report.problems.add(
            Problem(What.CANCELS_TOO_MANY, run.name(Kind.INVOICES), more=f"{missing}/{open_ones}")
        )


def _each(run: Run, steps: Sequence[Callable[[Run], object]], step: Step, progress: Progress) -> None:
    progress.step(step, "", len(steps))
    for n, look in enumerate(steps, start=1):
        look(run)
        progress.advance(n)


# -- writing --------------------------------------------------------------------------------------------------

_WRITERS: tuple[tuple[Kind, Callable[[Run], Counted]], ...] = (
    (Kind.PLANS, people.write_plans),
    (Kind.SUBSCRIBERS, people.write_subscribers),
    (Kind.CONTRACTS, people.write_contracts),
    (Kind.LOGINS, people.write_logins),
    (Kind.INVOICES, invoices.write),
    (Kind.PAYMENTS, payments.write),
    (Kind.AGREEMENTS, history.count_agreements),
    (Kind.NOTICES, history.write_notices),
    (Kind.TRUST, history.write_trust),
    (Kind.HOLDS, history.write_holds),
)


def _write(run: Run, asked: Asked, report: Report, progress: Progress) -> None:
    batch = _new_batch(run, asked)
    run.batch = batch.pk
    if asked.apply:
        touched.lock()
        ledgers.look_again(run)
    for kind, write in _WRITERS:
        if kind in run.files:
            progress.step(Step.WRITE, run.name(kind), 1)
            counted = write(run)
            counted.rows = counted.rows or run.files[kind].rows
            report.counts[kind] = counted
            staging.take_statistics()
    _decide(run, asked, report, progress)
    ledgers.write_sightings(run)
    _finish(run, asked, report, batch)


def _decide(run: Run, asked: Asked, report: Report, progress: Progress) -> None:
    contracts = touched.contracts()
    progress.step(Step.DECIDE, "", len(contracts))
    judged = deeds_of_old.carry_out(run, contracts, keep=asked.apply, done=progress.advance)
    report.cut_over = cutover.of(judged)
    if Kind.SUSPENSIONS in run.files:
        new = [j.contract_id for j in judged if j.took_over]
        touched.took_over(new)
        report.counts[Kind.SUSPENSIONS] = Counted(run.files[Kind.SUSPENSIONS].rows, new=len(new))


def _new_batch(run: Run, asked: Asked) -> ImportBatch:
    return ImportBatch.objects.create(
        provider_id=run.provider,
        source="csv",
        files=[staged.name for staged in run.files.values()],
        started_at=run.at,
        author=asked.author,
    )


def _finish(run: Run, asked: Asked, report: Report, batch: ImportBatch) -> None:
    report.touched, report.risky, report.contracts = touched.share(run)
    report.held = report.risky > report.contracts * asked.hold_share / 100
    touched.mark(run)
    batch.state, batch.finished_at = "done", locks.database_now()
    batch.contracts_touched, batch.held = report.touched, report.held
    batch.counts = {kind.value: asdict(counted) for kind, counted in report.counts.items()}
    batch.counts["contracts"] = {"risky": report.risky, "all": report.contracts}
    batch.save()
    report.batch = batch.pk if asked.apply else None
    report.outcome = Outcome.APPLIED if asked.apply else Outcome.TRIAL


def _remember_refused(
    provider: int, sources: Sequence[Source], asked: Asked, at: datetime, report: Report
) -> None:
    ImportBatch.objects.create(
        provider_id=provider,
        source="csv",
        files=[source.name for source in sources],
        state="refused",
        started_at=at,
        finished_at=locks.database_now(),
        counts={"errors": report.problems.errors},
        author=asked.author,
    )
