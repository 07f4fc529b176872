"""Rows to domain facts, one way, in bulk: one query per table for a whole batch of contracts.

Only what can matter for a decision is loaded, unless more is asked for: invoices that are not at rest, those that the
open suspension, an agreement or an unlock of the last 200 days names, the notices and settlements of these, every
unlock, the suspensions of the last 400 days. Keys are primary keys, ids are the external ones.

Call it in a LATER statement than the lock (docs/decisions/0002).
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import lru_cache

from religa.domain import policy as policies
from religa.domain.deeds import of_present_holder
from religa.domain.facts import Facts, GuardHold, Segment
from religa.domain.policy import Policy, PolicyRefused, Preset
from religa.records import collecting, incidents, raw, statements
from religa.records.loaded import WHAT_MATTERS, AccessRow, Ask, Loaded, Place
from religa.records.reading import Reading

_SEGMENTS = {s.value: s for s in Segment}
_FEW = 3  # contracts, for which it pays to ask first which tables know nothing of them
_FLAGS = 22  # the column of a head at which that begins
_OF_PROVIDER = _FLAGS + len(statements.FAMILIES)  # and that at which its provider does


def load(contract_ids: Sequence[int], at: datetime, *, ask: Ask = WHAT_MATTERS) -> dict[int, Loaded]:
    """Facts, policy and place of each contract that exists, with its narrow row.

    `at` picks the policy version and how far back to look; the facts are those that are committed now.
    """
    with collecting.paused():
        return _load(contract_ids, at, ask)


def _load(contract_ids: Sequence[int], at: datetime, ask: Ask) -> dict[int, Loaded]:
    few = len(contract_ids) <= _FEW
    heads = raw.rows(_HEADS_OF_FEW if few else _HEADS, {"contracts": raw.ids(contract_ids), "at": at})
    empty = _empty(heads) if few else frozenset()
    if few:
        providers = {head[1]: _Provider(head[_OF_PROVIDER:], at) for head in heads}
    else:
        providers = _providers({head[1] for head in heads}, at)
    reading = Reading([head[0] for head in heads], at, ask, few=few, empty=empty)
    reading.read()
    faulty = [head[0] for head in heads if providers[head[1]].has_incident]
    at_fault = incidents.at_open(faulty, at) if faulty else set()
    return {
        head[0]: _loaded(head, providers[head[1]], reading, at, ask, incident=head[0] in at_fault)
        for head in heads
    }


_PROVIDER = """p.zone, p.uf, p.ibge_code, p.enforcement_off_since, v.id, v.preset, v.values,
           ARRAY (SELECT last_completed_at FROM feed_heartbeat f WHERE f.provider_id = p.id AND f.configured),
           EXISTS (SELECT FROM incident i WHERE i.provider_id = p.id AND i.until IS NULL)"""
_POLICY = """LEFT JOIN LATERAL (SELECT * FROM policy_version WHERE provider_id = p.id AND valid_from <= %(at)s
                          ORDER BY valid_from DESC, number DESC LIMIT 1) v ON true"""
_PROVIDERS = f"SELECT p.id, {_PROVIDER} FROM provider p {_POLICY} WHERE p.id = ANY (%(ids)s)"
_HEAD = """
    SELECT c.id, c.provider_id, c.subscriber_id, c.since, c.segment, c.holder_since, c.terminated_at, c.uf, c.ibge_code,
           r.since, g.id, g.held_at, g.held_reason, g.approved_at,
           a.access, a.status, a.why, a.until, a.access_then, a.next_look_at, a.decided_with, a.changed_at{columns}
      FROM contract c JOIN contract_access a ON a.contract_id = c.id
      LEFT JOIN reduction r ON r.contract_id = c.id AND r.until IS NULL
      LEFT JOIN block_candidate g ON g.contract_id = c.id AND g.held_at IS NOT NULL
            AND g.state IN ('proposed', 'checked', 'admitted', 'held')
      {joined}
     WHERE c.id = ANY (%(contracts)s::bigint[]) ORDER BY c.id
"""
_HEADS = _HEAD.format(columns="", joined="")
_HEADS_OF_FEW = statements.of_few(
    _HEAD.format(
        columns=f",\n           {statements.THERE_IS},\n           {_PROVIDER}",
        joined=f"JOIN provider p ON p.id = c.provider_id {_POLICY}",
    )
)


def _empty(heads: Sequence[raw.Row]) -> frozenset[str]:
    """The families of facts of which none of the contracts has any: most have had no unlock, hold or agreement."""
    there = [any(known) for known in zip(*(head[_FLAGS:_OF_PROVIDER] for head in heads), strict=True)]
    return frozenset(name for name, found in zip(statements.FAMILIES, there, strict=False) if not found)


def _loaded(
    head: raw.Row, provider: _Provider, reading: Reading, at: datetime, ask: Ask, *, incident: bool
) -> Loaded:
    contract, provider_id, subscriber, since, segment, holder_since, terminated_at, uf, ibge_code = head[:9]
    reduced_since, held_key, held_at, held_reason, approved_at = head[9:14]
    guard_hold = GuardHold(held_at, held_reason, approved_at, held_key) if held_key else None
    facts = Facts(
        since=since,
        segment=_SEGMENTS[segment],
        holder_since=holder_since,
        **reading.facts_of(contract),
        guard_hold=guard_hold,
        reduced_since=reduced_since,
        terminated_at=terminated_at,
        feed_stale=provider.feed_stale,
        incident=incident,
    )
    if holder_since is not None and not ask.earlier_holders:
        facts = of_present_holder(facts)
    return Loaded(
        contract_id=contract,
        provider_id=provider_id,
        subscriber_id=subscriber,
        facts=facts,
        policy=provider.policy,
        policy_version=provider.version,
        place=provider.place_of(uf, ibge_code),
        access=AccessRow(*head[14:_FLAGS]),
        enforcement_off_since=provider.enforcement_off_since,
    )


class _Provider:
    """The provider's side of a decision, read once per batch."""

    def __init__(self, row: raw.Row, at: datetime) -> None:
        zone, uf, ibge_code, self.enforcement_off_since, self.version, preset, values, feeds = row[:8]
        self.has_incident: bool = row[8]
        self.policy = policy_of(preset or Preset.RGC_2025.value, values or {})
        self.feed_stale = self._is_stale(feeds, at)
        self._own = Place(zone, uf, ibge_code)
        self._places: dict[tuple[str, str], Place] = {}

    def _is_stale(self, feeds: list[datetime | None], at: datetime) -> bool:
        """Whether a configured payment feed has been silent for too long (an empty poll is not silence)."""
        oldest = at - timedelta(hours=self.policy.payment_feed_max_age_hours)
        return any(done is None or done < oldest for done in feeds)

    def place_of(self, uf: str, ibge_code: str) -> Place:
        """The customer's municipality, the provider's where the contract does not say."""
        found = self._places.get((uf, ibge_code))
        if found is None:
            own = self._own
            found = Place(own.zone, uf or own.uf, ibge_code or own.ibge_code)
            self._places[uf, ibge_code] = found
        return found


def _providers(ids: set[int], at: datetime) -> dict[int, _Provider]:
    return {row[0]: _Provider(row[1:], at) for row in raw.rows(_PROVIDERS, {"ids": list(ids), "at": at})}


def policy_of(preset: str, values: dict[str, object]) -> Policy:
    """The policy that a stored version means. `ValueError` if it breaks its preset's limits: it was never allowed."""
    return _policy_of(preset, json.dumps(values, sort_keys=True))


@lru_cache(maxsize=512)
def _policy_of(preset: str, values: str) -> Policy:
    made = policies.change(policies.preset(Preset(preset)), json.loads(values))
    if isinstance(made, PolicyRefused):
        raise ValueError("; ".join(map(str, made.violations)))
    return made


def policy_version_of(provider_id: int, at: datetime) -> int | None:
    """The key of the provider's policy version that is valid at an instant; None: the preset alone."""
    [row] = raw.rows(_PROVIDERS, {"ids": [provider_id], "at": at})
    version: int | None = _Provider(row[1:], at).version
    return version


def policy_at(provider_id: int, at: datetime) -> Policy:
    """The provider's policy that is valid at an instant."""
    [row] = raw.rows(_PROVIDERS, {"ids": [provider_id], "at": at})
    return _Provider(row[1:], at).policy
