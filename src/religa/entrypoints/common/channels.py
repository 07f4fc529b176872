"""The adapters of message channels, one for each channel and process: they keep connections.

A provider that has ever set up a channel is served by its channels alone. Before that, e-mail goes by the mail server
of the settings, and in the demo everything else stays in the outbox. Elsewhere a message for which there is no channel
fails: what reached nobody must not count as evidence.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from django.conf import settings

from religa import wiring
from religa.ports.messages import (
    EMAIL,
    Callback,
    CallbackReader,
    Channel,
    Heard,
    NotSent,
    NotUnderstood,
    OutgoingMessage,
    SendOutcome,
    Sent,
    canonical_phone,
)
from religa.records import channels, secrets
from religa.records.channels import ChannelRow


class Channels:
    """Makes a channel's adapter when it is first asked for, and again once what it is made of has changed."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._made: dict[int, tuple[object, Channel]] = {}
        self._mail: tuple[object, Channel] | None = None

    def named(self, medium: str) -> Channel:
        """Sends by whichever channel the message's provider has for a medium; looks it up at each send."""
        return _OfAnyProvider(self, medium)

    def for_provider(self, provider_id: int, medium: str) -> Channel:
        """The channel of a provider for a medium. Its `send` asks no database, so that threads may call it; whether the
        24-hour window is open is then the caller's to say (`is_window_open`)."""
        row = channels.of_medium(provider_id, medium)
        if row is not None:
            return _Scoped(row, self.of(row))
        return self._without_a_channel(medium, has_others=channels.has_any(provider_id))

    def windows(self, provider_id: int, medium: str) -> Callable[[str], bool]:
        """Whether the person at an address wrote to a provider by this medium within a day."""
        row = channels.of_medium(provider_id, medium)
        return lambda address: row is not None and is_window_open(row, address)

    def of(self, row: ChannelRow) -> Channel:
        """Its adapter itself. Never fails: one that cannot be made refuses everything and says why."""
        made_of = (row.kind, row.medium, str(row.settings), row.secrets_changed_at, secrets.marks())
        with self._lock:
            kept = self._made.get(row.id)
            if kept is None or kept[0] != made_of:
                kept = self._made[row.id] = (made_of, _make(row))
            return kept[1]

    def reader(self, row: ChannelRow) -> CallbackReader | None:
        """What understands the posts of a channel's platform; None where it posts nothing or cannot be made."""
        made: Any = self.of(row)
        return made if row.is_called_back and not isinstance(made, Uncallable) else None

    def heard(self, row: ChannelRow, callback: Callback) -> Heard | NotUnderstood:
        """What a post says, with the numbers of messages as they are kept."""
        reader = self.reader(row)
        if reader is None:
            return NotUnderstood("the channel cannot be called")
        found = reader.read(callback)
        if isinstance(found, NotUnderstood):
            return found
        receipts = (replace(r, provider_message_id=row.scoped(r.provider_message_id)) for r in found.receipts)
        return Heard(tuple(receipts), found.inbound)

    def _without_a_channel(self, medium: str, *, has_others: bool) -> Channel:
        if not has_others and medium == EMAIL and settings.MAIL_SERVER:
            return self._mail_of_settings()
        if not has_others and settings.DEMO_BANK:
            return wiring.outbox_for(medium)
        return Uncallable(medium, "there is no channel for it")

    def _mail_of_settings(self) -> Channel:
        made_of = (settings.MAIL_SERVER, settings.EMAIL_PORT, settings.EMAIL_HOST_USER, settings.EMAIL_USE_TLS,
                   settings.EMAIL_HOST_PASSWORD, settings.DEFAULT_FROM_EMAIL)  # fmt: skip
        with self._lock:
            if self._mail is None or self._mail[0] != made_of:
                self._mail = (made_of, _mail_of_settings())
            return self._mail[1]


@dataclass(frozen=True, slots=True)
class Uncallable:
    """Port `Channel` of what cannot send: another channel takes over."""

    name: str
    why: str

    def send(self, message: OutgoingMessage) -> SendOutcome:
        return NotSent(self.why, permanent=True)


@dataclass(frozen=True, slots=True)
class _Scoped:
    """An adapter whose numbers of messages are those of its channel."""

    row: ChannelRow
    made: Channel

    @property
    def name(self) -> str:
        return self.row.medium

    def send(self, message: OutgoingMessage) -> SendOutcome:
        outcome = self.made.send(message)
        if not isinstance(outcome, Sent) or not outcome.provider_message_id:
            return outcome
        return replace(outcome, provider_message_id=self.row.scoped(outcome.provider_message_id))


@dataclass(frozen=True, slots=True)
class _OfAnyProvider:
    """Port `Channel` by the medium alone: finds the provider's channel for each message."""

    made_by: Channels
    name: str

    def send(self, message: OutgoingMessage) -> SendOutcome:
        provider = message.provider_id or channels.provider_of_message(message.id)
        found = self.made_by.for_provider(provider, self.name)
        if isinstance(found, _Scoped) and found.row.kind == "whatsapp_cloud" and not message.in_window:
            message = replace(message, in_window=is_window_open(found.row, message.address))
        return found.send(message)


def _make(row: ChannelRow) -> Channel:
    try:
        return wiring.message_channel(
            kind=row.kind,
            medium=row.medium,
            settings=row.settings,
            secrets=channels.clear_secrets(row.id),
            marks=secrets.marks(),
        )
    except (ValueError, TypeError, secrets.Unopenable) as why:
        return Uncallable(row.medium, str(why))


def _mail_of_settings() -> Channel:
    security = "starttls" if settings.EMAIL_USE_TLS else "none"
    words = {
        "host": settings.MAIL_SERVER, "port": settings.EMAIL_PORT, "security": security,
        "user": settings.EMAIL_HOST_USER, "sender": settings.DEFAULT_FROM_EMAIL,
    }  # fmt: skip
    clear = {"password": settings.EMAIL_HOST_PASSWORD}
    try:
        return wiring.message_channel(
            kind="smtp", medium=EMAIL, settings=words, secrets=clear, marks=secrets.marks()
        )
    except ValueError as why:
        return Uncallable(EMAIL, str(why))


CHANNELS = Channels()


def is_window_open(row: ChannelRow, address: str) -> bool:
    """Whether the person at `address` wrote within a day, so that free text may go there (WhatsApp)."""
    return channels.is_window_open(row.id, canonical_phone(address))


def problem(row: ChannelRow) -> str:
    """What keeps a channel from sending; empty if nothing does."""
    made = CHANNELS.of(row)
    return made.why if isinstance(made, Uncallable) else ""


def push_key(provider_id: int) -> str:
    """What the pages of a provider subscribe with for web push; empty where it has no such channel."""
    row = channels.of_medium(provider_id, "push")
    private = channels.clear_secrets(row.id).get(channels.VAPID_KEY, "") if row else ""
    return wiring.public_push_key(private) if private else ""
