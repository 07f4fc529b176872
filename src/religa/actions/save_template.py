"""Saves a provider's own text of a message as a new version, goes back to the shipped one, and keeps what he does with
SMS. Nothing is edited in place: what was sent under an older version stays readable."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction

from religa.actions.messages import samples, texts
from religa.actions.messages.samples import Case
from religa.actions.messages.texts import Texts
from religa.domain import template_check
from religa.domain.message_kinds import WITH_SUBJECT, ChannelKind
from religa.domain.template_check import Checked, Habits, Slot
from religa.domain.templates import Fault, Problem, tidy
from religa.records import templates
from religa.records.errors import SeenBefore, naming
from religa.records.templates import Version
from religa.wording import Language
from religa.wording.messages import shipped


@dataclass(frozen=True, slots=True)
class Saved:
    """It holds for every message written from now on. `warnings` kept nobody from saving it."""

    number: int
    warnings: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class NotSaved:
    """Everything that is wrong; nothing was changed."""

    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Draft:
    """A text as it was written. `seen`: the number of the version its author was shown, 0 where there was none."""

    slot: Slot
    subject: str
    body: str
    seen: int


def save(draft: Draft, *, provider_id: int, by: str, at: datetime) -> Saved | NotSaved:
    """A new version, if the text may be sent at all and nobody has changed it meanwhile."""
    checked = check(draft, provider_id=provider_id)
    if not checked.may_be_saved:
        return NotSaved(checked.problems)
    subject = tidy(draft.subject) if draft.slot.channel in WITH_SUBJECT else ""
    new = Version(provider_id, draft.slot, draft.seen + 1, True, subject, tidy(draft.body), by, at)
    return _add(new, draft.seen, checked.problems)


def restore(slot: Slot, *, seen: int, provider_id: int, by: str, at: datetime) -> Saved | NotSaved:
    """The text that comes with Religa holds again from here on, as a version of its own."""
    ours = next(found for place in texts.fallbacks(slot) if (found := shipped().get(place)) is not None)
    return _add(Version(provider_id, slot, seen + 1, False, ours.subject, ours.body, by, at), seen, ())


def check(draft: Draft, *, provider_id: int) -> Checked:
    """What is wrong with a text by itself; nothing is written."""
    book, slot = texts.load([provider_id]), draft.slot
    sender = book.senders[provider_id]
    return template_check.check(
        slot,
        draft.subject,
        draft.body,
        longest=samples.values(slot.kind, Language(slot.language), Case.LONGEST, sender=sender),
        travels_by=travels_by(slot, book, provider_id),
        habits=sender.habits,
    )


def travels_by(slot: Slot, book: Texts, provider_id: int) -> Collection[ChannelKind]:
    """The channels on which a text goes: its own, or all that carry the kind and have none of their own."""
    if slot.channel is not ChannelKind.ANY:
        return (slot.channel,)
    return [
        channel
        for channel in ChannelKind
        if channel is not ChannelKind.ANY
        and book.carries(provider=provider_id, channel=channel.value, kind=slot.kind)
        and not _has_its_own(replace(slot, channel=channel), book, provider_id)
    ]


def _has_its_own(slot: Slot, book: Texts, provider_id: int) -> bool:
    own = book.own.get((provider_id, slot))
    return slot in shipped() or (own is not None and own.is_own)


def _add(new: Version, seen: int, warnings: tuple[Problem, ...]) -> Saved | NotSaved:
    """Two authors at once write the same number: the second is told."""
    standing = next(iter(templates.versions(new.provider_id, new.slot)), None)
    if (standing.number if standing else 0) != seen:
        return _changed(standing)
    if _is_the_same(new, standing):
        return NotSaved((Problem(Fault.NOTHING_NEW),))
    try:
        with transaction.atomic(), naming():
            templates.add(new)
    except SeenBefore:
        return _changed(next(iter(templates.versions(new.provider_id, new.slot)), None))
    return Saved(new.number, warnings)


def _changed(standing: Version | None) -> NotSaved:
    return NotSaved((Problem(Fault.CHANGED_MEANWHILE, detail=standing.author if standing else ""),))


def _is_the_same(new: Version, standing: Version | None) -> bool:
    """Saving what holds already, or going back to where one is."""
    if standing is None or not standing.is_own:
        ours = shipped().get(new.slot)
        return not new.is_own or (ours is not None and (new.subject, new.body) == (ours.subject, ours.body))
    return new.is_own and (new.subject, new.body) == (standing.subject, standing.body)


def set_habits(habits: Habits, *, provider_id: int, by: str, at: datetime) -> None:
    """What the provider does with SMS from now on."""
    with transaction.atomic():
        templates.save_habits(provider_id, habits, by=by, at=at)
