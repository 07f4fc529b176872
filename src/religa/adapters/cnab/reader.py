"""Which file it is, by what stands in it; then all of it, or every reason why not."""

from __future__ import annotations

import hashlib
import re

from religa.adapters.cnab.banks import BANKS
from religa.adapters.cnab.cnab240 import File240
from religa.adapters.cnab.cnab400 import File400
from religa.adapters.cnab.lines import Line, lines
from religa.adapters.cnab.rows import Problems
from religa.adapters.cnab.spec import Bank, Layout240, Layout400
from religa.ports.bank_files import BankFile, FileRefused, Note, NoteKind, Refusal

_HEADER_400 = re.compile(r"0(?:1REMESSA|2RETORNO)", re.IGNORECASE)
_HEADER_240 = re.compile(r"[0-9]{3}00000")
_WAYS = {"1R": "1", "1T": "2"}  # record type and operation of a batch's header
_NO_TRAILER = Note(NoteKind.NO_TRAILER, 0, "no trailer: the file may have been cut off")
_NO_TITLES = Note(NoteKind.NO_TITLES, 0, "no titles in this file")


class Reader:
    """Reads a return file of any bank of `banks/` (the port `BankFiles`)."""

    def read(self, data: bytes) -> BankFile | FileRefused:
        """The file, or why not. Never raises."""
        found = lines(data)
        if not found:
            return FileRefused(Refusal.EMPTY, "the file is empty")
        recognised = _recognised(found)
        if isinstance(recognised, FileRefused):
            return recognised
        bank, layout = recognised
        return _read(bank, layout, found, hashlib.sha256(data).hexdigest())


Layout = Layout240 | Layout400


def _recognised(found: list[Line]) -> tuple[Bank, Layout] | FileRefused:
    text = found[0].text
    if _HEADER_400.match(text):
        return _REMESSA if text[1] == "1" else _known(text[76:79], "cnab400")
    if _HEADER_240.match(text):
        return _recognised_240(text, found[1].text if len(found) > 1 else "")
    return FileRefused(Refusal.NOT_CNAB, _not_cnab(text))


def _recognised_240(header: str, batch: str) -> tuple[Bank, Layout] | FileRefused:
    """Column 143 says which way the file goes; where it says nothing, the operation of the first batch does."""
    way = header[142:143]
    if way not in ("1", "2"):
        way = _WAYS.get(batch[7:9], "")
    if way == "1":
        return _REMESSA
    if way == "2":
        return _known(header[:3], "cnab240")
    seen = f"column 143 of the header is {header[142:143]!r}, not 2 (return) or 1 (remessa)"
    return FileRefused(Refusal.UNKNOWN_LAYOUT, f"not a return file of 240 columns: {seen}")


_REMESSA = FileRefused(
    Refusal.REMESSA,
    "this is a remessa, which goes TO the bank; what comes back from it is the return file (retorno)",
)


def _not_cnab(text: str) -> str:
    return (
        f"not a CNAB return file: line 1 has {len(text)} columns and begins with {text[:9]!r}; "
        "a file of 400 columns begins with 02RETORNO, one of 240 with the bank's code and 00000"
    )


def _known(code: str, layout: str) -> tuple[Bank, Layout] | FileRefused:
    bank = BANKS.get(code)
    if bank is None:
        known = ", ".join(f"{known.code} {known.name}" for known in BANKS.values())
        return FileRefused(Refusal.UNKNOWN_BANK, f"bank {code!r} is not known ({layout}). Known are: {known}")
    there, why = (bank.layout_240, bank.no_240) if layout == "cnab240" else (bank.layout_400, bank.no_400)
    if there is None:
        return FileRefused(Refusal.UNKNOWN_LAYOUT, f"{layout} of {bank.code} {bank.name} is not known: {why}")
    return bank, there


def _read(bank: Bank, layout: Layout, found: list[Line], sha256: str) -> BankFile | FileRefused:
    problems = Problems()
    file = _file(bank, layout, problems)
    file.read(found)
    if problems:
        return _refused(problems)
    whole = () if file.has_trailer else (_NO_TRAILER,)
    titles = () if file.records else (_NO_TITLES,)
    return BankFile(
        bank=bank.code,
        bank_name=bank.name,
        layout="cnab240" if isinstance(layout, Layout240) else "cnab400",
        header=file.header,
        records=tuple(file.records),
        sha256=sha256,
        ignored=tuple(sorted(file.ignored.items())),
        notes=(*whole, *titles, *file.notes),
    )


def _file(bank: Bank, layout: Layout, problems: Problems) -> File240 | File400:
    if isinstance(layout, Layout240):
        return File240(bank, layout, problems)
    return File400(bank, layout, problems)


def _refused(problems: Problems) -> FileRefused:
    number = len(problems.listed) + problems.more
    words = f"{number} problem{'s' if number > 1 else ''}: nothing of the file is taken"
    return FileRefused(Refusal.PROBLEMS, words, problems.in_order(), problems.more)
