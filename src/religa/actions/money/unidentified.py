"""Money that names no charge of ours: kept once, found by a later list, or resolved by a person."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from religa.ports.money import MoneySeen
from religa.records import raw
from religa.records.accounts import Account

_KEEP = """
    INSERT INTO unidentified_payment (provider_id, payment_account_id, external_id, why, method, amount, fee, known_at,
                                      paid_at, credited_on, txid, nosso_numero, payer_document, payer_name, info,
                                      resolution, reason, author)
    SELECT %s, %s, m.*, '', '', ''
      FROM unnest(%s::text[], %s::text[], %s::text[], %s::bigint[], %s::bigint[], %s::timestamptz[], %s::timestamptz[],
                  %s::date[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[]) AS m
    ON CONFLICT ON CONSTRAINT unidentified_payment_external_id_once DO NOTHING
"""


def keep(account: Account, money: Sequence[tuple[MoneySeen, str]], *, at: datetime) -> None:
    """Puts money into the queue, each with why nobody's charge was found."""
    if money:
        columns = zip(*(_row(m, why, at) for m, why in money), strict=True)
        raw.run(_KEEP, [account.provider_id, account.id, *map(raw.array, columns)])


def _row(m: MoneySeen, why: str, at: datetime) -> raw.Row:
    return (m.id, why, m.method, m.amount, m.fee, at, m.paid_at, m.credited_on, m.txid or "", m.nosso_numero,
            m.payer_document, m.payer_name[:200], m.info[:200])  # fmt: skip


def found(account: Account, credited: Sequence[str], *, at: datetime) -> None:
    """Takes out of the queue what has landed on a contract after all. The payer's name and document go."""
    raw.run(
        """
        UPDATE unidentified_payment u SET resolved_at = %s, resolution = 'credited', payment_id = p.id,
               payer_document = '', payer_name = ''
          FROM payment p
         WHERE u.provider_id = %s AND u.external_id = ANY (%s) AND u.resolved_at IS NULL
           AND p.provider_id = u.provider_id AND p.external_id = u.external_id
        """,
        [at, account.provider_id, list(credited)],
    )
