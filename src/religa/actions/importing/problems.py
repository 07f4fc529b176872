"""What can be wrong with a file, as codes with a place. `words.py` says them."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class What(StrEnum):
    # -- the file ---------------------------------------------------------------------------------------------------
    UNKNOWN_FILE = "unknown_file"
    TWO_OF_A_KIND = "two_of_a_kind"
    EMPTY_FILE = "empty_file"
    NO_ROWS = "no_rows"
    BAD_ENCODING = "bad_encoding"
    MIXED_ENCODING = "mixed_encoding"
    LONG_LINE = "long_line"
    OPEN_QUOTES = "open_quotes"
    WRONG_HEADER = "wrong_header"
    MISSING_COLUMN = "missing_column"
    REPEATED_COLUMN = "repeated_column"
    CANCELS_TOO_MANY = "cancels_too_many"
    NO_PROVIDER = "no_provider"
    # -- a cell -----------------------------------------------------------------------------------------------------
    CELL_COUNT = "cell_count"
    REQUIRED = "required"
    SCIENTIFIC = "scientific"
    FORMULA = "formula"
    CONTROL_CHARACTER = "control_character"
    TOO_LONG = "too_long"
    DOCUMENT_LENGTH = "document_length"
    DOCUMENT_DIGITS = "document_digits"
    DOCUMENT_CHARACTERS = "document_characters"
    NOT_A_DATE = "not_a_date"
    IMPOSSIBLE_DATE = "impossible_date"
    DATE_SERIAL = "date_serial"
    DATE_RANGE = "date_range"
    FUTURE = "future"
    PAST = "past"
    AMOUNT_AMBIGUOUS = "amount_ambiguous"
    NOT_AN_AMOUNT = "not_an_amount"
    NEGATIVE = "negative"
    ZERO = "zero"
    NOT_A_NUMBER = "not_a_number"
    OUT_OF_RANGE = "out_of_range"
    UNKNOWN_WORD = "unknown_word"
    NOT_A_MAC = "not_a_mac"
    NOT_AN_IPV4 = "not_an_ipv4"
    NOT_A_STATE = "not_a_state"
    NOT_A_MUNICIPALITY = "not_a_municipality"
    NOT_A_SPEED = "not_a_speed"
    NOT_A_REFERENCE = "not_a_reference"
    NOT_A_ZONE = "not_a_zone"
    LINHA_LENGTH = "linha_length"
    LINHA_DIGITS = "linha_digits"
    NOT_A_TXID = "not_a_txid"
    # -- rows that do not go together -------------------------------------------------------------------------------
    DUPLICATE = "duplicate"
    UNKNOWN_REFERENCE = "unknown_reference"
    NEITHER = "neither"
    INVOICE_DISAGREES = "invoice_disagrees"
    OF_ANOTHER_CONTRACT = "of_another_contract"
    OF_ANOTHER_PROVIDER = "of_another_provider"
    HOLDER_CHANGED = "holder_changed"
    PAYMENT_DIFFERS = "payment_differs"
    PAID_WITHOUT_PAYMENT = "paid_without_payment"
    TRUST_OVERLAPS = "trust_overlaps"
    END_BEFORE_START = "end_before_start"
    CHARGE_TAKEN = "charge_taken"
    NO_INSTALMENTS = "no_instalments"
    # -- worth knowing, not in the way ------------------------------------------------------------------------------
    NOTHING_TO_BRING = "nothing_to_bring"
    UNKNOWN_COLUMN = "unknown_column"
    PADDED = "padded"
    LOST_CHARACTERS = "lost_characters"
    DOUBLE_ENCODED = "double_encoded"
    NOT_A_PHONE = "not_a_phone"
    NOT_AN_EMAIL = "not_an_email"
    CLOSED_HERE = "closed_here"
    PAID_THERE_ONLY = "paid_there_only"
    HOLD_OVER = "hold_over"


NOTES = frozenset(
    {
        What.NOTHING_TO_BRING, What.UNKNOWN_COLUMN, What.PADDED, What.LOST_CHARACTERS, What.DOUBLE_ENCODED,
        What.NOT_A_PHONE, What.NOT_AN_EMAIL, What.CLOSED_HERE, What.PAID_THERE_ONLY, What.HOLD_OVER,
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong, or worth knowing: where, what, and the cell as it may be shown (personal ones are masked)."""

    what: What
    file: str
    line: int | None = None
    column: str = ""
    value: str = ""
    more: str = ""

    @property
    def is_error(self) -> bool:
        return self.what not in NOTES


_KEPT = 500  # of each code and file: a wrong column is wrong in every row


@dataclass(slots=True)
class Problems:
    """Everything found in one run. `counted` knows all of it, `kept` the first of each kind."""

    kept: list[Problem] = field(default_factory=list)
    counted: dict[tuple[str, What], int] = field(default_factory=dict)

    def add(self, problem: Problem) -> None:
        key = (problem.file, problem.what)
        self.counted[key] = self.counted.get(key, 0) + 1
        if self.counted[key] <= _KEPT:
            self.kept.append(problem)

    @property
    def errors(self) -> int:
        return sum(count for (_, what), count in self.counted.items() if what not in NOTES)

    def in_order(self) -> list[Problem]:
        return sorted(self.kept, key=lambda p: (not p.is_error, p.file, p.line or 0, p.column))


class Refused(Exception):
    """A file that cannot be read at all; carries why."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.what.value)
        self.problem = problem
