"""Seeds the demo and says how to log in. Passwords are random; the database is meant to be on this machine only."""

from __future__ import annotations

import secrets
import sys
from dataclasses import dataclass

import click
from django.db import transaction

from religa.domain.documents import parse
from religa.entrypoints.commands import demo_bank
from religa.entrypoints.commands.demo import people
from religa.entrypoints.commands.staff import add_member
from religa.records import locks, network_secrets
from religa.records.models import AccessRecord, Contract, Nas, Provider

_STAFF = (("gestora", "manager", "Gestora"), ("atendente", "agent", "Atendente"))
_PLACES = {
    "blocked": "bloqueada",
    "trusted": "liberada em confiança",
    "locked": "bloqueada até o pagamento",
    "late": "atrasada",
    "current": "em dia",
    "shop_late": "empresa com três contratos",
}


@dataclass(frozen=True, slots=True)
class _Network:
    nas_secret: str
    passwords: dict[str, str]


@click.command(short_help="Make the demo provider, once per database.")
def demo() -> None:
    """Make the demo provider: subscribers at every step, staff log-ins, a NAS on 127.0.0.1. Once per database."""
    if Provider.objects.exists():
        click.echo("There is a provider in this database already; the demo was not added.")
        sys.exit(0)
    with transaction.atomic():
        now = locks.database_now()
        made = people.everybody(now)
        demo_bank.account(Provider.objects.get(), now)
        staff = _staff()
        network = _network()
    _say(made, staff, network)


def _staff() -> dict[str, str]:
    """Log-ins of the console, with their passwords."""
    of = Provider.objects.get()
    passwords = {login: secrets.token_urlsafe(9) for login, _, _ in _STAFF}
    for login, role, name in _STAFF:
        add_member(of, login, role=role, name=name, password=passwords[login])
    return passwords


def _network() -> _Network:
    """A NAS on this machine, and a password for every network log-in."""
    nas = Nas.objects.create(
        provider=Provider.objects.get(), name="demo", address="127.0.0.1", vendor="mikrotik"
    )
    secret = secrets.token_urlsafe(12)
    network_secrets.set_nas_secret(nas_id=nas.pk, secret=secret)
    passwords = {record.username: secrets.token_hex(4) for record in AccessRecord.objects.order_by("pk")}
    records = dict(AccessRecord.objects.values_list("username", "pk"))
    network_secrets.set_passwords(
        network_secrets.Password(records[name], clear=password) for name, password in passwords.items()
    )
    return _Network(secret, passwords)


def _say(made: dict[str, Contract], staff: dict[str, str], network: _Network) -> None:
    click.echo("\nDemo log-ins (this machine only):")
    for login, password in staff.items():
        click.echo(f"  console   {login:<10} {password}")
    click.echo("  portal    CPF or CNPJ below; the code is in the console's outbox (Mensagens)")
    for place, words in _PLACES.items():
        contract = made[place]
        document = parse(contract.subscriber.document).formatted
        click.echo(f"            {document:<19} {contract.subscriber.name} ({words})")
    username = AccessRecord.objects.get(contract=made["blocked"]).username
    click.echo("  RADIUS    as that blocked subscriber's router would ask:")
    click.echo(
        f"            echo 'User-Name={username},User-Password={network.passwords[username]}' | "
        f"radclient -x 127.0.0.1:$RADIUS_PORT auth {network.nas_secret}"
    )
