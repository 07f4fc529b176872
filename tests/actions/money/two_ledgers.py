"""Payments as the bank says them and as another system exports them, and the books that come of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from religa.actions.importing.run import Asked, Report
from religa.actions.money.credit import credit
from religa.actions.money.landing import Landed
from religa.ports.money import MoneySeen
from religa.records import accounts, raw
from religa.records.models import Charge, Invoice, PaymentAccount

from .. import world
from ..importing.files import bring_only

AT = world.at("2026-11-09 18:00")


@dataclass(frozen=True)
class Paid:
    """One payment. `n` makes its numbers; the other system may know its Pix number, its txid, its nosso número."""

    n: int
    txid: str = "T1"
    amount: int = 99_90
    day: date = date(2026, 11, 5)
    knows: str = "pix_id"
    title: str = ""

    @property
    def pix_id(self) -> str:
        return f"E12345678202611051200{self.n:011}"


def account(provider, reported_by: str = "both", **more) -> accounts.Account:
    made = PaymentAccount.objects.create(
        provider=provider, name="Conta Pix", kind="api_pix", profile="generic", reported_by=reported_by,
        since=world.ISSUED, **more,
    )  # fmt: skip
    found = accounts.get(made.pk)
    assert found is not None
    return found


def charge(of: accounts.Account | None, invoice: str, txid: str | None, **more) -> Charge:
    """A charge that is at the bank already."""
    billed = Invoice.objects.get(external_id=invoice)
    return Charge.objects.create(
        provider=billed.provider, invoice=billed, kind="pix_cobv", txid=txid, amount=99_90, due_date=billed.due_date,
        payment_account_id=of.id if of else None, created_at=world.ISSUED, **more,
    )  # fmt: skip


def by_bank(of: accounts.Account, *paid: Paid, at: datetime = AT) -> list[Landed]:
    now = accounts.get(of.id)
    assert now is not None
    seen = [
        MoneySeen(
            p.pix_id if not p.title else f"registro {p.n}",
            p.amount,
            datetime.combine(p.day, time(15), UTC),
            None if p.title else p.txid,
            nosso_numero=p.title,
            method="boleto" if p.title else "pix",
        )
        for p in paid
    ]
    return credit(now, seen, at=at)


def by_other(*paid: Paid, at: datetime = AT, invoice: str = "F1") -> Report:
    rows = "".join(
        f"P{p.n};{invoice};{p.amount // 100},{p.amount % 100:02};{p.day:%d/%m/%Y} 12:00;"
        f"{p.pix_id if p.knows == 'pix_id' else ''};{p.txid if p.knows == 'txid' else ''};"
        f"{p.title if p.knows == 'title' else ''};{'boleto' if p.title else 'pix'}\n"
        for p in dict.fromkeys(paid)
    )
    text = f"pagamento;fatura;valor;pago_em;pix_id;txid;nosso_numero;forma\n{rows}"
    report = bring_only(pagamentos=text, at=at, asked=Asked(apply=True, provider="12ABC34501DE35"))
    assert not report.problems.errors, report.problems.in_order()
    return report


def books(contracts: Sequence[int]) -> tuple[list[tuple[int, int, date]], int, int]:
    """Payments as (contract, amount, day), what is still open, what is kept as credit."""
    payments = raw.rows(
        "SELECT contract_id, amount, (paid_at AT TIME ZONE 'America/Fortaleza')::date FROM payment ORDER BY 1, 2, 3"
    )
    open_now = world.count(
        "SELECT (SELECT coalesce(sum(amount), 0) FROM invoice_line)"
        " - (SELECT coalesce(sum(amount), 0) FROM allocation WHERE part = 'principal')"
    )
    return payments, open_now, world.count("SELECT coalesce(sum(amount), 0) FROM credit_entry")
