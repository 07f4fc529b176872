"""What a file of either width comes to while it is read."""

from __future__ import annotations

from collections import Counter

from religa.adapters.cnab.headers import NOTHING, read_header
from religa.adapters.cnab.records import Records
from religa.adapters.cnab.rows import Problems, Row
from religa.adapters.cnab.spec import Bank, HeaderSpec, Meaning
from religa.ports.bank_files import BankRecord, FileHeader, Note, ProblemKind


class BeingRead:
    """One file. What is wrong goes to `problems`; the rest counts only if there is nothing."""

    def __init__(self, bank: Bank, meaning: Meaning, problems: Problems) -> None:
        self._bank, self._problems = bank, problems
        self._titles = Records(meaning)
        self._header_notes: list[Note] = []
        self.header: FileHeader = NOTHING
        self.ignored: Counter[str] = Counter()
        self.has_trailer = False

    @property
    def records(self) -> list[BankRecord]:
        return self._titles.all

    @property
    def notes(self) -> list[Note]:
        return self._header_notes + self._titles.notes

    def _begin(self, row: Row, spec: HeaderSpec) -> None:
        self.header, self._header_notes = read_header(row, spec)

    def _ignore(self, what: str) -> None:
        self.ignored[what] += 1

    def _name_transaction(self, txid: str) -> None:
        """The record before was paid by this Pix."""
        self.records[-1] = self.records[-1]._replace(txid=txid)

    @staticmethod
    def _refuse_second_file(row: Row, what: str) -> None:
        row.wrong(None, ProblemKind.OUT_OF_PLACE, f"{what}: several files in one?")
