"""The folder into which another program (the bank's VAN, a script) puts return files.

A file is taken when it has not changed since the last look: whoever writes it may be slow. Nothing is ever deleted:
what was read moves to `lidos/`, what was refused to `recusados/`, each with a text that says what became of it. Any
number of workers may look; a file is one's at a time. If a worker is killed in the middle, the file is still there, and
its records come once (docs/decisions/0011).
"""

from __future__ import annotations

import fcntl
import logging
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from religa import wiring
from religa.actions.money.file_accounts import NoAccount, provider_of
from religa.actions.money.import_file import AlreadyRead, Imported, Outcome, import_file
from religa.entrypoints.common import bank_files as words
from religa.ports.bank_files import BankFile, FileRefused

logger = logging.getLogger(__name__)
READ, REFUSED = "lidos", "recusados"
AUTHOR = "pasta de arquivos"
LARGEST = 50 * 1024 * 1024
_UNFINISHED = (".part", ".tmp", ".filepart", ".crdownload")


@dataclass(frozen=True, slots=True)
class Look:
    """What stood in the folder: size and time of change of each file, by name."""

    seen: dict[str, tuple[int, int]]


def look(folder: Path) -> Look:
    """The files that may be meant: no links, no folders, nothing hidden or under way."""
    found = {}
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.name.startswith(".") or entry.name.lower().endswith(_UNFINISHED):
                continue
            with suppress(FileNotFoundError):  # another worker has taken it
                if entry.is_file(follow_symlinks=False):
                    facts = entry.stat(follow_symlinks=False)
                    found[entry.name] = (facts.st_size, facts.st_mtime_ns)
    return Look(found)


def take(folder: Path, before: Look, *, at: datetime) -> Look:
    """Reads every file that is as it was when it was looked at before; gives what stands there now.

    Whose a file is, its header says, also where there are several providers.
    """
    now = look(folder)
    for name in sorted(name for name, facts in now.seen.items() if before.seen.get(name) == facts):
        try:
            _take_one(folder, name, at)
        except Exception:  # one file must not keep the others back; it stays, and is tried again
            logger.exception("the return file %s could not be brought in", name)
    return now


def _take_one(folder: Path, name: str, at: datetime) -> None:
    with _opened(folder / name) as data:
        if data is None:
            return
        if len(data) > LARGEST:
            _move(folder, name, REFUSED, f"O arquivo passa de {LARGEST // 1024 // 1024} MB.", at)
            return
        read = wiring.bank_files().read(data)
        if isinstance(read, FileRefused):
            _move(folder, name, REFUSED, _why_not(read), at)
            return
        done = _bring(read, name, at)
        _move(folder, name, REFUSED if isinstance(done, NoAccount) else READ, _said(done), at)


def _bring(file: BankFile, name: str, at: datetime) -> Outcome:
    provider = provider_of(file)
    if isinstance(provider, NoAccount):
        return provider
    return import_file(file, provider_id=provider, name=name, author=AUTHOR, at=at)


@contextmanager
def _opened(path: Path) -> Iterator[bytes | None]:
    """Its octets, while no other worker has it; None where one does. A link put in its place is not followed."""
    try:
        number = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError:
        yield None
        return
    with os.fdopen(number, "rb") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            mine = stat.S_ISREG(os.fstat(number).st_mode) and os.path.samestat(
                os.fstat(number), os.lstat(path)
            )
        except OSError:  # another worker reads it, or has moved it
            mine = False
        yield file.read(LARGEST + 1) if mine else None


def _move(folder: Path, name: str, where: str, why: str, at: datetime) -> None:
    """The text first: a file that has moved always has one."""
    target = folder / where
    target.mkdir(exist_ok=True)
    free = _free_name(target, name, at)
    (target / f"{free}.txt").write_text(f"{name}\n{why}\n", encoding="utf-8")
    (folder / name).rename(target / free)


def _free_name(target: Path, name: str, at: datetime) -> str:
    """A name that is not taken: banks use theirs again."""
    stem, suffix = os.path.splitext(name)
    tried = [name, *(f"{stem}.{at:%Y%m%d%H%M%S}{n or ''}{suffix}" for n in range(1000))]
    return next(t for t in tried if not (target / t).exists() and not (target / f"{t}.txt").exists())


# -- in words, for whoever finds the file ---------------------------------------------------------------------------


def _why_not(refused: FileRefused) -> str:
    return "\n".join(
        [f"Recusado; nada foi lido. {words.refused(refused)}", refused.words, *words.problems(refused)]
    )


def _said(done: Outcome) -> str:
    if isinstance(done, NoAccount):
        return f"Recusado; nada foi lido. {words.no_account(done)}"
    if isinstance(done, AlreadyRead):
        return f"Já lido em {done.file.received_at:%d/%m/%Y %H:%M} UTC, por {done.file.author}, como {done.file.name}."
    return _counts(done)


def _counts(done: Imported) -> str:
    lines = [
        f"Lido na conta {done.account}.",
        f"{done.records} registros: {done.credited} creditados, {done.seen_before} já vistos,"
        f" {done.unidentified} não identificados, {done.noted} anotados, {done.failed} postos de lado.",
        *(f"Linha {failure.line}: {failure.why}" for failure in done.failures),
        *(words.note(note.line, note.kind.value) for note in done.notes),
    ]
    return "\n".join(lines)
