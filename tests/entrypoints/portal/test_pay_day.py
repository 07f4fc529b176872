"""O dia em que eu recebo: kept, offered as a promise, forgotten."""

from __future__ import annotations

import pytest

import people
from religa.domain.pay_days import PayDay, PayDayKind
from religa.records.models import SubscriberPayDay
from religa.records.queries.portal_deeds import pay_day

from ..reading import text_of

pytestmark = pytest.mark.django_db


def keep(client, contract, **fields):
    return client.post(f"/contrato/{contract.pk}/dia-de-receber/", fields, follow=True)


def test_the_fifth_bank_day_is_offered_to_everybody(enter, maria):
    page = text_of(enter(maria).get(f"/contrato/{maria.pk}/liberar/"))
    assert "5º dia útil" in page


def test_ones_own_day_is_a_button_that_promises(enter, maria, now):
    day = people.days_ago(now, -4)
    client = enter(maria)
    page = keep(client, maria, tipo="mes", mes=str(day.day))
    assert page.redirect_chain[-1][0] == f"/contrato/{maria.pk}/liberar/"
    html = page.content.decode()
    assert "Dia em que eu recebo" in text_of(page) and f'href="?dia={day:%Y-%m-%d}"' in html


def test_a_day_beyond_the_limit_is_said_to_be_too_far(enter, maria, now):
    client = enter(maria)
    page = text_of(keep(client, maria, tipo="mes", mes=str(people.days_ago(now, -20).day)))
    assert "Dia em que eu recebo" in page and "fica depois do prazo que podemos esperar" in page


@pytest.mark.parametrize(
    ("fields", "kept"),
    [
        ({"tipo": "util", "util": "3"}, PayDay(PayDayKind.BANK_DAY, 3)),
        ({"tipo": "beneficio", "beneficio": "1"}, PayDay(PayDayKind.BANK_DAY_FROM_END, 5)),
        ({"tipo": "beneficio", "beneficio": "1", "acima": "sim"}, PayDay(PayDayKind.BANK_DAY, 1)),
    ],
)
def test_days_are_kept_as_days_and_no_number_of_a_benefit(enter, maria, fields, kept):
    client = enter(maria)
    keep(client, maria, tipo="mes", mes="31")
    keep(client, maria, **fields)
    assert pay_day(maria.subscriber_id) == kept
    assert SubscriberPayDay.objects.count() == 1


@pytest.mark.parametrize(
    "wrong", [{}, {"tipo": "mes", "mes": "32"}, {"tipo": "util", "util": "\0"}, {"tipo": "x", "x": "1"}]
)
def test_what_is_no_day_is_not_kept(enter, maria, wrong):
    page = keep(enter(maria), maria, **wrong)
    assert page.status_code == 422 and "Escolha um dia da lista." in text_of(page)
    assert not SubscriberPayDay.objects.exists()


def test_it_is_forgotten_at_ones_word(enter, maria):
    client = enter(maria)
    keep(client, maria, tipo="mes", mes="10")
    assert "Dia 10 de cada mês." in text_of(client.get(f"/contrato/{maria.pk}/dia-de-receber/"))
    keep(client, maria, esquecer="1")
    assert not SubscriberPayDay.objects.exists()
