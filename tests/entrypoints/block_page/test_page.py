"""The block page: who is walled is told so, and what to do; nobody is named."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

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


def test_nobody_is_named_and_no_debt_is_told(get, online, maria):
    online(maria)
    page = get("/bloqueio/").content.decode()
    person = maria.subscriber
    for secret in (person.name, person.name.split()[0], person.document, person.email, maria.external_id,
                   maria.address, "R$", "pagamento", "dívida", "conta "):  # fmt: skip
        assert secret not in page, secret


def test_a_fault_of_ours_is_said_and_debt_is_not(get, online, maria, now):
    maria.ibge_code = "2304400"
    maria.save()
    online(maria)
    assert "não um defeito da rede" in text_of(get("/bloqueio/"))
    opened = incident.open_incident(
        provider_id=maria.provider_id, reason="fibra rompida", by="Ivo", at=now, ibge_code="2304400"
    )
    assert isinstance(opened, incident.Opened)
    said = text_of(get("/bloqueio/"))
    assert "Há uma falha na sua região" in said and "não um defeito da rede" not in said
    assert "conta" not in said.partition("Há uma falha")[2].partition(".")[0]
    assert "fibra" not in said  # a note of the staff


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
    assert "liberado, com velocidade reduzida" in text_of(get("/bloqueio/"))


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
    for path in ("/bloqueio/", "/captive", "/generate_204", "/hotspot-detect.html"):
        get(path)
        get(path, method="head")
    assert tables() == before


@pytest.mark.parametrize("path", ["/bloqueio/", "/captive"])
def test_nothing_can_be_posted_here(get, maria, path):
    assert get(path, method="post").status_code == 405


def test_the_page_is_kept_by_no_cache_and_runs_nothing(get, online, maria):
    online(maria)
    answer = get("/bloqueio/")
    assert answer["Cache-Control"] == "no-store, private"
    assert "default-src 'none'" in answer["Content-Security-Policy"]
    html = answer.content.decode()
    assert not re.search(r"<script|<style|\sstyle=|\son\w+=|http-equiv", html)
    assert not answer.cookies


def test_it_all_weighs_less_than_50_kilobytes(get, client, online, maria):
    online(maria)
    html = get("/bloqueio/").content
    files = re.findall(r'(?:href|src)="(/static/[^"]+)"', html.decode())
    assert len(files) == 3
    whole = len(html) + sum(
        len(b"".join(client.get(path, headers={"host": "testserver"}).streaming_content)) for path in files
    )
    assert whole < 50_000


def test_too_many_looks_of_one_home_are_put_off(get, online, maria, monkeypatch):
    monkeypatch.setattr(
        "religa.entrypoints.block_page.sources.PAGES", PAGES.__class__("block_page", 2, PAGES.within)
    )
    online(maria)
    assert [get("/bloqueio/").status_code for _ in range(3)] == [200, 200, 429]
    assert get("/bloqueio/", address="100.64.7.10").status_code == 200
