"""Money that went back: what we asked for comes to its end, what the bank took (MED) is taken off by contra-entry.

It never blocks anybody: an invoice that comes back to life needs a new notice. A person gets a case.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from religa.actions.carry_out import Done, carry_out
from religa.actions.money import cases
from religa.actions.money.cases import Case
from religa.domain import bank_money
from religa.ports.money import MoneySeen, Returned, ReturnStatus
from religa.records import raw
from religa.records.accounts import Account
from religa.records.changes import Beside, PaymentDetails, ReversalDetails
from religa.records.loaded import Ask


def take(account: Account, money: Sequence[MoneySeen], *, at: datetime) -> None:
    """Takes over what the bank says of returns. Seen again it has no effect."""
    for seen in money:
        for returned in seen.returns:
            _take_one(account, seen.id, returned, at)


def _take_one(account: Account, payment: str, returned: Returned, at: datetime) -> None:
    known = raw.rows(
        "SELECT id, status FROM refund WHERE provider_id = %s AND external_id = %s AND refund_id = %s FOR UPDATE",
        [account.provider_id, payment, returned.id],
    )
    if known:
        refund, status = known[0]
        if status in ("new", "processing"):
            go_on(account, refund=refund, payment=payment, returned=returned, at=at)
    elif returned.status is ReturnStatus.RETURNED:
        _taken_by_bank(account, payment, returned, at)


def go_on(account: Account, *, refund: int, payment: str, returned: Returned, at: datetime) -> None:
    """One of ours is under way, or has come to its end. What was not carried out is a person's to look at."""
    final = returned.status is not ReturnStatus.PROCESSING
    raw.run(
        "UPDATE refund SET status = %s, rtr_id = %s, settled_at = %s, error = %s,"
        " try_at = CASE WHEN %s THEN NULL ELSE try_at END WHERE id = %s",
        [returned.status.value, returned.rtr_id, at if final else None, returned.reason[:300], final, refund],
    )
    if returned.status is ReturnStatus.RETURNED:
        _forget_payer(refund)
    if returned.status is ReturnStatus.NOT_DONE:
        failed(account, payment, returned.id, returned.amount, returned.reason, at)


def _forget_payer(refund: int) -> None:
    """Money of nobody is back where it came from: nobody has to be found by it any more."""
    raw.run(
        "UPDATE unidentified_payment u SET payer_document = '', payer_name = '' FROM refund r"
        " WHERE r.id = %s AND u.id = r.unidentified_payment_id",
        [refund],
    )


def failed(account: Account, payment: str, refund_id: str, amount: int, why: str, at: datetime) -> None:
    """Opens the case of a refund that did not reach the payer."""
    contract = raw.rows(
        "SELECT p.contract_id FROM refund r JOIN payment p ON p.id = r.payment_id"
        " WHERE r.provider_id = %s AND r.external_id = %s AND r.refund_id = %s",
        [account.provider_id, payment, refund_id],
    )
    case = Case("refund_failed", f"{payment} {refund_id}", contract[0][0] if contract else None, payment,
                account=account.id, amount=amount, detail=f"refund {refund_id}: {why}")  # fmt: skip
    cases.open_cases(account.provider_id, [case], at)


def _taken_by_bank(account: Account, external_id: str, returned: Returned, at: datetime) -> None:
    live = live_payment(account.provider_id, external_id)
    reason = f"returned by the bank ({returned.nature.value})"
    if live is None:
        _nobodys(account, external_id, returned, reason, at)
        return
    key, contract, payment, amount = live
    keep_refund(account, external_id, returned, payment=key, at=at, author="bank")
    take_off(account, contract=contract, key=key, payment=payment, amount=min(amount, returned.amount), at=at,
             reason=reason)  # fmt: skip
    case = Case("reversed", f"{external_id} {returned.id}", contract, payment, account=account.id,
                amount=returned.amount, detail=f"{returned.nature.value} {returned.reason}".strip())  # fmt: skip
    cases.open_cases(account.provider_id, [case], at)


def live_payment(provider_id: int, external_id: str) -> tuple[int, int, str, int] | None:
    """Key, contract, id and amount of what stands of this money now: itself, what was left of it, or where it was
    moved to. Another system may have reported it first, by a number of its own."""
    query = """
        WITH RECURSIVE line AS (
            (SELECT id FROM payment WHERE provider_id = %(p)s AND external_id = %(e)s
             UNION SELECT s.payment_id FROM payment_sighting s JOIN payment_account a ON a.id = s.payment_account_id
                    WHERE a.provider_id = %(p)s AND s.ledger = 'religa' AND s.external_id = %(e)s
                      AND s.payment_id IS NOT NULL)
            UNION ALL SELECT n.id FROM payment n JOIN line ON n.moved_from_id = line.id)
        SELECT p.id, p.contract_id, p.external_id, p.amount FROM payment p JOIN line USING (id)
         WHERE NOT EXISTS (SELECT FROM payment_reversal r WHERE r.payment_id = p.id) ORDER BY p.id DESC LIMIT 1
    """
    found = raw.rows(query, {"p": provider_id, "e": external_id})
    return found[0] if found else None


def take_off(
    account: Account, *, contract: int, key: int, payment: str, amount: int, at: datetime, reason: str, author: str = ""
) -> None:  # fmt: skip
    """Takes a part of a payment off its contract by contra-entry; what stays is a payment of its own."""
    rest = f"{payment}~{amount}"
    done = carry_out(
        contract_id=contract,
        at=at,
        cause=f"reversal {payment}: {reason}",
        deed=lambda standing: bank_money.give_back(standing, payment, amount, rest, at),
        author=author or account.name,
        ask=Ask(payments=(payment,)),
        beside=Beside(
            payments={rest: PaymentDetails(account=account.id, moved_from=key)},
            reversals={payment: ReversalDetails(reason)},
        ),
    )
    if not isinstance(done, Done):
        raise ValueError(f"payment {payment} cannot be taken back: {done}")


def _nobodys(account: Account, external_id: str, returned: Returned, reason: str, at: datetime) -> None:
    """Money that was nobody's has gone back: nothing is left to find."""
    raw.run(
        "UPDATE unidentified_payment SET resolved_at = %s, resolution = 'refunded', reason = %s, payer_document = '',"
        " payer_name = '' WHERE provider_id = %s AND external_id = %s AND resolved_at IS NULL AND amount <= %s",
        [at, reason, account.provider_id, external_id, returned.amount],
    )


def keep_refund(
    account: Account, external_id: str, returned: Returned, *, payment: int, at: datetime, author: str
) -> None:
    """Keeps a return that the bank made without being asked."""
    raw.run(
        "INSERT INTO refund (provider_id, payment_id, refund_id, external_id, amount, nature, status, rtr_id, asked_at,"
        " settled_at, tries, error, reason, author)"
        " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, 0, '', %s, %s)",
        [account.provider_id, payment, returned.id, external_id, returned.amount, returned.nature.value,
         returned.status.value, returned.rtr_id, at, at, returned.reason[:300], author],
    )  # fmt: skip
