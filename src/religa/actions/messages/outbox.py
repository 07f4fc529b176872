"""Puts messages into the outbox, in bulk: rendered text, channel and address are evidence from then on."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction

from religa.actions.messages import codes
from religa.actions.messages.texts import VERSION, Bill, Letter, Supplier, write
from religa.domain import balance
from religa.domain.calendar import effective_due
from religa.domain.facts import Facts, Notice
from religa.domain.standing import Standing
from religa.records import raw
from religa.wording import Language, Moments, Receipt

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Pending:
    """A notice that was kept as a fact and has no text yet."""

    contract_id: int
    notice: Notice
    standing: Standing


def new_notices(contract_id: int, before: Facts, standing: Standing) -> list[Pending]:
    """The notices that a saved batch has added to one contract and that wait to be sent."""
    if len(standing.facts.notices) == len(before.notices):
        return []
    old = {n.key for n in before.notices}
    fresh = [n for n in standing.facts.notices if n.key not in old and n.automatic and not n.evidence]
    return [Pending(contract_id, notice, standing) for notice in fresh]


_COLUMNS = (
    "provider_id", "contract_id", "subscriber_id", "notice_id", "kind", "channel", "address", "subject", "text",
    "template", "template_version", "language", "created_at", "state", "attempts", "error",
)  # fmt: skip
_PEOPLE = """
    SELECT c.id, c.provider_id, c.subscriber_id, s.name, s.email,
           (SELECT number FROM subscriber_phone p WHERE p.subscriber_id = s.id ORDER BY position LIMIT 1),
           coalesce(nullif(v.trade_name, ''), v.name), v.cnpj, v.address, v.phones, s.language, v.zone
      FROM contract c JOIN subscriber s ON s.id = c.subscriber_id JOIN provider v ON v.id = c.provider_id
     WHERE c.id = ANY (%s)
"""


def enqueue(pending: Sequence[Pending], *, at: datetime) -> None:
    """Writes one message per notice to the subscriber's first address."""
    if not pending:
        return
    people = {row[0]: row[1:] for row in raw.rows(_PEOPLE, [[p.contract_id for p in pending]])}
    wanted = [codes.Wanted(people[p.contract_id][0], p.standing, p.notice.invoices) for p in pending]
    found = zip(pending, codes.of_letters(wanted, at=at), strict=True)
    raw.insert("message", _COLUMNS, [_row(p, people[p.contract_id], pix, at) for p, pix in found])


def _row(pending: Pending, person: raw.Row, pix: str, at: datetime) -> raw.Row:
    provider, subscriber, name, email, phone, *supplier, _, _ = person
    text = write(replace(_letter(pending, name, _supplier(supplier), at), pix=pix))
    kind = pending.notice.kind.value
    channel, address = _address(email, phone)
    return (
        provider, pending.contract_id, subscriber, pending.notice.key, kind, channel, address, text.subject,
        text.body, kind, VERSION, "pt-br", at, "queued", 0, "",
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Word:
    """A message without legal effect to one contract's subscriber; `say` words it in his own language."""

    contract_id: int
    kind: str
    say: Callable[[Moments], Receipt]
    to: tuple[str, str] | None = None


def tell(
    *,
    contract_id: int,
    kind: str,
    at: datetime,
    say: Callable[[Moments], Receipt],
    to: tuple[str, str] | None = None,
) -> None:
    """Writes one message without legal effect. `to`: channel and address that a person chose."""
    tell_all([Word(contract_id, kind, say, to)], at=at)


def tell_all(words: Sequence[Word], *, at: datetime) -> None:
    """Writes messages without legal effect. They never undo what they tell of: a text that cannot be written is left
    out and logged."""
    if not words:
        return
    try:
        with transaction.atomic():
            people = {row[0]: row for row in raw.rows(_PEOPLE, [[w.contract_id for w in words]])}
            written = [_told(word, people[word.contract_id], at) for word in words]
            raw.insert("message", _COLUMNS, [row for row in written if row is not None])
    except Exception:
        logger.exception("%s contracts were not told, first %s", len(words), words[0].contract_id)


def _told(word: Word, person: raw.Row, at: datetime) -> raw.Row | None:
    contract, provider, subscriber, _, email, phone, name, *_, language, zone = person
    try:
        subject, body = word.say(Moments(language=Language.of(language), zone=ZoneInfo(zone), now=at))
    except Exception:
        logger.exception("contract %s was not told: %s", contract, word.kind)
        return None
    channel, address = word.to or _address(email, phone)
    return (
        provider, contract, subscriber, None, word.kind, channel, address, subject, f"{name}: {body}",
        word.kind, VERSION, language, at, "queued", 0, "",
    )  # fmt: skip


def _address(email: str, phone: str | None) -> tuple[str, str]:
    return ("email", email) if email else ("sms", phone or "")


def _supplier(columns: Sequence[Any]) -> Supplier:
    name, cnpj, address, phones = columns
    phone = f"{phones[0]['number']}, {phones[0].get('hours', '')}".rstrip(", ") if phones else ""
    return Supplier(name, cnpj, address, phone)


def _letter(pending: Pending, name: str, supplier: Supplier, at: datetime) -> Letter:
    standing, notice = pending.standing, pending.notice
    day = standing.calendars.day
    return Letter(
        kind=notice.kind,
        name=name,
        supplier=supplier,
        bills=list(_bills(standing, notice.invoices, at)),
        today=day(at),
        opens_on=day(notice.opens_at) if notice.opens_at else None,
        ends_after_days=standing.policy.termination_after_blocked_days,
    )


def _bills(standing: Standing, invoices: Sequence[str], at: datetime) -> Iterable[Bill]:
    policy, calendars = standing.policy, standing.calendars
    for invoice in standing.facts.invoices:
        if invoice.id in invoices:
            owed = balance.owed(calendars, policy, invoice, on=calendars.day(at))
            due = effective_due(calendars, policy, invoice.due_date)
            yield Bill(invoice.reference, due, owed.principal, owed.total)
