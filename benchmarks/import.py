#!/usr/bin/env python3
"""How long an import takes: the files of `tools/make_import_sample.py` into a fresh database, then the same again.

    .venv/bin/python benchmarks/import.py                  100,000 subscribers with 300,000 invoices
    .venv/bin/python benchmarks/import.py --count 10000

Prints wall time, and beside it the CPU time of this process and of its database session, which a busy machine changes
less; the last step holds the commit. Foreign keys are checked while contracts are decided, so that this step takes less
than its two CPU times together. Nothing is kept between the two imports but what PostgreSQL holds.
"""

from __future__ import annotations

import argparse
import os
import resource
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

from religa.entrypoints.commands import database

ROOT = Path(__file__).resolve().parents[1]
GOAL = 60.0  # seconds, for 100,000 subscribers with 300,000 invoices on two cores


class Steps:
    """Prints each step when it is over: wall time, CPU time here and in the database."""

    def __init__(self, backend: int) -> None:
        self.backend, self.name, self.since = backend, "", self.now(backend)

    @staticmethod
    def now(backend: int) -> tuple[float, float, float]:
        own = resource.getrusage(resource.RUSAGE_SELF)
        return time.perf_counter(), own.ru_utime + own.ru_stime, cpu_of(backend)

    def step(self, step: str, what: str, total: int) -> None:
        self.over()
        self.name = f"{step} {what}".strip()

    def advance(self, done: int) -> None:
        pass

    def over(self) -> None:
        if self.name:
            print("    {:7.2f} s, CPU {:6.2f} + {:6.2f} s  {}".format(*self.passed(), self.name), flush=True)
        self.since, self.name = self.now(self.backend), ""

    def passed(self) -> list[float]:
        return [b - a for a, b in zip(self.since, self.now(self.backend), strict=True)]


def cpu_of(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def imported(folder: Path, *, apply: bool) -> float:
    """Imports the folder and prints what it took; wall time in seconds."""
    from django.db import connection

    from religa.actions.importing import rows, run
    from religa.records import locks

    at, backend = locks.database_now(), connection.connection.info.backend_pid
    steps, whole = Steps(backend), Steps(backend)
    with ExitStack() as files:
        sources = [
            run.Source(path.name, kind, files.enter_context(path.open("rb")))
            for path in sorted(folder.glob("*.csv"))
            if (kind := rows.kind_of(path.name)) is not None
        ]
        report = run.import_files(sources, asked=run.Asked(apply=apply), at=at, progress=steps)
    steps.over()
    took = whole.passed()
    print("  {}: {:.1f} s; CPU {:.1f} s here, {:.1f} s database".format(report.outcome, *took))
    statuses = ", ".join(f"{count} {status}" for status, count in report.cut_over.by_status)
    print(f"  {report.touched} contracts changed, decided: {statuses}; {report.problems.errors} errors")
    return took[0]


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--count", type=int, default=100_000, help="subscribers; three invoices each")
    parser.add_argument("--trial", action="store_true", help="time the dry run first, too")
    asked = parser.parse_args()
    sys.path.insert(0, str(ROOT / "tools"))
    import make_import_sample as sample

    runs = [("First import", True), ("The same again", True)]
    if asked.trial:
        runs.insert(0, ("Dry run", False))
    with tempfile.TemporaryDirectory(prefix="religa-import-") as name, database.thrown_away():
        from religa.records import locks

        folder = Path(name)
        sample.make(asked.count, folder, locks.database_now().date())
        size = sum(path.stat().st_size for path in folder.iterdir()) / 1e6
        print(f"{asked.count} subscribers, {asked.count * 3} invoices, {size:.0f} MB")
        for title, apply in runs:
            print(title)
            took = imported(folder, apply=apply)
            if title == "First import" and asked.count == 100_000:
                print(f"  goal {GOAL:.0f} s: {'reached' if took <= GOAL else 'MISSED'}")


if __name__ == "__main__":
    main()
