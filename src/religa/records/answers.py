"""Answers given before: the same key asked again gets the same answer, and nothing happens twice."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from psycopg.types.json import Jsonb

from religa.records import raw


@dataclass(frozen=True, slots=True)
class New:
    """Not asked before; the key is now taken until the transaction ends."""


@dataclass(frozen=True, slots=True)
class Before:
    answer: Any


@dataclass(frozen=True, slots=True)
class OtherQuestion:
    """The key was used for something else: the caller's fault."""


def _digest(question: Mapping[str, Any]) -> bytes:
    return hashlib.sha256(json.dumps(question, sort_keys=True, default=str).encode()).digest()


def remembered(*, scope: str, key: str, question: Mapping[str, Any]) -> New | Before | OtherQuestion:
    """Looks for an answer. Two at once with one key: the second waits here for the first to commit.

    `scope` is who asks for what, as `api/7/unlock`.
    """
    raw.run("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"{scope}\n{key}"])
    query = "SELECT asked, answer FROM idempotency_key WHERE scope = %s AND key = %s"
    for asked, answer in raw.rows(query, [scope, key]):
        return Before(answer) if bytes(asked) == _digest(question) else OtherQuestion()
    return New()


def remember(*, scope: str, key: str, question: Mapping[str, Any], answer: Any, at: datetime) -> None:
    """Keeps the answer, in the transaction of the deed."""
    row = (scope, key, _digest(question), Jsonb(answer), at)
    raw.insert("idempotency_key", ("scope", "key", "asked", "answer", "at"), [row])


def protocol(
    *,
    provider_id: int,
    contract_id: int | None,
    subject: str,
    day: str,
    at: datetime,
    author: str,
    text: str = "",
) -> str:
    """Gives the next protocol number: the civil day (`20261203`) and a count, as `20261203-000417`."""
    number = f"{day}-{raw.numbers({'protocol_count': 1})['protocol_count'][0]:06}"
    columns = ("provider_id", "contract_id", "number", "subject", "at", "author", "text")
    raw.insert("protocol_number", columns, [(provider_id, contract_id, number, subject, at, author, text)])
    return number
