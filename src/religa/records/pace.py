"""How fast a channel is used, by all processes together: a bucket of tokens in one row (`channel_pace`)."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from religa.records import raw


def set_pace(*, provider_id: int, channel: str, per_second: Decimal | None, at: datetime) -> None:
    """At most so many messages a second from now on; None: as many as the channel takes."""
    if per_second is None:
        raw.run("DELETE FROM channel_pace WHERE provider_id = %s AND channel = %s", [provider_id, channel])
        return
    raw.run(
        "INSERT INTO channel_pace (provider_id, channel, per_second, tokens, at) VALUES (%s, %s, %s, 0, %s)"
        " ON CONFLICT (provider_id, channel) DO UPDATE SET per_second = excluded.per_second",
        [provider_id, channel, per_second, at],
    )


def take(*, provider_id: int, channel: str, wanted: int, at: datetime) -> int:
    """Takes up to `wanted` tokens and says how many; the row stays locked until the transaction ends."""
    found = raw.rows(_TAKE, {"p": provider_id, "c": channel, "wanted": wanted, "at": at})
    return int(found[0][0]) if found else wanted


def give_back(*, provider_id: int, channel: str, tokens: int) -> None:
    """Tokens for which there was nothing to send."""
    if tokens:
        raw.run(
            "UPDATE channel_pace SET tokens = tokens + %s WHERE provider_id = %s AND channel = %s",
            [tokens, provider_id, channel],
        )


# A bucket holds one second's worth: what was not used earlier makes no burst that the other side would refuse.
_TAKE = """
    WITH bucket AS (
        SELECT id, least(greatest(per_second, 1),
                         tokens + per_second * greatest(0, extract(epoch FROM %(at)s::timestamptz - at))) AS held
          FROM channel_pace WHERE provider_id = %(p)s AND channel = %(c)s FOR UPDATE)
    UPDATE channel_pace p SET tokens = b.held - least(floor(b.held), %(wanted)s), at = greatest(p.at, %(at)s)
      FROM bucket b WHERE p.id = b.id RETURNING least(floor(b.held), %(wanted)s)::int
"""
