"""Protocol numbers: each contact of a subscriber gets one, told at its start (RGC art. 9)."""

from __future__ import annotations

from datetime import datetime

from religa.records import raw


def number(
    *, provider_id: int, contract_id: int | None, subject: str, at: datetime, author: str = "", text: str = ""
) -> str:
    """A new protocol number: year, month, day and a running count, as 20261122000042."""
    [(count,)] = raw.rows("SELECT nextval('protocol_count')")
    protocol = f"{at:%Y%m%d}{count:06d}"
    raw.run(
        "INSERT INTO protocol_number (provider_id, contract_id, number, subject, at, author, text)"
        " VALUES (%s, %s, %s, %s, %s, %s, %s)",
        [provider_id, contract_id, protocol, subject, at, author, text],
    )
    return protocol


def of_contract(*, contract_id: int, subject: str, at: datetime, author: str = "", text: str = "") -> str:
    """The same, for a contract of which the provider is not at hand."""
    [(provider,)] = raw.rows("SELECT provider_id FROM contract WHERE id = %s", [contract_id])
    return number(
        provider_id=provider, contract_id=contract_id, subject=subject, at=at, author=author, text=text
    )
