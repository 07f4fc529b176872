"""Opens a message channel, changes it, closes it; its secrets go in and never come out.

Each is one transaction and leaves a row of `message_channel_change` with who did it. Nobody outside is asked.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from religa.domain.message_channels import (
    WEB_PUSH,
    WHATSAPP_CLOUD,
    ChannelFault,
    ChannelProblem,
    MessageChannel,
    problems_of,
    secret_problems,
    tidied,
)
from religa.domain.payment_accounts import masked_url
from religa.records import channel_rows, channels, pace
from religa.records.channel_rows import Kept
from religa.records.errors import Broken, naming


@dataclass(frozen=True, slots=True)
class Author:
    """Who does it, when, at which provider."""

    name: str
    at: datetime
    provider_id: int


@dataclass(frozen=True, slots=True)
class Typed:
    """A channel as it was filled in, and the secrets that were typed (an empty one: the known one stays).

    `new_push_key`: makes the key of a channel of web push; it is made once, since subscriptions belong to it.
    """

    channel: MessageChannel
    secrets: Mapping[str, str] = field(default_factory=dict, repr=False)
    new_push_key: Callable[[], str] | None = None


@dataclass(frozen=True, slots=True)
class Saved:
    channel_id: int


@dataclass(frozen=True, slots=True)
class NotSaved:
    """Everything that is wrong; nothing was changed."""

    problems: tuple[ChannelProblem, ...]


def create(typed: Typed, *, by: Author) -> Saved | NotSaved:
    """Opens it. One whose platform posts to us gets the secret of its address, too."""
    return _save(_tidied(typed), by, None)


def change(channel_id: int, typed: Typed, *, by: Author) -> Saved | NotSaved:
    """Writes it anew. Its kind and medium stay: what was sent by it is found again by them."""
    return _save(_tidied(typed), by, channel_id)


def close(channel_id: int, *, by: Author) -> Saved | NotSaved:
    """Ends it for good and forgets its secrets: nothing is sent by it any more, and its callbacks are refused."""
    with transaction.atomic():
        if _open(channel_id, by) is None:
            return NotSaved((ChannelProblem(ChannelFault.GONE),))
        channel_rows.close(channel_id, at=by.at, author=by.name)
        channels.forget_secrets(channel_id, at=by.at, author=by.name)
        channel_rows.write_down(channel_id, "closed", at=by.at, author=by.name)
    return Saved(channel_id)


def replace_address(channel_id: int, *, by: Author) -> Saved | NotSaved:
    """Another secret in the address of its callbacks: the old address holds no more from now on."""
    with transaction.atomic():
        kept = _open(channel_id, by)
        if kept is None or not kept.channel.is_called_back:
            return NotSaved((ChannelProblem(ChannelFault.GONE),))
        _make_secrets(channel_id, kept.channel, None, by)
        channel_rows.write_down(channel_id, "address_replaced", at=by.at, author=by.name)
    return Saved(channel_id)


def was_shown(channel_id: int, *, by: Author) -> None:
    """Somebody has seen the address with its secret."""
    channel_rows.write_down(channel_id, "address_shown", at=by.at, author=by.name)


def was_tested(channel_id: int, outcome: str, *, by: Author) -> None:
    """A message was sent by hand. Not to whom."""
    channel_rows.write_down(channel_id, "tested", at=by.at, author=by.name, detail={"outcome": outcome})


def _tidied(typed: Typed) -> Typed:
    """Pasted secrets come with blanks and line ends that nobody gives."""
    given = {name: text.strip() for name, text in typed.secrets.items() if text.strip()}
    return Typed(tidied(typed.channel), given, typed.new_push_key)


def _save(typed: Typed, by: Author, channel_id: int | None) -> Saved | NotSaved:
    kept = channel_rows.secret_names(channel_id) if channel_id is not None else []
    problems = [
        *problems_of(typed.channel),
        *secret_problems(typed.channel.kind, typed.secrets, kept=kept),
        *_against_others(typed.channel, by, channel_id),
    ]
    if problems:
        return NotSaved(tuple(problems))
    try:
        with transaction.atomic(), naming():
            return _create(typed, by) if channel_id is None else _change(channel_id, typed, by)
    except Broken:  # somebody else was quicker
        found = tuple(_against_others(typed.channel, by, channel_id))
        if not found:
            raise
        return NotSaved(found)


def _against_others(channel: MessageChannel, by: Author, channel_id: int | None) -> Iterator[ChannelProblem]:
    if channel_rows.name_taken(by.provider_id, channel.name, but=channel_id):
        yield ChannelProblem(ChannelFault.NAME_TAKEN, "name")


def _create(typed: Typed, by: Author) -> Saved:
    channel = typed.channel
    channel_id = channel_rows.add(channel, provider_id=by.provider_id, at=by.at, author=by.name)
    channel_rows.write_down(channel_id, "created", at=by.at, author=by.name, detail={"kind": channel.kind})
    _make_secrets(channel_id, channel, typed.new_push_key, by)
    _keep_secrets(channel_id, typed.secrets, by)
    _set_pace(channel, by)
    return Saved(channel_id)


def _set_pace(channel: MessageChannel, by: Author) -> None:
    """By medium: all senders together keep to it (`records/pace.py`)."""
    pace.set_pace(
        provider_id=by.provider_id, channel=channel.medium, per_second=Decimal(channel.per_second), at=by.at
    )


def _change(channel_id: int, typed: Typed, by: Author) -> Saved | NotSaved:
    kept = _open(channel_id, by)
    if kept is None:
        return NotSaved((ChannelProblem(ChannelFault.GONE),))
    if (kept.channel.kind, kept.channel.medium) != (typed.channel.kind, typed.channel.medium):
        return NotSaved((ChannelProblem(ChannelFault.MEDIUM_UNFIT, "medium"),))
    changed = difference(kept.channel, typed.channel)
    if changed:
        channel_rows.change(channel_id, typed.channel, author=by.name)
        channel_rows.write_down(channel_id, "changed", at=by.at, author=by.name, detail=changed)
    _keep_secrets(channel_id, typed.secrets, by)
    _set_pace(typed.channel, by)
    return Saved(channel_id)


def _open(channel_id: int, by: Author) -> Kept | None:
    kept = channel_rows.one(by.provider_id, channel_id, lock=True)
    return kept if kept and kept.closed_at is None else None


def difference(before: MessageChannel, after: MessageChannel) -> dict[str, Sequence[Any]]:
    """Fields and settings as [before, after]; of addresses only what holds no secret."""
    old, new = _flat(before), _flat(after)
    return {n: [old.get(n), new.get(n)] for n in sorted({*old, *new}) if old.get(n) != new.get(n)}


def _flat(channel: MessageChannel) -> dict[str, Any]:
    fields = asdict(channel)
    found = fields | fields.pop("settings")
    found.pop("settings", None)
    return {n: masked_url(v) if n in ("url", "base_url") else v for n, v in found.items()}


def _make_secrets(
    channel_id: int, channel: MessageChannel, new_push_key: Callable[[], str] | None, by: Author
) -> None:
    """Those that we choose ourselves: 256 bits, in letters that an address may have."""
    if channel.is_called_back:
        _keep(channel_id, channels.HOOK, secrets.token_urlsafe(32), by)
    if channel.kind == WHATSAPP_CLOUD:
        _keep(channel_id, channels.VERIFY_TOKEN, secrets.token_urlsafe(32), by)
    if channel.kind == WEB_PUSH and new_push_key is not None:
        _keep(channel_id, channels.VAPID_KEY, new_push_key(), by)


def _keep_secrets(channel_id: int, typed: Mapping[str, str], by: Author) -> None:
    for name, clear in typed.items():
        _keep(channel_id, name, clear, by)
        channel_rows.write_down(channel_id, "secret_set", at=by.at, author=by.name, detail={"name": name})


def _keep(channel_id: int, name: str, clear: str, by: Author) -> None:
    channels.keep_secret(channel_id=channel_id, name=name, clear=clear, at=by.at, author=by.name)
