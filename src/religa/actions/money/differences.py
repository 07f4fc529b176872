"""What only one of two ledgers has seen of an account's payments: a case for a person, which closes by itself when the
other one comes.

A ledger that has never reported a payment of the account is none; days before its first one are not compared.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from religa.actions.money.sightings import BY_FILE, BY_IMPORT, day_of
from religa.records import accounts, raw
from religa.records.accounts import Account

SETTING = "differs_after_hours"
_AFTER_HOURS = 24
_LOOKED_AT = timedelta(days=90)


def compare(*, at: datetime) -> int:
    """Looks through all accounts; says how many differences were found that nobody had been told of."""
    return sum(_compare(account, at) for account in accounts.every())


def _compare(account: Account, at: datetime) -> int:
    parameters = _parameters(account, at)
    with transaction.atomic():
        [(ledgers, since)] = raw.rows(_SINCE, parameters)
        if ledgers < 2:
            return 0
        parameters["from"] = since
        raw.run(_CLOSE, parameters)
        return raw.run(_OPEN, parameters) + raw.run(_OPEN_AMOUNTS, parameters)


def _parameters(account: Account, at: datetime) -> dict[str, Any]:
    hours = account.settings.get(SETTING)
    patience = timedelta(hours=hours if isinstance(hours, int) and hours > 0 else _AFTER_HOURS)
    return {"account": account.id, "provider": account.provider_id, "at": at, "before": at - patience,
            "window": day_of(account, at - _LOOKED_AT), "zone": account.zone, "import": BY_IMPORT,
            "file": BY_FILE}  # fmt: skip


# Reports from a day on. What a return file brought and was booked as such is its own report (`moved_from_id`: not what
# became of it later); nothing is booked for a day before it was paid, so the account's book finds it.
_REPORTS = """
    SELECT ledger, external_id, payment_id, charge_id, amount, paid_on, seen_at FROM payment_sighting
     WHERE payment_account_id = %(account)s AND paid_on >= {since}
    UNION ALL
    SELECT 'religa', p.external_id, p.id, p.charge_id, p.amount, d.paid_on, p.known_at
      FROM payment p CROSS JOIN LATERAL (SELECT (p.paid_at AT TIME ZONE %(zone)s)::date AS paid_on) d
     WHERE p.payment_account_id = %(account)s AND p.booked_on >= {since} AND d.paid_on >= {since}
       AND p.external_id LIKE %(file)s AND p.moved_from_id IS NULL
       AND NOT EXISTS (SELECT FROM payment_sighting s WHERE s.payment_account_id = %(account)s
                          AND s.ledger = 'religa' AND s.external_id = p.external_id)
"""
_SINCE = f"""
    SELECT count(*), max(first) FROM (
        SELECT min(paid_on) AS first FROM ({_REPORTS.format(since="%(window)s::date")}) AS r GROUP BY ledger) AS l
"""
# `books`: the payment a sighting stands for, also where it was booked only later. Where no payment is known, money on
# one charge is counted off against the other ledger's, amount by amount.
_COMPARED = f"""
    WITH seen AS MATERIALIZED (
        SELECT s.ledger, s.external_id, s.charge_id, s.amount, s.paid_on, s.seen_at,
               coalesce(s.payment_id, p.id) AS books
          FROM ({_REPORTS.format(since="%(from)s::date")}) s
          LEFT JOIN payment p ON p.provider_id = %(provider)s AND p.external_id = s.external_id),
    alone AS MATERIALIZED (
        SELECT s.* FROM seen s LEFT JOIN payment p ON p.id = s.books
         WHERE NOT (s.ledger = 'religa' AND coalesce(p.author LIKE %(import)s, false))
           AND NOT EXISTS (SELECT FROM seen o WHERE o.ledger <> s.ledger AND o.external_id = s.external_id)
           AND NOT EXISTS (SELECT FROM seen o WHERE o.ledger <> s.ledger AND o.books = s.books)),
    counted AS (
        SELECT a.*, row_number() OVER (PARTITION BY ledger, charge_id, amount ORDER BY paid_on, external_id) AS n
          FROM alone a),
    lonely AS (
        SELECT c.*, c.ledger || ' ' || %(account)s::bigint || ' ' || c.external_id AS subject FROM counted c
         WHERE NOT EXISTS (SELECT FROM counted o WHERE o.ledger <> c.ledger AND o.charge_id = c.charge_id
                              AND o.amount = c.amount AND o.n = c.n))
"""
_COLUMNS = """
    INSERT INTO money_case (provider_id, kind, subject, contract_id, payment_id, charge_id, payment_account_id, amount,
                            detail, opened_at, resolution, reason, author)
"""
_OPEN = f"""
    {_COMPARED} {_COLUMNS}
    SELECT %(provider)s, 'ledger_differs', l.subject, coalesce(p.contract_id, i.contract_id), l.books, l.charge_id,
           %(account)s, l.amount, 'only ' || l.ledger || ' has ' || l.external_id || ' of ' || l.paid_on, %(at)s,
           '', '', ''
      FROM lonely l LEFT JOIN payment p ON p.id = l.books LEFT JOIN charge h ON h.id = l.charge_id
      LEFT JOIN invoice i ON i.id = h.invoice_id
     WHERE l.seen_at <= %(before)s ORDER BY l.paid_on, l.subject
        ON CONFLICT ON CONSTRAINT money_case_subject_once DO NOTHING
"""
_OPEN_AMOUNTS = f"""
    {_COMPARED} {_COLUMNS}
    SELECT %(provider)s, 'ledger_differs', 'amount ' || %(account)s::bigint || ' ' || r.external_id, p.contract_id,
           p.id, r.charge_id, %(account)s, o.amount - r.amount,
           'religa has ' || r.amount || ', the other system ' || o.amount || ' of ' || r.external_id, %(at)s, '', '', ''
      FROM seen r JOIN seen o ON o.ledger = 'other' AND o.books = r.books AND o.amount <> r.amount
      JOIN payment p ON p.id = r.books
     WHERE r.ledger = 'religa' ORDER BY r.external_id
        ON CONFLICT ON CONSTRAINT money_case_subject_once DO NOTHING
"""
_CLOSE = f"""
    {_COMPARED}
    UPDATE money_case m SET closed_at = %(at)s, resolution = 'settled', author = 'religa',
           reason = 'the other ledger has it now'
      FROM seen s
     WHERE m.provider_id = %(provider)s AND m.kind = 'ledger_differs' AND m.closed_at IS NULL
       AND m.subject = s.ledger || ' ' || %(account)s::bigint || ' ' || s.external_id
       AND m.subject NOT IN (SELECT subject FROM lonely)
"""
