"""What the journeys share: following a link or a button to the next page, and axe's judgement of it."""

from __future__ import annotations

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page

import people


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
