"""With real commits: a reader that is killed, and two that read at once."""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest
from django.db import connection

from cnab_files import Boleto
from religa.actions.money import import_file
from religa.records.models import BankFile, BankRecord, Payment

from .. import world
from . import files
from .files import AT, bring, file

pytestmark = pytest.mark.django_db(transaction=True)
NUMBERS = [f"{n:08d}" for n in range(101, 113)]

KILLED = """
import os, pickle, signal, sys
import django
django.setup()
from religa.actions.money import file_records, import_file
provider, file, at = pickle.load(open(sys.argv[1], "rb"))
import_file._PART = 3
good, left = file_records.book, [2]
def dies(*arguments, **more):
    good(*arguments, **more)
    left[0] -= 1
    if not left[0]:
        os.kill(os.getpid(), signal.SIGKILL)  # everything of this part is written, nothing is committed
file_records.book = dies
import_file.import_file(file, provider_id=provider, name="x.ret", author="killed", at=at)
"""


@pytest.fixture
def paper(provider):
    files.account(provider)
    for n, nosso in enumerate(NUMBERS):
        world.bill(world.contract(provider), f"F{n}")
        files.title(f"F{n}", nosso)
    return provider


def test_after_kill_9_the_same_file_goes_on_and_nothing_comes_twice(paper, postgres_server, tmp_path: Path):
    found = file(*(Boleto(n) for n in NUMBERS))
    told = tmp_path / "told"
    told.write_bytes(pickle.dumps((paper.pk, found, AT)))
    url = postgres_server.url(database=connection.settings_dict["NAME"])
    killed = subprocess.run(
        [sys.executable, "-c", KILLED, str(told)],
        env={**os.environ, "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "religa.project.settings"},
        capture_output=True,
        timeout=60,
    )
    assert killed.returncode == -signal.SIGKILL, killed.stderr.decode()
    assert (BankRecord.objects.count(), Payment.objects.count()) == (3, 3)  # one part of three
    assert BankFile.objects.get().finished_at is None
    done = bring(paper, found)
    assert isinstance(done, import_file.Imported)
    assert (done.resumed, done.credited, done.seen_before, Payment.objects.count()) == (True, 12, 0, 12)
    assert BankFile.objects.get().finished_at == AT


def test_two_that_read_overlapping_files_at_once_book_each_record_once(paper, monkeypatch):
    monkeypatch.setattr(import_file, "_PART", 2)
    some, all_ = file(*(Boleto(n) for n in NUMBERS[3:])), file(*(Boleto(n) for n in NUMBERS))

    def reads(found) -> import_file.Outcome:
        try:
            return bring(paper, found)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as readers:
        one, other = readers.map(reads, [some, all_])
    assert isinstance(one, import_file.Imported) and isinstance(other, import_file.Imported)
    assert (one.failed, other.failed, one.credited + other.credited) == (0, 0, 12)
    assert one.seen_before + other.seen_before == 9
    assert (Payment.objects.count(), BankRecord.objects.count()) == (12, 12)


def test_one_file_read_by_two_lanes_is_in_the_books_whole(paper, monkeypatch):
    monkeypatch.setattr(import_file, "_PART", 2)
    seen: list[int] = []
    with ThreadPoolExecutor(2) as pool:
        done = import_file.import_file(
            file(*(Boleto(n) for n in NUMBERS)),
            provider_id=paper.pk, name="x.ret", author="Fátima", at=AT, pool=pool, advance=seen.append,
        )  # fmt: skip
        both = Barrier(2)
        list(pool.map(lambda _: (both.wait(10), connection.close()), range(2)))
    assert isinstance(done, import_file.Imported)
    assert (done.credited, Payment.objects.count(), seen[-1], seen == sorted(seen)) == (12, 12, 12, True)
