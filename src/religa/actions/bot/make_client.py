"""Gives a program a key of its own. The key is shown once; only its digest is kept."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from ipaddress import ip_network

from django.db import transaction

from religa.records.errors import SeenBefore, naming
from religa.records.models import ApiClient
from religa.records.models.bots import API_ROLES

_PREFIX = "rlg_"  # by which a key that was published by mistake is found
_ENTROPY = 32  # bytes
_MOST_PER_MINUTE = 6000


class Fault(StrEnum):
    """What is wrong with what was filled in."""

    NAME_EMPTY = "name_empty"
    NAME_TAKEN = "name_taken"
    ROLE_UNKNOWN = "role_unknown"
    ADDRESS_FORM = "address_form"
    LIMIT_RANGE = "limit_range"


@dataclass(frozen=True, slots=True, repr=False)
class Made:
    """`key` is seen here and never again."""

    client: ApiClient
    key: str


@dataclass(frozen=True, slots=True)
class NotMade:
    faults: tuple[Fault, ...]


def make(
    *,
    provider_id: int,
    name: str,
    role: str,
    addresses: Sequence[str],
    per_minute: int,
    by: str,
    at: datetime,
) -> Made | NotMade:
    """`role`: app (subscribers prove themselves with a code), chat or phone (which also know the calling number).
    `addresses`: networks it may come from, none for any. `per_minute`: requests."""
    name = " ".join(name.split())
    faults = _faults(name, role, addresses, per_minute)
    if faults:
        return NotMade(tuple(faults))
    key = _PREFIX + secrets.token_urlsafe(_ENTROPY)
    try:
        with transaction.atomic(), naming():
            client = ApiClient.objects.create(
                provider_id=provider_id, name=name, role=role, digest=digest(key), ending=key[-4:],
                addresses=[str(ip_network(a, strict=False)) for a in addresses], per_minute=per_minute, created_at=at,
                created_by=by,
            )  # fmt: skip
    except SeenBefore:
        return NotMade((Fault.NAME_TAKEN,))
    return Made(client, key)


def digest(key: str) -> bytes:
    """What is kept of a key: it is long and random, so that a plain digest is enough."""
    return hashlib.sha256(key.encode()).digest()


def _faults(name: str, role: str, addresses: Sequence[str], per_minute: int) -> list[Fault]:
    found = [] if name else [Fault.NAME_EMPTY]
    if role not in API_ROLES:
        found.append(Fault.ROLE_UNKNOWN)
    if not all(_is_network(a) for a in addresses):
        found.append(Fault.ADDRESS_FORM)
    if not 0 < per_minute <= _MOST_PER_MINUTE:
        found.append(Fault.LIMIT_RANGE)
    return found


def _is_network(text: str) -> bool:
    try:
        ip_network(text, strict=False)
    except ValueError:
        return False
    return True
