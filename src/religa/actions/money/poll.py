"""Asks banks for their list of received money: what no event told of, and what names no charge.

Windows overlap, since a bank may book late into the past; what has landed has no effect. An empty list counts as heard.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from religa.actions.money import cases
from religa.actions.money.cases import Case
from religa.actions.money.credit import credit, parts
from religa.actions.money.landing import Credited, Unidentified
from religa.ports.money import BankRefused, BankUnreachable, Capability, Collector
from religa.records import accounts
from religa.records.accounts import Account

EVERY = timedelta(minutes=4)
_OVERLAP = timedelta(minutes=20)
_AT_ONCE = timedelta(hours=24)  # some banks refuse longer periods
_DEEP, _DEEP_FROM_HOUR = timedelta(days=7), 3  # the nightly pass, from this hour of the provider's day on
_PART = 200


@dataclass(frozen=True, slots=True)
class Heard:
    """The bank's list up to now is known; how much of it was new, and how much of that was nobody's."""

    account: int
    credited: int
    unidentified: int


@dataclass(frozen=True, slots=True)
class Silent:
    """The bank did not give its list."""

    account: int
    why: str


def poll(account: Account, collector: Collector, *, at: datetime) -> Heard | Silent | None:
    """Reads what was received since the last list. None: the bank has no list to give."""
    if Capability.LIST_RECEIVED not in collector.capabilities:
        return None
    since = max((account.polled_until or at - _DEEP) - _OVERLAP, at - _DEEP)
    return _read(account, collector, since, at)


def poll_deep(account: Account, collector: Collector, *, at: datetime) -> Heard | Silent | None:
    """Once a night: the last seven days again."""
    local = at.astimezone(ZoneInfo(account.zone))
    done = account.swept_on is not None and account.swept_on >= local.date()
    if done or local.hour < _DEEP_FROM_HOUR or Capability.LIST_RECEIVED not in collector.capabilities:
        return None
    heard = _read(account, collector, at - _DEEP, at)
    if isinstance(heard, Heard):
        accounts.heard(account, until=at, at=at, swept_on=local.date())
    return heard


def _read(account: Account, collector: Collector, since: datetime, until: datetime) -> Heard | Silent:
    credited = strange = 0
    while since < until:
        end = min(since + _AT_ONCE, until)
        page = collector.received(since=since, until=end)
        if isinstance(page, BankRefused | BankUnreachable):
            return Silent(account.id, page.said if isinstance(page, BankRefused) else page.error)
        _tell_unread(account, page.unread, until)
        for part in parts(page.payments, _PART):
            landed = credit(account, part, at=until)
            credited += sum(isinstance(one, Credited) for one in landed)
            strange += sum(isinstance(one, Unidentified) for one in landed)
        since = end
    accounts.heard(account, until=until, at=until)
    return Heard(account.id, credited, strange)


def _tell_unread(account: Account, unread: Sequence[str], at: datetime) -> None:
    """Money that the bank lists and that cannot be read: a person looks for it at the bank."""
    found = [
        Case("event_failed", f"list of account {account.id}: {entry}"[:200], account=account.id,
             detail=f"the bank lists money that cannot be read: {entry}")
        for entry in unread
    ]  # fmt: skip
    cases.open_cases(account.provider_id, found, at)


def is_due(account: Account, at: datetime) -> bool:
    return account.polled_until is None or account.polled_until <= at - EVERY


def ask_before_blocks(
    provider_id: int, collector_for: Callable[[Account], Collector], *, at: datetime, fresh: timedelta
) -> list[Silent]:
    """The bank's list by period, read before first blocks open; those that did not give it."""
    due = [
        a
        for a in accounts.listening()
        if a.provider_id == provider_id and not accounts.heard_within(a, at, fresh)
    ]
    heard = [(a, poll(a, collector_for(a), at=at)) for a in due]
    for account, one in heard:
        if isinstance(one, Silent):
            accounts.expected(account)
    return [one for _, one in heard if isinstance(one, Silent)]
