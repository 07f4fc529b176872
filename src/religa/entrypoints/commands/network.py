"""`religa network`: the switch of the whole network, without touching a router."""

from __future__ import annotations

import getpass
import sys
from pathlib import Path

import click
from django.db import transaction

from religa import wiring
from religa.actions import release_network
from religa.entrypoints.commands import home
from religa.entrypoints.commands.whose import provider_named
from religa.records import locks, network_secrets
from religa.records.models import Contract, Nas
from religa.records.queries import network_switch
from religa.records.waking import wake

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


@network.command("routeros")
@click.argument("name")
@click.option("--host", required=True, help="Address of the router.")
@click.option("--user", default="religa", show_default=True, help="Who logs in to its API.")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
@click.option(
    "--way", type=click.Choice(["profile", "address_list", "both"]), default="profile", show_default=True
)
@click.option("--walled-profile", default="isp-blocked", show_default=True)
@click.option("--reduced-profile", default="isp-reduced", show_default=True)
@click.option("--blocked-list", default="isp-blocked", show_default=True)
@click.option("--port", type=click.IntRange(1, 65535), help="[default: 8728, with --tls 8729]")
@click.option("--tls", is_flag=True, help="Speak TLS.")
@click.option("--provider", help="CNPJ, where the database holds several.")
def routeros(
    name: str, host: str, user: str, password_stdin: bool, provider: str | None, **settings: object
) -> None:
    """Register a MikroTik router without RADIUS; the reconciler then tells it over its API."""
    password = (
        sys.stdin.readline().rstrip("\n") if password_stdin else click.prompt("Password", hide_input=True)
    )
    found = provider_named(provider)
    api = {key: value for key, value in settings.items() if value not in (None, False)}
    with transaction.atomic():
        made, new = Nas.objects.update_or_create(
            address=host,
            defaults={
                "name": name,
                "provider": found,
                "vendor": "mikrotik",
                "reach": "routeros_api",
                "settings": {"api": {"user": user, **api}},
            },
        )
        network_secrets.set_nas_secret(nas_id=made.pk, secret=password)
        wake()
    click.echo(
        f"{name} ({host}) is {'registered' if new else 'changed'}; the reconciler looks at it within 10 s."
    )


@network.command("voice")
@click.argument("contract")
@click.argument("state", type=click.Choice(["on", "off"]))
@click.option("--provider", help="CNPJ, where the database holds several.")
def voice(contract: str, state: str, provider: str | None) -> None:
    """Let telephony, emergency calls and alarms of a contract through the wall, or not.

    From its next log-in on, or its next block: in the wall the router then hears the list isp-blocked-voice.
    """
    of = provider_named(provider)
    done = Contract.objects.filter(provider=of, external_id=contract).update(wall_lets_voice=state == "on")
    if not done:
        raise click.ClickException(f"There is no contract {contract}.")
    click.echo(
        f"Contract {contract}: telephony and alarms {'pass' if state == 'on' else 'do not pass'} the wall."
    )


@network.command("packets")
@click.option("--socket", type=click.Path(path_type=Path), help="[default: that of ./run on this machine]")
def packets(socket: Path | None) -> None:
    """What FreeRADIUS heard since it began, and what of it was malformed, unsigned or foreign."""
    try:
        found = wiring.radius_counters(socket or home.folder() / "radius" / "control")
    except OSError as why:
        raise click.ClickException(str(why)) from why
    for title, counts in (("Log-ins", found.log_ins), ("Accounting", found.accounting)):
        click.echo(title)
        for name, count in counts.items():
            click.echo(f"  {name:20}{count:>12}")


_OPEN_SESSIONS = """\
  {0} open sessions are held back now. The reconciler moves them at once; where it does not run, a walled one asks
  again within 30 minutes and a slowed one at its next log-in."""
_REMAINS = """\
  To go back to the old RADIUS altogether, point the routers at it (docs/operators/modes.md).
  Back: religa network enforce"""
