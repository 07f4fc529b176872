"""Liberar em confiança: the end is shown first, a POST asks, the answer has a protocol number."""

from __future__ import annotations

import re

import pytest

import people
from religa.entrypoints.portal import trust
from religa.records.models import ProtocolNumber, TrustUnlock

from ..reading import text_of

pytestmark = pytest.mark.django_db
KEY = "0123456789abcdef0123456789abcdef"


def post(client, contract, key=KEY, **fields):
    wish = {"como": "promessa", "chave": key, **fields}
    return client.post(f"/contrato/{contract.pk}/liberar/", wish, follow=True)


def test_the_form_shows_the_exact_end_and_changes_nothing(enter, maria, tables):
    client = enter(maria)
    before = tables()
    page = text_of(client.get(f"/contrato/{maria.pk}/liberar/"))
    assert re.search(r"Até \w+-feira, \d+º? de \w+, (às|ao)", page)
    assert tables() == before


def test_a_promise_opens_and_is_answered_with_a_protocol(enter, maria):
    page = text_of(post(enter(maria), maria))
    granted = TrustUnlock.objects.get(contract=maria)
    told = ProtocolNumber.objects.get(contract=maria)
    assert "Pronto! Sua internet está liberada" in page
    assert told.number in page
    assert granted.kind == "promise" and granted.channel == "portal"


def test_the_same_form_sent_twice_grants_once(enter, maria):
    client = enter(maria)
    first, second = text_of(post(client, maria)), text_of(post(client, maria))
    assert re.search(r"Protocolo deste pedido: \d+", first)[0] in second
    assert TrustUnlock.objects.filter(contract=maria).count() == 1
    assert ProtocolNumber.objects.filter(contract=maria).count() == 1


def test_the_same_key_with_another_wish_asks_nothing(enter, maria):
    client = enter(maria)
    post(client, maria)
    page = post(client, maria, como="ja-paguei", comprovante="E1")
    assert page.redirect_chain[-1][0] == f"/contrato/{maria.pk}/liberar/"
    assert TrustUnlock.objects.filter(contract=maria).count() == 1


def test_a_chosen_day_is_kept_with_the_promise(enter, maria, now):
    client = enter(maria)
    day = people.days_ago(now, -2)
    page = text_of(client.get(f"/contrato/{maria.pk}/liberar/?dia={day:%Y-%m-%d}"))
    assert "Você diz que vai pagar" in page
    post(client, maria, dia=f"{day:%Y-%m-%d}")
    assert TrustUnlock.objects.get(contract=maria).promise_date == day


def test_a_day_beyond_the_limit_is_refused_with_its_reason(enter, maria, now):
    day = people.days_ago(now, -30)
    page = text_of(post(enter(maria), maria, dia=f"{day:%Y-%m-%d}"))
    assert "A data escolhida está fora do prazo permitido." in page
    assert not TrustUnlock.objects.filter(contract=maria).exists()


def test_only_days_within_the_limit_are_offered(enter, maria):
    page = enter(maria).get(f"/contrato/{maria.pk}/liberar/").content.decode()
    assert len(re.findall(r'href="\?dia=', page)) == 8  # today and seven more


def test_paid_already_keeps_the_receipt(enter, maria):
    page = text_of(post(enter(maria), maria, como="ja-paguei", comprovante=" e123 45 "))
    granted = TrustUnlock.objects.get(contract=maria)
    assert (granted.kind, granted.receipt) == ("paid_already", "E123 45")
    assert "Pronto!" in page


def test_a_receipt_is_good_once(enter, maria, provider, now):
    post(enter(maria), maria, como="ja-paguei", comprovante="E123")
    other = people.blocked(provider, now, name="Outra Pessoa", number=1998)
    people.play(now)
    page = text_of(post(enter(other), other, como="ja-paguei", comprovante="e123"))
    assert "Este comprovante já foi usado em outro pedido." in page


def test_a_refusal_says_every_reason_the_date_and_what_to_pay(enter, maria, now):
    people.unlock(maria, now - 15 * people.DAY)
    people.play(now)
    page = text_of(post(enter(maria), maria))
    assert "Hoje não podemos liberar em confiança" in page
    assert "A liberação em confiança deste bloqueio já foi usada." in page
    assert "A conta da última liberação ainda não foi paga." in page
    assert "Pagando por Pix, a internet volta na hora." in page
    assert ProtocolNumber.objects.filter(contract=maria).latest("id").number in page


def test_a_refusal_that_time_lifts_names_the_day(enter, maria, now):
    people.unlock(maria, now)
    page = text_of(post(enter(maria), maria))
    assert "Já existe uma liberação em confiança valendo." in page
    assert "Você poderá pedir de novo a partir de" in page


def test_a_form_without_its_key_asks_nothing(enter, maria):
    for key in ("", "short", "<script>", "g" * 32):
        page = post(enter(maria), maria, key=key)
        assert page.redirect_chain[-1][0] == f"/contrato/{maria.pk}/liberar/"
    assert not ProtocolNumber.objects.exists()


def test_an_answer_is_found_by_its_own_contract_alone(enter, maria, provider, now):
    post(enter(maria), maria)
    other = people.blocked(provider, now, name="Outra Pessoa", number=1998)
    assert enter(other).get(f"/contrato/{other.pk}/liberar/{KEY}/").status_code == 404


def test_looking_at_the_answer_asks_nothing_again(enter, maria, tables):
    client = enter(maria)
    post(client, maria)
    before = tables()
    assert client.get(f"/contrato/{maria.pk}/liberar/{KEY}/").status_code == 200
    assert tables() == before


def test_requests_without_end_are_stopped(enter, maria, monkeypatch):
    monkeypatch.setattr(trust, "ASKED", trust.Limit("portal_unlock", 2, trust.ASKED.within))
    client = enter(maria)
    statuses = [post(client, maria, key=f"{n:032x}").status_code for n in range(3)]
    assert statuses == [200, 200, 429]
