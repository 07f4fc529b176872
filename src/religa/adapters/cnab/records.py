"""What the titles of one file come to: which are payments, what those lack, and each record's key."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import NamedTuple

from religa.adapters.cnab.rows import Row
from religa.adapters.cnab.spec import Meaning, Span
from religa.ports.bank_files import BankRecord, Movement, Note, NoteKind, ProblemKind, RecordKey


class Told(NamedTuple):
    """What a record tells of money: `RecordKey` without its place among equals."""

    account: str
    nosso_numero: str
    occurrence: str
    paid_on: date | None
    amount: int


class Places(NamedTuple):
    """Where that stands, to say what is missing: the row of the title and the row of the money, with their columns."""

    title: Row
    occurrence: Span
    money: Row
    amount: Span
    paid_on: Span


class Records:
    """The titles of one file, in its order."""

    def __init__(self, meaning: Meaning) -> None:
        self._meaning = meaning
        self._seen: Counter[Told] = Counter()
        self.all: list[BankRecord] = []
        self.notes: list[Note] = []

    def judge(self, told: Told, places: Places) -> tuple[Movement, RecordKey]:
        """What it means for money, and its key. What is missing is noted on its row. Once for each record."""
        movement = self._movement(told, places)
        _note_what_is_missing(told, movement, places)
        self._seen[told] += 1
        return movement, RecordKey(*told, self._seen[told])

    def words(self, occurrence: str) -> str:
        """The code in pt-BR; "" where nobody here knows it."""
        return self._meaning.words.get(occurrence, "")

    def _movement(self, told: Told, places: Places) -> Movement:
        if told.occurrence in self._meaning.reversals:
            return Movement.REVERSAL
        if told.occurrence not in self._meaning.payments:
            return Movement.OTHER
        if told.amount or not places.money.text(places.amount):
            return Movement.PAYMENT
        words = f"a settlement (occurrence {told.occurrence}) of nothing: not taken as a payment"
        self.notes.append(Note(NoteKind.PAYMENT_OF_NOTHING, places.title.number, words))
        return Movement.OTHER


def _note_what_is_missing(told: Told, movement: Movement, places: Places) -> None:
    if not told.occurrence:
        words = "no occurrence: nothing says what happened to this title"
        places.title.wrong(places.occurrence, ProblemKind.MISSING, words)
    if movement is not Movement.PAYMENT:
        return
    if not told.amount:
        places.money.wrong(places.amount, ProblemKind.MISSING, "a payment without an amount")
    if told.paid_on is None and not places.money.text(places.paid_on).strip("0"):
        places.money.wrong(places.paid_on, ProblemKind.MISSING, "a payment without its day")
