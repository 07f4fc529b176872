"""Money that names no charge of ours: kept once, found by a later list, or resolved by a person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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


def claim(provider_id: int, payments: Sequence[str]) -> None:
    """Takes the rows of money in the queue, so that a person who resolves it and a list that finds it take turns.
    After the contracts' own rows, never before."""
    query = """
        SELECT id FROM unidentified_payment
         WHERE provider_id = %s AND external_id = ANY (%s::text[]) AND resolved_at IS NULL ORDER BY id FOR UPDATE
    """
    raw.rows(query, [provider_id, raw.array(payments)])


def found(account: Account, credited: Mapping[str, str], *, at: datetime) -> None:
    """Takes out of the queue what has landed on a contract after all, by the bank's id and the payment's. The payer's
    name and document go."""
    raw.run(
        """
        UPDATE unidentified_payment u SET resolved_at = %s, resolution = 'credited', payment_id = p.id,
               payer_document = '', payer_name = ''
          FROM payment p, unnest(%s::text[], %s::text[]) AS f(seen, booked)
         WHERE u.provider_id = %s AND u.external_id = f.seen AND u.resolved_at IS NULL
           AND p.provider_id = u.provider_id AND p.external_id = f.booked
        """,
        [at, raw.array(credited), raw.array(credited.values()), account.provider_id],
    )
