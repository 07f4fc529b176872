"""Forms in the wrong hands: nothing is done for anybody, and no table changes."""

from __future__ import annotations

from datetime import timedelta
from ipaddress import ip_address

import pytest
from django.test import Client

import people
from religa.entrypoints.block_page import forms, proofs
from religa.entrypoints.block_page.forms import Deed
from religa.records import raw
from religa.records.models import ContractAccess, SessionLive, TrustUnlock
from religa.records.queries.who import who_has

from ..reading import text_of
from .conftest import FOREIGN, IPV4, IPV6, PROXY

pytestmark = pytest.mark.django_db
PATHS = {"liberar": Deed.UNLOCK, "janela": Deed.WINDOW, "pix": Deed.PIX, "codigo": Deed.SEND_CODE}
OTHER = "100.64.7.10"


@pytest.fixture
def paula(maria, provider, now):
    """Blocked like Maria, at another address."""
    made = people.blocked(provider, now, name="Paula Regina Souza", number=1005)
    people.play(now)
    SessionLive.objects.create(
        unique_id="paula", session_id="2", username="y", contract=made, framed_ipv4=OTHER, applied_state="walled",
        started_at=now - timedelta(minutes=9), updated_at=now,
    )  # fmt: skip
    return made


@pytest.fixture
def token(now):
    """`token("pix")`: as the page of Maria's session would have it now."""

    def mint(path: str, *, at=None) -> str:
        found = who_has(ip_address(IPV4), at=now)
        return forms.token(PATHS[path], found, at=at or now)

    return mint


def answers(post, path: str, ficha: str, contract, **more):
    return post(f"/bloqueio/{path}/", ficha=ficha, prova=contract.subscriber.document, **more)


@pytest.mark.parametrize("path", ["liberar", "janela", "pix"])
def test_another_sessions_token_does_nothing(post, token, online, maria, paula, tables, path):
    online(maria)
    ficha, before = token(path), tables()
    for victim in (maria, paula):
        answer = answers(post, path, ficha, victim, address=OTHER)
        assert answer.status_code == 403 and "Nada foi feito" in text_of(answer)
    assert tables() == before


@pytest.mark.parametrize("path", ["liberar", "janela", "pix"])
def test_an_old_form_does_nothing_for_who_has_the_address_now(
    post, token, online, maria, paula, tables, path
):
    session = online(maria)
    ficha = token(path)
    session.delete()
    SessionLive.objects.filter(contract=paula).update(framed_ipv4=IPV4)
    before = tables()
    for document in (maria, paula):
        assert answers(post, path, ficha, document).status_code == 403
    assert tables() == before


def test_the_same_home_in_a_new_session_gets_a_fresh_form(post, token, online, maria, now):
    session = online(maria)
    ficha = token("janela")
    session.delete()
    online(maria)
    assert answers(post, "janela", ficha, maria).status_code == 403
    assert answers(post, "janela", token("janela"), maria).status_code == 303


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("ficha", ["", "x", "0.0.0", None])
def test_without_a_token_of_ours_nothing_is_done(post, online, maria, tables, path, ficha):
    online(maria)
    before = tables()
    fields = {} if ficha is None else {"ficha": ficha}
    assert post(f"/bloqueio/{path}/", prova=maria.subscriber.document, **fields).status_code == 403
    assert tables() == before


@pytest.mark.parametrize("path", PATHS)
def test_a_token_of_yesterday_or_of_another_deed_does_nothing(post, token, online, maria, tables, now, path):
    online(maria)
    before = tables()
    for ficha in (
        token(path, at=now - timedelta(days=1)),
        *(token(other) for other in PATHS if other != path),
    ):
        assert answers(post, path, ficha, maria).status_code == 403
    assert tables() == before


def test_who_writes_another_address_into_a_header_is_still_himself(client, token, online, maria, tables):
    online(maria)
    ficha, before = token("liberar"), tables()
    for peer, forwarded in (
        ("192.0.2.1", IPV4),
        (PROXY, f"{IPV4}, 192.0.2.1"),
        ("192.0.2.1", f"{IPV4}, {PROXY}"),
    ):
        headers = {"host": "testserver", "x-forwarded-for": forwarded}
        fields = {"ficha": ficha, "prova": maria.subscriber.document}
        assert client.post("/bloqueio/liberar/", fields, REMOTE_ADDR=peer, headers=headers).status_code == 403
    assert tables() == before


def test_an_address_of_several_homes_is_nobodys_and_has_no_buttons(
    get, post, token, online, maria, paula, tables
):
    online(maria)
    ficha = token("liberar")
    SessionLive.objects.filter(contract=paula).update(framed_ipv4=IPV4)
    before = tables()
    page = get("/bloqueio/")
    assert "Não reconhecemos este acesso" in text_of(page) and b"<form" not in page.content
    assert answers(post, "liberar", ficha, maria).status_code == 403
    assert get("/bloqueio/estado").json() == {"network": "unknown"} and tables() == before


def test_behind_a_translated_address_nobody_is_known_and_nothing_can_be_asked(
    get, post, token, online, maria
):
    online(maria)
    page = get("/bloqueio/", address="203.0.113.5")
    assert "Não reconhecemos este acesso" in text_of(page) and b"<form" not in page.content
    assert answers(post, "liberar", token("liberar"), maria, address="203.0.113.5").status_code == 403


def test_one_home_is_one_session_in_both_families(post, token, online, maria):
    online(maria)
    assert answers(post, "liberar", token("liberar"), maria, address=IPV6).status_code == 303


def test_an_answer_is_shown_to_its_own_contract_alone(get, post, token, online, maria, paula):
    online(maria)
    place = answers(post, "liberar", token("liberar"), maria)["Location"]
    assert "Protocolo" in text_of(get(place))
    answer = get(place, address=OTHER)
    assert (answer.status_code, answer["Location"]) == (302, "/bloqueio/")


def test_a_form_sent_to_a_foreign_name_does_nothing(client, token, online, maria, tables):
    online(maria)
    ficha, before = token("liberar"), tables()
    headers = {"host": FOREIGN, "x-forwarded-for": IPV4}
    answer = client.post("/bloqueio/liberar/", {"ficha": ficha}, REMOTE_ADDR=PROXY, headers=headers)
    assert answer.status_code == 302 and tables() == before


def test_guesses_are_counted_for_the_contract_wherever_it_is_asked_from(post, token, online, maria):
    online(maria)
    ficha = token("liberar")
    places = [IPV4, IPV6, "2001:db8:2:9fe::1", "2001:db8:2:9fd::1", "2001:db8:2:9fc::1", "2001:db8:2:9fb::1"]
    found = [post("/bloqueio/liberar/", ficha=ficha, prova="0000", address=a).status_code for a in places]
    assert found == [422] * 5 + [429]


def test_guesses_are_counted_for_the_address_whosever_session_is_there(post, token, online, maria, paula):
    online(maria)
    ficha = token("liberar")
    for _ in range(proofs.OF_ADDRESS.most):
        post("/bloqueio/liberar/", ficha=ficha, prova="0000")
    SessionLive.objects.filter(contract=maria).delete()
    SessionLive.objects.filter(contract=paula).update(framed_ipv4=IPV4)
    assert answers(post, "liberar", token("liberar"), paula).status_code == 429
    assert not TrustUnlock.objects.exists()


def test_deeds_of_one_home_are_limited(post, token, online, maria, monkeypatch):
    from religa.entrypoints.block_page import sources

    monkeypatch.setattr(sources, "DEEDS", sources.DEEDS.__class__("block_deed", 2, sources.DEEDS.within))
    online(maria)
    assert [post("/bloqueio/pix/").status_code for _ in range(3)] == [403, 403, 429]


def test_who_is_open_cannot_be_unlocked_or_given_a_window(get, post, token, online, maria, decide, now):
    online(maria)
    tokens = {path: token(path) for path in ("liberar", "janela")}
    people.pay(maria, 120_00, now, "E-all")
    for path, ficha in tokens.items():
        page = text_of(get(answers(post, path, ficha, maria)["Location"]))
        assert "Protocolo deste pedido" in page and (
            "Não há conta" in page or "não está bloqueada" in page
        ), page
    assert ContractAccess.objects.get(contract=maria).status == "current"
    assert raw.rows("SELECT count(*) FROM pay_window")[0][0] == 0


def test_no_cookie_is_needed_where_djangos_own_check_is_on(token, online, maria):
    online(maria)
    strict = Client(enforce_csrf_checks=True)
    headers = {"host": "testserver", "x-forwarded-for": IPV4}
    for path, status in (
        ("janela", 303),
        ("liberar", 303),
        ("pix", 409),
    ):  # there is no account to be paid on
        fields = {"ficha": token(path), "prova": maria.subscriber.document}
        answer = strict.post(f"/bloqueio/{path}/", fields, REMOTE_ADDR=PROXY, headers=headers)
        assert (answer.status_code, len(answer.cookies)) == (status, 0), path
