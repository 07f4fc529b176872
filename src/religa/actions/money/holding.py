"""While the bank is silent about a payment it told of itself: the contract is held online, once for a charge.

Only for what came over the bank's own certificate and names a charge and a key of ours (payments.md §7). A hold, no
trust unlock: it says nothing of the subscriber, and it ends when the bank answers.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from religa.actions.carry_out import Done, carry_out
from religa.domain import deeds
from religa.domain.facts import Facts
from religa.domain.standing import Standing
from religa.ports.money import Hint
from religa.records import charges, raw
from religa.records.accounts import Account

LASTS = timedelta(hours=24)
REASON = "bank_silent"


def hold_while_silent(account: Account, hints: Sequence[Hint], *, proof: str, at: datetime) -> bool:
    """Holds the contracts of what is hinted at; says whether one was held now."""
    if proof != "mtls":
        return False
    own = [h for h in hints if h.txid and _is_our_key(account, h)]
    targets = charges.by_txid(account.provider_id, [h.txid for h in own])
    held = [_hold(t.contract, t.charge, at) for t in targets.values() if t.status in ("active", "new")]
    return any(held)


def _is_our_key(account: Account, hint: Hint) -> bool:
    return not hint.key or not account.pix_key or hint.key.casefold() == account.pix_key.casefold()


def _hold(contract: int, charge: int, at: datetime) -> bool:
    done = carry_out(
        contract_id=contract,
        at=at,
        cause="payment told while the bank is silent",
        deed=lambda standing: (
            deeds.hold(standing.facts, at + LASTS, REASON, at) if _is_new(charge) else standing.facts
        ),
    )
    if not isinstance(done, Done) or len(done.after.holds) == len(done.before.holds):
        return False
    raw.run("UPDATE hold SET charge_id = %s WHERE id = %s", [charge, done.after.holds[-1].key])
    return True


def _is_new(charge: int) -> bool:
    return not raw.rows("SELECT FROM hold WHERE charge_id = %s", [charge])


def release(account: Account, txids: Sequence[str], *, at: datetime) -> None:
    """The bank has answered for these charges: whatever it says, the hold is over."""
    query = """
        SELECT h.id, h.contract_id FROM hold h JOIN charge c ON c.id = h.charge_id
         WHERE c.provider_id = %s AND c.txid = ANY (%s) AND h.until > %s ORDER BY h.contract_id
    """
    for key, contract in raw.rows(query, [account.provider_id, list(txids), at]) if txids else ():
        _release(contract, key, at)


def _release(contract: int, hold: int, at: datetime) -> None:
    def end(standing: Standing) -> Facts:
        return deeds.end_hold(standing.facts, hold, at)

    carry_out(contract_id=contract, at=at, cause="the bank has answered", deed=end)
