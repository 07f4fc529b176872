"""Return files that were read, as pages show them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from religa.records import raw

RESULTS = ("credited", "seen_before", "unidentified", "noted")


@dataclass(frozen=True, slots=True)
class FileRow:
    """One file. `counts`: by result, as `actions.money.import_file` keeps them; empty until all of it was read."""

    file_id: int
    name: str
    account: str
    bank: str
    layout: str
    received_at: datetime
    generated_on: date | None
    finished_at: datetime | None
    records: int
    counts: Mapping[str, Any]
    author: str

    @property
    def credited_amount(self) -> int:
        """What payers paid by the records that were credited, in centavos."""
        return int(self.counts.get("paid", {}).get("credited", 0))


_FILES = """
    SELECT f.id, f.name, coalesce(a.name, ''), f.bank, f.layout, f.received_at, f.generated_on, f.finished_at,
           f.records, f.counts, f.author
      FROM bank_file f LEFT JOIN payment_account a ON a.id = f.payment_account_id WHERE f.provider_id = %(provider)s
"""


def latest(provider_id: int, *, limit: int = 100) -> list[FileRow]:
    """The latest first."""
    query = f"{_FILES} ORDER BY f.received_at DESC, f.id DESC LIMIT %(limit)s"
    return [FileRow(*row) for row in raw.rows(query, {"provider": provider_id, "limit": limit})]


def one(provider_id: int, file_id: int) -> FileRow | None:
    """A file of this provider."""
    found = raw.rows(f"{_FILES} AND f.id = %(file)s", {"provider": provider_id, "file": file_id})
    return FileRow(*found[0]) if found else None


@dataclass(frozen=True, slots=True)
class RecordRow:
    """One record. Amounts in centavos. `contract` and `name`: whose it was, where it landed."""

    line: int
    nosso_numero: str
    occurrence: str
    is_payment: bool
    amount_title: int
    amount_paid: int
    fee: int
    paid_on: date | None
    credited_on: date | None
    result: str
    contract: int | None
    name: str


def records(file_id: int, *, result: str = "", offset: int = 0, limit: int = 100) -> list[RecordRow]:
    """A page of a file's records, in its order. Those that other files had brought stand there."""
    query = """
        SELECT r.line, r.nosso_numero, r.occurrence, r.is_payment, coalesce(r.amount_title, 0),
               coalesce(r.amount_paid, 0), coalesce(r.fee, 0), r.paid_on, r.credited_on, r.result, p.contract_id,
               coalesce(s.name, '')
          FROM bank_record r LEFT JOIN payment p ON p.id = r.payment_id LEFT JOIN contract c ON c.id = p.contract_id
          LEFT JOIN subscriber s ON s.id = c.subscriber_id
         WHERE r.bank_file_id = %(file)s AND (%(result)s = '' OR r.result = %(result)s)
         ORDER BY r.line OFFSET %(offset)s LIMIT %(limit)s
    """
    asked = {"file": file_id, "result": result, "offset": offset, "limit": limit}
    return [RecordRow(*row) for row in raw.rows(query, asked)]
