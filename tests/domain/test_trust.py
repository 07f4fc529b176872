"""Whether a word was kept."""

from dataclasses import replace
from datetime import date

import pytest
from bills import CALENDARS, POLICY, facts, invoice, noon

from religa.domain import trust
from religa.domain.facts import (
    Agreement,
    Channel,
    Closed,
    Invoice,
    Line,
    Outcome,
    Settlement,
    TrustUnlock,
    UnlockKind,
)

GRANTED_AT, UNTIL = noon(date(2027, 1, 5)), noon(date(2027, 1, 11))
LINES = (Line(60_00), Line(30_00, suspendable=False), Line(25_00, own=False))


def word(*covers: tuple[str, int]) -> TrustUnlock:
    return TrustUnlock(UnlockKind.PROMISE, Channel.PORTAL, GRANTED_AT, UNTIL, covers or (("I1", 60_00),))


def paid(on: date, *lines: int) -> Settlement:
    return Settlement(f"P{on}", noon(on), noon(on), on, lines)


def billed(*settlements: Settlement, lines: tuple[Line, ...] = LINES) -> Invoice:
    return invoice(lines=lines, settlements=settlements)


AGREED = invoice(lines=LINES, closed=Closed.AGREED, closed_at=GRANTED_AT, agreement="A1")
IN_TIME = date(2027, 1, 11)


@pytest.mark.parametrize(
    ("owed", "outcome"),
    [
        (
            billed(paid(IN_TIME, 60_00, 0, 0)),
            Outcome.KEPT,
        ),  # equipment and what is another contract's do not count
        (billed(paid(IN_TIME, 59_00, 0, 0)), Outcome.KEPT),  # the tolerance
        (billed(paid(IN_TIME, 58_99, 30_00, 25_00)), Outcome.BROKEN),
        (billed(paid(date(2027, 1, 12), 60_00, 0, 0)), Outcome.LATE),
        (billed(paid(date(2027, 1, 14), 60_00, 0, 0)), Outcome.LATE),  # three days of grace
        (billed(paid(date(2027, 1, 15), 60_00, 0, 0)), Outcome.BROKEN),
        (billed(paid(IN_TIME, 30_00, 0, 0), paid(date(2027, 1, 12), 30_00, 0, 0)), Outcome.LATE),
        (billed(), Outcome.BROKEN),
        (billed(lines=(Line(1_00), *LINES[1:])), Outcome.KEPT),  # adjusted to the tolerance
        (billed(lines=(Line(1_01), *LINES[1:])), Outcome.BROKEN),
        (billed(paid(IN_TIME, 60_00, 0, 0), lines=(Line(90_00), *LINES[1:])), Outcome.KEPT),  # grown since
        # what was known when the word was given counts only for the invoice as a whole
        (billed(paid(date(2027, 1, 4), 30_00, 0, 0), paid(IN_TIME, 30_00, 0, 0)), Outcome.KEPT),
        (
            billed(paid(date(2027, 1, 4), 30_00, 0, 0), paid(IN_TIME, 30_00, 0, 0), lines=(Line(90_00),) * 3),
            Outcome.BROKEN,
        ),
        (replace(billed(), closed=Closed.CANCELLED), Outcome.KEPT),
        (replace(billed(), closed=Closed.WRITTEN_OFF), Outcome.KEPT),
        (AGREED, Outcome.BROKEN),  # nothing of the first instalment was paid
        (invoice(id="I2"), None),  # the invoice is not known here
    ],
)
def test_how_a_word_turned_out(owed: Invoice, outcome: Outcome | None) -> None:
    other = invoice(id="A0/1", agreement="A0", closed=Closed.CANCELLED)
    agreements = (
        Agreement("A0", GRANTED_AT, ("I0",), "A0/1"),
        Agreement("A1", GRANTED_AT, ("I1",), "A1/1"),
    )
    known = replace(facts(owed, other, invoice(id="A1/1", agreement="A1")), agreements=agreements)
    assert trust.outcome(known, POLICY, CALENDARS, word()) is outcome


def test_every_invoice_the_word_covers_must_be_paid() -> None:
    settled, still_open = billed(paid(IN_TIME, 60_00, 0, 0)), invoice(id="I2")
    known = facts(settled, still_open)
    assert trust.outcome(known, POLICY, CALENDARS, word(("I1", 60_00), ("I2", 99_90))) is Outcome.BROKEN
