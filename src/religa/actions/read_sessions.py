"""Looking at connection records, which is itself a record: who, whose, what, when and why (Marco Civil art. 13).

The row is written in the transaction of the reading; what cannot be written down is not shown.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from ipaddress import IPv4Network, IPv6Network

from django.db import transaction

from religa.records.models import SessionRead
from religa.records.queries import sessions
from religa.records.queries.sessions import PAGE, Record


@dataclass(frozen=True, kw_only=True, slots=True)
class Reader:
    """Who looks, for which provider, and why; `at` is the database's clock."""

    provider_id: int
    who: str
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Page:
    """The live sessions (on the first page), those that ended, and whether there are more."""

    live: list[Record]
    ended: list[Record]
    more: bool


def of_contract(*, contract_id: int, since: datetime, until: datetime, page: int, reader: Reader) -> Page:
    """Connections of a contract that are open, and a page of those that ended in `[since, until)`."""
    with transaction.atomic():
        _note(reader, f"history {since:%Y-%m} page {page}", contract_id)
        ended = sessions.ended_records(contract_id, since=since, until=until, page=page)
        live = sessions.live_records(contract_id) if page == 1 else []
    return Page(live, ended[:PAGE], len(ended) > PAGE)


def of_address(*, address: IPv4Network | IPv6Network, when: datetime, reader: Reader) -> list[Record]:
    """Who had an address, or a part of a prefix, at an instant: what a court asks."""
    with transaction.atomic():
        _note(reader, f"address {_written(address)} at {when.isoformat()}")
        return sessions.who_had(address, when=when, provider_id=reader.provider_id)


def _written(address: IPv4Network | IPv6Network) -> str:
    return str(address.network_address) if address.num_addresses == 1 else str(address)


def _note(reader: Reader, asked: str, contract_id: int | None = None) -> None:
    SessionRead.objects.create(
        at=reader.at,
        who=reader.who,
        provider_id=reader.provider_id,
        contract_id=contract_id,
        asked=asked,
        reason=reader.reason,
    )
