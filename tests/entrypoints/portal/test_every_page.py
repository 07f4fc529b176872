"""What holds for every address of the portal: own contracts only, no GET changes anything, kept by no cache."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse

import people
from religa.entrypoints.portal.urls import urlpatterns

pytestmark = pytest.mark.django_db
FILLED = {"contract_id": None, "payment_id": "E1", "charge_id": 1, "key": "0" * 32}
OF_A_CONTRACT = [p.name for p in urlpatterns if "contract_id" in p.pattern.converters]


def path(name: str, contract_id: int) -> str:
    pattern = next(p for p in urlpatterns if p.name == name)
    values = {**FILLED, "contract_id": contract_id}
    return reverse(f"portal:{name}", kwargs={k: values[k] for k in pattern.pattern.converters})


@pytest.fixture
def stranger(provider, now):
    return people.blocked(provider, now, name="Outra Pessoa", number=1998)


@pytest.mark.parametrize("name", OF_A_CONTRACT)
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_contract_of_somebody_else_is_not_found(enter, maria, stranger, tables, name, method):
    client = enter(maria)
    before = tables()
    own_page = path(name, stranger.pk)
    answer = getattr(client, method)(own_page, {"chave": "0" * 32, "txid": "a"} if method == "post" else {})
    missing = getattr(client, method)(path(name, 10**9), {})
    assert answer.status_code in (404, 405)
    assert answer.status_code == missing.status_code  # existing or not: the same
    assert tables() == before


@pytest.mark.parametrize("name", OF_A_CONTRACT)
def test_nobody_enters_without_a_code(client, maria, name):
    assert client.get(path(name, maria.pk))["Location"] == "/entrar/"
    assert client.post(path(name, maria.pk))["Location"] == "/entrar/"


def test_looking_at_every_page_changes_nothing(enter, maria, tables):
    client = enter(maria)
    before = tables()
    for name in OF_A_CONTRACT:
        client.get(path(name, maria.pk))
    client.get("/")
    assert tables() == before


@pytest.mark.parametrize("name", ["contract", "pay", "unlock", "invoices", "letters"])
def test_pages_are_kept_by_no_cache_and_run_no_foreign_code(enter, maria, name):
    page = enter(maria).get(path(name, maria.pk))
    assert page["Cache-Control"] == "no-store, private"
    policy = page["Content-Security-Policy"]
    assert "default-src 'none'" in policy and "unsafe" not in policy
    html = page.content.decode()
    assert not re.search(r"<script(?![^>]* src=)|<style|\sstyle=|\son\w+=", html)


def test_the_log_in_is_kept_by_no_cache(client, provider):
    assert client.get("/entrar/")["Cache-Control"] == "no-store, private"


def test_pages_name_no_more_of_the_person_than_they_need(enter, maria):
    for name in ("contract", "pay", "unlock", "invoices"):
        html = enter(maria).get(path(name, maria.pk)).content.decode()
        assert maria.subscriber.document not in html
        assert maria.subscriber.email not in html and "99900" not in html
        assert maria.subscriber.name not in html


@pytest.mark.parametrize(
    "tail",
    [
        "",
        "liberar/?dia=9999-12-31",
        "liberar/?dia=0001-01-01",
        "liberar/?dia=%00",
        "liberar/?como=%00",
        "pagar/?valor=%00",
        "contas/",
    ],
)
def test_odd_questions_are_answered(enter, maria, tail):
    assert enter(maria).get(f"/contrato/{maria.pk}/{tail}").status_code == 200


def test_odd_addresses_are_not_found(enter, maria):
    client = enter(maria)
    for odd in (
        f"/contrato/{10**30}/",
        f"/contrato/{maria.pk}/recebido/%00/",
        "/contrato/-1/",
        "/contrato/x/",
    ):
        assert client.get(odd).status_code == 404


def test_odd_forms_do_no_harm(enter, maria, client):
    odd = {"documento": "\0", "codigo": "\0", "canal": "\0"}
    for step in ("", "canal/", "codigo/"):
        assert client.post(f"/entrar/{step}", odd).status_code in (302, 422)
    wish = {"chave": "0" * 32, "como": "ja-paguei", "comprovante": "\0\0"}
    assert enter(maria).post(f"/contrato/{maria.pk}/liberar/", wish).status_code == 302


def test_a_head_request_is_answered_like_a_get(enter, maria):
    assert enter(maria).head(f"/contrato/{maria.pk}/").status_code == 200
