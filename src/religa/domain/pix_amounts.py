"""What a dated Pix charge (`cobv`) costs on a day, as the bank computes it.

Source: Manual de Padrões para Iniciação do Pix 2.10.0, Annex III, section 4, with the modalidades of API Pix 2.9.0
(`valor` of a `cobv`). The bank's number is what counts; ours is shown to people and compared with it. So a received
amount is never refused, or called a part payment, because it differs from this one.

Money is centavos, a rate is hundredths of a percent; nothing is rounded, everything is truncated to the centavo. The
calendars are the payer's: in theirs, what closes the banks of the payer's municipality is a bank holiday.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum

from religa.domain import rates
from religa.domain.calendar import Calendars, bank_day_from, bank_days_after
from religa.domain.facts import Method

PAYABLE_DAYS = 30  # where a charge does not say `validadeAposVencimento`


class FlatKind(Enum):
    """Modalidade of `multa`, of `abatimento`, and of a `desconto` until a day."""

    AMOUNT = 1
    PERCENT = 2


class InterestKind(Enum):
    """Modalidade of `juros`: an amount a day, or a percentage a day, month or year; of calendar or bank days."""

    AMOUNT = 1
    PERCENT_A_DAY = 2
    PERCENT_A_MONTH = 3
    PERCENT_A_YEAR = 4
    AMOUNT_BANK_DAYS = 5
    PERCENT_A_DAY_BANK_DAYS = 6
    PERCENT_A_MONTH_BANK_DAYS = 7
    PERCENT_A_YEAR_BANK_DAYS = 8

    @property
    def in_bank_days(self) -> bool:
        return self.value >= 5


class EarlyKind(Enum):
    """Modalidade of a `desconto` for each day of payment in advance."""

    AMOUNT = 3
    AMOUNT_BANK_DAYS = 4
    PERCENT = 5
    PERCENT_BANK_DAYS = 6

    @property
    def in_bank_days(self) -> bool:
        return self in (EarlyKind.AMOUNT_BANK_DAYS, EarlyKind.PERCENT_BANK_DAYS)

    @property
    def is_amount(self) -> bool:
        return self in (EarlyKind.AMOUNT, EarlyKind.AMOUNT_BANK_DAYS)


# In how many days a percentage of interest is earned. A year of calendar days has 360 of them.
_BASIS = {
    InterestKind.PERCENT_A_DAY: 1,
    InterestKind.PERCENT_A_MONTH: 30,
    InterestKind.PERCENT_A_YEAR: 360,
    InterestKind.PERCENT_A_DAY_BANK_DAYS: 1,
    InterestKind.PERCENT_A_MONTH_BANK_DAYS: 21,
    InterestKind.PERCENT_A_YEAR_BANK_DAYS: 252,
}


@dataclass(frozen=True, slots=True)
class Flat:
    """A fine or a rebate: `value` centavos, or hundredths of a percent of the base."""

    kind: FlatKind
    value: int


@dataclass(frozen=True, slots=True)
class Interest:
    """`value`: centavos a day, or hundredths of a percent."""

    kind: InterestKind
    value: int


@dataclass(frozen=True, slots=True)
class Until:
    """One step of a discount: `value` (centavos or hundredths of a percent) off, that day included."""

    day: date
    value: int


@dataclass(frozen=True, slots=True)
class UntilDiscount:
    """A discount for whoever pays until a day."""

    kind: FlatKind
    steps: tuple[Until, ...]


@dataclass(frozen=True, slots=True)
class EarlyDiscount:
    """A discount for each day in advance: `value` centavos or hundredths of a percent a day."""

    kind: EarlyKind
    value: int


@dataclass(frozen=True, slots=True)
class DatedCharge:
    """What a `cobv` says of money and days; `original` in centavos, `due_date` as written, not moved.

    `payable_days`: calendar days after the moved due date (`validadeAposVencimento`). `pix_bodies.read` makes one of
    a body, with every check.
    """

    original: int
    due_date: date
    payable_days: int = PAYABLE_DAYS
    fine: Flat | None = None
    interest: Interest | None = None
    rebate: Flat | None = None
    discount: UntilDiscount | EarlyDiscount | None = None


@dataclass(frozen=True, slots=True)
class Cost:
    """What a charge costs on a day, taken apart as in `componentesValor`, in centavos."""

    original: int
    rebate: int
    discount: int
    interest: int
    fine: int

    @property
    def total(self) -> int:
        return self.original - self.rebate - self.discount + self.interest + self.fine


@dataclass(frozen=True, slots=True)
class NothingLeft:
    """A business no: on that day rebate and discount (centavos) leave nothing to pay, and no charge may cost nothing.

    Banks should refuse such a charge when it is made, not when it is paid (bacen/pix-api, issue 408).
    """

    original: int
    rebate: int
    discount: int


def moved_due(calendars: Calendars, charge: DatedCharge) -> date:
    """The last day in time: a due date without banks at the payer's moves to the next day that has them.

    Unlike `calendar.effective_due`, the year's last bank day stays: the Manual knows no such rule.
    """
    return bank_day_from(calendars, charge.due_date)


def last_payable_day(calendars: Calendars, charge: DatedCharge) -> date:
    """The last day on which the bank takes a payment.

    Counted from the moved due date, and moved again, as in all seven examples of API Pix (`validadeAposVencimento`).
    The Manual's prose, and an example beside the parameter `DPP`, count from the original one.
    """
    validity = timedelta(days=charge.payable_days)
    return bank_day_from(calendars, moved_due(calendars, charge) + validity)


def cost(
    calendars: Calendars, charge: DatedCharge, *, on: date, method: Method = Method.PIX
) -> Cost | NothingLeft:
    """What the charge costs if it is paid on a civil day, also after its last payable day.

    By boleto a day without banks counts as the next that has them, by Pix every day is itself: a bill of Friday costs
    three days of interest on Saturday by boleto, and one by Pix (bacen/pix-api, issue 205).
    """
    day = bank_day_from(calendars, on) if method is Method.BOLETO else on
    due = moved_due(calendars, charge)
    rebate = _flat(charge.original, charge.rebate)
    base = charge.original - rebate
    discount = _discount(calendars, charge.discount, base, due, day)
    if discount >= base:
        return NothingLeft(charge.original, rebate, discount)
    late = _days_late(calendars, charge.interest, due, day)
    interest = _interest(charge.interest, base, late)
    return Cost(charge.original, rebate, discount, interest, _flat(base, charge.fine) if late else 0)


def _days_late(calendars: Calendars, interest: Interest | None, due: date, day: date) -> int:
    """Days from which the fine is due, too: counted as the interest counts them (Equation 13), else by calendar.

    So a fine beside interest of bank days does not begin on a Saturday.
    """
    return _days(calendars, due, day, in_bank_days=interest is not None and interest.kind.in_bank_days)


def _days(calendars: Calendars, start: date, end: date, *, in_bank_days: bool) -> int:
    """Days after `start`, up to and including `end`."""
    return bank_days_after(calendars, start, end) if in_bank_days else max(0, (end - start).days)


def _flat(base: int, flat: Flat | None) -> int:
    return 0 if flat is None else _of(base, flat.kind, flat.value)


def _of(base: int, kind: FlatKind, value: int) -> int:
    return value if kind is FlatKind.AMOUNT else rates.share(base, value)


def _interest(interest: Interest | None, base: int, days: int) -> int:
    if interest is None:
        return 0
    if (basis := _BASIS.get(interest.kind)) is None:
        return interest.value * days
    return base * rates.factor(interest.value, days=days, basis=basis) // rates.MILLION


def _discount(
    calendars: Calendars, discount: UntilDiscount | EarlyDiscount | None, base: int, due: date, day: date
) -> int:
    if discount is None:
        return 0
    if isinstance(discount, UntilDiscount):
        return _of(base, discount.kind, _step(calendars, discount, day))
    value = discount.value * _days(calendars, day, due, in_bank_days=discount.kind.in_bank_days)
    return value if discount.kind.is_amount else rates.share(base, value)


def _step(calendars: Calendars, discount: UntilDiscount, day: date) -> int:
    """The value of the first step whose last day, moved to a day with banks, has not passed; 0 after all of them."""
    steps = sorted(discount.steps, key=lambda step: step.day)
    return next((step.value for step in steps if day <= bank_day_from(calendars, step.day)), 0)
