"""Asking twice with the same key gives the same answer, and does the thing once."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db import transaction

from religa.records import raw

Answer = dict[str, Any]


class KeyUsedForSomethingElse(ValueError):
    """The same idempotency key came with another question: an error of the caller."""


def once(*, scope: str, key: str, asked: Answer, at: datetime, give: Callable[[], Answer]) -> Answer:
    """The answer kept under (scope, key), or the one that `give` makes now and that is kept from then on.

    Two at once: the second waits for the first and gets its answer. `asked` is what must be the same again.
    """
    digest = hashlib.sha256(json.dumps(asked, sort_keys=True, default=str).encode()).digest()
    with transaction.atomic():
        raw.rows("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"{scope}\x1f{key}"])
        kept = raw.rows(
            "SELECT asked, answer FROM idempotency_key WHERE scope = %s AND key = %s", [scope, key]
        )
        if kept:
            if bytes(kept[0][0]) != digest:
                raise KeyUsedForSomethingElse(f"{scope}: key {key!r} was used for another request")
            return dict(kept[0][1])
        answer = give()
        raw.run(
            "INSERT INTO idempotency_key (scope, key, asked, answer, at) VALUES (%s, %s, %s, %s::jsonb, %s)",
            [scope, key, digest, json.dumps(answer), at],
        )
        return answer


def kept_answer(*, scope: str, key: str) -> Answer | None:
    """The answer kept under (scope, key), if one was given."""
    kept = raw.rows("SELECT answer FROM idempotency_key WHERE scope = %s AND key = %s", [scope, key])
    return dict(kept[0][0]) if kept else None
