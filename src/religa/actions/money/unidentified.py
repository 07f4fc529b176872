"""Money that names no charge of ours: kept once, found by a later list, or resolved by a person."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date, datetime

from religa.ports.money import MoneySeen, Split
from religa.records import raw
from religa.records.accounts import Account

_KEEP = """
    INSERT INTO unidentified_payment (provider_id, payment_account_id, external_id, why, method, amount, split, fee,
                                      known_at, paid_at, credited_on, txid, nosso_numero, payer_document, payer_name,
                                      info, resolution, reason, author)
    SELECT %s, %s, m.*, '', '', ''
      FROM unnest(%s::text[], %s::text[], %s::text[], %s::bigint[], %s::jsonb[], %s::bigint[], %s::timestamptz[],
                  %s::timestamptz[], %s::date[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[]) AS m
    ON CONFLICT ON CONSTRAINT unidentified_payment_external_id_once DO NOTHING
"""


def keep(account: Account, money: Sequence[tuple[MoneySeen, str]], *, at: datetime) -> None:
    """Puts money into the queue, each with why nobody's charge was found."""
    if money:
        columns = zip(*(_row(m, why, at) for m, why in money), strict=True)
        raw.run(_KEEP, [account.provider_id, account.id, *map(raw.array, columns)])


def _row(m: MoneySeen, why: str, at: datetime) -> raw.Row:
    return (m.id, why, m.method, m.amount, _split(m), m.fee, at, m.paid_at, m.credited_on, m.txid or "", m.nosso_numero,
            m.payer_document, m.payer_name[:200], m.info[:200])  # fmt: skip


def _split(m: MoneySeen) -> str | None:
    return json.dumps(asdict(m.split)) if m.split is not None else None


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


_OPEN = """
    SELECT u.id, u.external_id, u.amount, u.split, u.paid_at, u.txid, u.method, u.fee, u.credited_on, u.nosso_numero,
           u.info, u.payer_document, u.payer_name
      FROM unidentified_payment u
     WHERE u.provider_id = %(provider)s AND u.payment_account_id = %(account)s AND u.resolved_at IS NULL
       AND u.id > %(after)s AND u.why <> 'wrong_key' AND (u.txid <> '' OR u.nosso_numero <> '')
       AND NOT EXISTS (SELECT FROM refund r WHERE r.unidentified_payment_id = u.id)
     ORDER BY u.id LIMIT %(most)s
"""


def naming_something(account: Account, *, after: int, most: int) -> tuple[list[MoneySeen], int]:
    """What still waits and names a charge by its txid or a title by its number, as it came, with the last one's key.
    Nothing of which a part went back."""
    asked = {"provider": account.provider_id, "account": account.id, "after": after, "most": most}
    rows = raw.rows(_OPEN, asked)
    return [_as_seen(*row[1:]) for row in rows], rows[-1][0] if rows else after


def _as_seen(name: str, amount: int, split: dict[str, int] | None, paid_at: datetime, txid: str, method: str, fee: int,
             credited_on: date | None, number: str, info: str, document: str, payer: str) -> MoneySeen:  # fmt: skip
    return MoneySeen(
        id=name, amount=amount, paid_at=paid_at, txid=txid or None, method=method, fee=fee, credited_on=credited_on,
        split=Split(**split) if split else None, nosso_numero=number, info=info, payer_document=document,
        payer_name=payer,
    )  # fmt: skip
