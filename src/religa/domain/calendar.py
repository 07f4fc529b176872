"""Civil days, bank days, block slots and contact hours.

Holidays come in as values (`Calendars`); nothing here knows where they were found. Two calendars, as in
docs/scenarios.md: bank days (due dates, late charges, clearing) and closed days (for blocks and messages).
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from religa.domain.policy import Hours, Policy

_DAY = timedelta(days=1)
_SEARCH_DAYS = 400  # a policy whose slots are farther apart than a year has none

_Opening = tuple[datetime, datetime]  # half-open


@dataclass(slots=True)
class _Kept:
    """What was worked out for one policy; `policy` is held, so that its identity stays its own."""

    policy: Policy
    slots: dict[date, _Opening | None] = field(default_factory=dict)
    contacts: dict[date, _Opening | None] = field(default_factory=dict)


@dataclass(frozen=True)
class Calendars:
    """The zone and the holidays of one contract's municipality.

    `bank_holidays`: national ones, Carnival Monday and Tuesday, Corpus Christi. `local_holidays`: state,
    municipality and the provider's own; they close for blocks and messages, never for banks. What has been worked
    out for a day is remembered, so contracts of one municipality should share one object.
    """

    zone: ZoneInfo
    bank_holidays: frozenset[date] = frozenset()
    local_holidays: frozenset[date] = frozenset()
    _midnights: dict[date, datetime] = field(default_factory=dict, compare=False, repr=False)
    _dues: dict[date, date] = field(default_factory=dict, compare=False, repr=False)
    _kept: dict[int, _Kept] = field(default_factory=dict, compare=False, repr=False)

    def day(self, at: datetime) -> date:
        """The civil day of an instant, in the provider's zone."""
        return at.astimezone(self.zone).date()

    def midnight(self, day: date) -> datetime:
        """The instant at which a civil day starts."""
        found = self._midnights.get(day)
        if found is None:
            found = self._midnights[day] = self.instant(day, 0)
        return found

    def instant(self, day: date, minutes: int) -> datetime:
        """A wall time (minutes after midnight, up to 1440) of a civil day as an instant in UTC."""
        day, minutes = (day + _DAY, 0) if minutes == 1440 else (day, minutes)
        return datetime.combine(day, time(minutes // 60, minutes % 60), self.zone).astimezone(UTC)

    def is_bank_day(self, day: date) -> bool:
        return day.weekday() < 5 and day not in self.bank_holidays

    def is_closed(self, day: date) -> bool:
        return not self.is_bank_day(day) or day in self.local_holidays


_HoursOf = Callable[[Calendars, Policy, date], "_Opening | None"]


def plus_days(calendars: Calendars, at: datetime, days: int) -> datetime:
    """The same wall time some civil days later."""
    local = at.astimezone(calendars.zone)
    moved = datetime.combine(local.date() + days * _DAY, local.time(), calendars.zone)
    return moved.astimezone(UTC)


def bank_day_from(calendars: Calendars, day: date) -> date:
    """The day itself if it is a bank day, else the next one."""
    while not calendars.is_bank_day(day):
        day += _DAY
    return day


def plus_bank_days(calendars: Calendars, day: date, count: int) -> date:
    """The count-th bank day after a day (count 0: the day itself); negative counts go back."""
    step = _DAY if count >= 0 else -_DAY
    for _ in range(abs(count)):
        day += step
        while not calendars.is_bank_day(day):
            day += step
    return day


def bank_days_after(calendars: Calendars, start: date, end: date) -> int:
    """How many bank days come after a day, up to and including another: Friday to Monday is 1, to Sunday 0."""
    days = (start + n * _DAY for n in range(1, (end - start).days + 1))
    return sum(calendars.is_bank_day(day) for day in days)


def effective_due(calendars: Calendars, policy: Policy, due: date) -> date:
    """The last day on which an invoice is paid in time (Lei 7.089/1983 art. 1).

    A due date on a non-bank day moves to the next bank day, and one on the year's last bank day may be paid on
    the next: there is no public service on it.
    """
    if policy.no_business_calendar:
        return due
    found = calendars._dues.get(due)
    if found is None:
        last = bank_day_from(calendars, due)
        following = bank_day_from(calendars, last + _DAY)
        found = calendars._dues[due] = following if following.year != last.year else last
    return found


def charge_day(calendars: Calendars, policy: Policy, day: date, *, by_boleto: bool) -> date:
    """The day that counts for late charges: a boleto paid on Saturday counts as Monday."""
    return bank_day_from(calendars, day) if by_boleto and not policy.no_business_calendar else day


def next_slot(calendars: Calendars, policy: Policy, at: datetime) -> datetime | None:
    """The first instant at or after `at` at which a block may open; None if the policy leaves no slot."""
    if policy.no_business_calendar:
        return at
    return _next_in(calendars, policy, at, _kept(calendars, policy).slots, _slot)


def next_contact(calendars: Calendars, policy: Policy, at: datetime) -> datetime | None:
    """The first instant at or after `at` at which a notice or warning may go out."""
    if policy.no_business_calendar:
        return at
    return _next_in(calendars, policy, at, _kept(calendars, policy).contacts, _contact)


def last_contact(calendars: Calendars, policy: Policy, at: datetime) -> datetime | None:
    """The last contact time at or before `at`: where a warning moves back to."""
    if policy.no_business_calendar:
        return at
    day = calendars.day(at)
    for _ in range(_SEARCH_DAYS):
        opened = _contact(calendars, policy, day)
        if opened is not None and opened[0] <= at:
            return min(at, opened[1] - timedelta(minutes=1)) if at >= opened[1] else at
        day -= _DAY
    return None


def _kept(calendars: Calendars, policy: Policy) -> _Kept:
    """By identity: comparing policies costs more than an answer, and few of them are alive."""
    found = calendars._kept.get(id(policy))
    if found is None or found.policy is not policy:
        found = calendars._kept[id(policy)] = _Kept(policy)
    return found


def _next_in(
    calendars: Calendars, policy: Policy, at: datetime, known: dict[date, _Opening | None], hours_of: _HoursOf
) -> datetime | None:
    day = calendars.day(at)
    opened = known[day] if day in known else _first_opening(calendars, policy, known, day, hours_of)
    if opened is not None and at >= opened[1]:  # today's is over
        opened = _first_opening(calendars, policy, known, day + _DAY, hours_of)
    if opened is None:
        return None
    return at if at > opened[0] else opened[0]


def _first_opening(
    calendars: Calendars, policy: Policy, known: dict[date, _Opening | None], first: date, hours_of: _HoursOf
) -> _Opening | None:
    """The opening of a day, or of the next day that has one."""
    if first not in known:
        days = (first + n * _DAY for n in range(_SEARCH_DAYS))
        openings = (hours_of(calendars, policy, day) for day in days)
        known[first] = next((opened for opened in openings if opened is not None), None)
    return known[first]


def _slot(calendars: Calendars, policy: Policy, day: date) -> _Opening | None:
    allowed = day.weekday() in policy.block_weekdays and (
        policy.block_on_holiday_or_eve or not (calendars.is_closed(day) or calendars.is_closed(day + _DAY))
    )
    return _opening(calendars, day, policy.block_hours) if allowed else None


def _contact(calendars: Calendars, policy: Policy, day: date) -> _Opening | None:
    hours = policy.contact_hours[day.weekday()]
    closed = hours is None or (calendars.is_closed(day) and not _is_plain_weekend(calendars, day))
    return None if closed else _opening(calendars, day, hours)


def _is_plain_weekend(calendars: Calendars, day: date) -> bool:
    """A Saturday is no bank day, yet messages may go out on it: only holidays close it for contact."""
    return day.weekday() >= 5 and day not in calendars.bank_holidays and day not in calendars.local_holidays


def _opening(calendars: Calendars, day: date, hours: Hours | None) -> _Opening | None:
    if hours is None:
        return None
    return calendars.instant(day, hours.start), calendars.instant(day, hours.end)


def next_free_contact(
    calendars: Calendars, policy: Policy, at: datetime, taken: Collection[date]
) -> datetime | None:
    """The first contact time at or after `at` on a civil day on which nothing has been said yet."""
    when = next_contact(calendars, policy, at)
    while when is not None and calendars.day(when) in taken:
        when = next_contact(calendars, policy, calendars.midnight(calendars.day(when) + _DAY))
    return when
