"""A router registered, tested and its kind changed by a person with a browser; every page judged by axe."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import transaction
from playwright.sync_api import Page, expect

import people
from browsing import accessible, log_in, press
from religa.records import locks, raw, vendors
from religa.records.models import Nas, NasHealth, NasTest, SessionLive

pytestmark = pytest.mark.django_db(transaction=True)
SIZES = {"phone": {"width": 390, "height": 844}, "desk": {"width": 1280, "height": 800}}


@pytest.fixture
def provider(transactional_db):
    made = people.provider(locks.database_now())
    people.staff(made, "network", "Rui Prado")
    yield made
    with transaction.atomic():
        raw.run("DELETE FROM radius.vendor WHERE vendor NOT IN (SELECT vendor FROM radius.shipped_vendor)")
        for vendor in vendors.shipped().values():
            vendors.write(vendor, by="")


@pytest.fixture(params=["phone-dark", "desk-light"])
def page(request, browser, live_server, provider):
    size, scheme = request.param.split("-")
    context = browser.new_context(viewport=SIZES[size], color_scheme=scheme, base_url=live_server.url)
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    log_in(page, "network")
    yield page
    context.close()
    assert [c for c in complaints if "422" not in c] == []


def register(page: Page) -> None:
    page.goto("/console/roteadores/")
    accessible(page)
    press(page.get_by_role("link", name="Cadastrar roteador"))
    accessible(page)
    page.get_by_label("Nome").fill("BNG Centro")
    page.get_by_label("Endereço ou rede").fill("10.0.0.1/24")
    page.get_by_label("Segredo RADIUS").fill("um segredo bem comprido")
    press(page.get_by_role("button", name="Salvar"))
    expect(page.locator(".error")).to_contain_text("Com este tamanho, a rede é 10.0.0.0/24.")
    accessible(page)
    page.get_by_label("Endereço ou rede").fill("10.0.0.1")
    page.get_by_label("Segredo RADIUS").fill("um segredo bem comprido")
    press(page.get_by_role("button", name="Salvar"))
    expect(page.get_by_role("heading", level=1)).to_have_text("BNG Centro")
    accessible(page)


def test_a_router_is_registered_and_tested(page: Page, provider):
    register(page)
    press(page.get_by_role("button", name="Testar CoA"))
    expect(page.get_by_text("Testando…")).to_be_visible()
    accessible(page)
    NasTest.objects.update(answered_at=locks.database_now(), outcome="silent")
    expect(page.get_by_text("/radius incoming set accept=yes port=3799")).to_be_visible(timeout=15_000)
    accessible(page)
    _in_trouble(Nas.objects.get())
    page.goto("/console/roteadores/")
    expect(page.get_by_text("não manda accounting há mais de 15 minutos")).to_be_visible()
    accessible(page)
    page.goto("/console/")
    accessible(page)


def _in_trouble(nas: Nas) -> None:
    now = locks.database_now()
    SessionLive.objects.create(
        unique_id="u", session_id="s", username="ana", nas=nas, started_at=now, updated_at=now
    )
    NasHealth.objects.create(nas=nas, accounted_at=now - timedelta(hours=1), silent_since=now)


def test_a_kind_is_copied_checked_and_saved(page: Page):
    page.goto("/console/roteadores/tipos/")
    accessible(page)
    press(page.get_by_role("link", name="MikroTik RouterOS, PPPoE"))
    accessible(page)
    press(page.get_by_role("link", name="Copiar com outro nome"))
    accessible(page)
    walled = page.get_by_role("group", name="Internet bloqueada, linha 1").first
    walled.get_by_label("Atributo").fill("Mikrotik-Adress-List")
    press(page.get_by_role("button", name="Salvar", exact=True))
    expect(page.locator(".error").first).to_be_visible()
    accessible(page)
    page.locator("[name=login-walled-0-atributo]").fill("Framed-IP-Address")
    page.get_by_label("Como foi verificado").fill("RB5009, 7.16")
    press(page.get_by_role("button", name="Conferir sem salvar"))
    expect(page.get_by_text("Está certo.")).to_be_visible()
    accessible(page)
    press(page.get_by_role("button", name="Mais linhas"))
    press(page.get_by_role("button", name="Salvar", exact=True))
    expect(page.get_by_text("Salvo.")).to_be_visible()
    accessible(page)
    assert vendors.one("mikrotik-2").verified == "RB5009, 7.16"
