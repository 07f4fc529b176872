"""Puts messages into the outbox, in bulk: rendered text, channel and address are evidence from then on."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.db import transaction

from religa.actions.messages import codes, queueing, schedule, texts
from religa.actions.messages.reach import Way, first
from religa.actions.messages.texts import Text, Texts
from religa.domain import balance
from religa.domain.calendar import effective_due
from religa.domain.facts import Facts, Notice, NoticeKind
from religa.domain.message_kinds import MessageKind
from religa.domain.standing import Standing
from religa.domain.templates import Values
from religa.records import reach
from religa.records.reach import Person
from religa.wording import Language, Moments, Receipt, letters
from religa.wording.letters import Bill, Letter

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


_Told = Sequence[Pending]  # one message: the notices of one kind of one subscriber that announce the same day


def enqueue(pending: Sequence[Pending], *, at: datetime) -> None:
    """Writes a message for each notice, or one for several of one subscriber: by his first way, on a free day."""
    if not pending:
        return
    people = reach.people_of([p.contract_id for p in pending])
    book = texts.load(person.provider_id for person in people.values())
    told = [(one, people[one[0].contract_id]) for one in _together(pending, people)]
    turns = schedule.give_days([_wish(one, person) for one, person in told], at=at)
    wanted = [codes.Wanted(person.provider_id, one[0].standing, _names(one)) for one, person in told]
    found = zip(told, turns, codes.of_letters(wanted, at=at), strict=True)
    keys = queueing.add([_notice(one, person, turn, pix, book, at) for (one, person), turn, pix in found])
    given = zip(keys, told, strict=True)
    queueing.also_give([(key, p.notice.key) for key, (one, _) in given for p in one[1:] if p.notice.key])


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


def _notice(
    told: _Told, person: Person, turn: schedule.Turn, pix: str, book: Texts, at: datetime
) -> queueing.Row:
    kind = MessageKind(told[0].notice.kind.value)
    letter = replace(_letter(told, turn.at or at), pix=pix)
    language = texts.language_of(kind, Language.of(person.tag))
    way, text = _written(person, kind, letter.values(language) | _about(person, letter.today, language), book)
    return _row(
        person, kind, way, text, at,
        notice_id=told[0].notice.key,
        priority=queueing.BULK,
        send_after=turn.at,
        send_before=min((end for one in told if (end := _of_no_use(one)) is not None), default=None),
        contact_day=turn.day,
        withdrawn="" if turn.day else "no day left before it is of no use",
    )  # fmt: skip


def _written(
    person: Person, kind: MessageKind, values: Values, book: Texts, to: Way | None = None
) -> tuple[Way, Text]:
    """By which way, and in the words of that channel."""
    way, language = to or first(person, kind.value), Language.of(person.tag)
    return way, book.write(
        provider=person.provider_id, kind=kind, channel=way.channel, language=language, values=values
    )


def _row(person: Person, kind: MessageKind, way: Way, text: Text, at: datetime, **more: Any) -> queueing.Row:
    return queueing.Row(
        person,
        kind.value,
        way,
        text.subject,
        text.body,
        text.template,
        text.version,
        text.language,
        at,
        **more,
    )


def _about(person: Person, today: date, language: Language) -> dict[str, str]:
    return letters.person(person.name, is_company=person.kind == "company", today=today, language=language)


Say = Callable[[Moments], Values | Receipt]


@dataclass(frozen=True, slots=True)
class Word:
    """A message without legal effect to one contract's subscriber. `say` gives the values of its kind's fields in his
    language (`wording/receipts.py`), or words that are ready as they stand. `to`: channel and address that a person
    chose. From `send_before` on it is not sent any more."""

    contract_id: int
    kind: str
    say: Say
    to: tuple[str, str] | None = None
    send_before: datetime | None = None


def tell(*, contract_id: int, kind: str, at: datetime, say: Say, to: tuple[str, str] | None = None) -> None:
    """Writes one message without legal effect. `to`: channel and address that a person chose."""
    tell_all([Word(contract_id, kind, say, to)], at=at)


def tell_all(words: Sequence[Word], *, at: datetime) -> None:
    """Writes messages without legal effect. They never undo what they tell of: a text that cannot be written is left
    out and logged."""
    if not words:
        return
    try:
        with transaction.atomic():
            people = reach.people_of([w.contract_id for w in words])
            book = texts.load(person.provider_id for person in people.values())
            written = [_told(word, people[word.contract_id], book, at) for word in words]
            queueing.add([row for row in written if row is not None])
    except Exception:
        logger.exception("%s contracts were not told, first %s", len(words), words[0].contract_id)


def _told(word: Word, person: Person, book: Texts, at: datetime) -> queueing.Row | None:
    language, zone = Language.of(person.tag), book.senders[person.provider_id].zone
    try:
        said = word.say(Moments(language=language, zone=zone, now=at))
        values = {"titulo": said.subject, "texto": said.body} if isinstance(said, Receipt) else dict(said)
        whole = _about(person, at.astimezone(zone).date(), language) | values
        kind = MessageKind(word.kind)
        way, text = _written(person, kind, whole, book, Way(*word.to) if word.to else None)
    except Exception:
        logger.exception("contract %s was not told: %s", word.contract_id, word.kind)
        return None
    return _row(person, kind, way, text, at, send_before=word.send_before)


def _letter(told: _Told, at: datetime) -> Letter:
    standing, notice = told[0].standing, told[0].notice
    day = standing.calendars.day
    return Letter(
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
