"""Several contracts: those that need somebody come first, each with its state and sum, one tap away."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

import people
from religa.entrypoints.portal import contacts
from religa.entrypoints.portal.contacts import Phone

from ..reading import text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def shops(provider, now):
    """A bakery with a shop that is paid up, one that is blocked, and one that has a late bill."""
    bakery = people.subscriber(provider, "Padaria Pão Ltda", 2001, kind="company")
    made = [
        people.contract(
            bakery, 2001 + n, since=people.days_ago(now, 300), address=f"Rua {name}", segment="company"
        )
        for n, name in enumerate(("Quitada", "Bloqueada", "Atrasada"))
    ]
    people.bill(made[1], due=people.days_ago(now, 45), amount=199_90)
    people.bill(made[2], due=people.days_ago(now, 6), amount=100_00)
    people.play(now)
    return made


def test_what_needs_somebody_comes_first(enter, shops):
    page = text_of(enter(shops[0]).get("/"))
    assert page.index("Rua Bloqueada") < page.index("Rua Atrasada") < page.index("Rua Quitada")
    assert "Um contrato está bloqueado." in page and "Atrasado hoje, somando tudo: R$ 3" in page
    assert "Para empresas" in page and "Padaria Pão Ltda" in page


def test_a_list_takes_no_more_statements_for_each_contract(enter, shops, provider, now):
    client = enter(shops[0])

    def statements() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert client.get("/").status_code == 200
        return len(asked)

    few = statements()
    for n in range(5):
        people.contract(shops[0].subscriber, 2100 + n, since=people.days_ago(now, 300))
    assert statements() <= few


def test_companies_and_homes_are_each_told_their_numbers(enter, shops, maria, provider):
    provider.phones = [
        {"number": "81 3722-0000", "hours": "segunda a sexta, 8h às 18h"},
        {"number": "0800 591 0000", "hours": "24 horas, todos os dias"},
        {"number": "81 3722-1111", "hours": "24 horas", "for": "company"},
        {"number": "81 3722-2222", "hours": "8h às 20h", "for": "home"},
    ]
    provider.save(update_fields=["phones"])
    page = text_of(enter(shops[0]).get(f"/contrato/{shops[0].pk}/"))
    assert page.index("(81) 3722-1111") < page.index("0800 591 0000") < page.index("(81) 3722-0000")
    assert "3722-2222" not in page and "Para empresas" in page
    page = text_of(enter(maria).get(f"/contrato/{maria.pk}/"))
    assert "3722-2222" in page and "3722-1111" not in page and "Para você" in page


def test_a_provider_without_numbers_has_none():
    assert contacts.phones(None, company=True) == []


def test_a_number_day_and_night_is_known(provider):
    assert contacts.phones(provider, company=False) == [
        Phone("0800 591 0000", "24 horas, todos os dias", True)
    ]
