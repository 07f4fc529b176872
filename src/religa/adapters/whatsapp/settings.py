"""How a number at the Cloud API is reached, and which template says what."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

GRAPH = "https://graph.facebook.com"
VERSION = "v23.0"  # Graph API versions live two years at least
TEXT = "text"  # the whole text of the message, in one line
_NAME = re.compile(r"[a-z0-9_]{1,512}")  # Cloud API, message templates: names
_LANGUAGE = re.compile(r"[a-z]{2,3}(_[A-Z]{2,3})?")
_LANGUAGES = {"pt-br": "pt_BR", "en": "en", "es": "es"}


@dataclass(frozen=True, slots=True)
class Template:
    """A template as approved at Meta. `parameters`: names of `OutgoingMessage.values`, or `text`, in its order.

    `code_button`: it is one of the category *authentication*, whose code is repeated in a button.
    """

    name: str
    language: str = ""
    parameters: tuple[str, ...] = (TEXT,)
    code_button: bool = False

    @staticmethod
    def of(written: Mapping[str, Any]) -> Template:
        """From the words of a channel's settings; raises `ValueError`."""
        made = Template(
            str(written.get("name", "")),
            str(written.get("language", "")),
            tuple(str(p) for p in written.get("parameters", (TEXT,))),
            bool(written.get("code_button", False)),
        )
        if not _NAME.fullmatch(made.name) or (made.language and not _LANGUAGE.fullmatch(made.language)):
            raise ValueError(f"not a template: {made.name!r} {made.language!r}")
        return made

    def spoken(self, language: str) -> str:
        """The template's own language, or the subscriber's as Meta writes it."""
        return self.language or _LANGUAGES.get(language, "pt_BR")


@dataclass(frozen=True, slots=True)
class Settings:
    """`phone_number_id`: the sender, as Meta numbers it (not the number itself). `templates`: by kind of message; a
    kind that is not there uses the template `religa_<kind>`. `app_secret` signs webhooks, `verify_token` proves to Meta
    that the address is ours."""

    phone_number_id: str
    access_token: str = field(repr=False)
    app_secret: str = field(default="", repr=False)
    verify_token: str = field(default="", repr=False)
    templates: Mapping[str, Template] = field(default_factory=dict)
    base_url: str = GRAPH
    version: str = VERSION

    def __post_init__(self) -> None:
        if not self.phone_number_id.isascii() or not self.phone_number_id.isdigit():
            raise ValueError("the number's ID at Meta has digits only")
        if not self.access_token:
            raise ValueError("there is no access token")

    @staticmethod
    def of(written: Mapping[str, Any], *, secrets: Mapping[str, str]) -> Settings:
        """From the words of a channel and its secrets by name. Raises `ValueError`."""
        plain = {n: written[n] for n in ("phone_number_id", "base_url", "version") if n in written}
        own = {n: secrets[n] for n in ("access_token", "app_secret", "verify_token") if n in secrets}
        templates = {kind: Template.of(t) for kind, t in written.get("templates", {}).items()}
        return Settings(**{"phone_number_id": "", "access_token": ""} | plain | own, templates=templates)

    @property
    def messages_url(self) -> str:
        return f"{self.base_url.rstrip('/')}/{self.version}/{self.phone_number_id}/messages"

    def template(self, kind: str) -> Template:
        return self.templates.get(kind) or _default(kind)


def _default(kind: str) -> Template:
    if kind == "code":
        return Template("religa_code", parameters=("code",), code_button=True)
    return Template(f"religa_{kind}")
