"""Shuts the day of an account (at the desk: of one cashier): counted, compared, and from then on taking no more.

Nothing undoes it: what turns out wrong is corrected by an entry of the next day.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db import transaction

from religa.domain.invoicing import Refused, refused
from religa.domain.reasons import Refusal
from religa.records import raw
from religa.records.queries import closings
from religa.records.queries.closings import Account, Period, Total


@dataclass(frozen=True, slots=True)
class Closed:
    """A day that is shut; centavos. `difference`: counted less expected, 0 where there is no cash."""

    closing_id: int
    expected: int
    difference: int


def close(
    *,
    provider_id: int,
    account_id: int,
    cashier: str,
    day: date,
    counted: int | None,
    note: str,
    at: datetime,
    author: str,
    seen: int | None = None,
) -> Closed | Refused:
    """Shuts `day` and every earlier one still open. `counted`: the cash in the drawer, at a desk and only there.

    `seen`: what was expected when the person counted; if something came or went since, nothing is closed.
    """
    with transaction.atomic():
        account = closings.account(provider_id, account_id)
        if account is None:
            return refused(Refusal.UNKNOWN_ACCOUNT)
        zone = raw.rows(_SHUT_THE_DOOR, [account_id])[0][0]
        after = closings.closed_until(account_id, cashier)
        totals = closings.totals(Period(provider_id, account_id, cashier, after, day))
        due = closings.expected(totals, kind=account.kind)
        counted = counted if account.is_desk else None
        whys = _refusals(account, after, day, counted, note, due, seen, at.astimezone(ZoneInfo(zone)).date())
        if whys:
            return Refused(whys)
        values = [account_id, cashier, day, at, _kept(totals), due, counted, note.strip(), author]
        [(closing_id,)] = raw.rows(_CLOSE, values)
    return Closed(closing_id, due, 0 if counted is None else counted - due)


# Waits for whoever is booking (the trigger takes the row FOR KEY SHARE), and what is read after it is all there is.
_SHUT_THE_DOOR = """
    SELECT p.zone FROM payment_account a JOIN provider p ON p.id = a.provider_id WHERE a.id = %s FOR UPDATE OF a
"""
_CLOSE = """
    INSERT INTO closing (payment_account_id, cashier, day, closed_at, totals, expected, counted, note, author)
    VALUES (%s, %s, %s, %s, %s::jsonb, %s, %s, %s, %s) RETURNING id
"""


def _refusals(
    account: Account,
    after: date | None,
    day: date,
    counted: int | None,
    note: str,
    due: int,
    seen: int | None,
    today: date,
) -> tuple[Refusal, ...]:
    checks = [
        (day > today, Refusal.DAY_TO_COME),
        (after is not None and day <= after, Refusal.DAY_CLOSED),
        (seen is not None and seen != due, Refusal.ENTRIES_CAME),
        (account.is_desk and counted is None, Refusal.NOT_COUNTED),
        (counted is not None and counted != due and not note.strip(), Refusal.DIFFERENCE_UNEXPLAINED),
    ]
    return tuple(why for applies, why in checks if applies)


def _kept(totals: Sequence[Total]) -> str:
    return json.dumps(
        {
            t.method: {"count": t.count, "reversed": t.reversed, "gross": t.gross, "fee": t.fee, "net": t.net}
            for t in totals
        }
    )
