"""The block page in a real browser: every state judged by axe, light and dark, and usable without JavaScript."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

import people
from browsing import accessible
from religa.records import locks
from religa.records.models import ContractAccess, SessionLive

pytestmark = pytest.mark.django_db(transaction=True)

# The row's access, reason and status, what the router enforces, and the headline; None: nobody has this address.
STATES = [
    (("walled", "debt", "blocked"), "walled", "Acesso à internet restrito"),
    (("walled", "operator_block", "blocked"), "walled", "Acesso à internet restrito"),
    (("full", "nothing_late", "current"), "walled", "A internet está voltando"),
    (("full", "nothing_late", "current"), "full", "A internet está funcionando"),
    (None, None, "Não reconhecemos este acesso"),
]


@pytest.fixture
def session():
    """Maria's session, from the address of this browser."""
    now = locks.database_now()
    contract = people.blocked(people.provider(now), now)
    people.play(now)
    return SessionLive.objects.create(
        unique_id="u", session_id="s", username="x", contract=contract, framed_ipv4="127.0.0.1",
        applied_state="walled", started_at=now, updated_at=now,
    )  # fmt: skip


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_state_of_the_page_is_accessible(browser, live_server, session, scheme):
    context = browser.new_context(viewport={"width": 390, "height": 844}, color_scheme=scheme)
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    for row, applied, headline in STATES:
        if row is None:
            session.delete()
        else:
            ContractAccess.objects.update(
                access=row[0], access_then=row[0], why=row[1], status=row[2], until=None
            )
            SessionLive.objects.update(applied_state=applied)
        page.goto(f"{live_server.url}/bloqueio/")
        expect(page.get_by_role("heading", level=1)).to_have_text(headline)
        accessible(page)
    assert complaints == []
    context.close()


def test_it_leads_to_the_portal_without_javascript(browser, live_server, session):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{live_server.url}/bloqueio/")
    page.get_by_role("link", name="Entrar na Central do Assinante").click()
    expect(page.get_by_label("CPF ou CNPJ do titular")).to_be_visible()
    context.close()
