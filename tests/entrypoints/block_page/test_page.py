"""The block page: who is walled is told so, and what to do; nobody is named."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders

import people
from entrypoints.reading import text_of
from religa.actions import incident
from religa.entrypoints.block_page.sources import PAGES
from religa.records.models import Provider

from .conftest import IPV4, IPV6, PROXY

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("address", [IPV4, IPV6])
def test_a_walled_subscriber_is_told_so_and_led_to_the_portal(get, online, maria, address):
    online(maria)
    answer = get("/bloqueio/", address=address)
    text = text_of(answer)
    assert answer.status_code == 200
    assert "Acesso à internet restrito" in text
    assert "o contrato continua ativo: nada foi cancelado" in text
    assert "e não um defeito da rede" in text
    assert 'href="/"' in answer.content.decode()
    assert "0800 591 0000" in text


def test_nobody_is_named_and_nothing_of_his_history_is_told(get, online, maria):
    online(maria)
    page = get("/bloqueio/").content.decode()
    person = maria.subscriber
    for secret in (person.name, person.name.split()[0], person.document, person.document[-4:], person.email,
                   maria.external_id, maria.address, "2026-", "vencimento"):  # fmt: skip
        assert secret not in page, secret


def test_the_amount_is_told_because_it_is_this_access(get, online, maria):
    online(maria)
    text = text_of(get("/bloqueio/"))
    assert re.search(r"Para voltar agora R\$ 10\d,\d\d", text)
    assert (
        "não há taxa para religar" in text
        and "A causa é uma conta em aberto, e não um defeito da rede" in text
    )


def test_where_the_policy_says_so_neither_debt_nor_amount_is_told(get, online, maria, policy):
    policy(block_page_shows_amount=False)
    online(maria)
    page = get("/bloqueio/").content.decode()
    for word in ("R$", "pagamento", "dívida", "conta em aberto", "Pix", "multa"):
        assert word not in page.partition('aria-labelledby="janela"')[0], word
    assert "A causa é uma restrição no contrato, e não um defeito da rede" in page


@pytest.fixture
def fault(maria, now):
    """A fault of ours where Maria lives."""
    maria.ibge_code = "2611606"
    maria.save()
    opened = incident.open_incident(
        provider_id=maria.provider_id, reason="fibra rompida", by="Ivo", at=now, ibge_code="2611606"
    )
    assert isinstance(opened, incident.Opened)


def test_a_fault_of_ours_is_said_and_that_money_does_not_mend_it(get, online, maria, fault):
    online(maria)
    said = text_of(get("/bloqueio/"))
    assert "Há uma falha na sua região" in said and "não um defeito da rede" not in said
    assert "pode não voltar mesmo com a conta paga" in said
    assert "fibra" not in said  # a note of the staff


def test_a_fault_is_said_without_a_word_about_debt_where_that_is_not_told(get, online, maria, fault, policy):
    policy(block_page_shows_amount=False, pay_window_minutes=0, block_page_unlock="off")
    online(maria)
    said = text_of(get("/bloqueio/"))
    assert "Há uma falha na sua região" in said and "conta" not in said.replace("contrato", "")


def test_an_address_that_nobody_has_gets_the_providers_contacts(get, maria):
    text = text_of(get("/bloqueio/"))
    assert "Não reconhecemos este acesso" in text and "0800 591 0000" in text


@pytest.mark.parametrize("address", ["", "garbage", "10.0.0.7", "::", "100.64.7.9, garbage", "fe80::1%eth0"])
def test_odd_addresses_are_nobody(get, online, maria, address):
    online(maria)
    assert "Não reconhecemos" in text_of(get("/bloqueio/", address=address))


def test_only_our_own_proxies_speak_for_others(client, online, maria):
    online(maria)
    for peer, forwarded in (
        ("192.0.2.1", IPV4),
        ("192.0.2.1", f"{IPV4}, {PROXY}"),
        (PROXY, f"{IPV4}, 192.0.2.1"),
    ):
        answer = look(client, peer, forwarded)
        assert "Não reconhecemos" in text_of(answer), (peer, forwarded)
    assert "restrito" in text_of(look(client, PROXY, f"1.2.3.4, {IPV4}, {PROXY}"))
    assert "restrito" in text_of(look(client, f"::ffff:{IPV4}", ""))


def look(client, peer: str, forwarded: str):
    headers = {"host": "testserver", "x-forwarded-for": forwarded}
    return client.get("/bloqueio/", REMOTE_ADDR=peer, headers=headers)


def test_who_has_paid_is_told_that_it_is_coming_and_then_that_it_is_there(get, online, maria, decide):
    session = online(maria)
    decide(maria, "full", status="current", why="nothing_late")
    assert "A internet está voltando" in text_of(get("/bloqueio/"))
    session.applied_state = "full"
    session.save()
    page = text_of(get("/bloqueio/"))
    assert "A internet está funcionando" in page and "Continuar" in page and "restrit" not in page


def test_the_way_out_is_the_providers_own_site_if_it_has_one(get, online, maria, decide):
    decide(maria, "full", status="current", why="nothing_late")
    online(maria)
    assert 'button-big" href="/">Continuar' in get("/bloqueio/").content.decode()
    maria.provider.site = "https://ponte.example"
    maria.provider.save()
    assert 'href="https://ponte.example">Continuar' in get("/bloqueio/").content.decode()


def test_access_with_an_end_says_until_when(get, online, maria, decide, now):
    decide(maria, "full", until=now + timedelta(days=2), then="walled", status="trusted", why="trust")
    online(maria)
    assert re.search(r"Está liberado até \S+(-feira)?, \d+º? de \S+", text_of(get("/bloqueio/")))


def test_a_wall_with_an_end_says_when_it_opens(get, online, maria, decide, now):
    decide(maria, "walled", until=now + timedelta(days=2), then="full")
    online(maria)
    assert re.search(r"Volta sozinho (na|no) \S+, \d+º? de", text_of(get("/bloqueio/")))


def test_a_block_that_is_not_about_money_says_whom_to_call(get, online, maria, decide):
    decide(maria, "walled", why="operator_block")
    online(maria)
    answer = get("/bloqueio/")
    assert "é preciso falar com o atendimento" in text_of(answer)
    assert "Ligar para 0800 591 0000" in text_of(answer)


def test_a_slow_line_is_not_called_blocked(get, online, maria, decide):
    decide(maria, "reduced", status="late", why="reduced_for_debt")
    online(maria)
    text = text_of(get("/bloqueio/"))
    assert "liberado, com velocidade reduzida" in text and "Para voltar à velocidade normal" in text


def test_a_block_that_is_not_about_money_offers_no_payment_and_no_trust(get, online, maria, decide):
    decide(maria, "walled", why="operator_block")
    online(maria)
    assert b"<form" not in get("/bloqueio/").content and "R$" not in text_of(get("/bloqueio/"))


def test_locked_is_said_and_only_what_can_help_is_offered(get, online, locked):
    online(locked)
    text = text_of(get("/bloqueio/"))
    assert "Agora a internet só volta com o pagamento ou com a primeira parcela de um acordo" in text
    assert "Agora não é possível liberar em confiança" in text and "Ver o motivo" in text
    assert "última liberação" not in text  # why is for who proves who he is


def test_a_device_is_led_out_to_its_own_probe(get, online, maria, decide):
    decide(maria, "full", status="current", why="nothing_late")
    online(maria)
    page = get("/bloqueio/?de=apple").content.decode()
    assert 'href="http://captive.apple.com/hotspot-detect.html">Continuar' in page
    assert 'button-big" href="/">Continuar' in get("/bloqueio/?de=http://evil.example").content.decode()


def test_the_page_speaks_three_languages_and_portuguese_first(get, online, maria):
    online(maria)
    assert '<html lang="pt-br">' in get("/bloqueio/", **{"accept-language": "en"}).content.decode()
    english, spanish = get("/bloqueio/?lang=en&de=apple"), get("/bloqueio/?lang=es")
    assert '<html lang="en">' in english.content.decode() and '<html lang="es">' in spanish.content.decode()
    assert "Internet access restricted" in text_of(english) and "To be back now" in text_of(english)
    assert "Acceso a internet restringido" in text_of(spanish) and "Para volver ahora" in text_of(spanish)
    assert 'action="/bloqueio/liberar/?lang=en&amp;de=apple"' in english.content.decode()
    assert 'href="/bloqueio/?de=apple" lang="pt"' in english.content.decode()
    assert not english.cookies


def test_a_company_is_spoken_to_as_one(get, online, maria):
    maria.segment = "company"
    maria.save()
    online(maria)
    assert "Para empresas" in text_of(get("/bloqueio/"))


@pytest.mark.parametrize(
    ("access", "status", "applied", "network"),
    [
        ("walled", "blocked", "walled", "walled"),
        ("full", "trusted", "walled", "returning"),
        ("full", "trusted", "full", "open"),
        ("full", "locked", "full", "window"),
        ("reduced", "late", "reduced", "slow"),
        ("closed", "terminated", "walled", "unknown"),
    ],
)
def test_the_page_that_waits_is_told_what_the_network_does(
    get, online, maria, decide, access, status, applied, network
):
    decide(maria, access, status=status)
    online(maria, applied=applied)
    answer = get("/bloqueio/estado")
    assert answer.json() == {"network": network} and answer["Cache-Control"] == "no-store, private"


def test_where_a_contract_has_ended_its_address_says_nothing(get, online, maria, decide):
    decide(maria, "closed", status="terminated", why="terminated")
    online(maria)
    assert "Não reconhecemos" in text_of(get("/bloqueio/"))


def test_with_several_providers_the_page_is_of_the_contracts_own(get, online, maria, now):
    Provider.objects.create(name="Outra Rede", cnpj=people.cnpj(55_666_777))
    online(maria)
    assert "Ponte Fibra" in text_of(get("/bloqueio/"))
    assert "Ponte Fibra" not in text_of(get("/bloqueio/", address="100.64.9.9"))


def test_looking_changes_nothing(get, online, maria, tables):
    online(maria)
    before = tables()
    for path in ("/bloqueio/", "/captive", "/generate_204", "/hotspot-detect.html", "/bloqueio/estado",
                 "/bloqueio/?codigo=enviado", f"/bloqueio/pedido/{'0' * 32}/", "/bloqueio/liberar/", "/bloqueio/janela/",
                 "/bloqueio/pix/", "/bloqueio/codigo/"):  # fmt: skip
        get(path)
        get(path, method="head")
    assert tables() == before


@pytest.mark.parametrize("path", ["/bloqueio/", "/captive", "/bloqueio/estado"])
def test_nothing_can_be_posted_here(get, maria, path):
    assert get(path, method="post").status_code == 405


def test_the_page_is_kept_by_no_cache_and_runs_only_its_own_file(get, online, maria):
    online(maria)
    answer = get("/bloqueio/")
    assert answer["Cache-Control"] == "no-store, private"
    assert "default-src 'none'" in answer["Content-Security-Policy"]
    html = answer.content.decode()
    assert re.findall(r"<script[^>]*>", html) == ['<script src="/static/block_page/block.js" defer>']
    assert not re.search(r"<style|\sstyle=|\son\w+=|http-equiv|=\"(https?:)?//", html)
    assert not answer.cookies


def test_who_waits_for_the_router_needs_no_script(get, online, maria, decide):
    decide(maria, "full", status="current", why="nothing_late")
    online(maria, applied="walled")
    assert (
        '<noscript><meta http-equiv="refresh" content="5"></noscript>' in get("/bloqueio/").content.decode()
    )


def test_the_script_is_of_a_kind_that_old_mini_browsers_know():
    script = finders.find("block_page/block.js")
    text = re.sub(r"/\*.*?\*/", "", Path(script).read_text(), flags=re.S)
    assert not re.search(r"=>|`|\b(let|const|async|await|import|export|class|fetch|Promise)\b", text)


def test_too_many_looks_of_one_home_are_put_off(get, online, maria, monkeypatch):
    monkeypatch.setattr(
        "religa.entrypoints.block_page.sources.PAGES", PAGES.__class__("block_page", 2, PAGES.within)
    )
    online(maria)
    assert [get("/bloqueio/").status_code for _ in range(3)] == [200, 200, 429]
    assert get("/bloqueio/", address="100.64.7.10").status_code == 200
