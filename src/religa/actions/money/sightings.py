"""Two ledgers report one account: what ours by the bank has seen is written down, and money that the other system has
reported first is recognised, so that it is credited once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from religa.actions.money import unidentified
from religa.domain import ledgers
from religa.domain.ledgers import Report, number_of
from religa.ports.money import MoneySeen
from religa.records import bank_files, charges, raw
from religa.records.accounts import Account
from religa.records.charges import Target

OURS, OTHER = "religa", "other"
BY_IMPORT = "import %"  # who wrote what another system has reported
BY_FILE = f"{bank_files.PAYMENT}%"  # ids of what a return file told of: booked, it stands for its sighting


def day_of(account: Account, at: datetime) -> date:
    """A civil day of the account."""
    return at.astimezone(ZoneInfo(account.zone)).date()


# What was booked under its own id is found by it; a merged one was written down before.
_KEEP = """
    INSERT INTO payment_sighting (payment_account_id, ledger, external_id, payment_id, charge_id, amount, paid_on,
                                  seen_at)
    SELECT %(account)s, 'religa', s.id, p.id, s.charge, s.amount, s.paid_on, %(at)s
      FROM unnest(%(ids)s::text[], %(charges)s::bigint[], %(amounts)s::bigint[], %(days)s::date[])
           AS s(id, charge, amount, paid_on)
      LEFT JOIN payment p ON p.provider_id = %(provider)s AND p.external_id = s.id
        ON CONFLICT ON CONSTRAINT payment_sighting_once DO NOTHING
"""


def of_bank(
    account: Account, seen: Sequence[MoneySeen], known: Mapping[str, Target], *, at: datetime
) -> None:
    """Writes down what the bank's own word has brought, once for each payment."""
    seen = [m for m in seen if m.amount > 0]
    if not seen:
        return
    found = [known.get(m.id) for m in seen]
    raw.run(
        _KEEP,
        {"account": account.id, "provider": account.provider_id, "at": at, "ids": [m.id for m in seen],
         "charges": [t.charge if t else None for t in found], "amounts": [m.amount for m in seen],
         "days": [day_of(account, m.paid_at) for m in seen]},
    )  # fmt: skip


# What the other system brought of these charges, and the bank has not said yet.
_OF_OTHER = """
    SELECT p.external_id, p.charge_id, p.amount, (p.paid_at AT TIME ZONE %(zone)s)::date,
           p.method IN ('pix', 'external')
      FROM payment p
     WHERE p.charge_id = ANY (%(charges)s::bigint[]) AND p.author LIKE %(import)s
       AND (p.payment_account_id IS NULL OR p.payment_account_id = %(account)s)
       AND NOT EXISTS (SELECT FROM payment_sighting s WHERE s.payment_id = p.id AND s.ledger = 'religa')
"""
_MERGED = """
    INSERT INTO payment_sighting (payment_account_id, ledger, external_id, payment_id, charge_id, amount, paid_on,
                                  seen_at)
    SELECT %(account)s, 'religa', s.id, p.id, p.charge_id, s.amount, s.paid_on, %(at)s
      FROM unnest(%(ids)s::text[], %(booked)s::text[], %(amounts)s::bigint[], %(days)s::date[])
           AS s(id, booked, amount, paid_on)
      JOIN payment p ON p.provider_id = %(provider)s AND p.external_id = s.booked
        ON CONFLICT ON CONSTRAINT payment_sighting_once DO NOTHING
"""


def merge_with_other(
    account: Account, money: Sequence[tuple[MoneySeen, Target]], *, at: datetime
) -> dict[str, str]:
    """The bank's id of what the other system has reported already, to the id under which it is booked. The caller holds
    the locks of the contracts."""
    found = raw.rows(
        _OF_OTHER,
        {"charges": raw.ids(t.charge for _, t in money), "account": account.id, "zone": account.zone,
         "import": BY_IMPORT},
    )  # fmt: skip
    if not found:
        return {}
    ours = [
        Report(m.id, t.charge, m.amount, day_of(account, m.paid_at), bool(m.txid), number_of(m.id))
        for m, t in money
    ]
    theirs = [
        Report(name, charge, amount, day, by, number_of(name)) for name, charge, amount, day, by in found
    ]
    same = ledgers.pair(ours, theirs)
    _merge(account, [(m, t) for m, t in money if m.id in same], same, at)
    return same


def _merge(
    account: Account, money: Sequence[tuple[MoneySeen, Target]], same: Mapping[str, str], at: datetime
) -> None:
    raw.run(
        _MERGED,
        {"account": account.id, "provider": account.provider_id, "at": at, "ids": [m.id for m, _ in money],
         "booked": [same[m.id] for m, _ in money], "amounts": [m.amount for m, _ in money],
         "days": [day_of(account, m.paid_at) for m, _ in money]},
    )  # fmt: skip
    charges.mark_paid([t.charge for _, t in money])
    unidentified.found(account, same, at=at)
