"""`religa timeline`: what happened to a contract, in order."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import click

from religa.actions.look import look
from religa.domain.money import format_reais
from religa.records import locks
from religa.records.chain import Broken, Intact
from religa.records.queries.contract_page import chain_of, history
from religa.records.queries.naming import contract_named


@click.command(short_help="What happened to a contract, in order.")
@click.argument("contract")
@click.option("--limit", default=200, show_default=True, help="How many entries, the latest ones.")
def timeline(contract: str, limit: int) -> None:
    """Say what happened to CONTRACT (its number, or a network log-in), oldest first, and whether the chain holds."""
    found = contract_named(contract)
    if found is None:
        click.echo(f"There is no contract or network log-in {contract!r}.", err=True)
        sys.exit(1)
    zone = ZoneInfo(look(contract_id=found, at=locks.database_now()).loaded.place.zone)
    for entry in sorted(history(found, limit=limit), key=lambda e: (e.at, e.detail.get("seq", 0))):
        detail = _access(entry.detail, zone) if entry.what == "access" else _facts(entry.detail, zone)
        by = f"  ({entry.by})" if entry.by else ""
        what = entry.what.replace("_", " ")
        click.echo(f"{entry.at.astimezone(zone):%Y-%m-%d %H:%M:%S}  {what:<18} {detail}{by}")
    click.echo(f"\nChain of access changes: {_chain(chain_of(found))}")


Detail = Mapping[str, Any]
_KEYS = {"seq", "notice"}  # of rows: they say nothing to a reader
_NAMES = {"opens_at": "announces a block from"}
_AMOUNTS = {"amount", "late"}


def _access(detail: Detail, zone: ZoneInfo) -> str:
    """`walled (blocked) because debt; cause: block opened`."""
    until = f" until {_said('until', detail['until'], zone)}" if detail["until"] else ""
    cause = f"; cause: {detail['cause']}" if detail["cause"] else ""
    return f"{detail['access']} ({detail['status']}){until} because {detail['why']}{cause}"


def _facts(detail: Detail, zone: ZoneInfo) -> str:
    told = {k: v for k, v in detail.items() if k not in _KEYS and v not in (None, "", False)}
    return ", ".join(f"{_NAMES.get(k, k)} {_said(k, v, zone)}" for k, v in told.items())


def _said(name: str, value: object, zone: ZoneInfo) -> str:
    """Amounts are centavos; instants in JSON come as text with an offset."""
    text = str(value)
    if name in _AMOUNTS:
        return format_reais(int(text), "pt-BR")
    try:
        return f"{datetime.fromisoformat(text).astimezone(zone):%Y-%m-%d %H:%M}" if "T" in text else text
    except ValueError:
        return text


def _chain(found: Intact | Broken) -> str:
    if isinstance(found, Broken):
        return f"BROKEN at change {found.seq}: {found.why}"
    erased = f", the content of {found.erased} erased" if found.erased else ""
    return f"intact, {found.changes} changes{erased}"
