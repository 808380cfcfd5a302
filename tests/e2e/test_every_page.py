"""Every page for everybody: axe in both themes, a phone's width, a quiet console, no other host."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e import stage
from tests.e2e.axe import complaints_in_both_themes

Platform = stage.Platform
pytestmark = stage.on_the_platform

PHONE = 360
LOADED_MS = 30_000
PAGES = (
    "/",
    "/signals",
    "/strategies",
    "/strategies?tab=shadows",
    "/research",
    "/research?view=history",
    "/profile",
    "/profile?tab=per-token",
    "/profile?tab=breakdown",
    "/profile?tab=history",
    "/events",
    "/status",
    "/settings",
)


@pytest.fixture(scope="module")
def trader(browser: Browser, platform: Platform) -> Iterator[Page]:
    """Sign in once, with a trade that runs."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    context.set_default_timeout(15_000)
    page = context.new_page()
    stage.register(page, platform)
    stage.wait_for_a_trade(page)
    yield page
    context.close()


def test_the_login_is_for_everybody(page: Page, platform: Platform) -> None:
    watched = stage.Watched(platform.url)
    watched.watch(page)
    page.goto(platform.url)
    expect(page.get_by_role("button", name="Start with a paper wallet")).to_be_visible()
    assert complaints_in_both_themes(page) == []
    page.set_viewport_size({"width": PHONE, "height": 740})
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE
    assert (watched.complaints, watched.strangers) == ([], [])


@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_for_everybody(trader: Page, platform: Platform, path: str) -> None:
    watched = stage.Watched(platform.url)
    watched.watch(trader)
    trader.set_viewport_size({"width": 1280, "height": 800})
    trader.goto(f"{platform.url}{path}")
    expect(stage.live(trader)).to_have_text("Live")
    expect(trader.locator(".animate-pulse")).to_have_count(0, timeout=LOADED_MS)
    expect(trader.get_by_role("main")).to_be_visible()
    assert trader.title() != ""
    assert complaints_in_both_themes(trader) == []
    trader.set_viewport_size({"width": PHONE, "height": 740})
    assert trader.evaluate("document.documentElement.scrollWidth") == PHONE
    assert (watched.complaints, watched.strangers) == ([], [])
