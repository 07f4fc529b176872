"""What Religa needs of a bank's return file (retorno de cobrança): what became of each boleto, as plain values.

Money is integer centavos, days are civil days. A file is read whole or refused whole, with every reason at once. What
is read from a file is what the bank says; nothing here looks for the charge or credits anybody.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NamedTuple, Protocol


class Movement(StrEnum):
    """What a record says of money. Only `payment` may be credited; `reversal` takes a payment back (a cheque that
    bounced, a settlement undone) and needs a person; a value in any other record is no proof of money."""

    PAYMENT = "payment"
    REVERSAL = "reversal"
    OTHER = "other"


class RecordKey(NamedTuple):
    """What makes a record the same one when a file, or a day, comes again.

    `account`: bank, agency and account (or the bank's code of the company). `amount`: what the payer paid, centavos.
    `nth`: 1 for the first record of a file with the other five equal, 2 for the next, and so on.
    """

    account: str
    nosso_numero: str
    occurrence: str
    paid_on: date | None
    amount: int
    nth: int

    def __str__(self) -> str:
        day = self.paid_on.isoformat() if self.paid_on else "-"
        return f"{self.account}:{self.nosso_numero}:{self.occurrence}:{day}:{self.amount}:{self.nth}"


class BankRecord(NamedTuple):
    """One title and what happened to it: a tuple, since a large file makes many and hands them to other processes.

    `line`: of the file, from 1 (the T segment where there are several).
    `nosso_numero` is the bank's number of the title, `document_number` ours (seu número). `occurrence` is the bank's
    code; `occurrence_words` says it in pt-BR where it is known. `amount_paid` is what the PAYER paid, `amount_net` what
    the bank credits, `fee` what it charges for the title (kept back, or debited elsewhere). `discount` and `rebate`
    (abatimento) lessen the title's amount, `interest_and_fine` adds to it. `paid_on` counts for lateness, `credited_on`
    for the account. `txid`: of the Pix by which it was paid, where the bank says so.
    """

    line: int
    nosso_numero: str
    document_number: str
    occurrence: str
    movement: Movement
    amount_title: int
    amount_paid: int
    amount_net: int
    fee: int
    interest_and_fine: int
    discount: int
    rebate: int
    paid_on: date | None
    credited_on: date | None
    key: RecordKey
    occurrence_words: str = ""
    txid: str = ""

    @property
    def is_payment(self) -> bool:
        """Whether this record alone proves money."""
        return self.movement is Movement.PAYMENT


@dataclass(frozen=True, slots=True)
class FileHeader:
    """Whose file it is, as the bank writes it (digits and blanks are the bank's); "" where it does not say.

    `company_document`: CNPJ or CPF of the company, 14 characters at most.
    """

    agency: str
    account: str
    convenio: str
    company_document: str
    generated_on: date | None
    sequence: str


class NoteKind(StrEnum):
    """Why a file that was read still wants a look."""

    HEADER_UNREADABLE = "header_unreadable"
    NO_TRAILER = "no_trailer"
    PAYMENT_OF_NOTHING = "payment_of_nothing"
    NO_TITLES = "no_titles"


@dataclass(frozen=True, slots=True)
class Note:
    """Something to look at in a file that was read. `line` 0: the file as a whole. `words`: in English."""

    kind: NoteKind
    line: int
    words: str


@dataclass(frozen=True, slots=True)
class BankFile:
    """A whole file. `bank`: its code (COMPE), three digits. `layout`: `cnab240` or `cnab400`.

    `sha256`: of the octets as they came, in hexadecimal. `ignored`: records of kinds that say nothing of a title's
    money, with how many there were of each.
    """

    bank: str
    bank_name: str
    layout: str
    header: FileHeader
    records: tuple[BankRecord, ...]
    sha256: str
    ignored: tuple[tuple[str, int], ...] = ()
    notes: tuple[Note, ...] = ()


class Refusal(StrEnum):
    """Why a file is not read."""

    EMPTY = "empty"
    NOT_CNAB = "not_cnab"
    REMESSA = "remessa"
    UNKNOWN_BANK = "unknown_bank"
    UNKNOWN_LAYOUT = "unknown_layout"
    PROBLEMS = "problems"


class ProblemKind(StrEnum):
    """What is wrong with a line, for programs; `Problem.words` is for people."""

    NOT_A_NUMBER = "not_a_number"
    NOT_A_DATE = "not_a_date"
    MISSING = "missing"
    TOO_LONG = "too_long"
    UNKNOWN_RECORD = "unknown_record"
    FOREIGN_BANK = "foreign_bank"
    UNPAIRED = "unpaired"
    OUT_OF_PLACE = "out_of_place"
    SEQUENCE = "sequence"
    COUNT = "count"
    SUM = "sum"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong. `first` and `last`: columns, counted from 1, both included; 0: the whole line."""

    line: int
    first: int
    last: int
    kind: ProblemKind
    words: str

    def __str__(self) -> str:
        where = f", columns {self.first}-{self.last}" if self.first else ""
        return f"line {self.line}{where}: {self.words}"


@dataclass(frozen=True, slots=True)
class FileRefused:
    """Nothing of the file was taken. `words`: the reason in English, with what was seen; `problems` of its lines, in
    their order, and `more`: how many problems besides those listed."""

    why: Refusal
    words: str
    problems: tuple[Problem, ...] = ()
    more: int = 0


class BankFiles(Protocol):
    """Reads return files, whatever bank they are of."""

    def read(self, data: bytes) -> BankFile | FileRefused:
        """The file, or why not. Never raises for what the octets are. The name of a file says nothing."""
