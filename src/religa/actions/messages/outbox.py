"""Puts messages into the outbox, in bulk: rendered text, channel and address are evidence from then on."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction

from religa.actions.messages import codes, queueing, schedule
from religa.actions.messages.reach import first
from religa.actions.messages.texts import VERSION, Bill, Letter, Supplier, write
from religa.domain import balance
from religa.domain.calendar import effective_due
from religa.domain.facts import Facts, Notice, NoticeKind
from religa.domain.standing import Standing
from religa.records import raw, reach
from religa.records.reach import Person
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


_PEOPLE = """
    SELECT c.id, s.name, coalesce(nullif(v.trade_name, ''), v.name), v.cnpj, v.address, v.phones, s.language, v.zone
      FROM contract c JOIN subscriber s ON s.id = c.subscriber_id JOIN provider v ON v.id = c.provider_id
     WHERE c.id = ANY (%s)
"""
_Told = Sequence[Pending]  # one message: the notices of one kind of one subscriber that announce the same day


def enqueue(pending: Sequence[Pending], *, at: datetime) -> None:
    """Writes a message for each notice, or one for several of one subscriber: by his first way, on a free day."""
    if not pending:
        return
    contracts = [p.contract_id for p in pending]
    named, people = _named(contracts), reach.people_of(contracts)
    told = _together(pending, people)
    turns = schedule.give_days([_wish(one, people[one[0].contract_id]) for one in told], at=at)
    wanted = [
        codes.Wanted(people[one[0].contract_id].provider_id, one[0].standing, _names(one)) for one in told
    ]
    found = zip(told, turns, codes.of_letters(wanted, at=at), strict=True)
    rows = [_row(one, named, people[one[0].contract_id], turn, pix, at) for one, turn, pix in found]
    keys = queueing.add(rows)
    queueing.also_give(
        [(key, p.notice.key) for key, one in zip(keys, told, strict=True) for p in one[1:] if p.notice.key]
    )


def _named(contracts: Sequence[int]) -> dict[int, raw.Row]:
    return {row[0]: row for row in raw.rows(_PEOPLE, [list(contracts)])}


def _together(pending: Sequence[Pending], people: Mapping[int, Person]) -> list[_Told]:
    """What one message can say: the same kind, to the same person, of the same day."""
    found: dict[tuple[object, ...], list[Pending]] = {}
    for one in pending:
        day = one.notice.opens_at and one.standing.calendars.day(one.notice.opens_at)
        key = (people[one.contract_id].subscriber_id, one.notice.kind, day, one.standing.policy)
        found.setdefault(key, []).append(one)
    return list(found.values())


def _names(told: _Told) -> list[str]:
    return list(dict.fromkeys(name for one in told for name in one.notice.invoices))


def _wish(told: _Told, person: Person) -> schedule.Wish:
    standing = told[0].standing
    ends = [end for one in told if (end := _of_no_use(one)) is not None]
    kind = told[0].notice.kind.value
    return schedule.Wish(
        person.subscriber_id, kind, standing.calendars, standing.policy, min(ends, default=None)
    )


def _of_no_use(pending: Pending) -> datetime | None:
    """A warning of a block that has come, a reminder of what is late."""
    notice = pending.notice
    if notice.kind is NoticeKind.WARNING:
        return notice.opens_at
    if notice.kind is NoticeKind.REMINDER:
        late = [c.late_from for c in pending.standing.claims if c.invoice.id in notice.invoices]
        return min(late, default=None)
    return None


def _row(
    told: _Told, named: Mapping[int, raw.Row], person: Person, turn: schedule.Turn, pix: str, at: datetime
) -> queueing.Row:
    _, name, *supplier, _, _ = named[person.contract_id]
    letter = _letter(told, name, _supplier(supplier), turn.at or at)
    text = write(replace(letter, pix=pix))
    kind = told[0].notice.kind.value
    return queueing.Row(
        person,
        kind,
        first(person, kind),
        text.subject,
        text.body,
        VERSION,
        "pt-br",
        at,
        notice_id=told[0].notice.key,
        priority=queueing.BULK,
        send_after=turn.at,
        send_before=min((end for one in told if (end := _of_no_use(one)) is not None), default=None),
        contact_day=turn.day,
        withdrawn="" if turn.day else "no day left before it is of no use",
    )


Say = Callable[[Moments], Receipt]


@dataclass(frozen=True, slots=True)
class Word:
    """A message without legal effect to one contract's subscriber; `say` words it in his own language.
    From `send_before` on it is not sent any more."""

    contract_id: int
    kind: str
    say: Say
    send_before: datetime | None = None


def tell(*, contract_id: int, kind: str, at: datetime, say: Say) -> None:
    """Writes one message without legal effect."""
    tell_all([Word(contract_id, kind, say)], at=at)


def tell_all(words: Sequence[Word], *, at: datetime) -> None:
    """Writes messages without legal effect. They never undo what they tell of: a text that cannot be written is left
    out and logged."""
    if not words:
        return
    try:
        with transaction.atomic():
            contracts = [w.contract_id for w in words]
            named, people = _named(contracts), reach.people_of(contracts)
            written = [_told(w, named[w.contract_id], people[w.contract_id], at) for w in words]
            queueing.add([row for row in written if row is not None])
    except Exception:
        logger.exception("%s contracts were not told, first %s", len(words), words[0].contract_id)


def _told(word: Word, named: raw.Row, person: Person, at: datetime) -> queueing.Row | None:
    _, _, supplier, *_, language, zone = named
    try:
        subject, body = word.say(Moments(language=Language.of(language), zone=ZoneInfo(zone), now=at))
    except Exception:
        logger.exception("contract %s was not told: %s", word.contract_id, word.kind)
        return None
    way, text = first(person, word.kind), f"{supplier}: {body}"
    return queueing.Row(
        person, word.kind, way, subject, text, VERSION, language, at, send_before=word.send_before
    )


def _supplier(columns: Sequence[Any]) -> Supplier:
    name, cnpj, address, phones = columns
    phone = f"{phones[0]['number']}, {phones[0].get('hours', '')}".rstrip(", ") if phones else ""
    return Supplier(name, cnpj, address, phone)


def _letter(told: _Told, name: str, supplier: Supplier, at: datetime) -> Letter:
    standing, notice = told[0].standing, told[0].notice
    day = standing.calendars.day
    return Letter(
        kind=notice.kind,
        name=name,
        supplier=supplier,
        bills=[bill for one in told for bill in _bills(one.standing, one.notice.invoices, at)],
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
