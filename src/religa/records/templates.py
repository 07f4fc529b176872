"""The provider's own texts, the latest of each slot, and what a text says of the provider himself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from religa.domain.message_kinds import ChannelKind, MessageKind
from religa.domain.template_check import Habits, Slot
from religa.records import raw


@dataclass(frozen=True, slots=True)
class Version:
    """One version of one text. `is_own`: else the shipped text holds again from here on."""

    provider_id: int
    slot: Slot
    number: int
    is_own: bool
    subject: str
    body: str
    author: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Sender:
    """A provider as his messages name him. `phone` is a line as printed, with its hours, or ""."""

    provider_id: int
    name: str
    cnpj: str
    address: str
    phone: str
    zone: ZoneInfo
    habits: Habits


_COLUMNS = "provider_id, kind, channel, language, number, origin, subject, body, author, created_at"
_LATEST = f"""
    SELECT DISTINCT ON (provider_id, kind, channel, language) {_COLUMNS} FROM message_template
     WHERE provider_id = ANY (%s) ORDER BY provider_id, kind, channel, language, number DESC
"""
_ALL = f"""
    SELECT {_COLUMNS} FROM message_template
     WHERE provider_id = %s AND kind = %s AND channel = %s AND language = %s ORDER BY number DESC
"""


def latest(provider_ids: Sequence[int]) -> list[Version]:
    """The version that holds, of each slot that has any."""
    return [_version(row) for row in raw.rows(_LATEST, [list(provider_ids)])]


def versions(provider_id: int, slot: Slot) -> list[Version]:
    """Every version of one text, the newest first."""
    asked = [provider_id, slot.kind.value, slot.channel.value, slot.language]
    return [_version(row) for row in raw.rows(_ALL, asked)]


def add(version: Version) -> None:
    """Keeps a new version. A number that is there already is refused by `message_template_number_once`."""
    slot = version.slot
    raw.insert(
        "message_template",
        _COLUMNS.split(", "),
        [
            (
                version.provider_id, slot.kind.value, slot.channel.value, slot.language, version.number,
                "own" if version.is_own else "shipped", version.subject, version.body, version.author,
                version.created_at,
            )
        ],
    )  # fmt: skip


def _version(row: raw.Row) -> Version:
    provider, kind, channel, language, number, origin, *rest = row
    return Version(
        provider, Slot(MessageKind(kind), ChannelKind(channel), language), number, origin == "own", *rest
    )


_SENDERS = """
    SELECT p.id, coalesce(nullif(p.trade_name, ''), p.name), p.cnpj, p.address, p.phones, p.zone,
           coalesce(h.sms_carries_notices, %(carries)s), coalesce(h.sms_without_accents, %(without)s)
      FROM provider p LEFT JOIN LATERAL (
           SELECT sms_carries_notices, sms_without_accents FROM message_habit
            WHERE provider_id = p.id ORDER BY id DESC LIMIT 1) h ON true
     WHERE p.id = ANY (%(providers)s)
"""


def senders(provider_ids: Sequence[int]) -> dict[int, Sender]:
    """Providers by id."""
    usual = Habits()
    asked = {
        "providers": list(provider_ids), "carries": usual.sms_carries_notices, "without": usual.sms_without_accents
    }  # fmt: skip
    return {row[0]: _sender(row) for row in raw.rows(_SENDERS, asked)}


def _sender(row: raw.Row) -> Sender:
    provider, name, cnpj, address, phones, zone, *habits = row
    phone = f"{phones[0]['number']}, {phones[0].get('hours', '')}".rstrip(", ") if phones else ""
    return Sender(provider, name, cnpj, address, phone, ZoneInfo(zone), Habits(*habits))


def save_habits(provider_id: int, habits: Habits, *, by: str, at: datetime) -> None:
    raw.insert(
        "message_habit",
        ("provider_id", "sms_carries_notices", "sms_without_accents", "author", "created_at"),
        [(provider_id, habits.sms_carries_notices, habits.sms_without_accents, by, at)],
    )
