"""How a bank's layout is written down: columns as the manuals count them, from 1, both ends included.

A bank is one file in `banks/`. Only what its manual or its files say differently from the family is written there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

Span = tuple[int, int]


class DateForm(StrEnum):
    """The order of a date's digits. `dmy6` has a year of two digits: 80 to 99 are the 1900s."""

    DMY6 = "dmy6"
    DMY8 = "dmy8"
    YMD8 = "ymd8"


class PaidColumn(StrEnum):
    """What a 400 layout writes in the column of the amount paid."""

    GROSS = "gross"
    NET = "net"  # what is credited: the payer paid that and the fee


@dataclass(frozen=True, slots=True)
class HeaderSpec:
    """Columns of the file's header; None: the layout does not have it there."""

    generated_on: Span
    date_form: DateForm
    agency: Span | None = None
    account: Span | None = None
    convenio: Span | None = None
    company_document: Span | None = None
    sequence: Span | None = None


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a bank's occurrence codes mean for money, and in words (pt-BR)."""

    payments: frozenset[str]
    reversals: frozenset[str] = frozenset()
    words: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Pix:
    """The record that follows a title with Pix. `marker`: its type (400 columns), or segment and number (240)."""

    marker: str
    txid: Span


@dataclass(frozen=True, slots=True)
class Layout240:
    """FEBRABAN's 240 columns: a T segment with the title, then a U segment with the money. The defaults are FEBRABAN's.

    `counts`: the trailers say how many records and batches there are.
    """

    header: HeaderSpec
    meaning: Meaning
    nosso_numero: Span = (38, 57)
    document_number: Span = (59, 73)
    account: Span = (18, 36)
    amount_title: Span = (82, 96)
    fee: Span = (199, 213)
    interest_and_fine: Span = (18, 32)
    discount: Span = (33, 47)
    rebate: Span = (48, 62)
    amount_paid: Span = (78, 92)
    amount_net: Span = (93, 107)
    paid_on: Span = (138, 145)
    credited_on: Span = (146, 153)
    pix: Pix | None = None
    counts: bool = True


@dataclass(frozen=True, slots=True)
class Totals400:
    """What a 400 trailer says of its own file. Sums and counts of the whole portfolio do not belong here.

    `details`: how many there are; `titles`: the sum of their titles' amounts; `occurrences`: how many of a code.
    """

    details: Span | None = None
    titles: Span | None = None
    occurrences: tuple[tuple[str, Span], ...] = ()


@dataclass(frozen=True, slots=True)
class Layout400:
    """One line for each title. The defaults are what the banks that follow the old common layout share.

    `detail`: the record type of titles. `paid_column`: whether it is gross or net. `interest_and_fine`: columns to be
    added up. `amount_net` None: the layout does not say, so it is what was paid without the fee. `agency`, `account`:
    in the detail, where the header has none. `refused`: record types that hold titles in columns nobody here knows.
    """

    header: HeaderSpec
    meaning: Meaning
    nosso_numero: Span
    detail: str = "1"
    document_number: Span = (117, 126)
    occurrence: Span = (109, 110)
    paid_on: Span = (111, 116)
    credited_on: Span | None = (296, 301)
    credited_form: DateForm = DateForm.DMY6
    amount_title: Span = (153, 165)
    fee: Span = (176, 188)
    rebate: Span = (228, 240)
    discount: Span = (241, 253)
    amount_paid: Span = (254, 266)
    paid_column: PaidColumn = PaidColumn.GROSS
    interest_and_fine: tuple[Span, ...] = ((267, 279), (280, 292))
    amount_net: Span | None = None
    company_document: Span | None = (4, 17)
    agency: Span | None = None
    account: Span | None = None
    pix: Pix | None = None
    totals: Totals400 = Totals400()
    refused: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Bank:
    """A bank by its code (COMPE). A layout that is None is refused, for the reason in `no_240` or `no_400`."""

    code: str
    name: str
    layout_240: Layout240 | None = None
    layout_400: Layout400 | None = None
    no_240: str = ""
    no_400: str = ""
