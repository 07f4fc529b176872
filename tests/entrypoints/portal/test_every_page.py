"""What holds for every address of the portal: own contracts only, no GET changes anything, kept by no cache."""

from __future__ import annotations

import html
import itertools
import re
from urllib.parse import urljoin, urlsplit

import pytest
from django.test import Client
from django.urls import resolve, reverse

import people
from religa.entrypoints.portal.urls import urlpatterns
from religa.records import raw
from religa.records.models import Charge, Invoice, Payment

pytestmark = pytest.mark.django_db
KEY = "0" * 32
FILLED = {
    "contract_id": None,
    "payment_id": "E1",
    "charge_id": 1,
    "key": KEY,
    "invoice_id": 1,
    "payment_key": 1,
}
OF_A_CONTRACT = [p.name for p in urlpatterns if "contract_id" in p.pattern.converters]
NAMING_MORE = [
    n for n in OF_A_CONTRACT if len(next(p for p in urlpatterns if p.name == n).pattern.converters) > 1
]


def path(name: str, contract_id: int, **values: object) -> str:
    pattern = next(p for p in urlpatterns if p.name == name)
    found = {**FILLED, **values, "contract_id": contract_id}
    return reverse(f"portal:{name}", kwargs={k: found[k] for k in pattern.pattern.converters})


@pytest.fixture
def stranger(provider, now):
    return people.blocked(provider, now, name="Outra Pessoa", number=1998)


@pytest.fixture
def of_stranger(stranger, enter, now):
    """A number of everything that a stranger has: an invoice, a charge, a payment, answers to what he asked."""
    people.play(now)
    client = enter(stranger)
    invoice = Invoice.objects.filter(contract=stranger).latest("id")
    people.pay(stranger, 5_00, now, "E-stranger")
    payment = Payment.objects.filter(contract=stranger).latest("id")
    charge = Charge.objects.create(
        provider=stranger.provider,
        invoice=invoice,
        kind="pix_cob",
        copy_paste="x",
        amount=99_90,
        created_at=now,
    )
    client.post(path("unlock", stranger.pk), {"chave": KEY, "como": "promessa"})
    client.post(path("agreement", stranger.pk), {"chave": KEY, "parcelas": "2", "vence": "2020-01-01"})
    client.post(
        path("dispute", stranger.pk, invoice_id=invoice.pk),
        {"chave": KEY, "quanto": "toda", "motivo": "Não usei"},
    )
    return {
        "payment_id": payment.external_id, "payment_key": payment.pk, "charge_id": charge.pk, "invoice_id": invoice.pk,
    }  # fmt: skip


def asked(client, method, address):
    return getattr(client, method)(address, {"chave": KEY, "motivo": "x"} if method == "post" else {})


def test_the_stranger_finds_everything_of_his_own(enter, stranger, of_stranger):
    client = enter(stranger)
    for name in OF_A_CONTRACT:
        found = client.get(path(name, stranger.pk, **of_stranger))
        assert found.status_code == (302 if name == "paying" else 200), name


def test_nothing_of_a_stranger_is_found_by_its_numbers(enter, maria, stranger, of_stranger, tables):
    client = enter(maria)
    before = tables()
    for name, method in itertools.product(OF_A_CONTRACT, ("get", "post")):
        answer = asked(client, method, path(name, stranger.pk, **of_stranger))
        missing = asked(client, method, path(name, 10**9, **of_stranger))
        assert answer.status_code in (404, 405), name
        assert answer.status_code == missing.status_code, name  # existing or not: the same
    for name, method in itertools.product(NAMING_MORE, ("get", "post")):
        assert asked(client, method, path(name, maria.pk, **of_stranger)).status_code in (404, 405), name
    assert tables() == before


def test_a_form_of_another_page_does_nothing_anywhere(maria, enter, tables, now):
    """Every POST without a token of ours (CSRF) is refused, on every address."""
    enter(maria)
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = enter(maria).cookies
    before = tables()
    for name in OF_A_CONTRACT:
        assert strict.post(path(name, maria.pk), {"chave": KEY}).status_code == 403, name
    assert strict.post("/meus-dados/", {"formato": "json"}).status_code == 403
    assert tables() == before


def test_following_every_link_changes_nothing(enter, maria, tables, now):
    """From the first page on, whatever can be reached by links alone."""
    people.pay(maria, 5_00, now, "E-maria")
    people.play(now)
    client, seen, todo = enter(maria), set(), ["/"]
    before = tables() | throttled()
    while todo:
        address = todo.pop()
        page = client.get(address, follow=True)
        assert page.status_code == 200, address
        here = page.redirect_chain[-1][0] if page.redirect_chain else address
        links = re.findall(r'<a [^>]*href="([^"]+)"', page.content.decode())
        absolute = {urljoin(here, html.unescape(link)) for link in links}
        new = {a for a in absolute if a.startswith("/")} - seen
        seen |= new
        todo += sorted(new)
    assert tables() | throttled() == before
    reached = {resolve(urlsplit(address).path).url_name for address in seen}
    assert reached >= {
        "contract",
        "invoices",
        "invoice",
        "dispute",
        "payments",
        "receipt",
        "unlock",
        "pay_day",
        "own_data",
    }


def throttled() -> dict[str, object]:
    return {"throttle": raw.rows("SELECT count(*), sum(tries) FROM throttle")}


def test_nobody_enters_without_a_code(client, maria):
    for address in [path(name, maria.pk) for name in OF_A_CONTRACT] + ["/meus-dados/"]:
        assert client.get(address)["Location"] == "/entrar/"
        assert client.post(address)["Location"] == "/entrar/"


def test_looking_at_every_page_changes_nothing(enter, maria, tables):
    client = enter(maria)
    before = tables()
    for name in OF_A_CONTRACT:
        client.get(path(name, maria.pk))
    client.get("/")
    assert tables() == before


@pytest.mark.parametrize(
    "name", ["contract", "pay", "unlock", "invoices", "letters", "pay_day", "agreement", "payments"]
)
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
    for name in ("contract", "pay", "unlock", "invoices", "pay_day", "agreement", "payments"):
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
        "pagar/?valor=conta&conta=%00",
        "pagar/?valor=minimo&quanto=-1",
        "acordo/?parcelas=%00&primeira=%00",
        "acordo/?parcelas=²",
        "contas/",
    ],
)
def test_odd_questions_are_answered(enter, maria, tail):
    assert enter(maria).get(f"/contrato/{maria.pk}/{tail}").status_code == 200


def test_odd_addresses_are_not_found(enter, maria):
    client = enter(maria)
    for odd in (
        f"/contrato/{maria.pk}/contas/{10**30}/",
        f"/contrato/{maria.pk}/recibo/{10**30}/",
        f"/contrato/{maria.pk}/acordo/{KEY}/",
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
