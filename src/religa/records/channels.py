"""Message channels as whoever sends and hears needs them, and their secrets, sealed for one channel and one name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from religa.domain.message_channels import CALLED_BACK
from religa.records import raw, secrets

HOOK, VERIFY_TOKEN, VAPID_KEY = "hook", "verify_token", "vapid_key"
WINDOW = timedelta(hours=24)  # Meta's: how long a person who wrote may be answered in free text


@dataclass(frozen=True, slots=True)
class ChannelRow:
    """One way to reach people. `cost_tenths`: tenths of a centavo for one message; `per_second`: messages at most;
    `zone`: the provider's; `secrets_changed_at`: None where it has none."""

    id: int
    provider_id: int
    name: str
    medium: str
    kind: str
    settings: Mapping[str, Any]
    cost_tenths: int
    per_second: int
    position: int
    since: datetime
    zone: str
    secrets_changed_at: datetime | None

    @property
    def is_called_back(self) -> bool:
        return self.kind in CALLED_BACK

    def scoped(self, provider_message_id: str) -> str:
        """The other side's number of a message, as it is kept: two gateways may give the same one, and neither may
        speak of the other's messages. Numbers of our own making (e-mail) stay as they are."""
        return f"{self.id}/{provider_message_id}" if self.is_called_back else provider_message_id


_ROW = """
    SELECT c.id, c.provider_id, c.name, c.medium, c.kind, c.settings, c.cost_tenths, c.per_second, c.position, c.since,
           p.zone, (SELECT max(changed_at) FROM channel_secret s WHERE s.message_channel_id = c.id)
      FROM message_channel c JOIN provider p ON p.id = c.provider_id WHERE c.closed_at IS NULL
"""


def get(channel_id: int) -> ChannelRow | None:
    """The channel, unless it is closed."""
    return next(iter(_rows(f"{_ROW} AND c.id = %s", channel_id)), None)


def of_hook(secret: str) -> ChannelRow | None:
    """The channel whose callbacks have this secret in their address."""
    return next(iter(_rows(f"{_ROW} AND c.hook_digest = %s", digest(secret))), None)


def of_provider(provider_id: int) -> list[ChannelRow]:
    """All open channels of a provider, in the order in which they are tried."""
    return _rows(f"{_ROW} AND c.provider_id = %s ORDER BY c.position, c.id", provider_id)


def media(provider_id: int) -> dict[str, ChannelRow]:
    """For each medium the channel that is used, in the provider's order."""
    found: dict[str, ChannelRow] = {}
    for row in of_provider(provider_id):
        found.setdefault(row.medium, row)
    return found


def of_medium(provider_id: int, medium: str) -> ChannelRow | None:
    """The open channel by which a provider reaches people this way."""
    query = f"{_ROW} AND c.provider_id = %s AND c.medium = %s ORDER BY c.position, c.id LIMIT 1"
    return next(iter(_rows(query, provider_id, medium)), None)


def has_any(provider_id: int) -> bool:
    """Whether the provider has ever set up a channel: from then on only its channels count."""
    return bool(raw.rows("SELECT 1 FROM message_channel WHERE provider_id = %s LIMIT 1", [provider_id]))


def provider_of_message(message_id: int) -> int:
    """Whose message it is; 0 for none of ours."""
    found = raw.rows("SELECT provider_id FROM message WHERE id = %s", [message_id])
    return int(found[0][0]) if found else 0


def _rows(query: str, *parameters: object) -> list[ChannelRow]:
    found = raw.rows(query, parameters)
    return [ChannelRow(*row) for row in found]


def digest(secret: str) -> bytes:
    """By which the secret of an address is found without being kept readable."""
    return sha256(secret.encode(errors="replace")).digest()


# -- secrets --------------------------------------------------------------------------------------------------------


def clear_secrets(channel_id: int) -> dict[str, str]:
    """All of them in clear, by name. Raises `secrets.Unopenable` if the key has changed."""
    query = "SELECT name, sealed FROM channel_secret WHERE message_channel_id = %s"
    found = raw.rows(query, [channel_id])
    return {name: secrets.open_sealed(sealed, place=_place(channel_id, name)) for name, sealed in found}


def keep_secret(*, channel_id: int, name: str, clear: str, at: datetime, author: str) -> None:
    """Seals a secret in the place of the one before."""
    raw.run(
        "INSERT INTO channel_secret (message_channel_id, name, sealed, changed_at, author) VALUES (%s, %s, %s, %s, %s)"
        " ON CONFLICT ON CONSTRAINT channel_secret_name_once DO UPDATE SET sealed = excluded.sealed,"
        " changed_at = excluded.changed_at, author = excluded.author",
        [channel_id, name, secrets.seal(clear, place=_place(channel_id, name)), at, author],
    )
    if name == HOOK:
        raw.run("UPDATE message_channel SET hook_digest = %s WHERE id = %s", [digest(clear), channel_id])


def forget_secrets(channel_id: int, *, at: datetime, author: str) -> None:
    """Empties them all: what is not needed any more is not kept."""
    names = raw.rows("SELECT name FROM channel_secret WHERE message_channel_id = %s", [channel_id])
    for (name,) in names:
        keep_secret(channel_id=channel_id, name=name, clear="", at=at, author=author)
    raw.run("UPDATE message_channel SET hook_digest = NULL WHERE id = %s", [channel_id])


def _place(channel_id: int, name: str) -> str:
    return f"message_channel/{channel_id}/{name}"


# -- who wrote to us lately -----------------------------------------------------------------------------------------


def open_window(channel_id: int, address: str, *, at: datetime) -> None:
    """A person has written: for a day he may be answered in free text."""
    raw.run(
        "INSERT INTO message_window (message_channel_id, address, until) VALUES (%s, %s, %s)"
        " ON CONFLICT ON CONSTRAINT message_window_address_once"
        " DO UPDATE SET until = greatest(message_window.until, excluded.until)",
        [channel_id, address, at + WINDOW],
    )


def is_window_open(channel_id: int, address: str) -> bool:
    """Whether free text may go there now, by the database's clock."""
    query = "SELECT 1 FROM message_window WHERE message_channel_id = %s AND address = %s AND until > now()"
    return bool(raw.rows(query, [channel_id, address]))


def close_windows(*, at: datetime) -> int:
    """Forgets who wrote longer ago."""
    return raw.run("DELETE FROM message_window WHERE until < %s", [at])
