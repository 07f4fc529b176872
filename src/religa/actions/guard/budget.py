"""How many first blocks a provider may open unseen, and why a run must wait for a person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median
from zoneinfo import ZoneInfo

from religa.domain.standing import FEED_STALE
from religa.records import raw

ENFORCEMENT_OFF, FIRST_RUN, LARGE_IMPORT, OVER_BUDGET = (
    "enforcement_off",
    "first_run",
    "large_import",
    "over_budget",
)
_FLOOR, _SHARE, _RUNS = 50, 0.02, 8


@dataclass(frozen=True, slots=True)
class Budget:
    """`limit` blocks in 24 hours, of which `spent` have been opened."""

    limit: int
    spent: int

    @property
    def left(self) -> int:
        return max(0, self.limit - self.spent)


def budget_of(provider_id: int, at: datetime) -> Budget:
    """The larger of 50, 2 % of contracts and twice the median of the last eight runs of that weekday, and never less
    than what notices with evidence had announced for this day."""
    [(zone, contracts, spent)] = raw.rows(_BASE, {"p": provider_id, "since": at - timedelta(hours=24)})
    local = at.astimezone(ZoneInfo(zone))
    start = local.replace(hour=0, minute=0, second=0, microsecond=0)
    usual = [
        opened
        for (opened,) in raw.rows(
            _USUAL,
            {"p": provider_id, "zone": zone, "weekday": local.isoweekday(), "today": start, "n": _RUNS},
        )
    ]
    [(announced,)] = raw.rows(
        _ANNOUNCED, {"p": provider_id, "from": start, "to": start + timedelta(days=1), "at": at}
    )
    twice = int(2 * median(usual)) if usual else 0
    return Budget(max(_FLOOR, int(contracts * _SHARE), twice, announced), spent)


_BASE = """
    SELECT zone, (SELECT count(*) FROM contract WHERE provider_id = p.id AND terminated_at IS NULL),
           (SELECT count(*) FROM block_candidate b JOIN block_run r ON r.id = b.run_id
             WHERE r.provider_id = p.id AND b.opened_at > %(since)s)
      FROM provider p WHERE p.id = %(p)s
"""
_USUAL = """
    SELECT opened FROM block_run
     WHERE provider_id = %(p)s AND finished_at IS NOT NULL AND started_at < %(today)s AND approved_at IS NULL
       AND extract(isodow FROM started_at AT TIME ZONE %(zone)s) = %(weekday)s
     ORDER BY started_at DESC LIMIT %(n)s
"""
_ANNOUNCED = """
    SELECT count(DISTINCT n.contract_id) FROM notice n JOIN contract c ON c.id = n.contract_id
     WHERE c.provider_id = %(p)s AND n.kind = 'debt_notice' AND n.opens_at >= %(from)s AND n.opens_at < %(to)s
       AND n.sent_at <= %(at)s - interval '15 days'
       AND EXISTS (SELECT FROM delivery_event e WHERE e.notice_id = n.id AND e.evidence IN ('sent', 'delivered'))
"""


def reason_to_hold(provider_id: int, run_id: int, wanted: int, budget: Budget, at: datetime) -> str | None:
    """The first thing that speaks against opening a run unseen."""
    [(off, first_approved, max_age)] = raw.rows(_STATE, {"p": provider_id, "at": at})
    if off:
        return ENFORCEMENT_OFF
    if is_feed_stale(provider_id, max_age, at):
        return FEED_STALE
    if first_approved is None:
        return FIRST_RUN
    if raw.rows(_FROM_LARGE_IMPORT, [run_id]):
        return LARGE_IMPORT
    return OVER_BUDGET if wanted > budget.left else None


_STATE = """
    SELECT enforcement_off_since IS NOT NULL, first_run_approved_at,
           coalesce((SELECT (values ->> 'payment_feed_max_age_hours')::int FROM policy_version v
                      WHERE v.provider_id = p.id AND valid_from <= %(at)s
                      ORDER BY valid_from DESC, number DESC LIMIT 1), 30)
      FROM provider p WHERE id = %(p)s
"""
_FROM_LARGE_IMPORT = """
    SELECT FROM block_candidate b JOIN contract c ON c.id = b.contract_id
      JOIN import_batch i ON i.id = c.import_batch_id
     WHERE b.run_id = %s AND b.state = 'admitted' AND i.held AND i.released_at IS NULL LIMIT 1
"""


def max_feed_age(provider_id: int, at: datetime) -> int:
    """For how many hours a payment feed may be silent, by the provider's policy."""
    return int(raw.rows(_STATE, {"p": provider_id, "at": at})[0][2])


def is_feed_stale(provider_id: int, max_age_hours: int, at: datetime) -> bool:
    """Whether a configured payment feed has not completed for too long."""
    return bool(
        raw.rows(
            _STALE,
            {"p": provider_id, "oldest": at - timedelta(hours=max_age_hours)},
        )
    )


# An account that is closed, or whose payments another system reports, is no feed of ours any more.
_STALE = """
    SELECT FROM feed_heartbeat f
     WHERE f.provider_id = %(p)s AND f.configured
       AND (f.last_completed_at IS NULL OR f.last_completed_at < %(oldest)s)
       AND NOT EXISTS (SELECT FROM payment_account a WHERE a.provider_id = %(p)s AND 'account ' || a.id = f.name
                          AND (a.closed_at IS NOT NULL OR a.reported_by = 'other')) LIMIT 1
"""
