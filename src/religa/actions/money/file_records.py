"""One part of a return file: settlements are credited, what the bank takes back is a person's, the rest is noted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time
from functools import lru_cache
from hashlib import sha256
from zoneinfo import ZoneInfo

from religa.actions.money import cases
from religa.actions.money.cases import Case
from religa.actions.money.credit import credit
from religa.actions.money.landing import Credited, Landed, Unidentified
from religa.ports.bank_files import BankRecord, Movement
from religa.ports.money import MoneySeen, Split
from religa.records import bank_files, charges
from religa.records.accounts import Account
from religa.records.charges import Target


def book(account: Account, file_id: int, records: Sequence[BankRecord], *, at: datetime) -> None:
    """Books records that have not been read yet, and keeps them, in the caller's transaction."""
    seen = [(money(account, r, at), r.key) for r in records if r.is_payment]
    keys = {m.id: key for m, key in seen}
    landed = credit(account, [m for m, _ in seen], at=at, of_file=True)
    results = {keys[one.payment_id]: _result(one) for one in landed}
    _tell_people(account, [r for r in records if not r.is_payment], at)
    payments = {keys[name]: payment for name, payment in bank_files.payments_of(account, list(keys)).items()}
    found = [(r, results.get(r.key, "noted")) for r in records]
    bank_files.keep_records(file_id, account, found, payments)


def _result(landed: Landed) -> str:
    if isinstance(landed, Credited):
        return "credited"
    return "unidentified" if isinstance(landed, Unidentified) else "seen_before"


# -- money ----------------------------------------------------------------------------------------------------------


def payment_id(account: Account, record: BankRecord) -> str:
    """The same for the same record in any file: `cnab:341:` and 32 digits of a SHA-256 of account and key."""
    digest = sha256(f"{account.id}:{record.key}".encode()).hexdigest()
    return f"{bank_files.PAYMENT}{account.profile}:{digest[:32]}"


def money(account: Account, record: BankRecord, at: datetime) -> MoneySeen:
    """A settlement as money. The file names the payer's amount and days, never who paid."""
    assert record.paid_on is not None  # the reader refuses a settlement without its day
    return MoneySeen(
        id=payment_id(account, record),
        amount=record.amount_paid,
        paid_at=paid_at(record.paid_on, ZoneInfo(account.zone), at),
        txid=record.txid or None,
        method="boleto",
        fee=record.fee,
        credited_on=record.credited_on,
        split=_split(record),
        nosso_numero=record.nosso_numero,
        info=record.document_number,
    )


@lru_cache(maxsize=1024)
def paid_at(day: date, zone: ZoneInfo, at: datetime) -> datetime:
    """Files know days: noon of that day there, or now if that is still to come."""
    return min(datetime.combine(day, time(12), zone).astimezone(UTC), at)


def _split(record: BankRecord) -> Split | None:
    """What the bank says the amount is made of. Files give fine and interest in one sum: it stands as interest."""
    if not record.amount_title:
        return None
    return Split(
        original=record.amount_title,
        interest=record.interest_and_fine,
        discount=record.discount,
        rebate=record.rebate,
    )


# -- what is no payment ---------------------------------------------------------------------------------------------

# What answers a registration. By the reader's words: the codes differ from bank to bank, the words do not.
_CONFIRMED, _REJECTED = "entrada confirmada", "entrada rejeitada"


def _tell_people(account: Account, records: Sequence[BankRecord], at: datetime) -> None:
    said = [r for r in records if r.movement is Movement.REVERSAL or _is_entry(r)]
    if not said:
        return
    titles = {str(r.key): (r.nosso_numero, r.amount_title or None) for r in said}
    known, _ = charges.by_title(account, titles)
    ours = {key: t for key, t in known.items() if t.account == account.id}
    charges.registered(
        [t.charge for r in said if r.occurrence_words == _CONFIRMED and (t := ours.get(str(r.key)))]
    )
    refused = [
        (r, t) for r in said if r.occurrence_words.startswith(_REJECTED) and (t := ours.get(str(r.key)))
    ]
    for record, target in refused:
        charges.fail(target.charge, f"{record.occurrence} {record.occurrence_words}")
    opened = [_refused(account, r, t) for r, t in refused]
    opened += _reversed(account, [r for r in said if r.movement is Movement.REVERSAL], known)
    cases.open_cases(account.provider_id, opened, at)


def _is_entry(record: BankRecord) -> bool:
    return record.occurrence_words == _CONFIRMED or record.occurrence_words.startswith(_REJECTED)


def _refused(account: Account, record: BankRecord, target: Target) -> Case:
    return Case("charge_failed", payment_id(account, record), target.contract, charge=target.charge,
                account=account.id, amount=record.amount_title, detail=_detail(record))  # fmt: skip


def _reversed(account: Account, records: Sequence[BankRecord], known: Mapping[str, Target]) -> list[Case]:
    """What the bank takes back. Nothing is taken off by itself: a file does not say which payment it was."""
    paid = charges.last_payments([t.charge for r in records if (t := known.get(str(r.key)))])
    found = []
    for record in records:
        target = known.get(str(record.key))
        found.append(
            Case(
                "reversed",
                payment_id(account, record),
                target.contract if target else None,
                paid.get(target.charge) if target else None,
                target.charge if target else None,
                account.id,
                amount=record.amount_paid or record.amount_title,
                detail=_detail(record),
            )
        )
    return found


def _detail(record: BankRecord) -> str:
    return f"title {record.nosso_numero}, line {record.line}: {record.occurrence} {record.occurrence_words}".strip()
