"""The people of `religa demo`, and staff with a known password, for the tests of the doors."""

from __future__ import annotations

from datetime import datetime

from religa.entrypoints.commands.demo.people import (
    DAY,
    ZONE,
    bill,
    blocked,
    cnpj,
    contract,
    cpf,
    days_ago,
    everybody,
    pay,
    play,
    provider,
    subscriber,
    unlock,
)
from religa.entrypoints.commands.staff import add_member
from religa.records import accounts
from religa.records.models import Contract, PaymentAccount, Provider, StaffMember

__all__ = [
    "DAY", "PASSWORD", "ZONE", "account", "bill", "blocked", "cnpj", "contract", "cpf", "days_ago", "everybody", "pay", "play",
    "provider", "staff", "subscriber", "unlock", "waiting_run",
]  # fmt: skip

PASSWORD = "a long password of a test"


def account(of: Provider, now: datetime) -> accounts.Account:
    """An account at a bank with API Pix, opened three months ago."""
    kept = PaymentAccount.objects.create(
        provider=of, name="Conta Sicoob", kind="api_pix", profile="generic", since=now - 90 * DAY
    )
    found = accounts.get(kept.pk)
    assert found is not None
    return found


def staff(of: Provider, role: str, name: str = "") -> StaffMember:
    """A person of the staff who logs in as `role` with PASSWORD."""
    return add_member(of, role, role=role, name=name or role.title(), password=PASSWORD)


def waiting_run(of: Provider, now: datetime, *, count: int = 6) -> list[Contract]:
    """Contracts whose first block is ripe and that the guard holds until a person approves the first run."""
    of.first_run_approved_at, of.first_run_approved_by = None, ""
    of.save(update_fields=["first_run_approved_at", "first_run_approved_by"])
    names = (
        "Antônio Melo",
        "Cícera Alves",
        "Damião Torres",
        "Edna Barros",
        "Francisca Leite",
        "Geraldo Maia",
    )
    made = []
    for n in range(count):
        person = subscriber(of, names[n % len(names)], 3001 + n)
        made.append(contract(person, 3001 + n, since=days_ago(now, 300)))
        bill(made[-1], due=days_ago(now, 30))
    play(now)
    return made
