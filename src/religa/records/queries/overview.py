"""What managers, finance and operators look at: states, feeds, runs of first blocks, what was set aside, the outbox."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from religa.records import raw


def counts_by_status(provider_ids: Sequence[int]) -> dict[str, int]:
    """How many contracts stand where, by the narrow rows."""
    query = (
        "SELECT a.status, count(*) FROM contract_access a JOIN contract c ON c.id = a.contract_id"
        " WHERE c.provider_id = ANY (%s) GROUP BY 1"
    )
    return dict(raw.rows(query, [list(provider_ids)]))


@dataclass(frozen=True, slots=True)
class Feed:
    """A payment feed. `stale`: it has been silent for longer than the policy allows, so first blocks are held."""

    name: str
    kind: str
    last_completed_at: datetime | None
    stale: bool


def feeds(provider_id: int, *, at: datetime, max_age_hours: int) -> list[Feed]:
    """The configured feeds of a provider; `max_age_hours` is the policy's `payment_feed_max_age_hours`."""
    query = (
        "SELECT name, kind, last_completed_at FROM feed_heartbeat"
        " WHERE provider_id = %s AND configured ORDER BY name"
    )
    oldest = at - timedelta(hours=max_age_hours)
    return [
        Feed(name, kind, done, done is None or done < oldest)
        for name, kind, done in raw.rows(query, [provider_id])
    ]


@dataclass(frozen=True, slots=True)
class Run:
    """One run of first blocks, with its counts so far."""

    run_id: int
    started_at: datetime
    state: str
    reason: str
    budget: int | None
    proposed: int
    admitted: int
    held: int
    opened: int
    dropped: int
    approved_at: datetime | None
    approved_by: str


def block_runs(
    provider_id: int, *, state: str | None = None, run_id: int | None = None, limit: int = 20
) -> list[Run]:
    """Latest runs first; `state` narrows to `held`, say. Counts are of the candidates as they are now."""
    wanted = {"provider": provider_id, "state": state, "run": run_id, "limit": limit}
    return [Run(*row) for row in raw.rows(_RUNS, wanted)]


_RUNS = """
    SELECT r.id, r.started_at, r.state, r.reason, r.budget, n.proposed, n.admitted, n.held, n.opened, n.dropped,
           r.approved_at, r.approved_by
      FROM block_run r
      CROSS JOIN LATERAL (SELECT count(*) AS proposed,
                                 count(*) FILTER (WHERE state = 'admitted') AS admitted,
                                 count(*) FILTER (WHERE state = 'held') AS held,
                                 count(*) FILTER (WHERE state = 'opened') AS opened,
                                 count(*) FILTER (WHERE state = 'dropped') AS dropped
                            FROM block_candidate b WHERE b.run_id = r.id) n
     WHERE r.provider_id = %(provider)s AND (%(state)s::text IS NULL OR r.state = %(state)s)
       AND (%(run)s::bigint IS NULL OR r.id = %(run)s)
     ORDER BY r.started_at DESC, r.id DESC LIMIT %(limit)s
"""


@dataclass(frozen=True, slots=True)
class RunContract:
    """A contract in a run: who would be blocked, and how far it got."""

    contract_id: int
    external_id: str
    name: str
    state: str
    held_reason: str


def run_contracts(run_id: int, *, limit: int = 1000) -> list[RunContract]:
    query = (
        "SELECT c.id, c.external_id, s.name, b.state, b.held_reason FROM block_candidate b"
        " JOIN contract c ON c.id = b.contract_id JOIN subscriber s ON s.id = c.subscriber_id"
        " WHERE b.run_id = %s ORDER BY s.name, c.id LIMIT %s"
    )
    return [RunContract(*row) for row in raw.rows(query, [run_id, limit])]


@dataclass(frozen=True, slots=True)
class Failure:
    """A contract that could not be judged and waits for a person."""

    failure_id: int
    contract_id: int
    external_id: str
    at: datetime
    step: str
    error: str


def failures(provider_ids: Sequence[int], *, limit: int = 100) -> list[Failure]:
    query = (
        "SELECT f.id, f.contract_id, c.external_id, f.at, f.step, f.error FROM sweep_failure f"
        " JOIN contract c ON c.id = f.contract_id"
        " WHERE f.resolved_at IS NULL AND c.provider_id = ANY (%s) ORDER BY f.at DESC LIMIT %s"
    )
    return [Failure(*row) for row in raw.rows(query, [list(provider_ids), limit])]


@dataclass(frozen=True, slots=True)
class OutboxMessage:
    """A message as the demo's outbox shows it."""

    message_id: int
    created_at: datetime
    kind: str
    channel: str
    address: str
    subject: str
    text: str
    state: str


def outbox(provider_ids: Sequence[int], *, limit: int = 50) -> list[OutboxMessage]:
    """Latest messages first, whatever became of them."""
    query = (
        "SELECT id, created_at, kind, channel, address, subject, text, state FROM message"
        " WHERE provider_id = ANY (%s) ORDER BY id DESC LIMIT %s"
    )
    return [OutboxMessage(*row) for row in raw.rows(query, [list(provider_ids), limit])]
