"""Banks are asked what they have received before first blocks open. Nobody is asked inside a transaction.

`checked_at` of a new candidate is when its banks were last asked; while one of them is silent it stays `proposed` and
`held_reason` says so. It is asked again after as long as it has waited already, between 15 seconds and 10 minutes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from religa.actions.guard.budget import is_feed_stale, max_feed_age
from religa.actions.money.poll import Silent
from religa.records import accounts, raw

AskBanks = Callable[
    [int, datetime], Sequence[Silent]
]  # of a provider: the banks that did not give their list
BANK_SILENT = "bank_silent"


def has_banks(provider_id: int) -> bool:
    """Whether there is anybody to ask."""
    return any(a.provider_id == provider_id for a in accounts.listening())


# A claim is a lease, too: of a sweeper that dies while it asks, nothing is left to be put right.
_CLAIM = """
    UPDATE block_candidate SET checked_at = %(at)s WHERE id IN (
        SELECT b.id FROM block_candidate b JOIN contract c ON c.id = b.contract_id
         WHERE c.provider_id = %(p)s AND b.run_id IS NULL AND b.state = 'proposed'
           AND (b.checked_at IS NULL OR b.checked_at + least(greatest(b.checked_at - b.proposed_at,
                interval '15 seconds'), interval '10 minutes') <= %(at)s)
         ORDER BY b.id FOR NO KEY UPDATE OF b SKIP LOCKED)
    RETURNING id
"""


def claim(provider_id: int, at: datetime) -> list[int]:
    """New candidates whose banks are to be asked now, by this process alone."""
    return [candidate for (candidate,) in raw.rows(_CLAIM, {"p": provider_id, "at": at})]


def is_anyone_silent(provider_id: int, asked: Sequence[int], ask_banks: AskBanks, at: datetime) -> bool:
    """Asks. After `payment_feed_max_age_hours` of silence the guard holds the run for a person, as for every feed."""
    if not ask_banks(provider_id, at):
        return False
    if is_feed_stale(provider_id, max_feed_age(provider_id, at), at):
        return False
    raw.run("UPDATE block_candidate SET held_reason = %s WHERE id = ANY (%s)", [BANK_SILENT, list(asked)])
    return True
