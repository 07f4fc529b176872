"""`religa explain`: why a contract is online or not, and until when."""

from __future__ import annotations

import sys
from datetime import datetime
from zoneinfo import ZoneInfo

import click

from religa.actions.look import View, look
from religa.domain import balance
from religa.domain.access import Decision
from religa.domain.money import format_reais
from religa.entrypoints.common.standing import circumstances
from religa.records import locks
from religa.records.queries.naming import contract_named
from religa.wording import Language, Moments, Reader
from religa.wording import explain as in_words

_LANGUAGES = {"pt": Language.PT, "en": Language.EN, "es": Language.ES}


@click.command(short_help="Why a contract is online or not, and until when.")
@click.argument("contract")
@click.option("--lang", type=click.Choice(list(_LANGUAGES)), default="pt", show_default=True)
def explain(contract: str, lang: str) -> None:
    """Say in words why CONTRACT (its number, or a network log-in) is online or not, and until when."""
    found = contract_named(contract)
    if found is None:
        click.echo(f"There is no contract or network log-in {contract!r}.", err=True)
        sys.exit(1)
    at = locks.database_now()
    view = look(contract_id=found, at=at)
    moments = Moments(language=_LANGUAGES[lang], zone=ZoneInfo(view.loaded.place.zone), now=at)
    click.echo(
        in_words(view.decision, moments=moments, reader=Reader.STAFF, known=circumstances(view, at=at))
    )
    click.echo()
    for name, value in _facts(view, at):
        click.echo(f"  {name:<22} {value}")


def _facts(view: View, at: datetime) -> list[tuple[str, str]]:
    standing, decision = view.standing, view.decision
    day = standing.calendars.day(at)
    owed = balance.total_owed(standing.calendars, standing.policy, standing.facts, on=day)
    zone = standing.calendars.zone
    rows = [
        ("access", f"{decision.access.value}, status {decision.status.value}"),
        ("why", decision.why.value),
        ("until", _local(decision.until, zone) + _then(decision)),
        ("owed by Pix", format_reais(owed, "pt-BR")),
        ("next look", _local(view.loaded.access.next_look_at, zone)),
        (
            "decided with",
            "policy {}, calendar {}, rules {}".format(*view.loaded.access.decided_with.split("/")),
        ),
    ]
    for claim in standing.claims:
        due = f"due {claim.due:%Y-%m-%d}, open {format_reais(claim.principal.undisputed, 'pt-BR')}"
        proof = "notified" if claim.notified else "no notice with evidence"
        rows.append(
            (
                f"invoice {claim.invoice.id}",
                f"{due}, {proof}{_block(claim.block_from, zone)}",
            )
        )
    return rows


def _then(decision: Decision) -> str:
    return f", then {decision.access_then.value}" if decision.until is not None else ""


def _block(instant: datetime | None, zone: ZoneInfo) -> str:
    return "" if instant is None else f", may block from {_local(instant, zone)}"


def _local(instant: datetime | None, zone: ZoneInfo) -> str:
    return "no end by itself" if instant is None else f"{instant.astimezone(zone):%Y-%m-%d %H:%M:%S %Z}"
