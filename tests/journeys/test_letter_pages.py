"""A text written by a manager with a browser: seen while it is typed, refused, saved; every page judged by axe."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

import people
from browsing import accessible, log_in, press
from religa.records import locks
from religa.records.models import MessageTemplate

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def page(browser, live_server, transactional_db):
    people.staff(people.provider(locks.database_now()), "manager", "Helena Castro")
    context = browser.new_context(
        viewport={"width": 390, "height": 844}, color_scheme="dark", base_url=live_server.url
    )
    page = context.new_page()
    page.loud = []
    page.on("console", lambda message: page.loud.append(message.text))
    log_in(page, "manager")
    yield page
    assert not page.loud, "the browser complains, of the content policy perhaps"
    context.close()


def test_a_text_is_seen_while_it_is_written_and_saved_when_it_is_right(page):
    page.goto("/console/mensagens/textos/")
    page.locator("summary", has_text="Recibo").click()
    accessible(page)
    press(page.get_by_role("link", name=re.compile("Padrão.*Recibo, Qualquer canal")).first)
    accessible(page)
    preview = page.locator("#previa")
    page.get_by_label("Texto", exact=True).fill("Chegou {valro}.")
    expect(preview).to_contain_text("Quis dizer {valor}?")
    accessible(page)
    page.get_by_label("Texto", exact=True).fill("Chegou {valor}.")
    expect(preview).to_contain_text("Chegou R$")
    assert not MessageTemplate.objects.exists(), "looking keeps nothing"
    press(page.get_by_role("button", name="Salvar"))
    assert MessageTemplate.objects.get().author == "Helena Castro"
    press(page.get_by_role("link", name="O que mudou na versão 1"))
    accessible(page)
