"""What Religa needs to reach subscribers, and to hear what became of a message.

Three outcomes of a send are told apart, because they lead to three deeds: `Sent` is evidence; `NotSent` is certain and
may be tried again (or not, `permanent`); `Unknown` is a request that left and was never answered. A message whose
outcome is unknown is not sent again: the other side may have it. An adapter whose other side recognises a repeated
number of ours (`repeatable`) never answers `Unknown`: it says `NotSent` for now, since sending twice is harmless there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol

EMAIL, SMS, WHATSAPP, PUSH = "email", "sms", "whatsapp", "push"
MEDIA = (
    EMAIL,
    SMS,
    WHATSAPP,
    PUSH,
)  # the words of `message.channel`: how a person is reached, not by whose gateway


@dataclass(frozen=True, slots=True)
class OutgoingMessage:
    """One text to one address. `id` is ours and goes along, so that a repeated send can be recognised.

    `address`: digits with country code, an e-mail address, or a push subscription as JSON. `values`: single facts of
    the text by name, for templates that a platform keeps. `in_window`: the person wrote to us within the last 24 hours
    on this channel, so that free text is allowed (WhatsApp). `reply_to`: the other side's number of what is answered.
    `provider_id` 0: to be found by `id`.
    """

    id: int
    kind: str
    channel: str
    address: str
    subject: str
    text: str
    language: str
    provider_id: int = 0
    values: Mapping[str, str] = field(default_factory=dict)
    in_window: bool = False
    reply_to: str = ""


@dataclass(frozen=True, slots=True)
class Sent:
    """The channel took it. `delivered`: it is also known to have arrived."""

    provider_message_id: str
    delivered: bool = False


@dataclass(frozen=True, slots=True)
class NotSent:
    """The channel certainly did not take it. `permanent`: trying again is pointless (no such address).

    `retry_after`: seconds that the other side asks to wait for; None: it did not say. `error`: the other side's code
    and words, without the address and the text. `gone`: the address itself is over and never comes back.
    """

    error: str
    permanent: bool
    retry_after: int | None = None
    gone: bool = False


@dataclass(frozen=True, slots=True)
class Unknown:
    """It may have been sent and it may not: the request was written, its answer was lost. Never to be sent again."""

    error: str


SendOutcome = Sent | NotSent | Unknown


class Channel(Protocol):
    """A way to reach a subscriber (e-mail, SMS, WhatsApp, the console's outbox). May be used by several threads."""

    @property
    def name(self) -> str:
        """The medium, or `outbox`."""

    def send(self, message: OutgoingMessage) -> SendOutcome:
        """Sends one message. Never raises for what the other side says; that is an outcome."""


class ReceiptState(StrEnum):
    """What the other side says of a message that it took."""

    SENT = "sent"
    DELIVERED = "delivered"
    READ = "read"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Receipt:
    """One thing more that is known of a message. They come in any order, repeated, and sometimes before our own record
    of having sent it. `permanent`: trying again on this channel is pointless.

    `message`: our own number of it, where the other side gave it back: by it a message whose answer was lost is known.
    """

    channel: str
    provider_message_id: str
    state: ReceiptState
    at: datetime
    error: str = ""
    permanent: bool = False
    message: int | None = None


@dataclass(frozen=True, slots=True)
class Inbound:
    """What a person wrote. `sender`: digits with country code (a Brazilian mobile always with its ninth digit) or an
    address; `text` is empty for what holds none (a voice note, a picture); `message_id`: the other side's."""

    channel: str
    sender: str
    text: str
    message_id: str
    at: datetime
    reply_to: str = ""


@dataclass(frozen=True, slots=True)
class Callback:
    """What a platform posted to us, as it came. `query`: of the address; `received_at`: by the database's clock."""

    body: bytes
    content_type: str
    query: Mapping[str, str]
    received_at: datetime


@dataclass(frozen=True, slots=True)
class Heard:
    """What a callback said. Both may be empty: a platform also posts what nobody asked for."""

    receipts: tuple[Receipt, ...] = ()
    inbound: tuple[Inbound, ...] = ()


@dataclass(frozen=True, slots=True)
class NotUnderstood:
    why: str


class Proof(StrEnum):
    """By what a callback's sender is known: his signature on the raw body, or no more than the secret address."""

    SIGNATURE = "signature"
    SECRET = "secret"


class CallbackReader(Protocol):
    """Understands what a platform posts. Believes nothing by itself: `proof` says what speaks for the sender."""

    def proof(self, callback: Callback, headers: Mapping[str, str]) -> Proof | None:
        """None: it must be refused. `headers`: of the request, names in lower case."""

    def read(self, callback: Callback) -> Heard | NotUnderstood:
        """Never raises, whatever the body is."""


def canonical_phone(digits: str) -> str:
    """A number as it is kept: digits with country code, a Brazilian mobile with its ninth digit.

    WhatsApp names many Brazilian mobiles without it (55, area code, eight digits that begin with 6 to 9).
    """
    digits = "".join(c for c in digits if c.isascii() and c.isdigit())
    if len(digits) == 12 and digits.startswith("55") and digits[4] in "6789":
        return f"{digits[:4]}9{digits[4:]}"
    return digits
