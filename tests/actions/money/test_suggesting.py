"""Whose money of nobody may be: what speaks for each contract, the best first."""

from __future__ import annotations

from datetime import date

import pytest

from religa.actions.money.suggest import BEST, Known, Sake, suggest
from religa.domain.facts import Method
from religa.records.models import Charge, Invoice, Provider, Subscriber

from .. import world

pytestmark = pytest.mark.django_db
PAID = date(2026, 11, 20)
AT = world.at("2026-11-20 10:00")  # ten days after the due date of F1


def charge(contract: int, number: str | None = None) -> None:
    invoice = Invoice.objects.get(contract_id=contract)
    amount = sum(invoice_line for (invoice_line,) in world.raw.rows(
        "SELECT amount FROM invoice_line WHERE invoice_id = %s", [invoice.pk]))  # fmt: skip
    Charge.objects.create(provider=invoice.provider, invoice=invoice, kind="boleto", nosso_numero=number, amount=amount,
                          due_date=invoice.due_date, created_at=AT)  # fmt: skip


@pytest.fixture
def town(provider) -> dict[str, int]:
    """Maria owes R$ 99.90 and so do eight others, Zélia R$ 77.31; each has a charge."""
    people = {}
    for n, name in enumerate(("maria das dores lima", "zélia prado", *(f"vizinho {n}" for n in range(8)))):
        people[name.split()[0] if n < 2 else name] = contract = world.contract(provider, name)
        world.bill(contract, f"F{n + 1}", amount=77_31 if n == 1 else 99_90)
        charge(contract, f"1000000{n}")
    Subscriber.objects.filter(name__istartswith="vizinho").update(document="52998224725")
    Subscriber.objects.filter(name__istartswith="zélia").update(document="12345678909")
    return people


def ask(provider, amount: int = 50_00, on: date = PAID, **said):
    return suggest(provider.pk, Known(amount, Method.PIX, AT, **said), at=AT, zone_day=on)


def test_the_payers_document_is_the_subscribers(provider, town):
    [found] = ask(provider, document="111.444.777-35")
    assert (found.contract_id, found.invoice, found.sakes) == (town["maria"], None, (Sake.DOCUMENT,))


def test_an_amount_as_a_bank_rounds_it_names_the_invoice(provider, town):
    found, *_ = ask(provider, amount=99_92, document="11144477735")
    assert (found.invoice, found.sakes) == ("F1", (Sake.DOCUMENT, Sake.PRINCIPAL))
    found, *_ = ask(provider, amount=99_93, document="11144477735")
    assert (found.invoice, found.sakes) == (None, (Sake.DOCUMENT,))


def test_what_lateness_adds_by_the_day_of_payment_names_it_too(provider, town):
    found, *_ = ask(provider, amount=99_90 + 1_99 + 33, document="11144477735")
    assert (found.invoice, found.sakes) == ("F1", (Sake.DOCUMENT, Sake.TOTAL))


@pytest.mark.parametrize("number", ["10000001", "10000001-7", "000010000001", "0010000001-X"])
def test_the_nosso_numero_is_known_without_its_check_digit_and_zeros(provider, town, number):
    [found] = ask(provider, nosso_numero=number)
    assert (found.contract_id, found.invoice, found.sakes) == (town["zélia"], "F2", (Sake.NUMBER,))


def test_a_check_digit_that_only_the_paper_has(provider, town):
    Charge.objects.filter(nosso_numero="10000001").update(nosso_numero="100000017")
    assert [s.contract_id for s in ask(provider, nosso_numero="10000001")] == [town["zélia"]]


def test_a_name_without_accents_in_capitals_is_alike(provider, town):
    [found] = ask(provider, name="ZELIA PRADO")
    assert (found.contract_id, found.sakes, found.score) == (town["zélia"], (Sake.NAME,), 30)


def test_a_first_name_alone_says_nothing(provider, town):
    assert ask(provider, name="MARIA") == []


@pytest.mark.parametrize(
    ("amount", "on"),
    [(77_31, date(2026, 11, 3)), (77_31, date(2026, 11, 10)), (77_31 + 1_54 + 25, PAID)],
)
def test_an_amount_that_few_owe_is_found_by_itself(provider, town, amount, on):
    [found] = ask(provider, amount=amount, on=on)
    assert (found.contract_id, found.invoice) == (town["zélia"], "F2")
    assert found.sakes[0] in (Sake.PRINCIPAL, Sake.TOTAL)


def test_an_amount_that_half_the_town_owes_is_dropped(provider, town, monkeypatch):
    from religa.records.queries import payers

    assert len(ask(provider, amount=99_90)) == BEST
    monkeypatch.setattr(payers, "MOST", 4)
    assert ask(provider, amount=99_90) == []


def test_more_signs_come_first_and_five_are_enough(provider, town):
    found = ask(provider, amount=99_90, document="529.982.247-25", name="Vizinho 3")
    assert len(found) == BEST
    assert found[0].contract_id == town["vizinho 3"]
    assert found[0].sakes == (Sake.DOCUMENT, Sake.NAME, Sake.PRINCIPAL)
    assert found[0].score > found[1].score >= found[4].score


def test_nothing_of_another_provider_is_suggested(provider, town):
    other = Provider.objects.create(name="Outra Rede", cnpj="55444333000181")
    assert ask(other, 77_31, document="11144477735", name="Zélia Prado", nosso_numero="10000001") == []


def test_odd_texts_are_only_texts(provider, town):
    assert ask(provider, document="%", name="%% __ '; DROP \\", nosso_numero="%%%%%") == []
