"""Puts messages into the outbox, in bulk: rendered text, channel and address are evidence from then on."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.db import transaction

from religa.actions.messages import codes, texts
from religa.actions.messages.texts import Texts
from religa.domain import balance
from religa.domain.calendar import effective_due
from religa.domain.facts import Facts, Notice
from religa.domain.message_kinds import MessageKind
from religa.domain.standing import Standing
from religa.domain.templates import Values
from religa.records import raw
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


_COLUMNS = (
    "provider_id", "contract_id", "subscriber_id", "notice_id", "kind", "channel", "address", "subject", "text",
    "template", "template_version", "language", "created_at", "state", "attempts", "error",
)  # fmt: skip
_PEOPLE = """
    SELECT c.id, c.provider_id, c.subscriber_id, s.name, s.email,
           (SELECT number FROM subscriber_phone p WHERE p.subscriber_id = s.id ORDER BY position LIMIT 1),
           s.kind, s.language
      FROM contract c JOIN subscriber s ON s.id = c.subscriber_id WHERE c.id = ANY (%s)
"""


@dataclass(frozen=True, slots=True)
class _Person:
    """Who is written to about one contract."""

    contract_id: int
    provider_id: int
    subscriber_id: int
    name: str
    email: str
    phone: str | None
    kind: str
    tag: str

    @property
    def language(self) -> Language:
        return Language.of(self.tag)

    def values(self, today: date, language: Language) -> dict[str, str]:
        return letters.person(self.name, is_company=self.kind == "company", today=today, language=language)


def _people(contract_ids: Sequence[int]) -> dict[int, _Person]:
    return {row[0]: _Person(*row) for row in raw.rows(_PEOPLE, [list(contract_ids)])}


def enqueue(pending: Sequence[Pending], *, at: datetime) -> None:
    """Writes one message per notice to the subscriber's first address."""
    if not pending:
        return
    people = _people([p.contract_id for p in pending])
    book = texts.load(person.provider_id for person in people.values())
    wanted = [codes.Wanted(people[p.contract_id].provider_id, p.standing, p.notice.invoices) for p in pending]
    found = zip(pending, codes.of_letters(wanted, at=at), strict=True)
    raw.insert("message", _COLUMNS, [_notice(p, people[p.contract_id], pix, book, at) for p, pix in found])


def _notice(pending: Pending, person: _Person, pix: str, book: Texts, at: datetime) -> raw.Row:
    kind = MessageKind(pending.notice.kind.value)
    language = texts.language_of(kind, person.language)
    letter = replace(_letter(pending, at), pix=pix)
    values = letter.values(language) | person.values(letter.today, language)
    return _row(person, kind, language, values, book, at, notice=pending.notice.key)


@dataclass(frozen=True, slots=True)
class Word:
    """A message without legal effect to one contract's subscriber. `say` gives the values of its kind's fields in his
    language (`wording/receipts.py`), or words that are ready as they stand."""

    contract_id: int
    kind: str
    say: Callable[[Moments], Values | Receipt]
    to: tuple[str, str] | None = None


def tell(
    *,
    contract_id: int,
    kind: str,
    at: datetime,
    say: Callable[[Moments], Values | Receipt],
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
            people = _people([w.contract_id for w in words])
            book = texts.load(person.provider_id for person in people.values())
            written = [_told(word, people[word.contract_id], book, at) for word in words]
            raw.insert("message", _COLUMNS, [row for row in written if row is not None])
    except Exception:
        logger.exception("%s contracts were not told, first %s", len(words), words[0].contract_id)


def _told(word: Word, person: _Person, book: Texts, at: datetime) -> raw.Row | None:
    language, zone = person.language, book.senders[person.provider_id].zone
    try:
        said = word.say(Moments(language=language, zone=zone, now=at))
        values = {"titulo": said.subject, "texto": said.body} if isinstance(said, Receipt) else dict(said)
        whole = person.values(at.astimezone(zone).date(), language) | values
        return _row(person, MessageKind(word.kind), language, whole, book, at, to=word.to)
    except Exception:
        logger.exception("contract %s was not told: %s", word.contract_id, word.kind)
        return None


def _row(
    person: _Person, kind: MessageKind, language: Language, values: Values, book: Texts, at: datetime,
    *, notice: int | None = None, to: tuple[str, str] | None = None,
) -> raw.Row:  # fmt: skip
    channel, address = to or _address(person.email, person.phone)
    text = book.write(
        provider=person.provider_id, kind=kind, channel=channel, language=language, values=values
    )
    return (
        person.provider_id, person.contract_id, person.subscriber_id, notice, kind.value, channel, address,
        text.subject, text.body, text.template, text.version, text.language, at, "queued", 0, "",
    )  # fmt: skip


def _address(email: str, phone: str | None) -> tuple[str, str]:
    return ("email", email) if email else ("sms", phone or "")


def _letter(pending: Pending, at: datetime) -> Letter:
    standing, notice = pending.standing, pending.notice
    day = standing.calendars.day
    return Letter(
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
