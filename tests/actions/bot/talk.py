"""A subscriber at her phone: `talk("oi")` is a message of hers, and gives what was answered."""

from __future__ import annotations

import itertools
from datetime import datetime, timedelta

from religa.actions.bot import inbound
from religa.ports.messages import Inbound
from religa.records.models import Message

_count = itertools.count(1)


class Phone:
    """A number that writes to us by WhatsApp. `at` is her clock and ours."""

    def __init__(self, number: str, at: datetime, **more) -> None:
        self.number, self.at, self.more = number, at, more

    def talk(self, text: str, message_id: str = "") -> str:
        """All answers to one message, as one text."""
        return "\n".join(self.answers(text, message_id))

    def answers(self, text: str, message_id: str = "") -> list[str]:
        last = Message.objects.order_by("-id").values_list("id", flat=True).first() or 0
        message_id = message_id or f"wamid.{next(_count)}"
        said = Inbound("whatsapp", self.number, text, message_id, self.at)
        inbound.take([said], at=self.at, **self.more)
        sent = Message.objects.filter(id__gt=last, kind="answer").order_by("id")
        assert all((m.channel, m.address) == ("whatsapp", self.number) for m in sent)
        return [m.text for m in sent]

    def passes(self, **time: float) -> None:
        self.at += timedelta(**time)
