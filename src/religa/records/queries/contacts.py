"""Contacts as they were written down, and how a subscriber's addresses changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from religa.records import raw


@dataclass(frozen=True, slots=True)
class ContactRow:
    """One entry; centavos. `corrects`: the key of the one that it corrects."""

    key: int
    protocol: str
    started_at: datetime
    registered_at: datetime
    means: str
    caller: str
    caller_name: str
    about: str
    promised_on: date | None
    promised_amount: int | None
    recording: str
    notes: str
    corrects: int | None
    author: str


_COLUMNS = """id, protocol, started_at, registered_at, means, caller, caller_name, about, promised_on, promised_amount,
              recording, notes, corrects_id, author"""


def contacts_of(contract_id: int, *, protocol: str) -> list[ContactRow]:
    """Every entry of one contact, the first one first."""
    query = f"SELECT {_COLUMNS} FROM contact WHERE contract_id = %s AND protocol = %s ORDER BY id"
    return [ContactRow(*row) for row in raw.rows(query, [contract_id, protocol])]


@dataclass(frozen=True, slots=True)
class Latest:
    """A contact in the list of the contract: its number, and its last entry if it has one."""

    protocol: str
    started_at: datetime
    begun_by: str
    entry: ContactRow | None


def latest(contract_id: int, *, limit: int = 10) -> list[Latest]:
    """The newest contacts; also those that were begun and never written down."""
    rows = raw.rows(_LATEST, [contract_id, limit])
    return [
        Latest(number, at, author, ContactRow(*entry) if entry[0] is not None else None)
        for number, at, author, *entry in rows
    ]


_LATEST = f"""
    SELECT p.number, p.at, p.author, e.*
      FROM (SELECT * FROM protocol_number WHERE contract_id = %s AND subject = 'contact' ORDER BY id DESC LIMIT %s) p
      LEFT JOIN LATERAL (SELECT {_COLUMNS} FROM contact c
                          WHERE c.contract_id = p.contract_id AND c.protocol = p.number ORDER BY id DESC LIMIT 1) e
             ON true
     ORDER BY p.id DESC
"""


@dataclass(frozen=True, slots=True)
class AddressChangeRow:
    """A phone or e-mail that was replaced."""

    kind: str
    old: str
    new: str
    at: datetime
    author: str
    reason: str


def address_changes_of(subscriber_id: int) -> list[AddressChangeRow]:
    """The newest first."""
    query = """SELECT kind, old, new, at, author, reason FROM address_change WHERE subscriber_id = %s
                ORDER BY id DESC LIMIT 20"""
    return [AddressChangeRow(*row) for row in raw.rows(query, [subscriber_id])]
