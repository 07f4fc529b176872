"""A text as a subscriber would read it: filled with samples, with its length on each channel that carries it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from religa.actions import save_template
from religa.actions.messages import samples, texts
from religa.actions.messages.samples import Case
from religa.actions.save_template import Draft
from religa.domain import text_lengths
from religa.domain.message_kinds import ChannelKind
from religa.domain.template_check import LIMITS, Habits, as_sent
from religa.domain.templates import Template
from religa.entrypoints.console.letter_words import problem_in_words
from religa.records.templates import Sender
from religa.wording import Language

_CASES = {Case.USUAL: "Um caso comum", Case.LONGEST: "O caso mais longo"}


@dataclass(frozen=True, slots=True)
class Size:
    """How long one case is on one channel; `cost` of one message in tenths of a centavo, where it is known."""

    channel: ChannelKind
    words: str
    is_over: bool
    cost: int | None


@dataclass(frozen=True, slots=True)
class Sample:
    """One case, as it goes out."""

    title: str
    subject: str
    body: str
    sizes: list[Size]


@dataclass(frozen=True, slots=True)
class Preview:
    """What a text looks like, and what is wrong with it. No samples where it cannot be read."""

    faults: list[str]
    warnings: list[str]
    samples: list[Sample]

    @property
    def may_be_saved(self) -> bool:
        return not self.faults


def of_draft(draft: Draft, provider_id: int) -> Preview:
    """Nothing is written."""
    book = texts.load([provider_id])
    checked = save_template.check(draft, provider_id=provider_id)
    channels = save_template.travels_by(draft.slot, book, provider_id)
    shown = (
        []
        if checked.template is None
        else _samples(draft, checked.template, book.senders[provider_id], channels)
    )
    return Preview(
        [problem_in_words(p) for p in checked.problems if not p.is_warning],
        [problem_in_words(p) for p in checked.problems if p.is_warning],
        shown,
    )


def _samples(
    draft: Draft, template: Template, sender: Sender, channels: Collection[ChannelKind]
) -> list[Sample]:
    shown = []
    for case, title in _CASES.items():
        language = Language(draft.slot.language)
        filled = template.fill(samples.values(draft.slot.kind, language, case, sender=sender))
        if isinstance(filled, tuple):
            subject, body = filled
            sizes = [_size(channel, body, sender.habits) for channel in sorted(channels)]
            shown.append(Sample(title, subject, as_sent(draft.slot.channel, body, sender.habits), sizes))
    return shown


def _size(channel: ChannelKind, body: str, habits: Habits) -> Size:
    if channel is ChannelKind.SMS:
        found = text_lengths.segments(as_sent(channel, body, habits))
        alphabet = ", com acentos" if found.wide else ""
        words = f"{found.count} SMS ({found.used} de {found.room} no último{alphabet})"
        return Size(channel, words, found.count > text_lengths.SMS_SEGMENTS, _cost(channel, found.count))
    most = LIMITS.get(channel)
    words = f"{len(body)} caracteres" if most is None else f"{len(body)} de {most} caracteres"
    return Size(channel, words, most is not None and len(body) > most, _cost(channel, 1))


def _cost(channel: ChannelKind, messages: int) -> int | None:
    """What so many messages cost, in tenths of a centavo; None: no channel has said its price. The prices of channels
    come in here."""
    return None
