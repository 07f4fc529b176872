"""A person forgives late charges, or principal so that the rest gets paid: within his ceiling, with a reason."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from religa.actions.carry_out import Done, carry_out
from religa.domain import invoicing
from religa.domain.facts import Facts, Role, WaiverKind
from religa.domain.invoicing import Refused, refused
from religa.domain.reasons import Refusal
from religa.domain.standing import Standing
from religa.records import raw
from religa.records.loaded import Ask


def waive(
    *,
    contract_id: int,
    invoice: str,
    kind: WaiverKind,
    amount: int,
    role: Role,
    reason: str,
    at: datetime,
    author: str,
) -> Done | Refused:
    """`amount` in centavos. The `waiver` row is written with the invoice it lowers, or nothing is."""
    if not reason.strip():
        return refused(Refusal.NO_REASON)

    def deed(standing: Standing) -> Facts | Refused:
        ceiling = standing.policy.ceiling(kind, role)
        before = discounted(contract_id, invoice)
        return invoicing.waive(standing, invoice, kind, amount, at, ceiling=ceiling, before=before)

    with transaction.atomic():
        done = carry_out(
            contract_id=contract_id,
            at=at,
            cause=f"waiver {invoice}",
            deed=deed,
            author=author,
            ask=Ask(invoices=(invoice,)),
        )
        if isinstance(done, Done):
            raw.run(_KEEP, [kind.value, amount, at, reason.strip(), author, role.value, contract_id, invoice])
    return done


def discounted(contract_id: int, invoice: str) -> int:
    """Centavos of principal that settlement discounts took off an invoice so far."""
    [(amount,)] = raw.rows(_DISCOUNTED, [contract_id, invoice])
    return int(amount)


_OF = """
    invoice i JOIN contract c ON c.provider_id = i.provider_id WHERE c.id = %s AND i.external_id = %s
"""
_KEEP = f"""
    INSERT INTO waiver (kind, amount, at, reason, author, role, invoice_id)
    SELECT %s, %s, %s, %s, %s, %s, i.id FROM {_OF}
"""
_DISCOUNTED = f"""
    SELECT coalesce(sum(amount), 0)::bigint FROM waiver
     WHERE kind = 'settlement' AND invoice_id = (SELECT i.id FROM {_OF})
"""
