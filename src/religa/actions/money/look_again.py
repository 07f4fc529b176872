"""Money of nobody that names a charge we know by now: an old system's invoices may come after their payments."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime

from religa.actions.money import unidentified
from religa.actions.money.credit import credit, targets
from religa.actions.money.landing import Credited
from religa.ports.money import MoneySeen
from religa.records import accounts, errors
from religa.records.accounts import Account

logger = logging.getLogger(__name__)
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
        credited += _credit(account, [m for m in money if m.id in known], at)
        waiting = len(money) == _MOST
    return credited


def _credit(account: Account, money: Sequence[MoneySeen], at: datetime) -> int:
    """All in one transaction; if that fails, in halves, so that one bad payment keeps no other back: it stays where it
    is, for a person."""
    if not money:
        return 0
    try:
        return sum(isinstance(one, Credited) for one in credit(account, money, at=at))
    except Exception as why:
        if errors.is_away(why):
            raise
        if len(money) > 1:
            half = len(money) // 2
            return _credit(account, money[:half], at) + _credit(account, money[half:], at)
        logger.exception("payment %s of account %s could not be credited", money[0].id, account.id)
        return 0
