"""A bank that sends files: its account, titles as an old system brought them, and files about them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from cnab_files import Boleto, octets, written
from religa.actions.money import import_file
from religa.actions.money.import_file import Outcome
from religa.adapters.cnab import Reader
from religa.ports.bank_files import BankFile
from religa.records import raw
from religa.records.models import Charge, Invoice, PaymentAccount, Provider

from .. import world

AT = world.at("2026-11-11 08:00")
PAID_ON = date(2026, 11, 10)


def account(provider: Provider, bank: str = "341", name: str = "Itaú cobrança", **more) -> PaymentAccount:
    """As the writers of `cnab_files` name Itaú's account."""
    named = {"agency": "0111", "number": "12345-0"} if bank == "341" and not more else more
    return PaymentAccount.objects.create(
        provider=provider, name=name, kind="bank_files", profile=bank, since=world.ISSUED, **named
    )


def title(invoice: str, nosso: str | None, *, amount: int = 99_90, **more) -> Charge:
    """A boleto of an invoice that is in its subscriber's hands."""
    of = Invoice.objects.get(external_id=invoice)
    return Charge.objects.create(
        provider=of.provider, invoice=of, nosso_numero=nosso, amount=amount, due_date=of.due_date,
        created_at=world.ISSUED, **({"kind": "boleto"} | more),
    )  # fmt: skip


def file(*titles: Boleto, bank: str = "341", layout: str = "cnab400") -> BankFile:
    found = Reader().read(octets(written(bank, layout, *titles)))
    assert isinstance(found, BankFile), found
    return found


def read(provider: Provider, *titles: Boleto, at: datetime = AT, **more) -> Outcome:
    """Brings a file with these titles into the books."""
    return bring(provider, file(*titles, **more), at=at)


def bring(provider: Provider, found: BankFile, *, at: datetime = AT) -> Outcome:
    return import_file.import_file(
        found, provider_id=provider.pk, name="CB111126.RET", author="Fátima", at=at
    )


def ledger() -> list[Sequence[object]]:
    """What the books say, without keys and instants of the reading."""
    queries = (
        "SELECT contract_id, external_id, amount, fee, paid_at, credited_on, charge_id FROM payment ORDER BY external_id",
        "SELECT i.external_id, p.external_id, a.part, a.amount, a.paid_on FROM allocation a"
        " JOIN invoice i ON i.id = a.invoice_id JOIN payment p ON p.id = a.payment_id ORDER BY 1, 2, 3, 4",
        "SELECT contract_id, sum(amount) FROM credit_entry GROUP BY 1 ORDER BY 1",
        "SELECT external_id, why, amount FROM unidentified_payment ORDER BY 1",
        "SELECT kind, subject, amount FROM money_case ORDER BY 1, 2",
        "SELECT key, result FROM bank_record ORDER BY 1",
    )
    return [raw.rows(query) for query in queries]
