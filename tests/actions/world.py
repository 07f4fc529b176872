"""A provider in Fortaleza and people at known places of the loop, made by the real actions.

Ana pays in time, Bruno is late, Carla is blocked. Instants: the invoice of 10 November 2026 (a Tuesday) is notified on
the 11th at 09:00 and blocks on Monday the 30th at 09:00, local time.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction

from religa.actions import engine, evaluate_access, issue_invoice
from religa.adapters.fakes.outbox import Outbox
from religa.domain.facts import Invoice, Line
from religa.records import facts, raw
from religa.records.models import Contract, PolicyVersion, Provider, Subscriber

ZONE = ZoneInfo("America/Fortaleza")
_count = itertools.count(1)


def at(text: str) -> datetime:
    """A local wall time of the tests' provider."""
    return datetime.fromisoformat(text).replace(tzinfo=ZONE).astimezone(UTC)


ISSUED, NOTIFIED, BLOCKED = at("2026-11-01 08:00"), at("2026-11-11 09:00"), at("2026-11-30 09:00")


def provider(preset: str = "anatel-rgc-2025", *, cnpj: str = "12ABC34501DE35", **values) -> Provider:
    made = Provider.objects.create(
        name="Religa Net Ltda",
        cnpj=cnpj,
        address="Rua das Flores, 10, Fortaleza",
        zone=ZONE.key,
        uf="CE",
        ibge_code="2304400",
        phones=[{"number": "0800 000 0000", "hours": "24 horas"}],
        first_run_approved_at=ISSUED,
        first_run_approved_by="Gestora",
    )
    PolicyVersion.objects.create(
        provider=made, number=1, valid_from=at("2020-01-01"), preset=preset, values=values, author="Gestora"
    )
    return made


def contract(of: Provider, name: str = "", **more) -> int:
    """The key of a new contract of a new subscriber, quiet until something happens to it."""
    name = name or f"pessoa {next(_count)}"
    person = Subscriber.objects.create(
        provider=of,
        external_id=name,
        kind="person",
        document="11144477735",
        name=name.title(),
        email="a@example.org",
    )
    made = Contract.objects.create(
        provider=of, subscriber=person, external_id=name, since=date(2024, 1, 10), **more
    )
    raw.run("UPDATE contract_access SET next_look_at = NULL WHERE contract_id = %s", [made.pk])
    return made.pk


def invoice(
    name: str, amount: int = 99_90, due: date = date(2026, 11, 10), issued: datetime = ISSUED
) -> Invoice:
    return Invoice(id=name, issued_at=issued, due_date=due, lines=(Line(amount),), reference=f"{due:%Y-%m}")


def bill(contract_id: int, name: str = "", **more) -> str:
    """Issues an invoice; gives its id."""
    made = invoice(name or f"F{next(_count)}", **more)
    issue_invoice.issue(contract_id=contract_id, invoice=made, at=made.issued_at)
    return made.id


def billed(of: Provider, name: str, invoice_id: str) -> int:
    """A new contract with one invoice."""
    made = contract(of, name)
    bill(made, invoice_id)
    return made


def bill_many(contracts: Sequence[int], **more) -> None:
    """An invoice for each, in one batch."""
    loaded = facts.load(contracts, ISSUED)
    judgements = []
    for contract_id, one in loaded.items():
        made = invoice(f"F-{contract_id}", **more)
        judgements.append(evaluate_access.Judgement(one, replace(one.facts, invoices=(made,)), "invoice"))
    with transaction.atomic():
        evaluate_access.write(judgements, at=ISSUED)


def contracts(of: Provider, number: int) -> list[int]:
    """Many new contracts, each of a subscriber of his own."""
    people = Subscriber.objects.bulk_create(
        Subscriber(
            provider=of,
            external_id=f"P{n}",
            kind="person",
            document="11144477735",
            name=f"Pessoa {n}",
            email="p@example.org",
        )
        for n in range(number)
    )
    made = Contract.objects.bulk_create(
        Contract(provider=of, subscriber=person, external_id=f"C{n}", since=date(2024, 1, 10))
        for n, person in enumerate(people)
    )
    raw.run("UPDATE contract_access SET next_look_at = NULL")
    return [contract.pk for contract in made]


def play(until: datetime) -> None:
    """Turns the engine through every instant at which something was due, with an outbox that delivers."""
    engine.play_through(until=until, channel_for=lambda name: Outbox())


def row(contract_id: int) -> tuple[str, str, datetime | None]:
    """Access, status and until, as RADIUS would read them."""
    query = "SELECT access, status, until FROM contract_access WHERE contract_id = %s"
    return raw.rows(query, [contract_id])[0]


def count(query: str, *parameters: object) -> int:
    return int(raw.rows(query, list(parameters))[0][0])


DAY = timedelta(days=1)
