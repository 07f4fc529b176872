"""Return files that were read, their records, and the accounts they may be of."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zlib import crc32

from religa.ports.bank_files import BankFile, BankRecord, RecordKey
from religa.records import accounts, raw
from religa.records.accounts import Account


@dataclass(frozen=True, slots=True)
class FileAccount:
    """An account whose bank sends files, and how these name it."""

    account: Account
    agency: str
    number: str
    covenant: str


def accounts_of(provider_id: int, bank: str) -> list[FileAccount]:
    """The open accounts of a provider that are fed by files of a bank (COMPE code)."""
    named = raw.rows(
        "SELECT id, agency, number, covenant FROM payment_account WHERE provider_id = %s AND kind = 'bank_files'"
        " AND profile = %s AND closed_at IS NULL ORDER BY id",
        [provider_id, bank],
    )
    known = {a.id: a for a in accounts.of_provider(provider_id)}
    return [FileAccount(known[key], *names) for key, *names in named]


def providers() -> list[int]:
    """Those with an account that is fed by files."""
    found = raw.rows(
        "SELECT DISTINCT provider_id FROM payment_account WHERE kind = 'bank_files' AND closed_at IS NULL ORDER BY 1"
    )
    return [provider for (provider,) in found]


@dataclass(frozen=True, slots=True)
class Registered:
    """A file by its octets. `counts` as they were when it was finished."""

    id: int
    name: str
    received_at: datetime
    author: str
    finished_at: datetime | None
    counts: Mapping[str, Any]


def register(
    account: Account, file: BankFile, *, name: str, author: str, at: datetime
) -> tuple[Registered, bool]:
    """The file's row, made if it is not there; and whether it was made now."""
    made = raw.run(
        "INSERT INTO bank_file (provider_id, payment_account_id, sha256, name, bank, layout, received_at, generated_on,"
        " records, counts, author) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, '{}'::jsonb, %s)"
        " ON CONFLICT ON CONSTRAINT bank_file_content_once DO NOTHING",
        [account.provider_id, account.id, bytes.fromhex(file.sha256), name, file.bank, file.layout, at,
         file.header.generated_on, len(file.records), author],
    )  # fmt: skip
    there = registered(account.provider_id, file.sha256)
    assert there is not None
    return there, bool(made)


def registered(provider_id: int, sha256: str) -> Registered | None:
    """The file of these octets, if any of it was ever read."""
    found = raw.rows(
        "SELECT id, name, received_at, author, finished_at, counts FROM bank_file"
        " WHERE provider_id = %s AND sha256 = %s",
        [provider_id, bytes.fromhex(sha256)],
    )
    return Registered(*found[0]) if found else None


PAYMENT = "cnab:"  # with this begins the id of each payment that a return file told of

LANES = 2  # processes that may read one account's files at once


def lane_of(nosso_numero: str) -> int:
    """Which lane a title is of, in every file: records that may be the same one are in the same lane."""
    return crc32(nosso_numero.encode()) % LANES


def take_lane(account: Account, lane: int) -> None:
    """Until the transaction ends nobody else writes records of this lane. Bookings and closings go on."""
    raw.rows("SELECT pg_advisory_xact_lock(%s, %s)", [_LOCK, account.id * LANES + lane])


_LOCK = 7_352_016  # of the house's numbers for advisory locks


def keys_there(account: Account, records: Sequence[BankRecord]) -> set[str]:
    """Which keys have been read, of this file or another."""
    found = raw.rows(
        "SELECT key FROM bank_record WHERE payment_account_id = %s AND key = ANY (%s::text[])",
        [account.id, raw.array(r.key for r in records)],
    )
    return {key for (key,) in found}


_COLUMNS = (
    "bank_file_id", "payment_account_id", "line", "key", "nosso_numero", "occurrence", "is_payment", "amount_title",
    "amount_paid", "amount_net", "fee", "paid_on", "credited_on", "result", "payment_id",
)  # fmt: skip


def keep_records(
    file_id: int, account: Account, found: Sequence[tuple[BankRecord, str]], payments: Mapping[RecordKey, int]
) -> None:
    """Keeps records with what became of them. `payments`: by the record's key, where one landed."""
    raw.insert(
        "bank_record",
        _COLUMNS,
        [
            (file_id, account.id, r.line, str(r.key), r.nosso_numero, r.occurrence, r.is_payment, r.amount_title,
             r.amount_paid, r.amount_net, r.fee, r.paid_on, r.credited_on, result, payments.get(r.key))
            for r, result in found
        ],
    )  # fmt: skip


def payments_of(account: Account, external_ids: Sequence[str]) -> dict[str, int]:
    """Payments by what files, or the list of another way, call them."""
    query = """
        SELECT external_id, id FROM payment WHERE provider_id = %(p)s AND external_id = ANY (%(ids)s::text[])
        UNION ALL SELECT external_id, payment_id FROM payment_sighting
                   WHERE payment_account_id = %(a)s AND ledger = 'religa' AND external_id = ANY (%(ids)s::text[])
                     AND payment_id IS NOT NULL
    """
    ids = {"p": account.provider_id, "a": account.id, "ids": raw.array(external_ids)}
    return dict(raw.rows(query, ids))


def totals(file_id: int) -> dict[str, tuple[int, int]]:
    """By result: how many records of the file, and what payers paid by those that are payments (centavos)."""
    query = """
        SELECT result, count(*), coalesce(sum(amount_paid) FILTER (WHERE is_payment), 0)::bigint FROM bank_record
         WHERE bank_file_id = %s GROUP BY result
    """
    return {result: (number, paid) for result, number, paid in raw.rows(query, [file_id])}


def finish(file_id: int, counts: Mapping[str, Any], at: datetime) -> None:
    """The whole file has been gone through."""
    raw.run(
        "UPDATE bank_file SET finished_at = %s, counts = %s::jsonb WHERE id = %s",
        [at, json.dumps(counts), file_id],
    )
