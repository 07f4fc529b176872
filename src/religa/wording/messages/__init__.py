"""The texts that come with Religa, one file for each kind of message: channel (or several with a plus between them),
then language, then subject and body.

A provider's own text takes the place of one of these and never changes it. Texts of legal notices are Portuguese alone.
"""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from religa.domain.message_kinds import ChannelKind, MessageKind
from religa.domain.template_check import Slot


@dataclass(frozen=True, slots=True)
class Shipped:
    """`version` names exactly this text, so that a message of years ago still says which one it was."""

    subject: str
    body: str
    version: str


@cache
def shipped() -> Mapping[Slot, Shipped]:
    """Every text that comes with this version of Religa."""
    return {slot: text for kind in MessageKind for slot, text in _of(kind)}


def _of(kind: MessageKind) -> list[tuple[Slot, Shipped]]:
    source = files("religa.wording.messages") / f"{kind.value}.toml"
    texts = tomllib.loads(source.read_text(encoding="utf-8"))
    return [
        (Slot(kind, ChannelKind(channel), language), _text(text))
        for channels, by_language in texts.items()
        for channel in channels.split("+")
        for language, text in by_language.items()
    ]


def _text(text: Mapping[str, str]) -> Shipped:
    subject, body = text.get("subject", "").strip(), text["body"].strip()
    digest = hashlib.sha256(f"{subject}\0{body}".encode()).hexdigest()
    return Shipped(subject, body, f"shipped-{digest[:8]}")
