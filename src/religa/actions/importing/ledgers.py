"""Payments of accounts that Religa's banks report, too: which of the file are booked already, which are only compared,
which are credited; every one of them is written down as the other ledger's word.

A row belongs to an account by its Pix number, by its charge (txid, nosso número, typed line) or by the account's name.
A row that belongs to none is credited as it always was.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from religa.actions.importing import staging
from religa.actions.importing.columns import Kind
from religa.actions.importing.staging import Run
from religa.actions.money.sightings import BY_FILE, BY_IMPORT
from religa.domain.ledgers import Report, number_of, pair
from religa.records import raw

_NONE = "SELECT NULL::integer AS line, NULL::text AS verdict, NULL::bigint AS payment_id WHERE false"


def look(run: Run) -> None:
    """`x_ledger`: rows of accounts, with `verdict` (booked, compared or credited). What is not to be credited leaves
    `x_payment`. Nothing real is written."""
    if Kind.PAYMENTS not in run.files or not _has_accounts(run):
        staging.derive("x_ledger", _NONE, run.parameters)
        return
    for statement in _FIND_ACCOUNTS:
        raw.run(statement, {**run.parameters, "file": BY_FILE})
    staging.derive("x_ledger", _VERDICTS, run.parameters)
    _leave_out(_same_money(run))
    raw.run(_BOOKED_ON, run.parameters)


def look_again(run: Run) -> None:
    """Once the contracts are locked: what a bank has reported since the first look is booked, and credited once."""
    if raw.rows("SELECT FROM x_ledger LIMIT 1"):
        booked = raw.rows(_BOOKED_SINCE, run.parameters)
        _leave_out([*booked, *_same_money(run)])


def _has_accounts(run: Run) -> bool:
    return bool(
        raw.rows("SELECT FROM payment_account WHERE provider_id = %(provider)s LIMIT 1", run.parameters)
    )


# What the other ledger said before keeps its account, whatever columns the file has this time. Money of nobody that the
# bank has told of is booked under the bank's own number, so that it is no longer nobody's.
_FIND_ACCOUNTS = (
    """
    UPDATE x_payment x SET account_id = s.payment_account_id
      FROM payment_sighting s JOIN payment_account a ON a.id = s.payment_account_id
     WHERE a.provider_id = %(provider)s AND s.ledger = 'other' AND s.external_id = x.external_id
       AND x.account_id IS NULL
    """,
    """
    UPDATE x_payment x SET account_id = s.payment_account_id
      FROM payment_sighting s JOIN payment_account a ON a.id = s.payment_account_id
     WHERE a.provider_id = %(provider)s AND s.ledger = 'religa' AND s.external_id = coalesce(x.pix_id, x.external_id)
       AND x.account_id IS NULL
    """,
    """
    UPDATE x_payment x SET account_id = p.payment_account_id
      FROM payment p
     WHERE p.provider_id = %(provider)s AND p.external_id = coalesce(x.pix_id, x.external_id)
       AND p.external_id LIKE %(file)s AND x.account_id IS NULL
    """,
    """
    UPDATE x_payment x SET account_id = u.payment_account_id
      FROM unidentified_payment u
     WHERE u.provider_id = %(provider)s AND u.external_id = x.pix_id AND u.payment_account_id IS NOT NULL
       AND x.account_id IS NULL
    """,
)
# Where Religa reports, what the bank has not said is compared. A row that was merged before is booked.
_VERDICTS = """
    SELECT x.line, x.external_id, x.booked_id, x.account_id, x.charge_id, x.amount,
           (x.paid_at AT TIME ZONE %(zone)s)::date AS paid_on,
           coalesce(x.old_id, s.payment_id, r.payment_id) AS payment_id,
           CASE WHEN coalesce(x.old_id, s.payment_id, r.payment_id) IS NOT NULL THEN 'booked'
                WHEN a.reported_by = 'religa' THEN 'compared' ELSE 'credited' END AS verdict
      FROM x_payment x JOIN payment_account a ON a.id = x.account_id
      LEFT JOIN payment_sighting s ON s.payment_account_id = x.account_id AND s.ledger = 'other'
                                  AND s.external_id = x.external_id
      LEFT JOIN payment_sighting r ON r.payment_account_id = x.account_id AND r.ledger = 'religa'
                                  AND r.external_id = coalesce(x.pix_id, x.external_id)
     ORDER BY x.line
"""
_BOOKED_SINCE = """
    SELECT x.line, p.id FROM x_payment x
      JOIN payment p ON p.provider_id = %(provider)s AND p.external_id = x.booked_id WHERE x.old_id IS NULL
"""
_BOOKED_ON = """
    UPDATE x_payment x SET booked_on = greatest((%(at)s AT TIME ZONE %(zone)s)::date, (
            SELECT max(c.day) + 1 FROM closing c WHERE c.payment_account_id = x.account_id AND c.cashier = ''))
     WHERE x.account_id IS NOT NULL AND x.old_id IS NULL
"""


# -- the same money under another number ----------------------------------------------------------------------------

# Of what names a charge: its key here; a number that no charge has is compared as it is.
_OURS = """
    SELECT x.line, coalesce(x.charge_id::text, 'txid ' || x.txid, 'title ' || x.nosso_numero), x.amount,
           (x.paid_at AT TIME ZONE %(zone)s)::date, x.by_txid OR (x.charge_id IS NULL AND x.txid IS NOT NULL),
           coalesce(x.pix_id, x.external_id)
      FROM x_payment x LEFT JOIN x_ledger l USING (line)
     WHERE x.old_id IS NULL AND coalesce(l.verdict, '') <> 'booked'
       AND coalesce(x.charge_id::text, x.txid, x.nosso_numero) IS NOT NULL
"""
_THEIRS = """
    SELECT 'booked ' || p.id, p.charge_id::text, p.amount, (p.paid_at AT TIME ZONE %(zone)s)::date, p.method = 'pix',
           p.external_id, p.id, p.payment_account_id
      FROM payment p
     WHERE p.charge_id IN (SELECT charge_id FROM x_payment WHERE old_id IS NULL) AND p.author NOT LIKE %(import)s
       AND NOT EXISTS (SELECT FROM payment_sighting s WHERE s.payment_id = p.id AND s.ledger = 'other')
    UNION ALL
    SELECT 'nobodys ' || u.id, coalesce('txid ' || nullif(u.txid, ''), 'title ' || u.nosso_numero), u.amount,
           (u.paid_at AT TIME ZONE %(zone)s)::date, u.method = 'pix', u.external_id, NULL, u.payment_account_id
      FROM unidentified_payment u
     WHERE u.provider_id = %(provider)s AND u.resolved_at IS NULL AND u.txid || u.nosso_numero <> ''
"""


def _same_money(run: Run) -> list[raw.Row]:
    """(line, payment) of rows that a bank has reported under another number and that are booked; what was nobody's is
    taken up."""
    parameters = {**run.parameters, "import": BY_IMPORT}
    ours = raw.rows(_OURS, parameters)
    theirs = raw.rows(_THEIRS, parameters) if ours else []
    if not theirs:
        return []
    known = {name: rest for name, _, _, _, _, *rest in theirs}
    same = pair([_report(n, *what) for n, *what in ours], [_report(*row[:6]) for row in theirs])
    _take_up(run, [(int(n), known[t][0], known[t][2]) for n, t in same.items() if known[t][1] is None])
    return [(int(n), known[t][1]) for n, t in same.items() if known[t][1] is not None]


def _report(name: object, charge: str, amount: int, day: date, by_txid: bool, number: str) -> Report:
    return Report(str(name), charge, amount, day, by_txid, number_of(number))


def _take_up(run: Run, nobodys: Sequence[raw.Row]) -> None:
    """Rows that say whose money of nobody is are of its account, and are booked under the bank's number."""
    if nobodys:
        raw.update("x_payment", {"booked_id": "text", "account_id": "bigint"}, nobodys, key="line")
        raw.run("UPDATE x_ledger l SET booked_id = x.booked_id FROM x_payment x WHERE x.line = l.line")
        raw.run(_LATE_VERDICTS, run.parameters)


_LATE_VERDICTS = f"""
    INSERT INTO x_ledger (line, external_id, booked_id, account_id, charge_id, amount, paid_on, payment_id, verdict)
    SELECT line, external_id, booked_id, account_id, charge_id, amount, paid_on, payment_id, verdict
      FROM ({_VERDICTS}) v WHERE NOT EXISTS (SELECT FROM x_ledger l WHERE l.line = v.line)
"""


def _leave_out(booked: Sequence[raw.Row]) -> None:
    """Rows that are not to be credited."""
    raw.update("x_ledger", {"payment_id": "bigint"}, list(booked), key="line")
    lines = [line for line, _ in booked]
    raw.run("UPDATE x_ledger SET verdict = 'booked' WHERE line = ANY (%s)", [lines])
    raw.run(
        "DELETE FROM x_payment WHERE old_id IS NULL AND (line = ANY (%s)"
        " OR line IN (SELECT line FROM x_ledger WHERE verdict <> 'credited'))",
        [lines],
    )
    if raw.rows("SELECT to_regclass('pg_temp.x_settled') IS NOT NULL") == [(True,)]:
        raw.run("DELETE FROM x_settled s WHERE NOT EXISTS (SELECT FROM x_payment x WHERE x.id = s.id)")


# -- writing --------------------------------------------------------------------------------------------------------

_SINCE_WRITTEN = """
    UPDATE x_payment x SET charge_id = h.id FROM charge h
     WHERE x.charge_id IS NULL AND x.old_id IS NULL AND h.provider_id = %(provider)s AND h.invoice_id = x.invoice_id
       AND (h.txid = x.txid OR h.nosso_numero = x.nosso_numero)
"""
# By what the other system's payment names, the bank's word is recognised when it comes.
_NEW = """
    WITH named AS (
        SELECT DISTINCT ON (coalesce(x.txid, x.nosso_numero)) x.* FROM x_payment x
         WHERE x.charge_id IS NULL AND x.old_id IS NULL AND x.invoice_id IS NOT NULL
           AND coalesce(x.txid, x.nosso_numero) IS NOT NULL ORDER BY coalesce(x.txid, x.nosso_numero), x.line)
    INSERT INTO charge (provider_id, invoice_id, kind, status, account, payment_account_id, txid, nosso_numero,
                        copy_paste, amount, revision, created_at, payload)
    SELECT %(provider)s, invoice_id, CASE WHEN txid IS NULL THEN 'boleto' ELSE 'pix_cobv' END, 'paid', '', account_id,
           txid, nosso_numero, '', amount, 0, paid_at, '{}'::jsonb FROM named
        ON CONFLICT DO NOTHING
"""
_PAID = """
    UPDATE charge SET status = 'paid', try_at = NULL
     WHERE id IN (SELECT charge_id FROM x_payment WHERE old_id IS NULL) AND status <> 'paid'
"""


def write_charges(run: Run) -> None:
    """Charges that payments name: those that came with this import, and those that only the other system knows."""
    if not run.present(Kind.PAYMENTS) & {"txid", "nosso_numero", "linha_digitavel"}:
        return
    raw.run(_SINCE_WRITTEN, run.parameters)
    if _has_accounts(run):
        raw.run(_NEW, run.parameters)
        raw.run(_SINCE_WRITTEN, run.parameters)
    raw.run(_PAID)


_SIGHTINGS = """
    INSERT INTO payment_sighting (payment_account_id, ledger, external_id, payment_id, charge_id, amount, paid_on,
                                  seen_at)
    SELECT l.account_id, 'other', l.external_id, coalesce(l.payment_id, p.id), coalesce(l.charge_id, p.charge_id),
           l.amount, l.paid_on, %(at)s
      FROM x_ledger l
      LEFT JOIN payment p ON p.provider_id = %(provider)s AND p.external_id = l.booked_id AND l.verdict = 'credited'
     ORDER BY l.line
        ON CONFLICT ON CONSTRAINT payment_sighting_once DO NOTHING
"""
_NO_LONGER_NOBODYS = """
    UPDATE unidentified_payment u SET resolved_at = %(at)s, resolution = 'credited', payment_id = p.id,
           payer_document = '', payer_name = '', author = %(author)s
      FROM x_payment x JOIN payment p ON p.provider_id = %(provider)s AND p.external_id = x.booked_id
     WHERE u.provider_id = %(provider)s AND u.external_id = x.booked_id AND u.resolved_at IS NULL
"""


def write_sightings(run: Run) -> None:
    """What the other ledger has said, once everything is booked."""
    if raw.rows("SELECT FROM x_ledger LIMIT 1"):
        raw.run(_SIGHTINGS, run.parameters)
        raw.run(_NO_LONGER_NOBODYS, run.parameters)
