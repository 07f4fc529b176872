"""Decides again what was decided with another policy, calendar or set of rules (docs/decisions/0005).

Better answers are written at once. A worse one cannot come from here: `walled` needs an open suspension, and
opening one goes through the guard.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from religa.actions.evaluate_access import WORSENING, evaluate_many
from religa.records import calendars, facts, locks, raw
from religa.records.loaded import Place

_PLACES = """
    SELECT DISTINCT c.provider_id, c.uf, c.ibge_code, p.zone,
           coalesce(nullif(c.uf, ''), p.uf), coalesce(nullif(c.ibge_code, ''), p.ibge_code)
      FROM contract c JOIN provider p ON p.id = c.provider_id WHERE c.terminated_at IS NULL
"""


def redecide(*, at: datetime) -> int:
    """Goes through every municipality of every provider; says how many contracts were decided again."""
    done = 0
    for provider, uf, ibge_code, zone, real_uf, real_code in raw.rows(_PLACES):
        version = facts.policy_version_of(provider, at)
        wanted = calendars.decided_with(version, calendars.of(Place(zone, real_uf, real_code), at))
        done += _redecide_place(provider, uf, ibge_code, wanted, at)
    return done


def _redecide_place(provider: int, uf: str, ibge_code: str, wanted: str, at: datetime) -> int:
    done = 0
    while True:
        with transaction.atomic():
            stale = locks.claim_stale(
                provider_id=provider, uf=uf, ibge_code=ibge_code, decided_with=wanted, limit=WORSENING
            )
            evaluate_many(stale, at=at, cause="policy, calendar or rules")
        if not stale:
            return done
        done += len(stale)
