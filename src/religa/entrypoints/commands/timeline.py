"""`religa timeline`: what happened to a contract, in order."""

from __future__ import annotations

import sys
from datetime import datetime
from zoneinfo import ZoneInfo

import click

from religa.actions.look import look
from religa.records import locks
from religa.records.queries.contract_page import chain_of, history
from religa.records.queries.naming import contract_named


@click.command()
@click.argument("contract")
@click.option("--limit", default=200, show_default=True, help="How many entries, the latest ones.")
def timeline(contract: str, limit: int) -> None:
    """Say what happened to CONTRACT (its number, or a network log-in), oldest first, and whether the chain holds."""
    found = contract_named(contract)
    if found is None:
        click.echo(f"There is no contract or network log-in {contract!r}.", err=True)
        sys.exit(1)
    zone = ZoneInfo(look(contract_id=found, at=locks.database_now()).loaded.place.zone)
    for entry in reversed(history(found, limit=limit)):
        detail = ", ".join(
            f"{k} {_said(v, zone)}" for k, v in entry.detail.items() if v not in (None, "", False)
        )
        by = f"  ({entry.by})" if entry.by else ""
        click.echo(f"{entry.at.astimezone(zone):%Y-%m-%d %H:%M:%S}  {entry.what:<18} {detail}{by}")
    click.echo(f"\nChain of access changes: {chain_of(found)}")


def _said(value: object, zone: ZoneInfo) -> str:
    """Instants in JSON come as text with an offset."""
    text = str(value)
    try:
        return f"{datetime.fromisoformat(text).astimezone(zone):%Y-%m-%d %H:%M}" if "T" in text else text
    except ValueError:
        return text
