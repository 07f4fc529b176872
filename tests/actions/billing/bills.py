"""Contracts that are billed here, for the tests of billing. It is 30 November 2026, ten days before Ana's due day."""

from __future__ import annotations

from datetime import date

from religa.actions.billing.terms import Terms, set_rule, start
from religa.domain.billing import Rule
from religa.records import raw
from religa.records.models import Invoice, PaymentAccount, Plan, Provider

from .. import world

NOW = world.at("2026-11-30 08:00")
DECEMBER = date(2026, 12, 1)


def rule(of: Provider, **more) -> None:
    set_rule(provider_id=of.pk, rule=Rule(**more), at=NOW, author="Gestora")


def plan(of: Provider, price: int = 99_90) -> Plan:
    return Plan.objects.get_or_create(
        provider=of,
        external_id=f"plano-{price}",
        defaults={"name": "500 mega", "price": price, "down_kbps": 500_000, "up_kbps": 250_000},
    )[0]


def contract(
    of: Provider, name: str = "", *, due_day: int = 10, since: date = DECEMBER, price: int = 99_90, **terms
) -> int:
    """A contract of the plan's price that Religa bills from `since` on."""
    made = world.contract(of, name, due_day=due_day, plan=plan(of, price))
    start(contract_id=made, terms=Terms(since, **terms), at=NOW, author="Gestora")
    return made


def account(of: Provider, kind: str = "api_pix") -> PaymentAccount:
    return PaymentAccount.objects.create(
        provider=of, name="Banco", kind=kind, profile="efi", collects=True, since=NOW
    )


def blocked_between(contract_id: int, opened: str, closed: str | None) -> None:
    """Writes into the history that the network answered with the wall for a while."""
    for seq, (text, access) in enumerate(((opened, "walled"), (closed, "full")), start=900):
        if text is not None:
            raw.run(
                "INSERT INTO access_change (contract_id, seq, at, access, status, why, access_then, decided_with, cause,"
                " digest, chain) VALUES (%s, %s, %s, %s, 'blocked', 'blocked', %s, '', 'test', '', '')",
                [contract_id, seq, world.at(text), access, access],
            )


def invoices(contract_id: int) -> list[tuple[str, int]]:
    """Ids and totals, oldest first."""
    query = (
        "SELECT external_id, (SELECT sum(amount) FROM invoice_line l WHERE l.invoice_id = i.id)::bigint FROM invoice i"
        " WHERE contract_id = %s ORDER BY due_date, id"
    )
    return raw.rows(query, [contract_id])


def only_invoice(contract_id: int) -> Invoice:
    return Invoice.objects.get(contract_id=contract_id)
