"""`religa bill`: makes the invoices that come every month; the worker does the same every hour."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from datetime import date, datetime

import click

from religa.actions.billing.preview import Planned, preview
from religa.actions.billing.run import run
from religa.domain.money import format_reais
from religa.entrypoints.commands.progress import Bar
from religa.entrypoints.commands.whose import provider_named
from religa.records import locks
from religa.wording import Language, say


@click.command(short_help="Make the invoices that are due to be made.")
@click.option(
    "--until",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="DATE",
    help="Also what would be made by this day.  [default: today]",
)
@click.option("--dry-run", is_flag=True, help="Show what would be made, month by month, and make nothing.")
@click.option("--provider", "cnpj", metavar="CNPJ", help="Only this provider's.  [default: all]")
def bill(until: datetime | None, dry_run: bool, cnpj: str | None) -> None:
    """Make the invoice of each contract that Religa bills, some days before it falls due, with its charge.

    May be repeated and stopped at any time: a month is billed once. How a provider bills is set in the console,
    page Faturamento.
    """
    provider = provider_named(cnpj).pk if cnpj else None
    at, ahead = locks.database_now(), until.date() if until else None
    if dry_run:
        _show(preview(at=at, ahead_to=ahead, provider_id=provider))
    else:
        _make(at, ahead, provider)


def _make(at: datetime, ahead: date | None, provider: int | None) -> None:
    bar = Bar({"billing": "contracts"})

    def told(done: int, of: int) -> None:
        if bar.total != of:
            bar.step("billing", "", of)
        bar.advance(done)

    made = run(at=at, ahead_to=ahead, provider_id=provider, told=told)
    bar.over()
    amount = format_reais(made.amount, "en")
    click.echo(f"{made.invoices} invoices of {amount} made, {made.charges} with a charge.")
    if made.closed:
        click.echo(f"{made.closed} contracts that had ended were settled.")
    if made.set_aside:
        named = ", ".join(map(str, made.set_aside[:20]))
        click.echo(
            f"{len(made.set_aside)} contracts could not be billed (numbers {named}): see Falhas in the console.",
            err=True,
        )
        sys.exit(1)


def _show(plans: Iterable[Planned]) -> None:
    invoices = amount = 0
    for shown, plan in enumerate(plans, start=1):
        if shown == 1:
            click.echo(f"{'contract':<16} {'month':<8} {'due':<11} {'amount':>14}  {'days':>4}  subscriber")
        click.echo(" ".join(_columns(plan)).rstrip())
        invoices, amount = invoices + bool(plan.bill.amount), amount + plan.bill.amount
    click.echo(f"{invoices} invoices of {format_reais(amount, 'en')} would be made; nothing was made.")


def _columns(plan: Planned) -> Iterator[str]:
    made = plan.bill
    yield f"{plan.external_id:<16} {made.month:%Y-%m} "
    if made.amount:
        yield f"{made.due_date:%Y-%m-%d}  {format_reais(made.amount, 'en'):>14}  {made.charged_days:>4}  {plan.name}"
        if made.credited_days:
            yield f" ({made.credited_days} days without access given back)"
    elif plan.gives_back:
        yield f"ended: {format_reais(plan.gives_back, 'en')} are taken off what was billed  {plan.name}"
    elif made.why is not None:
        yield f"none: {say(made.why, Language.EN)}  {plan.name}"
