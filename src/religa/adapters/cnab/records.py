"""Titles as they are collected from a file: what is a payment, what is missing for one, and each record's key."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date

from religa.adapters.cnab.rows import Row
from religa.adapters.cnab.spec import Meaning, Span
from religa.ports.bank_files import BankRecord, Movement, Note, NoteKind, ProblemKind, RecordKey


@dataclass(frozen=True, slots=True)
class Title:
    """What the columns of one title say, before anything is made of it."""

    account: str
    nosso_numero: str
    document_number: str
    occurrence: str
    amount_title: int
    amount_paid: int
    amount_net: int
    fee: int
    interest_and_fine: int
    discount: int
    rebate: int
    paid_on: date | None
    credited_on: date | None


@dataclass(frozen=True, slots=True)
class Places:
    """Where the things stand that no payment may lack, to say so: the row, and its columns of amount and day."""

    paid_row: Row
    amount_paid: Span
    paid_on: Span
    title_row: Row
    occurrence: Span


class Records:
    """The titles of one file, in its order."""

    def __init__(self, meaning: Meaning) -> None:
        self._meaning = meaning
        self._seen: Counter[tuple[str, str, str, date | None, int]] = Counter()
        self.all: list[BankRecord] = []
        self.notes: list[Note] = []

    def add(self, title: Title, places: Places, txid: str = "") -> None:
        """Keeps the title; notes on its row what it lacks."""
        movement = self._movement(title, places)
        _note_what_is_missing(title, movement, places)
        self.all.append(
            BankRecord(
                line=places.title_row.number,
                nosso_numero=title.nosso_numero,
                document_number=title.document_number,
                occurrence=title.occurrence,
                movement=movement,
                amount_title=title.amount_title,
                amount_paid=title.amount_paid,
                amount_net=title.amount_net,
                fee=title.fee,
                interest_and_fine=title.interest_and_fine,
                discount=title.discount,
                rebate=title.rebate,
                paid_on=title.paid_on,
                credited_on=title.credited_on,
                key=self._key(title),
                occurrence_words=self._meaning.words.get(title.occurrence, ""),
                txid=txid,
            )
        )

    def _movement(self, title: Title, places: Places) -> Movement:
        if title.occurrence in self._meaning.reversals:
            return Movement.REVERSAL
        if title.occurrence not in self._meaning.payments:
            return Movement.OTHER
        if title.amount_paid or not places.paid_row.text(places.amount_paid):
            return Movement.PAYMENT
        words = f"a settlement (occurrence {title.occurrence}) of nothing: not taken as a payment"
        self.notes.append(Note(NoteKind.PAYMENT_OF_NOTHING, places.title_row.number, words))
        return Movement.OTHER

    def _key(self, title: Title) -> RecordKey:
        same = (title.account, title.nosso_numero, title.occurrence, title.paid_on, title.amount_paid)
        self._seen[same] += 1
        return RecordKey(*same, self._seen[same])


def _note_what_is_missing(title: Title, movement: Movement, places: Places) -> None:
    if not title.occurrence:
        words = "no occurrence: nothing says what happened to this title"
        places.title_row.wrong(places.occurrence, ProblemKind.MISSING, words)
    if movement is not Movement.PAYMENT:
        return
    if not title.amount_paid:
        places.paid_row.wrong(places.amount_paid, ProblemKind.MISSING, "a payment without an amount")
    if not places.paid_row.text(places.paid_on).strip("0"):
        places.paid_row.wrong(places.paid_on, ProblemKind.MISSING, "a payment without its day")
