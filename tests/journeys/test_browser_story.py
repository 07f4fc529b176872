"""Blocked → trust unlock → paid → open, in a real browser on a phone, with every page judged by axe.

At each step a real FreeRADIUS is asked as the subscriber's router would. Nothing of Religa runs but the pages.
"""

from __future__ import annotations

import re
from datetime import timedelta
from io import BytesIO

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

import people
from banking import bank_of, collect
from browsing import accessible, press
from radius import SECRET, Login, Radius
from religa.adapters.freeradius.client import Accepted
from religa.records import locks, network_secrets
from religa.records.models import AccessRecord, Contract, Message, Nas, TrustUnlock
from scanning import read

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def maria():
    now = locks.database_now()
    contract = people.blocked(people.provider(now), now)
    people.staff(contract.provider, "manager", "Helena Castro")
    people.play(now)
    return contract


@pytest.fixture
def bank(maria, settings):
    with bank_of(maria.provider, settings) as psp:
        yield psp


@pytest.fixture
def router(maria: Contract, radius: Radius):
    """Maria's router. Calling it logs in: in which state she is let in, and after how many seconds she is put out."""
    nas = Nas.objects.create(provider=maria.provider, name="a router", address="127.0.0.1", vendor="mikrotik")
    network_secrets.set_nas_secret(nas_id=nas.pk, secret=SECRET)
    record = AccessRecord.objects.get(contract=maria)
    network_secrets.set_passwords([network_secrets.Password(record.pk, clear="segredo")])
    login = Login(username=record.username, password="segredo", contract=maria.pk, record=record.pk)

    def log_in() -> tuple[str | None, int | None]:
        answer = radius.ask(login)
        assert isinstance(answer, Accepted), answer
        return answer.text("Class"), answer.number("Session-Timeout")

    return log_in


WALLED, OPEN = ("st=blocked", 1800), ("st=active", None)


@pytest.fixture
def phone(browser, live_server):
    """A phone's browser page in the dark (test_doors.py has the light), and what its console complained about."""
    context = browser.new_context(
        viewport={"width": 390, "height": 844}, color_scheme="dark", base_url=live_server.url
    )
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    context.close()
    assert [c for c in complaints if "422" not in c] == []


def trusted_until_its_end(answer: tuple[str | None, int | None]) -> None:
    """The network lets her in on trust, and by itself puts her out when the unlock ends."""
    state, seconds = answer
    assert state.startswith("st=trust:") and seconds is not None
    end = locks.database_now() + timedelta(seconds=seconds)
    assert abs(end - TrustUnlock.objects.get().until) < timedelta(seconds=30)


def log_in(page: Page, contract) -> None:
    page.goto("/")
    accessible(page)
    page.get_by_label("CPF ou CNPJ do titular").fill("111.111.111-12")
    press(page.get_by_role("button", name="Continuar"))
    expect(page.get_by_role("alert")).to_contain_text("algum algarismo está trocado")
    accessible(page)
    page.get_by_label("CPF ou CNPJ do titular").fill(contract.subscriber.document)
    press(page.get_by_role("button", name="Continuar"))
    accessible(page)
    press(page.get_by_role("button", name="Enviar o código"))
    accessible(page)
    text = Message.objects.filter(kind="code").latest("id").text
    page.get_by_label("Código de 6 números").fill(re.search(r"\d{6}", text)[0])
    press(page.get_by_role("button", name="Entrar"))


def scan_on_a_phone_and_on_a_desk(page: Page) -> None:
    """The QR says what the code to copy says: after a tap on a phone, at once on a wide screen."""
    phone_size, qr = page.viewport_size, page.get_by_role("img", name="QR Code do Pix")
    text = page.get_by_label("Código Pix").input_value()
    expect(qr).to_be_hidden()
    page.get_by_text("Mostrar o QR Code").click()
    assert read(Image.open(BytesIO(qr.screenshot()))) == ("QRCode", text)
    accessible(page)
    page.get_by_text("Mostrar o QR Code").click()
    page.set_viewport_size({"width": 1280, "height": 800})
    assert read(Image.open(BytesIO(qr.screenshot()))) == ("QRCode", text)
    accessible(page)
    page.set_viewport_size(phone_size)


def test_from_blocked_to_open_on_a_phone(phone, maria, bank, router):
    log_in(phone, maria)
    expect(phone.get_by_role("heading", level=1)).to_have_text("Internet bloqueada")
    accessible(phone)
    assert router() == WALLED

    press(phone.get_by_role("link", name="Liberar em confiança"))
    expect(phone.locator(".until")).to_contain_text(re.compile(r"Até \S+-feira, \d+º? de \S+,"))
    accessible(phone)
    assert router() == WALLED  # looking is not asking
    press(phone.get_by_role("button", name="Liberar agora"))
    expect(phone.get_by_role("heading", level=1)).to_have_text("Pronto! Sua internet está liberada")
    expect(phone.locator(".protocol strong")).to_have_text(re.compile(r"^\d{14,}$"))
    accessible(phone)
    trusted_until_its_end(router())

    press(phone.get_by_role("link", name="Ver meu contrato"))
    expect(phone.get_by_role("heading", level=1)).to_have_text("Internet liberada em confiança")
    accessible(phone)

    press(phone.get_by_role("button", name="Pagar com Pix"))
    expect(phone.get_by_label("Código Pix")).to_have_value(re.compile(r"^000201.*6304[0-9A-F]{4}$"))
    accessible(phone)
    scan_on_a_phone_and_on_a_desk(phone)
    press(phone.get_by_role("link", name="Pagar agora"))
    expect(phone.get_by_role("heading", level=1)).to_have_text("Confirmar pagamento")
    press(phone.get_by_role("button", name="Pagar agora"))
    expect(phone.get_by_role("status").first).to_contain_text("O banco ainda não confirmou")
    accessible(phone)
    collect(bank)
    expect(phone.get_by_role("heading", level=1)).to_contain_text("Recebemos")  # the page goes on by itself
    accessible(phone)
    assert router() == OPEN

    press(phone.get_by_role("link", name="Ver meu contrato"))
    expect(phone.get_by_role("heading", level=1)).to_have_text("Está tudo em dia")
    accessible(phone)
    for name in ("Todas as contas", "Avisos que enviamos"):
        press(phone.get_by_role("link", name=name))
        expect(phone.get_by_role("heading", level=1)).to_have_text(name)
        accessible(phone)
        press(phone.get_by_role("link", name="Voltar"))


def test_the_story_works_without_javascript(browser, live_server, maria, bank, router):
    context = browser.new_context(java_script_enabled=False, base_url=live_server.url)
    page = context.new_page()
    page.goto("/entrar/")
    page.fill("[name=documento]", maria.subscriber.document)
    page.click("main button")
    page.click("main button")
    text = Message.objects.filter(kind="code").latest("id").text
    page.fill("[name=codigo]", re.search(r"\d{6}", text)[0])
    page.click("main button")
    page.click("text=Liberar em confiança")
    page.click("main form button")
    assert "Pronto!" in page.inner_text("h1")
    trusted_until_its_end(router())
    page.click("text=Pagar com Pix agora")
    page.click(".demo a")
    page.click("button")
    collect(bank)
    page.click("text=veja aqui se o pagamento chegou")
    assert "Recebemos" in page.inner_text("h1")
    assert router() == OPEN
    context.close()


def test_the_desk_unlocks_stops_and_approves(phone, maria, router):
    people.waiting_run(maria.provider, locks.database_now(), count=2)
    phone.set_viewport_size({"width": 1280, "height": 800})
    phone.goto("/console/")
    accessible(phone)
    phone.get_by_label("Usuário").fill("manager")
    phone.get_by_label("Senha").fill(people.PASSWORD)
    press(phone.get_by_role("button", name="Entrar"))
    expect(phone.get_by_text("retida com")).to_be_visible()
    accessible(phone)

    phone.get_by_label("Buscar contrato").fill("das dores")
    phone.keyboard.press("Enter")
    expect(phone.get_by_role("heading", level=1)).to_have_text("Maria das Dores Silva")
    accessible(phone)
    press(phone.get_by_role("link", name="Desbloquear em confiança"))
    accessible(phone)
    phone.get_by_label("Motivo").fill("ligou e pediu")
    press(phone.get_by_role("button", name="Continuar"))
    accessible(phone)
    press(phone.get_by_role("button", name=re.compile("^Desbloquear até")))
    expect(phone.get_by_role("status")).to_contain_text("Protocolo")
    accessible(phone)
    trusted_until_its_end(router())

    for link in ("Não bloquear até", "Registrar pagamento"):
        press(phone.get_by_role("link", name=link))
        accessible(phone)
        phone.go_back()
    for link in ("Mensagens", "Falhas", "Bloqueios"):
        press(phone.get_by_role("link", name=link, exact=True))
        accessible(phone)
    press(phone.get_by_role("row", name=re.compile("Retida")).get_by_role("link"))
    accessible(phone)
    press(phone.get_by_role("link", name="Aprovar esta rodada"))
    accessible(phone)
    phone.get_by_label("Motivo").fill("conferi a lista")
    press(phone.get_by_role("button", name=re.compile("^Aprovar")))
    expect(phone.get_by_role("status")).to_contain_text("2 bloqueios liberados")

    phone.goto("/console/parar/")
    accessible(phone)
    phone.get_by_label("Motivo").fill("banco fora do ar")
    press(phone.get_by_role("button", name="Parar todos os bloqueios"))
    expect(phone.get_by_text("Todos os bloqueios estão parados")).to_be_visible()
    accessible(phone)
    press(phone.get_by_role("link", name="Retomar"))
    accessible(phone)
    press(phone.get_by_role("button", name=re.compile("^Retomar")))
    expect(phone.get_by_text("Todos os bloqueios estão parados")).to_have_count(0)
