"""A message channel as somebody fills it in, and what is wrong with that. Secrets are never part of it."""

from __future__ import annotations

import ipaddress
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit

SMTP, WHATSAPP_CLOUD, HTTP_GATEWAY = "smtp", "whatsapp_cloud", "http_gateway"
WEB_PUSH, APPRISE = "web_push", "apprise"
MEDIA_OF: Mapping[str, tuple[str, ...]] = {
    SMTP: ("email",),
    WHATSAPP_CLOUD: ("whatsapp",),
    HTTP_GATEWAY: ("sms", "whatsapp"),
    WEB_PUSH: ("push",),
    APPRISE: ("sms", "whatsapp", "email"),
}
KINDS = tuple(MEDIA_OF)
CALLED_BACK = (
    WHATSAPP_CLOUD,
    HTTP_GATEWAY,
)  # kinds whose other side posts to us; their numbers are theirs to choose
TYPED_SECRETS: Mapping[str, tuple[str, ...]] = {
    SMTP: ("password",),
    WHATSAPP_CLOUD: ("access_token", "app_secret"),
    HTTP_GATEWAY: ("token", "password", "callback_secret"),
    WEB_PUSH: (),
    APPRISE: ("url",),
}
NEEDED_SECRETS: Mapping[str, tuple[str, ...]] = {
    WHATSAPP_CLOUD: ("access_token", "app_secret"),
    APPRISE: ("url",),
}
_RULES = ("ok_path", "ok_values", "id_path", "error_path", "permanent", "again")
_CALLBACKS = (
    "items", "id", "state", "error", "ours", "sent", "delivered", "read", "failed", "permanent", "inbound_items",
    "sender", "text", "message_id", "signature",
)  # fmt: skip
SETTINGS: Mapping[str, tuple[str, ...]] = {
    SMTP: (
        "host", "port", "security", "user", "sender", "sender_name", "reply_to", "bounce_domain", "ask_delivery",
    ),
    WHATSAPP_CLOUD: ("phone_number_id", "templates", "version", "base_url"),
    HTTP_GATEWAY: (
        "url", "method", "headers", "body_kind", "body", "user", "repeatable", *_RULES,
        *(f"cb_{c}" for c in _CALLBACKS),
    ),
    WEB_PUSH: ("contact",),
    APPRISE: (),
}  # fmt: skip
LISTS = frozenset({"headers", "ok_values", "permanent", "again"}) | {
    f"cb_{c}" for c in ("sent", "delivered", "read", "failed", "permanent")
}
_NEEDED = {
    SMTP: ("host", "sender"), WHATSAPP_CLOUD: ("phone_number_id",), HTTP_GATEWAY: ("url",), WEB_PUSH: ("contact",),
}  # fmt: skip
# What is filled in where `{{name}}` stands in a gateway's address, headers and body; `{{value_amount}}` is the fact
# `amount` of a message, empty where it has none. `to_local`: without 55; `basic`: user and password for HTTP Basic.
OF_MESSAGES = frozenset({"to", "to_local", "to_plus", "text", "subject", "id", "kind", "language"})
FILLED_IN = OF_MESSAGES | {"user", "token", "password", "basic"}
PLACE = re.compile(r"\{\{\s*(\w+)\s*\}\}")
MOST_PER_SECOND = 1_000
MOST_TENTHS = 100_000  # R$ 100: a slip of the finger, not a price
_LONGEST = 4_000  # characters of one setting
_EMAIL = re.compile(r"[^\s@<>\"',;:]{1,64}@[A-Za-z0-9.-]{1,253}")
_HOST = re.compile(r"[A-Za-z0-9.:-]{1,253}")
_TEMPLATE = re.compile(r"(?P<kind>[a-z_]+)\s*=\s*(?P<name>[a-z0-9_]+)(?P<more>(?:\s+\S+)*)")
_LANGUAGE = re.compile(r"[a-z]{2,3}(_[A-Z]{2,3})?")


@dataclass(frozen=True, slots=True)
class MessageChannel:
    """As typed. `medium`: how it reaches people (`email`, `sms`, `whatsapp`, `push`); `kind`: by what.

    `cost_tenths`: what one message costs, in tenths of a centavo (R$ 0,079 is 79). `per_second`: messages at most.
    `position`: of several channels of one medium the first that is open is used. `settings`: what only its adapter
    reads, `SETTINGS` by kind: texts, whole numbers, yes or no, lists of texts.
    """

    name: str
    kind: str
    medium: str
    cost_tenths: int = 0
    per_second: int = 10
    position: int = 1
    settings: Mapping[str, Any] = field(default_factory=dict)

    @property
    def is_called_back(self) -> bool:
        """Whether its other side posts to an address of ours."""
        return self.kind in CALLED_BACK


class ChannelFault(StrEnum):
    """What is wrong with a channel."""

    NO_NAME = "no_name"
    NAME_TAKEN = "name_taken"
    TOO_LONG = "too_long"
    KIND_UNKNOWN = "kind_unknown"
    MEDIUM_UNFIT = "medium_unfit"
    COST_FORM = "cost_form"
    THROTTLE_FORM = "throttle_form"
    POSITION_FORM = "position_form"
    MISSING = "missing"
    HOST_FORM = "host_form"
    PORT_FORM = "port_form"
    EMAIL_FORM = "email_form"
    URL_FORM = "url_form"
    DIGITS_FORM = "digits_form"
    TEMPLATES_FORM = "templates_form"
    NAME_UNKNOWN = "name_unknown"
    BODY_FORM = "body_form"
    BODY_KIND = "body_kind"
    SECRET_MISSING = "secret_missing"
    SECRET_CHARACTERS = "secret_characters"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class ChannelProblem:
    """`field`: of the channel, of its settings or of its secrets; `detail`: what the words name."""

    fault: ChannelFault
    field: str = ""
    detail: str = ""


def tidied(channel: MessageChannel) -> MessageChannel:
    """The same channel as it is kept: no blanks at the ends, nothing that its kind does not read, nothing empty."""
    of_kind = SETTINGS.get(channel.kind, ())
    settings = {name: value for name in of_kind if (value := _tidy(channel.settings.get(name)))}
    return replace(channel, name=channel.name.strip(), settings=settings)


def problems_of(channel: MessageChannel) -> list[ChannelProblem]:
    """Everything that can be seen without the database, the adapter and the other side."""
    if channel.kind not in KINDS:
        return [ChannelProblem(ChannelFault.KIND_UNKNOWN, "kind")]
    found = [] if channel.name else [ChannelProblem(ChannelFault.NO_NAME, "name")]
    if channel.medium not in MEDIA_OF[channel.kind]:
        found.append(ChannelProblem(ChannelFault.MEDIUM_UNFIT, "medium"))
    return [*found, *_number_problems(channel), *_setting_problems(channel), *_long(channel)]


def secret_problems(
    kind: str, secrets: Mapping[str, str], *, kept: Sequence[str] = ()
) -> list[ChannelProblem]:
    """Of what was typed; `kept`: names of those that are there already. They go into headers: visible ASCII alone."""
    found = [
        ChannelProblem(ChannelFault.SECRET_MISSING, name)
        for name in NEEDED_SECRETS.get(kind, ())
        if not secrets.get(name) and name not in kept
    ]
    odd = [
        n
        for n, s in secrets.items()
        if s and (len(s) > _LONGEST or not re.fullmatch(r"[!-~](?:[ -~]*[!-~])?", s))
    ]
    return [*found, *(ChannelProblem(ChannelFault.SECRET_CHARACTERS, name) for name in odd)]


def read_cost(text: str) -> int | None:
    """`0,079` reais as tenths of a centavo; None for what is no such sum."""
    plain = text.strip().removeprefix("R$").strip().replace(".", ",").replace(",", ".", 1)
    try:
        tenths = Decimal(plain or "0") * 1000
    except InvalidOperation:
        return None
    if not tenths.is_finite() or tenths != tenths.to_integral_value() or not 0 <= tenths <= MOST_TENTHS:
        return None
    return int(tenths)


def format_cost(tenths: int) -> str:
    """`R$ 0,079`; two decimals where they are enough."""
    reais, rest = divmod(tenths, 1000)
    cents = f"{rest:03}"
    return f"R$ {reais},{cents[:2] if cents.endswith('0') else cents}"


def read_templates(lines: str) -> dict[str, dict[str, Any]] | ChannelProblem:
    """`debt_notice = aviso_de_debito pt_BR text`: a kind of message, a template, its language and its parameters,
    in their order (`text` alone where none are named); `code_button` last for one of the category authentication."""
    found: dict[str, dict[str, Any]] = {}
    for line in filter(None, map(str.strip, lines.splitlines())):
        match = _TEMPLATE.fullmatch(line)
        if match is None:
            return ChannelProblem(ChannelFault.TEMPLATES_FORM, "templates", line[:60])
        found[match["kind"]] = _template(match["name"], match["more"].split())
    return found


def write_templates(templates: Mapping[str, Mapping[str, Any]]) -> str:
    """The lines that `read_templates` reads."""
    return "\n".join(
        " ".join(
            filter(
                None,
                [
                    f"{kind} = {t['name']}",
                    t.get("language", ""),
                    *t.get("parameters", ()),
                    "code_button" if t.get("code_button") else "",
                ],
            )
        )
        for kind, t in templates.items()
    )


def _template(name: str, words: list[str]) -> dict[str, Any]:
    language = (
        words.pop(0) if words and _LANGUAGE.fullmatch(words[0]) and words[0] not in ("text", "code") else ""
    )
    button = "code_button" in words
    parameters = [w for w in words if w != "code_button"] or ["code" if button else "text"]
    return {"name": name, "language": language, "parameters": parameters, "code_button": button}


def _tidy(value: Any) -> Any:
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, (list, tuple)):
        return [text for one in value if (text := str(one).strip())]
    return value


def _number_problems(channel: MessageChannel) -> Iterator[ChannelProblem]:
    if not 0 <= channel.cost_tenths <= MOST_TENTHS:
        yield ChannelProblem(ChannelFault.COST_FORM, "cost")
    if not 1 <= channel.per_second <= MOST_PER_SECOND:
        yield ChannelProblem(ChannelFault.THROTTLE_FORM, "per_second", str(MOST_PER_SECOND))
    if not 1 <= channel.position <= 99:
        yield ChannelProblem(ChannelFault.POSITION_FORM, "position")


def _setting_problems(channel: MessageChannel) -> Iterator[ChannelProblem]:
    given = channel.settings
    for name in _NEEDED.get(channel.kind, ()):
        if not given.get(name):
            yield ChannelProblem(ChannelFault.MISSING, name)
    for name in ("sender", "reply_to", "contact"):
        if given.get(name) and not _EMAIL.fullmatch(given[name]):
            yield ChannelProblem(ChannelFault.EMAIL_FORM, name)
    for name in ("host", "bounce_domain"):
        if given.get(name) and not _HOST.fullmatch(given[name]):
            yield ChannelProblem(ChannelFault.HOST_FORM, name)
    for name in ("url", "base_url"):
        if given.get(name) and not _is_address(given[name]):
            yield ChannelProblem(ChannelFault.URL_FORM, name)
    if channel.kind == HTTP_GATEWAY:
        yield from _gateway_problems(given)
    if given.get("port") and not 1 <= given["port"] <= 65_535:
        yield ChannelProblem(ChannelFault.PORT_FORM, "port")
    if given.get("phone_number_id") and not re.fullmatch(r"[0-9]{5,30}", given["phone_number_id"]):
        yield ChannelProblem(ChannelFault.DIGITS_FORM, "phone_number_id")


def _gateway_problems(given: Mapping[str, Any]) -> Iterator[ChannelProblem]:
    for name in ("url", "headers", "body"):
        text = "\n".join(given.get(name, ())) if name == "headers" else given.get(name, "")
        strange = [n for n in PLACE.findall(text) if n not in FILLED_IN and not n.startswith("value_")]
        if strange:
            yield ChannelProblem(ChannelFault.NAME_UNKNOWN, name, ", ".join(strange)[:100])
    if given.get("body_kind") not in ("json", "form", "none"):
        yield ChannelProblem(ChannelFault.BODY_KIND, "body_kind")
    elif given["body_kind"] == "json" and not _is_json(given.get("body", "")):
        yield ChannelProblem(ChannelFault.BODY_FORM, "body")


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def _long(channel: MessageChannel) -> Iterator[ChannelProblem]:
    texts = {"name": channel.name} | {n: v for n, v in channel.settings.items() if isinstance(v, str)}
    for name, text in texts.items():
        if len(text) > _LONGEST or (name == "name" and len(text) > 120):
            yield ChannelProblem(ChannelFault.TOO_LONG, name)


def _is_address(url: str) -> bool:
    """HTTPS with a fixed host; plain HTTP inside the own network alone, where a gateway of one's own may stand."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return False
    if not host or not _HOST.fullmatch(host) or parts.username or re.search(r"[\s\x00-\x1f]", url):
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and _is_near(host))


def _is_near(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_private
    except ValueError:
        return False
