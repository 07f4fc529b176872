"""One message in a conversation: who writes, what he wants, where he stands in the menu, and what is said back."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings

from religa.actions.bot.replying import Address
from religa.domain.intents import Said
from religa.records.models import Contract, Conversation, Provider
from religa.records.queries import portal as queries
from religa.records.queries.callers import Holder
from religa.wording import Language, Moments, Words, bot


@dataclass(frozen=True, slots=True)
class Spoken:
    """`texts`: messages to send. `pix`: the contract whose code is to follow them."""

    texts: tuple[str, ...] = ()
    pix: int | None = None


@dataclass(slots=True)
class Turn:
    """`is_new`: the conversation begins, or begins again after a while. Its row is locked."""

    conversation: Conversation
    provider: Provider
    number: str
    holders: tuple[Holder, ...]
    said: Said
    message_id: str
    at: datetime
    is_new: bool
    _contracts: list[Contract] | None = field(default=None)

    @property
    def key(self) -> str:
        """By which what this message asks for is done once."""
        return f"bot:{self.conversation.pk}:{self.message_id}"

    @property
    def is_known(self) -> bool:
        return bool(self.holders)

    @property
    def is_identified(self) -> bool:
        """On this civil day, and still among those who have the number."""
        known, since = self.conversation.subscriber_id, self.conversation.identified_at
        if since is None or known not in {h.subscriber_id for h in self.holders}:
            return False
        return self._day(since) == self._day(self.at)

    def _day(self, at: datetime) -> object:
        return at.astimezone(ZoneInfo(self.provider.zone)).date()

    @property
    def language(self) -> Language:
        """The subscriber's own; Portuguese where it may be several people's, or nobody's."""
        mine = {h.language for h in self.holders if h.subscriber_id == self.conversation.subscriber_id}
        tags = mine or {h.language for h in self.holders}
        return Language.of(tags.pop()) if len(tags) == 1 else Language.PT

    @property
    def moments(self) -> Moments:
        return Moments(language=self.language, zone=ZoneInfo(self.provider.zone), now=self.at)

    @property
    def phones(self) -> list[tuple[str, str]]:
        return [(str(p.get("number", "")), str(p.get("hours", ""))) for p in self.provider.phones]

    @property
    def reach(self) -> str:
        """How to get to the portal and to a person."""
        portal = settings.PORTAL_URL.partition("://")[2] or settings.PORTAL_URL
        return bot.reach(portal=portal, phones=self.phones, language=self.language)

    @property
    def address(self) -> Address:
        c = self.conversation
        known = c.subscriber_id if self.is_identified else None
        return Address(
            self.provider.pk,
            c.channel,
            c.sender,
            self.language.value,
            known,
            c.contract_id if known else None,
        )

    @property
    def contracts(self) -> list[Contract]:
        """The living ones of whoever is identified."""
        if self._contracts is None:
            person = queries.subscriber(self.conversation.subscriber_id or 0)
            found = queries.contracts_of(person) if person is not None else []
            self._contracts = [c for c in found if c.terminated_at is None]
        return self._contracts

    @property
    def contract(self) -> Contract | None:
        """The chosen one; found through the person, so that a number alone opens nothing."""
        return next((c for c in self.contracts if c.pk == self.conversation.contract_id), None)

    def go(self, step: str, wish: str | None = None) -> None:
        """Where the conversation stands after this."""
        self.conversation.step = step
        if wish is not None:
            self.conversation.wish = wish

    def words(self, *parts: Words | str) -> str:
        """A text of several parts, each on lines of its own, filled with what texts may name."""
        said = [p.in_(self.language) if isinstance(p, Words) else p for p in parts]
        filled = [p.replace("{reach}", self.reach) for p in said if p]
        return "\n\n".join(p.strip() for p in filled)
