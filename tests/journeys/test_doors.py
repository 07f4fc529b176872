"""The subscriber's doors in a real browser, on a phone in the dark and on a desk in the light; every page judged by axe."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

import network_rows
import people
from banking import bank_of, collect, last_charge
from browsing import LOOKS, accessible, accessible_in_both, entered, press, seen_as
from religa.entrypoints.commands.demo.people import ZONE
from religa.entrypoints.common.filters import sentence
from religa.records import locks, raw
from religa.records.models import (
    Contract,
    ContractAccess,
    PayWindow,
    ProtocolNumber,
    SessionLive,
    TrustUnlock,
)
from religa.wording.language import Language
from religa.wording.moments import Moments

pytestmark = pytest.mark.django_db(transaction=True)
AGO = timedelta(minutes=1)


@pytest.fixture
def page(browser, live_server, transactional_db):
    """On a phone in the dark. Nothing may complain in its console."""
    raw.run("DELETE FROM throttle")
    context = browser.new_context(base_url=live_server.url)
    page = context.new_page()
    seen_as(page, "phone")
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    context.close()
    assert [c for c in complaints if "422" not in c] == []


@pytest.fixture
def maria(transactional_db):
    now = locks.database_now()
    contract = people.blocked(people.provider(now), now)
    people.play(now)
    return contract


@pytest.fixture
def bank(maria, settings):
    with bank_of(maria.provider, settings) as psp:
        yield psp


@pytest.fixture
def session(maria) -> SessionLive:
    """Maria's router is connected, from this browser's address; the network walls it."""
    now = locks.database_now()
    nas = network_rows.router(now=now)
    return network_rows.live(maria, nas, now, framed_ipv4="127.0.0.1", applied_state="walled")


def does_what_the_row_says(session: SessionLive) -> None:
    """The router has followed the order that the row of access gave."""
    row = ContractAccess.objects.get(contract=session.contract_id)
    held = {"applied_state": row.access, "applied_until": row.until, "updated_at": locks.database_now()}
    SessionLive.objects.filter(pk=session.pk).update(**held)


def headline(page: Page, words: str | re.Pattern[str]) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(words)


def aged(contract: Contract) -> None:
    """Her unlock was given so long ago that it ended a minute ago, and the engine has looked since."""
    [unlock], now = TrustUnlock.objects.filter(contract=contract), locks.database_now()
    by = unlock.until - (now - AGO)
    raw.run(
        "UPDATE trust_unlock SET granted_at = granted_at - %(by)s, granted_until = granted_until - %(by)s,"
        " until = until - %(by)s WHERE contract_id = %(contract)s",
        {"by": by, "contract": contract.pk},
    )
    ContractAccess.objects.filter(contract=contract).update(until=now - AGO, next_look_at=now - AGO)
    people.play(now)


def end_as_said(contract: Contract, *, earlier: timedelta = timedelta(0)) -> str:
    """Until when her unlock holds, in the words of a page; `earlier` for a page that was seen before."""
    [unlock], now = TrustUnlock.objects.filter(contract=contract), locks.database_now()
    moments = Moments(language=Language.PT, zone=ZONE, now=now)
    return sentence(moments.until(unlock.until - earlier))


@pytest.mark.parametrize("look", LOOKS)
def test_blocked_unlocked_expired_paid_restored(page, maria, bank, session, look):
    seen_as(page, look)
    entered(page, maria, locks.database_now())
    page.goto("/")
    headline(page, "Internet bloqueada")
    accessible(page)

    press(page.get_by_role("link", name="Liberar em confiança"))
    end = page.locator(".until").inner_text()
    accessible(page)
    press(page.get_by_role("button", name="Liberar agora"))
    headline(page, "Pronto! Sua internet está liberada")
    expect(page.locator(".until")).to_have_text(end_as_said(maria))
    assert end in (
        end_as_said(maria),
        end_as_said(maria, earlier=timedelta(minutes=1)),
    )  # one may have passed
    expect(page.get_by_text("Estamos religando a sua internet.")).to_be_visible()
    accessible(page)
    does_what_the_row_says(session)
    page.reload()
    expect(page.get_by_text("A internet voltou.")).to_be_visible()

    aged(maria)
    does_what_the_row_says(session)
    page.goto("/")
    headline(page, "Internet bloqueada até o pagamento")
    expect(page.get_by_role("link", name="Liberar em confiança")).to_have_count(0)
    accessible(page)

    press(page.get_by_role("button", name="Pagar com Pix"))
    expect(page.get_by_label("Código Pix")).to_have_value(re.compile(r"^000201.*6304[0-9A-F]{4}$"))
    accessible(page)
    bank.pay(last_charge().txid)
    collect(bank)
    headline(page, re.compile("^Recebemos"))  # the page goes on by itself, and then waits for the network
    expect(page.get_by_text("Estamos religando a sua internet.")).to_be_visible()
    accessible(page)
    does_what_the_row_says(session)
    expect(page.get_by_text("A internet voltou.")).to_be_visible()
    accessible(page)
    press(page.get_by_role("link", name="Ver meu contrato"))
    headline(page, "Está tudo em dia")
    accessible(page)


@pytest.fixture
def locked(maria):
    """She was trusted two weeks ago and did not pay."""
    now = locks.database_now()
    people.unlock(maria, now - 15 * people.DAY)
    people.play(now)
    return maria


def test_refused_with_every_reason_and_the_way_back(page, locked, bank):
    entered(page, locked, locks.database_now())
    page.goto(f"/contrato/{locked.pk}/liberar/")
    headline(page, "Liberar em confiança")
    sum_ = re.search(r"R\$\s[\d.,]+", page.inner_text("main"))[0]
    for reason in ("A liberação em confiança deste bloqueio já foi usada.", "A conta da última liberação ainda não foi paga."):  # fmt: skip
        expect(page.get_by_text(reason)).to_be_visible()
    expect(page.get_by_text(f"Pagando {sum_} por Pix, a internet volta na hora.")).to_be_visible()
    accessible_in_both(page)
    press(page.get_by_role("button", name="Pagar com Pix"))
    expect(page.locator(".amount-big")).to_have_text(sum_)


def test_refused_until_a_day_that_is_named(page, maria):
    people.unlock(maria, locks.database_now())
    entered(page, maria, locks.database_now())
    page.goto(f"/contrato/{maria.pk}/liberar/")
    expect(page.get_by_text("Já existe uma liberação em confiança valendo.")).to_be_visible()
    expect(page.get_by_text("Você poderá pedir de novo")).to_contain_text(
        re.compile(r"a partir de \S+, \d+º? de")
    )
    accessible_in_both(page)


@pytest.fixture
def shops(maria):
    """A bakery with a shop that is paid up, one that is blocked, and one that has a late bill."""
    now = locks.database_now()
    bakery = people.subscriber(maria.provider, "Padaria Pão de Cada Dia Ltda", 2001, kind="company")
    addresses = ("Avenida Central, 501", "Rua da Feira, 77", "Rua do Comércio, 10")
    made = [
        people.contract(bakery, 2001 + n, since=people.days_ago(now, 300), address=address, segment="company")
        for n, address in enumerate(addresses)
    ]
    people.bill(made[1], due=people.days_ago(now, 45), amount=199_90)
    people.bill(made[2], due=people.days_ago(now, 6), amount=149_90)
    people.play(now)
    return made


def test_a_company_with_three_contracts_pays_for_the_one_that_is_blocked(page, shops, bank):
    entered(page, shops[0], locks.database_now())
    page.goto("/")
    expect(page.locator(".lead")).to_contain_text("Um contrato está bloqueado.")
    shown = page.locator(".contract-link strong").all_inner_texts()
    assert shown == ["Rua da Feira, 77", "Rua do Comércio, 10", "Avenida Central, 501"]
    accessible_in_both(page)
    for address, words in (
        ("Central", "Está tudo em dia"),
        ("Comércio", None),
        ("Feira", "Internet bloqueada"),
    ):
        press(page.get_by_role("link", name=address))
        headline(page, words or re.compile("."))
        expect(page.get_by_text("Para empresas")).to_be_visible()
        accessible(page)
        press(page.get_by_role("link", name="Seus contratos"))
    press(page.get_by_role("link", name="Feira"))
    press(page.get_by_role("button", name="Pagar com Pix"))
    bank.pay(last_charge().txid)
    collect(bank)
    headline(page, re.compile("^Recebemos"))
    page.goto("/")
    expect(page.locator(".lead")).to_contain_text("Um contrato tem conta atrasada.")


PORTUGUESE = re.compile(r"\b(não|você|sua|conta|até|internet bloqueada|hoje)\b", re.IGNORECASE)


@pytest.mark.parametrize(("language", "button"), [("en", "English"), ("es", "Español")])
def test_another_language_from_the_first_page_to_the_code(page, maria, bank, language, button):
    page.goto("/entrar/")
    press(page.get_by_role("button", name=button))
    accessible(page)
    entered(page, maria, locks.database_now())
    one = f"/contrato/{maria.pk}"
    for tail in ("/", "/liberar/", "/contas/", "/pagamentos/", "/pagar/", "/avisos/"):
        page.goto(f"{one}{tail}")
        assert page.locator("html").get_attribute("lang") == language
        if tail != "/avisos/":  # what was sent stands as it was sent
            assert not PORTUGUESE.search(page.inner_text("main")), page.inner_text("main")
        accessible(page)


def test_the_block_page_opens_a_window_shows_a_code_and_unlocks_without_a_log_in(page, maria, bank, session):
    page.goto("/bloqueio/")
    headline(page, "Acesso à internet restrito")
    accessible_in_both(page)
    press(page.get_by_role("button", name="Gerar o código Pix"))
    expect(page.get_by_label("Código Pix")).to_have_value(re.compile(r"^000201.*6304[0-9A-F]{4}$"))
    accessible_in_both(page)

    press(page.get_by_role("button", name="Abrir a internet para pagar"))
    expect(page.get_by_role("status")).to_contain_text("Pronto! A internet inteira está aberta")
    expect(
        page.get_by_label("Código Pix")
    ).to_be_visible()  # "o código Pix abaixo", before the router has answered
    accessible(page)
    [window], now = PayWindow.objects.filter(contract=maria), locks.database_now()
    assert timedelta(minutes=14) < window.until - now <= timedelta(minutes=15)
    PayWindow.objects.update(granted_at=now - 2 * AGO, until=now - AGO)
    ContractAccess.objects.filter(contract=maria).update(until=now - AGO, next_look_at=now - AGO)
    people.play(now)

    page.goto("/bloqueio/")
    page.get_by_label("últimos números do CPF").fill("0000")
    press(page.get_by_role("button", name="Liberar em confiança"))
    expect(page.get_by_text("Os dados não conferem")).to_be_visible()
    accessible(page)
    page.get_by_label("últimos números do CPF").fill(maria.subscriber.document[-4:])
    press(page.get_by_role("button", name="Liberar em confiança"))
    said = page.get_by_role("status")
    expect(said).to_contain_text("Pronto! Sua internet está liberada")
    expect(said).to_contain_text(ProtocolNumber.objects.get(subject="trust_unlock").number)
    accessible_in_both(page)
    does_what_the_row_says(session)
    expect(page.get_by_role("link", name="A internet voltou: continuar")).to_be_visible()
    accessible(page)
    assert page.context.cookies() == [] and TrustUnlock.objects.get().channel == "block_page"
