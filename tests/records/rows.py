"""Makes the rows that every test needs, with as little text as possible."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from religa.domain.calendar import Calendars
from religa.domain.facts import Facts, Invoice, Line, Method, Payment
from religa.records import facts as loader
from religa.records import writer
from religa.records.loaded import WHOLE_HISTORY, Ask, Loaded
from religa.records.models import Contract, Provider, Subscriber

AT = datetime(2026, 12, 1, 15, 0, tzinfo=UTC)
DAY = timedelta(days=1)
CALENDARS = Calendars(ZoneInfo("America/Fortaleza"))


def provider(cnpj: str = "12ABC34501DE35") -> Provider:
    return Provider.objects.create(
        name="Religa Net Ltda", cnpj=cnpj, zone="America/Fortaleza", uf="CE", ibge_code="2304400"
    )


def subscriber(provider: Provider, name: str) -> Subscriber:
    return Subscriber.objects.create(
        provider=provider, external_id=name, kind="person", document="11144477735", name=name.title()
    )


def contract(provider: Provider, name: str) -> int:
    """The key of a new contract of a new subscriber."""
    made = Contract.objects.create(
        provider=provider, subscriber=subscriber(provider, name), external_id=name, since=date(2024, 1, 10)
    )
    return made.pk


def load(contract: int, at: datetime = AT, ask: Ask = WHOLE_HISTORY) -> Loaded:
    return loader.load([contract], at, ask=ask)[contract]


def save(contract: int, after: Facts, at: datetime = AT, **options) -> Facts:
    """Saves facts over what is there now; returns them with their keys."""
    return writer.save(writer.Change(load(contract, at), after, CALENDARS, **options), at=at, author="test")


def change(contract: int, at: datetime = AT, **changes) -> Facts:
    """Saves some fields of the facts that are there now."""
    return save(contract, replace(load(contract, at).facts, **changes), at)


def invoice(name: str = "I1", *amounts: int, due: date = date(2026, 11, 10), **more) -> Invoice:
    lines = tuple(Line(a) for a in amounts or (9990,))
    return Invoice(id=name, issued_at=AT - 30 * DAY, due_date=due, lines=lines, reference="2026-11", **more)


def payment(name: str = "E1", amount: int = 9990, at: datetime = AT, **more) -> Payment:
    return Payment(id=name, known_at=at, paid_at=at, amount=amount, method=Method.PIX, **more)


def without_keys(facts: Facts) -> Facts:
    """Facts as they were before they were kept."""
    invoices = tuple(
        replace(i, key=None, settlements=_unkeyed(i.settlements), disputes=_unkeyed(i.disputes))
        for i in facts.invoices
    )
    families = ("payments", "notices", "suspensions", "unlocks", "pay_windows", "agreements", "holds",
                "enforcement_off", "operator_blocks", "pauses", "bars")  # fmt: skip
    plain = {family: _unkeyed(getattr(facts, family)) for family in families}
    guard = replace(facts.guard_hold, key=None) if facts.guard_hold else None
    return replace(facts, invoices=invoices, guard_hold=guard, **plain)


def _unkeyed(kept: Iterable) -> tuple:
    return tuple(replace(fact, key=None) for fact in kept)


def tables() -> dict[str, list]:
    """Every row of every table of ours, to see whether anything was written."""
    from django.apps import apps
    from django.db import connection

    found = {}
    with connection.cursor() as cursor:
        for model in apps.get_app_config("records").get_models():
            if model._meta.managed:
                cursor.execute(f"SELECT t.xmin::text, t::text FROM {model._meta.db_table} t ORDER BY 2")
                found[model._meta.db_table] = cursor.fetchall()
    return found
