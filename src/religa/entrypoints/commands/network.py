"""`religa network`: the switch of the whole network, without touching a router."""

from __future__ import annotations

import getpass

import click

from religa.actions import release_network
from religa.records import locks
from religa.records.queries import network_switch

_by = click.option("--by", default=getpass.getuser, show_default="your log-in", help="Who does it; kept.")


@click.group(short_help="Let the whole network go, and take it back.")
def network() -> None:
    """Whether RADIUS enforces what was decided: the way back while the network is cut over."""


@network.command()
@click.option("--reason", required=True, help="Why; kept.")
@_by
def release(reason: str, by: str) -> None:
    """Wall and slow nobody, from the next log-in on. Ended contracts stay refused. Decisions go on, unenforced."""
    new = release_network.release(by=by, at=locks.database_now(), reason=reason)
    found = network_switch.reach()
    click.echo(f"Released by {by}: {reason}" if new else "It was released already; nothing changed.")
    click.echo(
        f"  Religa's RADIUS: full access at the next log-in for the {found.contracts} contracts that are less.\n"
        "  In front of another RADIUS: its answers pass unaltered."
    )
    click.echo("What remains for you:")
    click.echo(_OPEN_SESSIONS.format(found.sessions) if found.sessions else "  No session is held back now.")
    click.echo(_REMAINS)


@network.command()
@_by
def enforce(by: str) -> None:
    """Enforce again what was decided, from the next log-in on."""
    new = release_network.enforce(by=by, at=locks.database_now())
    click.echo(f"Enforced again by {by}." if new else "It was enforced already; nothing changed.")
    click.echo(
        f"  {network_switch.reach().contracts} contracts are less than full. Sessions that were let in meanwhile stay"
        " as they are until\n  `religa reconcile` moves them, or their next log-in."
    )


@network.command()
def status() -> None:
    """Whether it is enforced; exit code 0 either way."""
    now, found = network_switch.switch(), network_switch.reach()
    state = "ENFORCED" if now.enforce else "RELEASED"
    since = (
        "" if now.changed_at is None else f" since {now.changed_at:%Y-%m-%d %H:%M} UTC by {now.changed_by}"
    )
    click.echo(f"{state}{since}" + (f": {now.reason}" if now.reason else ""))
    click.echo(
        f"  {found.contracts} contracts are less than full, {found.sessions} open sessions are held back"
    )


_OPEN_SESSIONS = """\
  {0} open sessions are held back now. The reconciler moves them at once; where it does not run, a walled one asks
  again within 30 minutes and a slowed one at its next log-in."""
_REMAINS = """\
  To go back to the old RADIUS altogether, point the routers at it (docs/operators/modes.md).
  Back: religa network enforce"""
