"""A trade in full, in a real browser: what happened, why, and what another plan would have made."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from tests.e2e import stage
from tests.e2e.axe import complaints_in_both_themes

Platform = stage.Platform
pytestmark = stage.on_the_platform

PHONE = 360
CHECKED_SECONDS = 30
MAP_SECONDS = 30
HELD = "Held as long as allowed"


def finish_a_trade(page: Page, platform: Platform) -> str:
    """Register, wait for the first trade and sell all of it by hand; returns its token.

    Some prices come before the sale, so that other plans can end on one of them.
    """
    stage.register(page, platform)
    stage.wait_for_a_trade(page)
    opened = page.locator("dl > div").filter(has=page.get_by_text("Opened", exact=True))
    expect(opened).to_contain_text(re.compile(r"([89]|\d\d) s ago"), timeout=60_000)
    token = page.get_by_role("region", name=re.compile("^Why ")).get_by_role("heading").inner_text()
    token = token.removeprefix("Why ")
    page.get_by_role("button", name="Close 100 %").click()
    page.get_by_role("dialog").get_by_role("button", name="Sell 100 %").click()
    expect(page.get_by_text(re.compile("^Sold 100 % of "))).to_be_visible()
    return token


@dataclass(frozen=True)
class Finished:
    """A trade that is over: its token, and what the browser of its owner keeps."""

    token: str
    storage: Any


def new_context(browser: Browser, storage: Any = None) -> BrowserContext:
    context = browser.new_context(viewport={"width": 1280, "height": 800}, storage_state=storage)
    context.set_default_timeout(15_000)
    return context


@pytest.fixture(scope="module")
def finished(browser: Browser, platform: Platform) -> Finished:
    """Finish a trade once: every test looks at it in a browser of its own."""
    context = new_context(browser)
    token = finish_a_trade(context.new_page(), platform)
    kept = Finished(token, context.storage_state())
    context.close()
    return kept


@pytest.fixture
def page(browser: Browser, finished: Finished) -> Iterator[Page]:
    context = new_context(browser, finished.storage)
    yield context.new_page()
    context.close()


def trades_of(page: Page, token: str) -> Locator:
    """Find a token's trades in the history, the newest first."""
    return page.get_by_role("table", name="Trades").get_by_role("button", name=token, exact=True)


def open_from_history(page: Page, platform: Platform, token: str) -> Locator:
    """Open the first finished trade of a token by the keyboard."""
    page.goto(f"{platform.url}/profile?tab=history")
    page.get_by_label("Status").select_option("finished")
    trades_of(page, token).last.focus()
    page.keyboard.press("Enter")
    drawer = page.get_by_role("dialog", name=re.compile(rf"^{re.escape(token)}, trade \d+$"))
    expect(drawer).to_be_visible()
    return drawer


def slide_to_the_start(drawer: Locator, name: str) -> None:
    """Move a slider to its lowest value by the keyboard."""
    slider = drawer.get_by_role("slider", name=name, exact=True)
    slider.focus()
    slider.press("Home")


@pytest.mark.usefixtures("watched")
def test_a_trade_is_told_and_led_again(page: Page, platform: Platform, finished: Finished) -> None:
    token = finished.token
    drawer = open_from_history(page, platform, token)
    expect(page).to_have_url(re.compile(r"trade=\d+"))
    expect(drawer.get_by_role("region", name="Timeline")).to_contain_text("Closed by hand")
    expect(drawer.get_by_role("region", name="Fills", exact=True)).to_contain_text("Closed by hand")
    expect(drawer.get_by_role("region", name="Why", exact=True)).to_contain_text("Sentiment score")
    expect(drawer.get_by_role("img", name=re.compile("^Prices of "))).to_be_visible()
    badge = drawer.get_by_text("Recomputed = recorded")
    expect(badge).to_be_visible(timeout=CHECKED_SECONDS * 1000)

    sales = drawer.get_by_text("Prices and sales as a table")
    sales.click()
    table = drawer.get_by_role("region", name="Prices and sales as a table").get_by_role("table")
    expect(table).to_contain_text("Closed by hand")
    expect(table).not_to_contain_text(HELD)
    slide_to_the_start(drawer, "Longest holding")
    expect(table).to_contain_text(HELD)
    expect(drawer.get_by_text("Held as long as allowed").last).to_be_visible()
    sales.click()

    here = drawer.locator("button[data-cell][aria-pressed=true]")
    expect(here).to_have_accessible_name(
        re.compile("^Stop 15 %, trailing 20 %: .*you are here"), timeout=MAP_SECONDS * 1000
    )

    page.reload()
    expect(drawer).to_be_visible()
    expect(badge).to_be_visible()
    page.keyboard.press("Escape")
    expect(drawer).to_be_hidden()
    expect(page).not_to_have_url(re.compile("trade="))


@pytest.mark.usefixtures("watched")
def test_the_focus_stays_inside_and_returns(
    page: Page, platform: Platform, finished: Finished
) -> None:
    token = finished.token
    drawer = open_from_history(page, platform, token)
    expect(drawer.get_by_role("slider", name="Stop loss", exact=True)).to_be_visible()
    for _ in range(60):
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.closest('dialog, body').tagName") in {
            "DIALOG",
            "BODY",  # the browser's own controls, between the last and the first
        }
    page.keyboard.press("Escape")
    expect(drawer).to_be_hidden()
    expect(trades_of(page, token).last).to_be_focused()


@pytest.mark.usefixtures("watched")
def test_a_plan_is_used_from_now_on_after_a_look(
    page: Page, platform: Platform, finished: Finished
) -> None:
    token = finished.token
    drawer = open_from_history(page, platform, token)
    slide_to_the_start(drawer, "Stop loss")
    drawer.get_by_role("button", name=f"Use this plan for {token}").click()
    dialog = page.get_by_role("dialog", name=f"Use this plan for {token} from now on?")
    expect(dialog.get_by_role("row", name=re.compile("Stop loss.*15 %.*1 %"))).to_be_visible()
    dialog.get_by_role("button", name="Use this plan").click()
    expect(drawer.get_by_text(f"This plan is used for {token} from now on.")).to_be_visible()
    page.goto(f"{platform.url}/strategies?symbol={token}")
    expect(page.get_by_role("textbox", name=re.compile("^Stop loss"))).to_have_value("1")


@pytest.mark.usefixtures("watched")
def test_all_trades_are_led_under_another_plan(page: Page, platform: Platform) -> None:
    page.goto(f"{platform.url}/profile?tab=history")
    page.get_by_role("button", name="What if…").click()
    drawer = page.get_by_role("dialog", name="What other plans would have made")
    totals = drawer.get_by_role("region", name="Totals per plan")
    expect(totals.get_by_role("row", name=re.compile("^As it was"))).to_be_visible()
    slide_to_the_start(drawer, "Longest holding")
    drawer.get_by_role("button", name="Keep in the table").click()
    expect(totals.get_by_role("row", name=re.compile("^Plan 1"))).to_be_visible()
    assert complaints_in_both_themes(page) == []


@pytest.mark.usefixtures("watched")
def test_a_position_opens_its_trade(page: Page, platform: Platform) -> None:
    page.goto(platform.url)
    stage.wait_for_a_trade(page)
    page.get_by_role("button", name="Trade in full, what if…").click()
    drawer = page.get_by_role("dialog", name=re.compile(r", trade \d+$"))
    expect(drawer.get_by_role("region", name="Timeline")).to_contain_text("Still open")
    expect(drawer.get_by_role("slider", name="Stop loss", exact=True)).to_be_visible()


@pytest.mark.usefixtures("watched")
def test_the_drawer_is_for_everybody(page: Page, platform: Platform, finished: Finished) -> None:
    token = finished.token
    drawer = open_from_history(page, platform, token)
    here = drawer.locator("button[data-cell][aria-pressed=true]")
    expect(here).to_have_count(1, timeout=MAP_SECONDS * 1000)
    assert complaints_in_both_themes(page) == []
    page.set_viewport_size({"width": PHONE, "height": 740})
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE
    assert drawer.evaluate("it => it.scrollWidth <= it.clientWidth")
    assert complaints_in_both_themes(page) == []
