"""What the fake PSP asks of a payer on a day."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from religa.adapters.fakes.psp.bodies import Body, centavos
from religa.domain import pix_amounts, pix_bodies
from religa.domain.calendar import Calendars
from religa.ports.money import Split

Price = Callable[[Calendars, Body, date], Split]


def of_the_manual(calendars: Calendars, body: Body, day: date) -> Split:
    """With fine, interest, rebate and discount as `domain.pix_amounts` counts them (Manual, Annex III section 4).

    The total is nothing where rebate and discount leave nothing to pay.
    """
    read = pix_bodies.read({**body, "pago_em": day.isoformat()})
    if isinstance(read, pix_bodies.Wrong):  # days for which nobody knows the holidays
        return face_value(calendars, body, day)
    cost = pix_amounts.cost(calendars, read.charge, on=day)
    if isinstance(cost, pix_amounts.NothingLeft):
        return Split(original=cost.original, discount=cost.original - cost.rebate, rebate=cost.rebate)
    return Split(cost.original, cost.fine, cost.interest, cost.discount, cost.rebate)


def face_value(calendars: Calendars, body: Body, day: date) -> Split:
    """`valor.original`, come what may: a `cob`, or a PSP that forgets late charges."""
    return Split(original=centavos(body["valor"]["original"]) or 0)


def total(split: Split) -> int:
    """The amount that `componentesValor` adds up to, in centavos."""
    return split.original + split.fine + split.interest - split.discount - split.rebate
