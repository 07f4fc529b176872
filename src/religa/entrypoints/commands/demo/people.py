"""A small provider with people at every place of the loop, made by the real actions in days gone by.

Everything is counted back from an instant `now`, so that pages that ask the database's clock show a living provider.
Used by `religa demo`, by the tests of the doors and by tools/screenshots.py.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from religa import wiring
from religa.actions import (
    dispute,
    engine,
    hold,
    issue_invoice,
    record_payment,
    switches,
    unlock_on_trust,
)
from religa.domain.documents import check_digits
from religa.domain.facts import Channel, Invoice, Line, Method, UnlockKind
from religa.domain.trust import Request
from religa.entrypoints.commands import demo_bank
from religa.records import raw
from religa.records.models import (
    AccessRecord,
    Contract,
    Plan,
    PolicyVersion,
    Provider,
    Subscriber,
    SubscriberPhone,
)

ZONE = ZoneInfo("America/Recife")
DAY = timedelta(days=1)


def cpf(n: int) -> str:
    """A valid CPF that nobody was given for these pages: its base is a running number."""
    base = f"{n:09}"
    return base + check_digits(base)


def cnpj(n: int) -> str:
    base = f"{n:08}0001"
    return base + check_digits(base)


def provider(now: datetime, **more: Any) -> Provider:
    made = Provider.objects.create(
        name="Ponte Fibra Telecomunicações Ltda",
        trade_name="Ponte Fibra",
        cnpj=cnpj(41_222_333),
        address="Avenida do Sol, 1200, Centro, Caruaru, PE",
        zone=ZONE.key,
        uf="PE",
        ibge_code="2604106",
        phones=[{"number": "0800 591 0000", "hours": "24 horas, todos os dias"}],
        payee=demo_bank.PAYEE,
        pix_key=demo_bank.KEY,
        **{"first_run_approved_at": now - 400 * DAY, "first_run_approved_by": "Gestora", **more},
    )
    PolicyVersion.objects.create(
        provider=made,
        number=1,
        valid_from=now - 900 * DAY,
        preset="anatel-rgc-2025",
        values={},
        author="Gestora",
    )
    return made


def subscriber(of: Provider, name: str, number: int, *, kind: str = "person", email: str = "") -> Subscriber:
    made = Subscriber.objects.create(
        provider=of,
        external_id=f"S{number}",
        kind=kind,
        document=cnpj(number) if kind == "company" else cpf(number),
        name=name,
        email=email,
    )
    SubscriberPhone.objects.create(subscriber=made, position=1, number=f"5581999{number % 1_000_000:06}")
    return made


def contract(person: Subscriber, number: int, *, since: date, address: str = "", **more: Any) -> Contract:
    plan, _ = Plan.objects.get_or_create(
        provider=person.provider,
        external_id="P500",
        defaults={"name": "Fibra 500 Mega", "price": 99_90, "down_kbps": 500_000, "up_kbps": 250_000},
    )
    made = Contract.objects.create(
        provider=person.provider,
        subscriber=person,
        plan=plan,
        external_id=f"{number}",
        since=since,
        address=address or f"Rua das Acácias, {number}, Boa Vista",
        city="Caruaru",
        uf="PE",
        ibge_code="2604106",
        **more,
    )
    AccessRecord.objects.create(contract=made, username=f"cliente{number}@ponte")
    raw.run("UPDATE contract_access SET next_look_at = NULL WHERE contract_id = %s", [made.pk])
    return made


def bill(of: Contract, *, due: date, amount: int = 99_90, name: str = "") -> str:
    """An invoice for the month of its due date, issued ten days before."""
    issued = datetime(due.year, due.month, due.day, 8, tzinfo=ZONE) - 10 * DAY
    made = Invoice(
        id=name or f"{of.external_id}-{due:%Y%m}",
        issued_at=issued,
        due_date=due,
        lines=(Line(amount),),
        reference=f"{due:%Y-%m}",
    )
    issue_invoice.issue(contract_id=of.pk, invoice=made, at=issued)
    return made.id


def play(until: datetime) -> None:
    engine.play_through(until=until, channel_for=wiring.outbox_for)


def pay(of: Contract, amount: int, at: datetime, name: str) -> None:
    record_payment.record(
        contract_id=of.pk, payment_id=name, amount=amount, method=Method.PIX, paid_at=at, at=at
    )


def unlock(of: Contract, at: datetime) -> None:
    asked = Request(UnlockKind.PROMISE, Channel.WHATSAPP)
    given = unlock_on_trust.unlock(contract_id=of.pk, request=asked, at=at)
    if not isinstance(given, unlock_on_trust.Unlocked):
        raise RuntimeError(f"{of.external_id} was to be trusted, but: {given}")


def days_ago(now: datetime, days: int) -> date:
    return (now.astimezone(ZONE) - days * DAY).date()


def blocked(
    of: Provider, now: datetime, *, name: str = "Maria das Dores Silva", number: int = 1001
) -> Contract:
    """One invoice late for more than a month: blocked for days, nothing asked yet. Paid every month before it."""
    person = subscriber(of, name, number, email="maria@example.org")
    made = contract(person, number, since=days_ago(now, 900))
    due = days_ago(now, 45)
    before = due - 30 * DAY
    bill(made, due=before)
    paid_at = datetime(before.year, before.month, before.day, 10, tzinfo=ZONE)
    pay(made, 99_90, paid_at, f"E-before-{number}")
    bill(made, due=due)
    return made


def everybody(now: datetime) -> dict[str, Contract]:
    """One person at each place, by the name of the place. Plays the engine up to `now`."""
    of = provider(now)
    since = days_ago(now, 700)
    due = days_ago(now, 45)
    made = {"blocked": blocked(of, now)}

    made["current"] = contract(subscriber(of, "Ana Beatriz Rocha", 1002), 1002, since=since)
    bill(made["current"], due=days_ago(now, -12))

    made["late"] = contract(
        subscriber(of, "Bruno Farias", 1003, email="bruno@example.org"), 1003, since=since
    )
    bill(made["late"], due=days_ago(now, 6))

    for place, number, name in (
        ("trusted", 1004, "José Carlos Lima"),
        ("locked", 1005, "Paula Regina Souza"),
    ):
        made[place] = contract(subscriber(of, name, number), number, since=since)
        bill(made[place], due=due)
    made["disputed"] = contract(subscriber(of, "Lúcia Helena Prado", 1006), 1006, since=since)
    contested = bill(made["disputed"], due=due)
    made["operator"] = contract(subscriber(of, "Rafael Nunes", 1007), 1007, since=since)
    made["held"] = contract(subscriber(of, "Clínica Boa Saúde Ltda", 1008, kind="company"), 1008, since=since)
    bill(made["held"], due=due, amount=349_90)

    shop = subscriber(of, "Padaria Pão de Cada Dia Ltda", 2001, kind="company", email="padaria@example.org")
    for n, (place, late) in enumerate((("shop", 0), ("shop_late", 45), ("shop_paid", 0))):
        address = ("Rua do Comércio, 10", "Rua da Feira, 77", "Avenida Central, 501")[n]
        made[place] = contract(shop, 2001 + n, since=since, address=address, segment="company")
        if late:
            bill(made[place], due=days_ago(now, late), amount=199_90)
            bill(made[place], due=days_ago(now, late - 30), amount=199_90)

    hold.hold(
        contract_id=made["held"].pk,
        until=now + 10 * DAY,
        reason="equipamentos médicos, combinado com a gestora",
        at=now - 44 * DAY,
        author="gestora",
    )
    play(now - 12 * DAY)
    unlock(made["locked"], now - 12 * DAY)
    play(now - 1 * DAY)
    unlock(made["trusted"], now - 1 * DAY)
    dispute.file(
        contract_id=made["disputed"].pk, invoice=contested, at=now - 1 * DAY, reason="não usei neste mês"
    )
    switches.turn_on(
        contract_id=made["operator"].pk, switch="operator_block", at=now - 2 * DAY, reason="ordem judicial"
    )
    play(now)
    return made
