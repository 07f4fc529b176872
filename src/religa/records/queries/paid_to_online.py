"""How long it takes from a payment at the bank to internet at home, and where the time goes.

Stages: paid (the bank's clock), told (our door took its event), credited (and decided, in the same transaction), online
(a router has taken the order). Pix alone: of other money the bank says a day, no instant. Of a payment that nobody told
of, or that opened nothing, the stages that were none are empty.

No row links an event to the payment it told of, so events are searched for the endToEndId.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from religa.records import raw


@dataclass(frozen=True, slots=True)
class Stages:
    """One payment on its way. `opened_at`: access came back (the decision); None where it was open."""

    contract_id: int
    payment: str
    amount: int
    account: str
    paid_at: datetime
    told_at: datetime | None
    credited_at: datetime
    opened_at: datetime | None
    online_at: datetime | None

    @property
    def took(self) -> float:
        """Seconds until the last stage that is known."""
        return ((self.online_at or self.credited_at) - self.paid_at).total_seconds()


@dataclass(frozen=True, slots=True)
class Spread:
    """Half of the payments took at most `p50` seconds, 95 and 99 of a hundred `p95` and `p99`; `count` of them."""

    count: int
    p50: float | None
    p95: float | None
    p99: float | None


@dataclass(frozen=True, slots=True)
class AccountTimes:
    """One account's payments of a period. `told`: paid to told; `credited`: paid to credited; `online`: credited to a
    router's answer; `whole`: paid to a router's answer."""

    account: str
    told: Spread
    credited: Spread
    online: Spread
    whole: Spread


_LAST = """
    SELECT p.contract_id, p.external_id, p.amount, a.name, p.paid_at, {told} AS told_at, p.known_at,
           d.at AS opened_at, o.at AS online_at
      FROM payment p LEFT JOIN payment_account a ON a.id = p.payment_account_id {events}
      LEFT JOIN LATERAL (
           SELECT x.at FROM access_change x
            WHERE x.contract_id = p.contract_id AND x.at = p.known_at AND x.access = 'full'
              AND x.old_access IS DISTINCT FROM 'full' ORDER BY x.seq DESC LIMIT 1) d ON true
      LEFT JOIN LATERAL (
           SELECT min(l.at) AS at FROM coa_log l
            WHERE l.contract_id = p.contract_id AND l.at >= d.at AND l.at < d.at + interval '1 day'
              AND l.wanted = 'full' AND l.outcome IN ('applied', 'disconnected')) o ON true
     WHERE p.method = 'pix' AND p.moved_from_id IS NULL
"""
_IN_PERIOD = (
    _LAST.format(
        told="CASE WHEN e.at <= p.known_at THEN e.at END",
        events="""LEFT JOIN (
           SELECT m[1] AS id, min(received_at) AS at
             FROM provider_event, regexp_matches(encode(body, 'escape'), '"(E[0-9A-Za-z]{31})"', 'g') m
            WHERE provider_id = %(provider)s AND received_at >= %(since)s::timestamptz - interval '1 hour'
            GROUP BY 1) e ON e.id = p.external_id""",
    )
    + """
       AND a.provider_id = %(provider)s AND p.known_at >= %(since)s
       AND p.booked_on >= %(day)s
"""
)
_OF_CONTRACT = (
    _LAST.format(
        told="""(
           SELECT min(e.received_at) FROM provider_event e
            WHERE e.provider_id = p.provider_id AND e.payment_account_id = p.payment_account_id
              AND e.received_at BETWEEN p.paid_at - interval '5 minutes' AND p.known_at
              AND p.known_at < p.paid_at + interval '1 day'
              AND position(convert_to(p.external_id, 'UTF8') IN e.body) > 0)""",
        events="",
    )
    + """
       AND p.contract_id = %s AND p.payment_account_id IS NOT NULL ORDER BY p.known_at DESC, p.id DESC LIMIT %s
"""
)


def slowest(provider_id: int, *, since: datetime, day: date, limit: int = 20) -> list[Stages]:
    """Payments known since an instant (`day`: its civil day), those that took longest first."""
    query = f"{_IN_PERIOD} ORDER BY coalesce(o.at, p.known_at) - p.paid_at DESC, p.id LIMIT %(limit)s"
    found = raw.rows(query, {"provider": provider_id, "since": since, "day": day, "limit": limit})
    return [Stages(*row) for row in found]


def of_contract(contract_id: int, *, limit: int = 5) -> list[Stages]:
    """The contract's last Pix that came by a bank, newest first."""
    return [Stages(*row) for row in raw.rows(_OF_CONTRACT, [contract_id, limit])]


def times(provider_id: int, *, since: datetime, day: date) -> list[AccountTimes]:
    """Percentiles by account of what was known since an instant."""
    found = raw.rows(_TIMES, {"provider": provider_id, "since": since, "day": day})
    return [
        AccountTimes(name, *(Spread(count, *(part or (None,) * 3)) for count, part in _pairs(row)))
        for name, *row in found
    ]


def _pairs(values: list[object]) -> list[tuple[int, list[float] | None]]:
    return list(zip(values[::2], values[1::2], strict=True))  # type: ignore[arg-type]


def _spread(until: str, since: str) -> str:
    took = f"extract(epoch FROM {until} - {since})::float8"
    return f"count({until}), percentile_cont(ARRAY[0.5, 0.95, 0.99]) WITHIN GROUP (ORDER BY {took})"


_TIMES = f"""
    SELECT s.name, {_spread("s.told_at", "s.paid_at")}, {_spread("s.known_at", "s.paid_at")},
           {_spread("s.online_at", "s.known_at")}, {_spread("s.online_at", "s.paid_at")}
      FROM ({_IN_PERIOD}) s GROUP BY 1 ORDER BY 1
"""
