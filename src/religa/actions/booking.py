"""In which day of an account something counts: the first open one. Whoever is closing it at that moment comes first."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import TypeVar

from django.db import transaction

from religa.records.errors import Broken, naming
from religa.records.queries import closings

R = TypeVar("R")
_TRIES = 5  # each one lost is a day that somebody closed meanwhile


def on_open_day(*, account: int, cashier: str, at: datetime, book: Callable[[date], R]) -> R:
    """What `book` gives for the first open day, today or later, in a transaction (a savepoint within the caller's).

    It is run again if the day was closed while it ran, so it may do nothing but write to the database.
    """
    for tried in range(1, _TRIES + 1):
        try:
            with naming(), transaction.atomic():
                return book(closings.open_day(account, cashier, at))
        except Broken as why:
            if why.constraint != "closing_takes_no_more" or tried == _TRIES:
                raise
    raise AssertionError("unreachable")
