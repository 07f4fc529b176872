"""Before a contract ends, its charges are asked for at the bank: nobody who has paid is to be cancelled.

The bank is asked outside any transaction; what it has received is credited first.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from religa.actions.money.charging import CollectorFor
from religa.actions.money.credit import credit
from religa.actions.money.landing import Credited
from religa.ports.money import BankRefused, BankUnreachable, ChargeKind, ChargeRef, ChargeSeen, NotFound
from religa.records import accounts, raw
from religa.records.accounts import Account


@dataclass(frozen=True, slots=True)
class NothingCame:
    """The bank has received nothing that was not known."""


@dataclass(frozen=True, slots=True)
class MoneyCame:
    """Money was found at the bank and is booked now, in centavos."""

    amount: int


@dataclass(frozen=True, slots=True)
class BankSilent:
    """A bank did not say what has been paid."""

    why: str


def ask(
    contract_id: int, *, collector_for: CollectorFor, at: datetime
) -> NothingCame | MoneyCame | BankSilent:
    """Asks for each charge of the contract that can still be paid, and credits what is found."""
    came, silent = 0, ""
    for account, ref in _active(contract_id):
        answer = collector_for(account).fetch(ref)
        if isinstance(answer, ChargeSeen):
            came += _credit(account, answer, at)
        elif not isinstance(answer, NotFound):
            silent = silent or _why(answer)
    if came:
        return MoneyCame(came)
    return BankSilent(silent) if silent else NothingCame()


def _active(contract_id: int) -> list[tuple[Account, ChargeRef]]:
    query = """
        SELECT c.payment_account_id, c.kind, c.txid, c.bank_id FROM charge c JOIN invoice i ON i.id = c.invoice_id
         WHERE i.contract_id = %s AND c.status = 'active' AND c.payment_account_id IS NOT NULL AND c.txid IS NOT NULL
         ORDER BY c.id
    """
    known = {a.id: a for a in accounts.listening()}
    return [
        (known[account], ChargeRef(ChargeKind(kind), txid, bank_id))
        for account, kind, txid, bank_id in raw.rows(query, [contract_id])
        if account in known
    ]


def _credit(account: Account, seen: ChargeSeen, at: datetime) -> int:
    landed = {one.payment_id for one in credit(account, seen.payments, at=at) if isinstance(one, Credited)}
    return sum(m.amount for m in seen.payments if m.id in landed)


def _why(answer: BankRefused | BankUnreachable) -> str:
    return answer.error if isinstance(answer, BankUnreachable) else f"{answer.code} {answer.said}"
