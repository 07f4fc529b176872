"""How a gateway is asked and understood: what an operator copies from its manual."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any, TypeVar

from religa.adapters.http_gateway import templates

BODIES = ("json", "form", "none")
OF_CALLBACKS = "cb_"  # how the words of `Callbacks` begin among a channel's settings
Rules = TypeVar("Rules", "Answers", "Callbacks")


@dataclass(frozen=True, slots=True)
class Answers:
    """What an answer means. `ok_path` and `ok_values`: where a gateway says yes besides its status (empty: 2xx is
    enough); `id_path`: its number of the message; `error_path`: its code for a no. `permanent`: codes, or statuses of
    HTTP, after which trying again is pointless; `again`: those after which it is not."""

    ok_path: str = ""
    ok_values: tuple[str, ...] = ()
    id_path: str = ""
    error_path: str = ""
    permanent: tuple[str, ...] = ()
    again: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Callbacks:
    """What it posts to us. `items`: where the list is (empty: the whole body is one). `id`, `state`, `error`, `ours`:
    paths within an item, `ours` to our own number if it gives that back. `delivered` and so on: its words for a state;
    `permanent`: codes at `error` of a number that is no good. `sender`, `text`, `message_id`: paths of what a person
    wrote. `signature`: the header that holds the HMAC-SHA256 of the body in hex (empty: it signs nothing)."""

    items: str = ""
    id: str = ""
    state: str = ""
    error: str = ""
    ours: str = ""
    sent: tuple[str, ...] = ()
    delivered: tuple[str, ...] = ()
    read: tuple[str, ...] = ()
    failed: tuple[str, ...] = ()
    permanent: tuple[str, ...] = ()
    inbound_items: str = ""
    sender: str = ""
    text: str = ""
    message_id: str = ""
    signature: str = ""


@dataclass(frozen=True, slots=True)
class Settings:
    """`medium`: what the gateway reaches (`sms`, `whatsapp`). `headers`: `Name: value`, with `{{names}}` as everywhere
    (`domain.message_channels.FILLED_IN`). `repeatable`: it knows a number of ours (`{{id}}`) again and sends nothing
    twice.

    Raises `ValueError` for what could never be sent.
    """

    medium: str
    url: str = ""
    method: str = "POST"
    headers: tuple[str, ...] = ()
    body_kind: str = "json"
    body: str = ""
    user: str = ""
    token: str = field(default="", repr=False)
    password: str = field(default="", repr=False)
    callback_secret: str = field(default="", repr=False)
    repeatable: bool = False
    answers: Answers = Answers()
    callbacks: Callbacks = Callbacks()

    def __post_init__(self) -> None:
        if not self.url:
            raise ValueError("there is no address")
        if self.body_kind not in BODIES:
            raise ValueError(f"a body is one of {', '.join(BODIES)}")
        strange = templates.unknown("".join((self.url, self.body, *self.headers)))
        if strange:
            raise ValueError(f"nobody fills in {', '.join(strange)}")
        templates.url(self.url, {})
        if self.body_kind == "json":
            templates.json_body(self.body, {})

    @staticmethod
    def of(written: Mapping[str, Any], *, secrets: Mapping[str, str]) -> Settings:
        """From the words of a channel: its settings in one level, and its secrets by name. Raises `ValueError`."""
        plain = {n: written[n] for n in _PLAIN if n in written}
        own: dict[str, Any] = {n: secrets[n] for n in _SECRETS if n in secrets}
        return Settings(
            **(plain | own),
            headers=tuple(written.get("headers", ())),
            answers=_rules(Answers, written, ""),
            callbacks=_rules(Callbacks, written, OF_CALLBACKS),
        )


_PLAIN = ("medium", "url", "method", "body_kind", "body", "user", "repeatable")
_SECRETS = ("token", "password", "callback_secret")


def _rules(kind: type[Rules], written: Mapping[str, Any], prefix: str) -> Rules:
    given: dict[str, Any] = {}
    for name in (f.name for f in fields(kind)):
        if (value := written.get(prefix + name)) is not None:
            given[name] = tuple(value) if isinstance(value, list) else value
    return kind(**given)
