"""Money of nobody that names a charge we know by now: an old system's invoices may come after their payments."""

from __future__ import annotations

from datetime import datetime

from religa.actions.money import unidentified
from religa.actions.money.credit import credit, targets
from religa.actions.money.landing import Credited
from religa.records import accounts
from religa.records.accounts import Account

_MOST = 1_000  # payments that stand or fall together


def look_again(*, at: datetime, provider_id: int | None = None) -> int:
    """Credits it as if it came now, of one provider or of all; how many payments have found their contract.

    Repeated, it finds nothing more. What names nothing, or was paid to a key that is not the account's, waits for a
    person as before.
    """
    ours = [a for a in accounts.every() if a.is_ours and provider_id in (None, a.provider_id)]
    return sum(_of_account(account, at) for account in ours)


def _of_account(account: Account, at: datetime) -> int:
    credited, after, waiting = 0, 0, True
    while waiting:
        money, after = unidentified.naming_something(account, after=after, most=_MOST)
        known, _ = targets(account, money)
        landed = credit(account, [m for m in money if m.id in known], at=at) if known else []
        credited += sum(isinstance(one, Credited) for one in landed)
        waiting = len(money) == _MOST
    return credited
