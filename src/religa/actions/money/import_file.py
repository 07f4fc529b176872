"""Brings a bank's return file into the books: each record once, whatever file it comes in, and however often.

In parts of a thousand records, each a transaction of its own (docs/decisions/0011): an import that was killed goes on
when the same file is read again, and what had landed has no effect.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import InterfaceError, OperationalError, transaction

from religa.actions.money import cases, file_accounts, file_records
from religa.actions.money.cases import Case
from religa.actions.money.file_accounts import Found, NoAccount
from religa.ports.bank_files import BankFile, BankRecord, Note
from religa.records import accounts, bank_files, collecting
from religa.records.accounts import Account
from religa.records.bank_files import Registered

logger = logging.getLogger(__name__)
_PART = 1_000  # records in a transaction: more does not go faster, and its contracts wait meanwhile
_LISTED = 50  # problems kept in words


@dataclass(frozen=True, slots=True)
class Failed:
    """A record that could not be booked, and was set aside with a case."""

    line: int
    why: str


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of a file's records: how many, and for `paid`, centavos by the same words. `seen_before`: read with
    another file, or landed another way. `assumed`: the header names no account. `resumed`: it had been begun before.
    """

    file_id: int
    account: str
    records: int
    credited: int
    seen_before: int
    unidentified: int
    noted: int
    failed: int
    paid: dict[str, int]
    failures: tuple[Failed, ...] = ()
    notes: tuple[Note, ...] = ()
    assumed: bool = False
    resumed: bool = False


@dataclass(frozen=True, slots=True)
class AlreadyRead:
    """These very octets have been read; nothing was changed."""

    file: Registered


Outcome = Imported | AlreadyRead | NoAccount
_Part = Sequence[BankRecord]


def import_file(
    file: BankFile,
    *,
    provider_id: int,
    name: str,
    author: str,
    at: datetime,
    advance: Callable[[int], None] = lambda done: None,
    pool: Executor | None = None,
) -> Outcome:
    """Reads a file into the books. `name`: of the file, for people; `advance` hears how many records are done.

    `pool`: of processes (or threads) with connections of their own, where a large file is to be read faster.
    A file some of whose records failed is tried again with these; any other is read once.
    """
    there = bank_files.registered(provider_id, file.sha256)
    if there is not None and _is_done(there):
        return AlreadyRead(there)
    found = file_accounts.find(provider_id, file)
    if isinstance(found, NoAccount):
        return found
    kept, _ = bank_files.register(found.account, file, name=name, author=author, at=at)
    failures = _read(found.account, kept.id, file, at, advance, pool)
    return _finish(found, kept.id, file, failures, at, resumed=there is not None)


def _is_done(file: Registered) -> bool:
    return file.finished_at is not None and not file.counts.get("failed")


def _read(
    account: Account,
    file_id: int,
    file: BankFile,
    at: datetime,
    advance: Callable[[int], None],
    pool: Executor | None,
) -> list[Failed]:
    lanes, failures, done = _lanes(file.records), list[Failed](), 0
    if pool is None:
        one_by_one = (part for lane in lanes for part in lane)
        steps = ((part, _part(account, file_id, part, at)) for part in one_by_one)
    else:
        steps = _together(pool, lanes, lambda part: (_part, account, file_id, part, at))
    for part, failed in steps:
        failures += failed
        done += len(part)
        advance(done)
    return sorted(failures, key=lambda f: f.line)


def _lanes(records: Sequence[BankRecord]) -> list[list[_Part]]:
    """Lanes that may be worked on at once, each in parts. Records of one title follow each other, in their order."""
    by_title: dict[str, list[BankRecord]] = defaultdict(list)
    for record in records:
        by_title[record.nosso_numero].append(record)
    lanes: list[list[BankRecord]] = [[] for _ in range(bank_files.LANES)]
    for title, together in by_title.items():
        lanes[bank_files.lane_of(title)] += together
    return [[lane[n : n + _PART] for n in range(0, len(lane), _PART)] for lane in lanes]


def _together(
    pool: Executor, lanes: Sequence[Sequence[_Part]], call: Callable[[_Part], tuple[Any, ...]]
) -> Generator[tuple[_Part, list[Failed]]]:
    """One part of each lane at a time."""
    waiting = [iter(lane) for lane in lanes]
    running: dict[Future[list[Failed]], tuple[int, _Part]] = {}
    free = list(range(len(lanes)))
    while free or running:
        for lane in free:
            if (part := next(waiting[lane], None)) is not None:
                running[pool.submit(*call(part))] = (lane, part)
        done, _ = wait(running, return_when=FIRST_COMPLETED)
        over = [(running.pop(future), future.result()) for future in done]
        free = [lane for (lane, _), _ in over]
        yield from ((part, failed) for (_, part), failed in over)


def _part(account: Account, file_id: int, records: _Part, at: datetime) -> list[Failed]:
    """All in one transaction; if that fails, in halves, so that one bad record keeps no other back."""
    try:
        with transaction.atomic(), collecting.paused():
            bank_files.take_lane(account, bank_files.lane_of(records[0].nosso_numero))
            there = bank_files.keys_there(account, records)
            fresh = [r for r in records if str(r.key) not in there]
            file_records.book(account, file_id, fresh, at=at)
            return []
    except (OperationalError, InterfaceError):
        raise  # the database, not a record
    except Exception as problem:
        if len(records) > 1:
            half = len(records) // 2
            return _part(account, file_id, records[:half], at) + _part(account, file_id, records[half:], at)
        logger.exception("line %s of bank file %s could not be booked", records[0].line, file_id)
        return [_set_aside(account, file_id, records[0], problem, at)]


def _subject(file_id: int, line: int) -> str:
    return f"bank file {file_id}, line {line}"


def _set_aside(
    account: Account, file_id: int, record: BankRecord, problem: Exception, at: datetime
) -> Failed:
    why = f"{type(problem).__name__}: {problem}"[:300]
    case = Case(
        "event_failed",
        _subject(file_id, record.line),
        account=account.id,
        amount=record.amount_paid,
        detail=f"title {record.nosso_numero}, occurrence {record.occurrence}: {why}",
    )
    with transaction.atomic():
        cases.open_cases(account.provider_id, [case], at)
    return Failed(record.line, why)


# -- the end of a file ----------------------------------------------------------------------------------------------


def _finish(
    found: Found, file_id: int, file: BankFile, failures: Sequence[Failed], at: datetime, *, resumed: bool
) -> Imported:
    with transaction.atomic():
        totals = bank_files.totals(file_id)
        counts = {result: number for result, (number, _) in totals.items()}
        elsewhere = len(file.records) - sum(counts.values()) - len(failures)
        done = Imported(
            file_id=file_id,
            account=found.account.name,
            records=len(file.records),
            credited=counts.get("credited", 0),
            seen_before=counts.get("seen_before", 0) + elsewhere,
            unidentified=counts.get("unidentified", 0),
            noted=counts.get("noted", 0),
            failed=len(failures),
            paid={result: paid for result, (_, paid) in totals.items()},
            failures=tuple(failures[:_LISTED]),
            notes=file.notes[:_LISTED],
            assumed=found.assumed,
            resumed=resumed,
        )
        bank_files.finish(file_id, _kept(done), at)
        accounts.heard_by_file(found.account, generated_on=file.header.generated_on, at=at)
        if resumed:
            _close_cases(found.account, file_id, file, failures, at)
    return done


def _kept(done: Imported) -> dict[str, object]:
    names = ("credited", "seen_before", "unidentified", "noted", "failed", "paid", "assumed")
    kept: dict[str, object] = {name: getattr(done, name) for name in names}
    kept["failures"] = [[f.line, f.why] for f in done.failures]
    kept["notes"] = [[n.line, n.kind.value] for n in done.notes]
    return kept


def _close_cases(
    account: Account, file_id: int, file: BankFile, failures: Sequence[Failed], at: datetime
) -> None:
    """What failed before and has been booked now."""
    still = {failure.line for failure in failures}
    subjects = [_subject(file_id, r.line) for r in file.records if r.line not in still]
    cases.close_cases(
        account.provider_id, "event_failed", subjects, resolution="tried_again", at=at, author=account.name
    )
