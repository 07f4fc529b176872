"""The calendars of a contract's municipality, from the holiday source that the project chose at start-up.

Holidays are looked up once per place and civil day, so that an edited holiday file counts from the next day or
restart on; `decided_with` names the digest, and rows decided with another one are decided again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from zoneinfo import ZoneInfo

from religa.domain.access import RULES_VERSION
from religa.domain.calendar import Calendars
from religa.ports import Holidays
from religa.records.loaded import Place

_YEARS_BACK, _YEARS_AHEAD = 1, 2
_source: Holidays | None = None
_kept: dict[tuple[Place, int], Calendars] = {}
_digests: dict[int, tuple[Calendars, str]] = {}


class NoHolidaySource(RuntimeError):
    """No calendars: judging without holidays would block on one."""


def use(source: Holidays) -> None:
    """Chooses where holidays come from (wiring does, once, at start-up)."""
    global _source
    _source = source
    _kept.clear()
    _digests.clear()


@contextmanager
def using(source: Holidays) -> Iterator[None]:
    """Another source for a while (scenarios bring their own holidays)."""
    before = _source
    use(source)
    try:
        yield
    finally:
        if before is not None:
            use(before)


def of(place: Place, at: datetime) -> Calendars:
    """The calendars that hold for a place around `at`."""
    key = (place, at.toordinal())
    found = _kept.get(key)
    if found is None:
        if len(_kept) > 6000:  # every municipality there is
            _kept.clear()
            _digests.clear()
        found = _kept[key] = _look_up(place, at)
    return found


def _look_up(place: Place, at: datetime) -> Calendars:
    if _source is None:
        raise NoHolidaySource("religa.records.calendars.use() was not called")
    years = range(at.year - _YEARS_BACK, at.year + _YEARS_AHEAD + 1)
    local = _source.local(years, uf=place.uf, ibge_code=place.ibge_code)
    return Calendars(ZoneInfo(place.zone), frozenset(_source.bank(years)), frozenset(local))


def decided_with(policy_version: int | None, calendars: Calendars) -> str:
    """`<policy version>/<calendar digest>/<rules version>` (docs/decisions/0005)."""
    return f"{policy_version or 0}/{_digest(calendars)}/{RULES_VERSION}"


def _digest(calendars: Calendars) -> str:
    found = _digests.get(id(calendars))
    if found is None or found[0] is not calendars:
        found = _digests[id(calendars)] = (calendars, _digest_of(calendars))
    return found[1]


def _digest_of(calendars: Calendars) -> str:
    days = sorted(calendars.bank_holidays), sorted(calendars.local_holidays)
    text = calendars.zone.key + "|" + "|".join(",".join(d.isoformat() for d in part) for part in days)
    return hashlib.sha256(text.encode()).hexdigest()[:8]
