"""Channels that do as they are told, and people who can be reached by several."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from religa.actions.messages import send
from religa.domain.facts import Evidence
from religa.ports import NotSent, OutgoingMessage, SendOutcome, Sent
from religa.records import raw
from religa.records.models import Message, SubscriberPhone

from .. import world

REFUSED = NotSent("550 no such user", permanent=True)
BUSY = NotSent("421 try later", permanent=False)


def taken(message: OutgoingMessage) -> SendOutcome:
    return Sent(f"{message.channel}-{message.id}")


@dataclass
class Channels:
    """All channels in one: what each does is a function of the message, by default it takes it."""

    does: dict[str, Callable[[OutgoingMessage], SendOutcome]] = field(default_factory=dict)
    sent: list[OutgoingMessage] = field(default_factory=list)
    name: str = "all"

    def __call__(self, name: str) -> Channels:
        return self

    def send(self, message: OutgoingMessage) -> SendOutcome:
        outcome = self.does.get(message.channel, taken)(message)
        if isinstance(outcome, Sent):
            self.sent.append(message)
        return outcome

    def refuse(self, *names: str) -> Channels:
        self.does |= {name: lambda message: REFUSED for name in names}
        return self


def phone(contract: int, number: str, *, whatsapp: bool = False, position: int = 1) -> SubscriberPhone:
    [(subscriber,)] = raw.rows("SELECT subscriber_id FROM contract WHERE id = %s", [contract])
    return SubscriberPhone.objects.create(
        subscriber_id=subscriber, number=number, whatsapp=whatsapp, position=position
    )


def email(contract: int, address: str) -> None:
    raw.run(
        "UPDATE subscriber SET email = %s WHERE id = (SELECT subscriber_id FROM contract WHERE id = %s)",
        [address, contract],
    )


def empty(channels: Channels, at: datetime) -> int:
    """Sends what may go at an instant, and what follows from it; says how many were taken in hand."""
    total = 0
    while done := send.send_queued(channel_for=channels, at=at):
        total += done
    return total


def turn(channels: Channels, until: datetime) -> None:
    from religa.actions import engine

    engine.play_through(until=until, channel_for=channels)


def messages(contract: int, kind: str) -> list[tuple[str, str, str]]:
    """Channel, address and state of each, in order."""
    rows = Message.objects.filter(contract_id=contract, kind=kind).order_by("id")
    return list(rows.values_list("channel", "address", "state"))


def the(kind: str) -> Message:
    return Message.objects.get(kind=kind)


def evidence(contract: int) -> tuple[tuple[datetime, Evidence], ...]:
    """What is proven of the one debt notice of a contract, as the domain is told it."""
    from religa.records import facts

    known = facts.load([contract], world.BLOCKED)[contract].facts
    [notice] = [n for n in known.notices if n.kind == "debt_notice"]
    return notice.evidence
