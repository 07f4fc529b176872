"""What the loader hands out beside the domain's facts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from religa.domain.facts import Facts
from religa.domain.policy import Policy


@dataclass(frozen=True, slots=True)
class AccessRow:
    """The narrow row: what the network answers now, until when, what then, and when to look again."""

    access: str
    status: str
    why: str
    until: datetime | None
    access_then: str
    next_look_at: datetime | None
    decided_with: str
    changed_at: datetime

    def read(self, at: datetime) -> str:
        """The access that RADIUS reads in it at an instant."""
        return self.access if self.until is None or at < self.until else self.access_then


@dataclass(frozen=True, slots=True)
class Place:
    """What picks the holidays of a contract: IANA zone, federal unit and IBGE municipality code (may be empty)."""

    zone: str
    uf: str
    ibge_code: str


@dataclass(frozen=True, slots=True)
class Loaded:
    """One contract, ready to be judged. `policy_version` is the key of `policy_version`, None: the preset alone.

    `enforcement_off_since`: the provider's "stop all blocks", which the guard obeys.
    """

    contract_id: int
    provider_id: int
    subscriber_id: int
    facts: Facts
    policy: Policy
    policy_version: int | None
    place: Place
    access: AccessRow
    enforcement_off_since: datetime | None


@dataclass(frozen=True, slots=True)
class Ask:
    """What to load beyond what matters for a decision now.

    `invoices`, `payments`, `receipts`: by the ids that people know. `everything`: the whole history of the contracts.
    `earlier_holders`: also what belongs to whoever held the contract before.
    """

    invoices: Sequence[str] = ()
    payments: Sequence[str] = ()
    receipts: Sequence[str] = ()
    everything: bool = False
    earlier_holders: bool = False


WHAT_MATTERS = Ask()
WHOLE_HISTORY = Ask(everything=True)
