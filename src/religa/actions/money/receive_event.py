"""Keeps what a bank or gateway posts, as it came, and wakes whoever fetches the truth. Nothing is believed here."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import transaction

from religa.ports.money import Event
from religa.records import raw
from religa.records.accounts import Account

CHANNEL = "religa_money"  # notified with the key of the account


def receive(
    account: Account,
    event: Event,
    *,
    headers: Mapping[str, str],
    proof: str,
    at: datetime,
    relay: bool = True,
) -> int:
    """Keeps an event and gives its key. `headers`: those that name the kind of content, never a secret; `proof`: a word
    of `provider_event.proof`. `relay`: it may be passed on to where the account says (`actions/money/relay.py`)."""
    with transaction.atomic():
        [(key,)] = raw.rows(
            "INSERT INTO provider_event (provider_id, payment_account_id, source, path, proof, received_at, headers,"
            " body, sha256) VALUES (%s, %s, %s, %s, %s, %s, %s::jsonb, %s, %s) RETURNING id",
            [account.provider_id, account.id, account.profile or account.kind, event.path, proof, at,
             json.dumps({"headers": dict(headers), "query": dict(event.query)}), event.body,
             hashlib.sha256(event.body).digest()],
        )  # fmt: skip
        raw.run("INSERT INTO provider_event_todo (event_id, due_at, tries) VALUES (%s, %s, 0)", [key, at])
        if relay and account.hook_relay_url:
            raw.run(_RELAY, [key, account.id, at])
        raw.run("SELECT pg_notify(%s, %s)", [CHANNEL, str(account.id)])
    return key  # type: ignore[no-any-return]


_RELAY = (
    "INSERT INTO event_relay (event_id, payment_account_id, due_at, tries, error) VALUES (%s, %s, %s, 0, '')"
)


def refuse(account: Account | None, *, why: str, address: str, at: datetime) -> None:
    """Counts what was not taken; `why`: a word of `refused_event.why`. Of the sender only the last address is kept."""
    day = at.astimezone(ZoneInfo(account.zone if account else "America/Sao_Paulo")).date()
    raw.run(
        "INSERT INTO refused_event (payment_account_id, day, why, count, last_at, address)"
        " VALUES (%s, %s, %s, 1, %s, %s)"
        " ON CONFLICT ON CONSTRAINT refused_event_day_once DO UPDATE SET count = refused_event.count + 1,"
        " last_at = excluded.last_at, address = excluded.address",
        [account.id if account else None, day, why, at, address],
    )
