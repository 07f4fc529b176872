"""What managers, finance and operators look at: states, feeds, runs of first blocks, what was set aside, the outbox."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from religa.domain.facts import Status
from religa.records import raw


def counts_by_status(provider_id: int) -> dict[str, int]:
    """How many living contracts stand where, by the narrow rows.

    Only those that are not `current` are looked at, by their own index: the others are the rest.
    """
    [(living, alone)] = raw.rows(_LIVING, {"provider": provider_id})
    counts: dict[str, int] = dict(
        raw.rows(_NOT_CURRENT) if alone else raw.rows(_NOT_CURRENT_OF, [provider_id])
    )
    current = living - sum(counts.values())
    return {**counts, Status.CURRENT.value: current} if current > 0 else counts


_LIVING = """
    SELECT (SELECT count(*) FROM contract WHERE provider_id = %(provider)s AND terminated_at IS NULL),
           NOT EXISTS (SELECT FROM provider WHERE id <> %(provider)s)
"""
_NOT_CURRENT = (
    "SELECT status, count(*) FROM contract_access WHERE status NOT IN ('current', 'terminated') GROUP BY 1"
)
_NOT_CURRENT_OF = """
    SELECT a.status, count(*) FROM contract_access a JOIN contract c ON c.id = a.contract_id
     WHERE a.status NOT IN ('current', 'terminated') AND c.provider_id = %s GROUP BY 1
"""


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
    """Latest runs first; `state` narrows to `held`, say. Counts are of the candidates as they are now; those of a run
    that is over were kept with it."""
    wanted = {"provider": provider_id, "state": state, "run": run_id, "limit": limit}
    return [Run(*row) for row in raw.rows(_RUNS, wanted)]


_RUNS = """
    SELECT r.id, r.started_at, r.state, r.reason, r.budget, coalesce(n.proposed, r.proposed), coalesce(n.admitted, 0),
           coalesce(n.held, 0), coalesce(n.opened, r.opened), coalesce(n.dropped, r.dropped),
           r.approved_at, r.approved_by
      FROM block_run r
      LEFT JOIN LATERAL (SELECT count(*) AS proposed,
                                count(*) FILTER (WHERE state = 'admitted') AS admitted,
                                count(*) FILTER (WHERE state = 'held') AS held,
                                count(*) FILTER (WHERE state = 'opened') AS opened,
                                count(*) FILTER (WHERE state = 'dropped') AS dropped
                           FROM block_candidate b WHERE b.run_id = r.id) n ON r.finished_at IS NULL
     WHERE r.provider_id = %(provider)s AND (%(state)s::text IS NULL OR r.state = %(state)s)
       AND (%(run)s::bigint IS NULL OR r.id = %(run)s)
     ORDER BY r.started_at DESC, r.id DESC LIMIT %(limit)s
"""


@dataclass(frozen=True, slots=True)
class Waiting:
    """First blocks that are no run yet, because a bank has not said what it has received; when it was last asked."""

    contracts: int
    since: datetime
    asked_at: datetime


def waiting_for_banks(provider_id: int) -> Waiting | None:
    query = """
        SELECT count(*), min(b.proposed_at), max(b.checked_at) FROM block_candidate b
          JOIN contract c ON c.id = b.contract_id
         WHERE c.provider_id = %s AND b.state = 'proposed' AND b.held_reason = 'bank_silent'
    """
    [found] = raw.rows(query, [provider_id])
    return Waiting(*found) if found[0] else None


@dataclass(frozen=True, slots=True)
class RunContract:
    """A contract in a run: who would be blocked, and how far it got."""

    contract_id: int
    external_id: str
    name: str
    state: str
    held_reason: str


def run_contracts(run_id: int, *, limit: int = 1000) -> list[RunContract]:
    """Contracts of a run by name; of a larger run the first ones by contract, so that it is not read as a whole."""
    query = (
        "SELECT c.id, c.external_id, s.name, b.state, b.held_reason"
        "  FROM (SELECT contract_id, state, held_reason FROM block_candidate WHERE run_id = %s"
        "         ORDER BY contract_id LIMIT %s) b"
        "  JOIN contract c ON c.id = b.contract_id JOIN subscriber s ON s.id = c.subscriber_id"
        " ORDER BY s.name, c.id"
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
