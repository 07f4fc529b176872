"""What the journeys share: following a link or a button to the next page, and axe's judgement of it."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page

import people
from religa.actions import portal_sessions
from religa.entrypoints.portal import visitor
from religa.records.models import Contract


def press(link: Locator) -> None:
    """Clicks and waits for the page it leads to: Playwright's click alone returns while the old one is still there, and
    axe then judges a document that goes away under it."""
    with link.page.expect_navigation():
        link.click()


def accessible(page: Page) -> None:
    """No violation of any rule that axe knows, and nothing wider than the screen."""
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def log_in(page: Page, login: str) -> None:
    """A person of the staff at the console's door."""
    page.goto("/console/entrar/")
    page.get_by_label("Usuário").fill(login)
    page.get_by_label("Senha").fill(people.PASSWORD)
    press(page.get_by_role("button", name="Entrar"))


LOOKS = {"phone": ((390, 844), "dark"), "desk": ((1280, 800), "light")}


def seen_as(page: Page, look: str) -> None:
    """From now on the page is looked at on a phone in the dark, or on a desk in the light."""
    (width, height), scheme = LOOKS[look]
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    page.set_viewport_size({"width": width, "height": height})


def accessible_in_both(page: Page) -> None:
    """`accessible` on a desk, and left on a phone."""
    for look in ("desk", "phone"):
        seen_as(page, look)
        accessible(page)


def entered(page: Page, contract: Contract, at: datetime) -> None:
    """The contract's subscriber is logged in, without the form and its code."""
    key = portal_sessions.begin(
        subscriber_id=contract.subscriber_id, proof="code", device="android", stays=visitor.STAYS, at=at
    )
    page.goto("/sem-conexao/")
    host = urlsplit(page.url).hostname or ""
    page.context.add_cookies([{"name": visitor.COOKIE, "value": key, "domain": host, "path": "/"}])
