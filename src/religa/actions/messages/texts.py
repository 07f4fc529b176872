"""Writes messages: the text that holds for a provider, kind, channel and language, filled with its values.

A channel's own text goes before the text for any channel, and in each the provider's before the one that comes with
Religa. A text whose fields have no values is passed over; what is ready as it stands (`texto`) needs none. So nobody
stays untold because of a text that somebody has changed.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from religa.domain.message_kinds import LEGAL, ChannelKind, MessageKind, carries, fields
from religa.domain.template_check import Slot, as_sent
from religa.domain.templates import Faulty, Template, Values, read
from religa.records import templates
from religa.records.templates import Sender, Version
from religa.wording import Language
from religa.wording.letters import Supplier
from religa.wording.messages import Shipped, shipped
from religa.wording.push import SOMETHING_NEW

logger = logging.getLogger(__name__)

AS_SAID = "as-said"  # the version of words that came ready
_CHANNELS = {channel.value: channel for channel in ChannelKind}


@dataclass(frozen=True, slots=True)
class Text:
    """What is kept as evidence: the words, and which text in which version they come from."""

    subject: str
    body: str
    template: str
    version: str
    language: str


class NothingToSay(Exception):
    """No text of this kind has all its values: the caller has forgotten some."""


@dataclass(frozen=True, slots=True)
class _Choice:
    slot: Slot
    version: str
    template: Template


@dataclass
class Texts:
    """The texts of some providers, read once for a whole batch."""

    senders: dict[int, Sender]
    own: dict[tuple[int, Slot], Version]
    _choices: dict[tuple[int, Slot], tuple[_Choice, ...]] = field(default_factory=dict)
    _suppliers: dict[tuple[int, Language], dict[str, str]] = field(default_factory=dict)

    def write(
        self, *, provider: int, kind: MessageKind, channel: str, language: Language, values: Values
    ) -> Text:
        """The message in the provider's own words or in those that come with Religa. `values`: fields of the kind;
        those about the provider are added. Raises `NothingToSay` where no text has all its values."""
        slot = Slot(kind, channel_kind(channel), language_of(kind, language).value)
        known = {**self.supplier(provider, Language(slot.language)), **values}
        for choice in self._chosen(provider, slot):
            filled = choice.template.fill(known)
            if isinstance(filled, tuple):
                return self._text(provider, slot, choice, filled, known)
        if slot.channel is ChannelKind.PUSH:
            return self.pointer(provider, Language(slot.language))
        return self._as_said(provider, slot, known)

    def pointer(self, provider: int, language: Language) -> Text:
        """A push message in place of a text that is not for a locked telephone: that there is something, and where."""
        body = SOMETHING_NEW.in_(language)
        return Text(
            self.supplier(provider, language)["provedor"], body, "pointer/push", AS_SAID, language.value
        )

    def supplier(self, provider: int, language: Language) -> dict[str, str]:
        """The fields about the provider."""
        found = self._suppliers.get((provider, language))
        if found is None:
            sender = self.senders[provider]
            supplier = Supplier(sender.name, sender.cnpj, sender.address, sender.phone)
            found = self._suppliers[provider, language] = supplier.values(language)
        return found

    def carries(self, *, provider: int, channel: str, kind: MessageKind) -> bool:
        """Whether this provider lets a kind travel by a channel."""
        habits = self.senders[provider].habits
        return carries(channel_kind(channel), kind, sms_carries_notices=habits.sms_carries_notices)

    def _chosen(self, provider: int, slot: Slot) -> tuple[_Choice, ...]:
        found = self._choices.get((provider, slot))
        if found is None:
            found = self._choices[provider, slot] = tuple(self._candidates(provider, slot))
        return found

    def _candidates(self, provider: int, slot: Slot) -> Iterator[_Choice]:
        # A text for any channel says too much for a push message.
        for place in (slot,) if slot.channel is ChannelKind.PUSH else fallbacks(slot):
            own, ours = self.own.get((provider, place)), shipped().get(place)
            if own is not None and own.is_own:
                yield from _readable(place, str(own.number), own)
            if ours is not None:
                yield from _readable(place, ours.version, ours)

    def _text(
        self, provider: int, slot: Slot, choice: _Choice, filled: tuple[str, str], values: Values
    ) -> Text:
        subject, body = filled
        return Text(
            subject or self._title(slot, values),
            self._sent(provider, slot, body),
            _named(choice.slot),
            choice.version,
            slot.language,
        )

    def _as_said(self, provider: int, slot: Slot, values: Values) -> Text:
        said = values.get("texto")
        if not said:
            raise NothingToSay(slot.kind.value)
        body = self._sent(provider, slot, f"{values['provedor']}: {said}")
        return Text(
            values.get("titulo") or self._title(slot, values), body, _named(slot), AS_SAID, slot.language
        )

    def _sent(self, provider: int, slot: Slot, body: str) -> str:
        return as_sent(slot.channel, body, self.senders[provider].habits)

    def _title(self, slot: Slot, values: Values) -> str:
        """What a list of messages calls one that has no subject of its own."""
        title = shipped().get(Slot(slot.kind, ChannelKind.ANY, slot.language))
        return title.subject if title is not None and "{" not in title.subject else values["provedor"]


def load(providers: Iterable[int]) -> Texts:
    """The texts of these providers as they stand now: two queries, however many messages follow."""
    ids = sorted(set(providers))
    own = {(one.provider_id, one.slot): one for one in templates.latest(ids)}
    return Texts(templates.senders(ids), own)


def write(kind: MessageKind, channel: str, language: Language, values: Values, provider: int) -> Text:
    """One message; for many, `load` once."""
    return load([provider]).write(
        provider=provider, kind=kind, channel=channel, language=language, values=values
    )


def language_of(kind: MessageKind, language: Language) -> Language:
    """Legal notices are Portuguese, whatever the subscriber reads."""
    return Language.PT if kind in LEGAL else language


def channel_kind(channel: str) -> ChannelKind:
    """A channel nobody has written for takes the text for any."""
    return _CHANNELS.get(channel, ChannelKind.ANY)


def fallbacks(slot: Slot) -> Sequence[Slot]:
    """Where a text is looked for, in order."""
    anywhere = Slot(slot.kind, ChannelKind.ANY, slot.language)
    return (slot,) if slot == anywhere else (slot, anywhere)


def _readable(slot: Slot, version: str, text: Version | Shipped) -> Iterator[_Choice]:
    found = _read(text.subject, text.body, slot.kind)
    if isinstance(found, Template):
        yield _Choice(slot, version, found)
    else:  # it was saved by an older version that had other fields
        logger.error("the text %s in version %s cannot be read and is passed over", _named(slot), version)


@lru_cache(maxsize=2048)
def _read(subject: str, body: str, kind: MessageKind) -> Template | Faulty:
    return read(subject, body, fields(kind))


def _named(slot: Slot) -> str:
    return f"{slot.kind.value}/{slot.channel.value}/{slot.language}"
