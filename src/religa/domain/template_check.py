"""Whether a text may be saved: it can be read, says what it must, and fits its channels in the longest case."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from religa.domain import notice_law, text_lengths
from religa.domain.message_kinds import (
    COLLECTION,
    LEGAL,
    WITH_SUBJECT,
    ChannelKind,
    MessageKind,
    carries,
    fields,
)
from religa.domain.templates import Fault, Faulty, Part, Place, Problem, Template, Values, read, tidy


@dataclass(frozen=True, slots=True)
class Slot:
    """The place of a text. `language` is a tag as the records keep it."""

    kind: MessageKind
    channel: ChannelKind
    language: str


@dataclass(frozen=True, slots=True)
class Habits:
    """What a provider has decided about SMS."""

    sms_carries_notices: bool = False
    sms_without_accents: bool = True


@dataclass(frozen=True, slots=True)
class Checked:
    """`template`: None where the text cannot be read."""

    template: Template | None
    problems: tuple[Problem, ...]

    @property
    def may_be_saved(self) -> bool:
        return self.template is not None and all(p.is_warning for p in self.problems)


def check(
    slot: Slot,
    subject: str,
    body: str,
    *,
    longest: Values,
    travels_by: Collection[ChannelKind],
    habits: Habits,
) -> Checked:
    """`longest`: the longest values that are likely; `travels_by`: the channels on which this text would go."""
    subject = subject if slot.channel in WITH_SUBJECT else ""
    found = read(subject, body, fields(slot.kind))
    outer = [*_place_of(slot, habits), *_emptiness(slot, subject, body)]
    if not tidy(body):
        return Checked(None, tuple(outer))
    if isinstance(found, Faulty):
        return Checked(None, (*outer, *found.problems))
    return Checked(
        found,
        (
            *outer,
            *_law(slot, found),
            *_lengths(found, longest, travels_by, habits),
            *(_links(body) if slot.kind in COLLECTION else ()),
        ),
    )


def _place_of(slot: Slot, habits: Habits) -> Iterator[Problem]:
    if slot.kind in LEGAL and slot.language != "pt-br":
        yield Problem(Fault.PORTUGUESE_ONLY)
    if not carries(slot.channel, slot.kind, sms_carries_notices=habits.sms_carries_notices):
        yield Problem(Fault.NOT_CARRIED, detail=slot.channel.value)


def _emptiness(slot: Slot, subject: str, body: str) -> Iterator[Problem]:
    if slot.channel in WITH_SUBJECT and not tidy(subject):
        yield Problem(Fault.NO_SUBJECT, Place(Part.SUBJECT, 1, 1))
    if not tidy(body):
        yield Problem(Fault.NO_BODY, Place(Part.BODY, 1, 1))


def _law(slot: Slot, template: Template) -> Iterator[Problem]:
    for lack in notice_law.lacks(template, notice_law.required(slot.kind, slot.channel)):
        yield _lack(Fault.VANISHES if lack.only_fragile else Fault.LACKS, lack)
    if slot.channel not in (ChannelKind.PUSH, ChannelKind.SMS):
        for lack in notice_law.lacks(template, notice_law.advised(slot.kind)):
            yield _lack(Fault.BETTER_WITH, lack)


def _lack(fault: Fault, lack: notice_law.Lack) -> Problem:
    return Problem(fault, detail=lack.required.item.value, article=lack.required.article)


def _lengths(
    template: Template, longest: Values, travels_by: Collection[ChannelKind], habits: Habits
) -> Iterator[Problem]:
    filled = template.fill(longest)
    if not isinstance(filled, tuple):
        return
    subject, body = filled
    if len(subject) > text_lengths.SUBJECT_CHARACTERS:
        place = Place(Part.SUBJECT, 1, 1)
        yield Problem(Fault.TOO_LONG, place, f"subject {len(subject)} {text_lengths.SUBJECT_CHARACTERS}")
    for channel in sorted(travels_by):
        yield from _length(channel, body, habits)


def _length(channel: ChannelKind, body: str, habits: Habits) -> Iterator[Problem]:
    length, most = size(channel, body, habits), LIMITS.get(channel)
    if most is not None and length > most:
        yield Problem(Fault.TOO_LONG, detail=f"{channel.value} {length} {most}")
    elif channel is ChannelKind.WHATSAPP and length > text_lengths.WHATSAPP_TEMPLATE_CHARACTERS:
        yield Problem(
            Fault.NEAR_LIMIT, detail=f"{channel.value} {length} {text_lengths.WHATSAPP_TEMPLATE_CHARACTERS}"
        )


LIMITS = {  # characters; of SMS, segments
    ChannelKind.SMS: text_lengths.SMS_SEGMENTS,
    ChannelKind.PUSH: text_lengths.PUSH_CHARACTERS,
    ChannelKind.WHATSAPP: text_lengths.WHATSAPP_CHARACTERS,
}


def size(channel: ChannelKind, body: str, habits: Habits) -> int:
    """Length in what the channel counts: segments of SMS, else characters."""
    return (
        text_lengths.segments(as_sent(channel, body, habits)).count
        if channel is ChannelKind.SMS
        else len(body)
    )


def as_sent(channel: ChannelKind, text: str, habits: Habits) -> str:
    """The text as it goes out on a channel."""
    if channel is ChannelKind.SMS and habits.sms_without_accents:
        return text_lengths.folded(text)
    return text


# What reads as an address on the web; one with an at sign before it is e-mail.
_LINK = re.compile(
    r"(?:https?://|www\.)\S+|(?<![\w@.-])(?:[\w-]+\.)+(?:com|net|org|br|app|link|me|ly|io|gl|cc)\b(?:/\S*)?",
    re.IGNORECASE,
)


def _links(body: str) -> Sequence[Problem]:
    """The Manual Operacional (1.1.1) would rather have none: people are taught not to follow them."""
    text = tidy(body)
    return [Problem(Fault.LINK, _line(text, found.start()), found[0][:60]) for found in _LINK.finditer(text)]


def _line(text: str, at: int) -> Place:
    before = text[:at]
    return Place(Part.BODY, before.count("\n") + 1, at - before.rfind("\n"))
