"""The dashboard without a mouse: the tour, the search, and the keys of every page."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.axe import complaints
from tests.e2e.stage import Platform, live, on_the_platform, register, wait_for_a_trade

pytestmark = [*on_the_platform, pytest.mark.usefixtures("watched")]


def tour(page: Page) -> Locator:
    """Find the tour's card."""
    return page.get_by_role("region", name="Tour")


def marked(page: Page) -> Locator:
    """Find the entry of the search that Enter would run."""
    return page.get_by_role("dialog").get_by_role("option", selected=True)


def search(page: Page, words: str) -> Locator:
    """Type into the open search; returns what is marked."""
    field = page.get_by_role("combobox", name="Search")
    expect(field).to_be_focused()
    field.fill(words)
    return marked(page)


def test_the_tour_leads_from_signals_to_reasons(page: Page, platform: Platform) -> None:
    register(page, platform, tour=True)
    expect(tour(page).get_by_role("heading")).to_have_text("Signals come in here")
    expect(tour(page).get_by_role("button", name="Next")).to_be_focused()
    assert complaints(page) == []
    for step in (2, 3, 4):
        page.keyboard.press("Enter")
        expect(tour(page)).to_contain_text(f"Step {step} of 4")
    page.keyboard.press("Shift+Tab")
    expect(tour(page).get_by_role("button", name="Back")).to_be_focused()
    page.keyboard.press("Escape")
    expect(tour(page)).to_be_hidden()

    page.reload()
    expect(live(page)).to_have_text("Live")
    expect(page.get_by_role("region", name="Portfolio")).to_contain_text("Total value")
    expect(tour(page)).to_be_hidden()

    page.keyboard.press("g")
    page.keyboard.press("p")
    expect(page).to_have_url(f"{platform.url}/profile")
    page.keyboard.press("/")
    expect(search(page, "tour")).to_have_text("Start the tour")
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{platform.url}/")
    expect(tour(page).get_by_role("button", name="Next")).to_be_focused()


def test_the_tour_follows_what_it_speaks_of_on_a_phone(page: Page, platform: Platform) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    page.emulate_media(reduced_motion="reduce")
    register(page, platform, tour=True)
    for panel in ("Signals", "Chart", "Positions", "Why"):
        target = page.locator(f'[data-panel="{panel}"] > *').first
        expect(target).to_be_in_viewport()
        expect(tour(page)).to_be_in_viewport(ratio=1)
        assert page.evaluate("document.documentElement.scrollWidth") == 360
        page.keyboard.press("Enter")
    expect(tour(page)).to_be_hidden()


def test_the_search_goes_and_does(page: Page, platform: Platform) -> None:
    register(page, platform)
    page.keyboard.press("Control+k")
    search(page, "")
    assert complaints(page) == []
    expect(search(page, "strat")).to_have_text(re.compile("^Strategies"))
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{platform.url}/strategies")

    page.keyboard.press("/")
    expect(search(page, "pause")).to_have_text("Pause trading")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Resume")).to_be_visible()
    expect(page.get_by_role("status", name="Notices")).to_contain_text("Paused: no new entries")

    page.keyboard.press("/")
    search(page, "zzzz")
    expect(page.get_by_text("Nothing fits")).to_be_visible()
    expect(search(page, "theme")).to_have_text("Theme: dark")
    page.keyboard.press("ArrowDown")
    expect(marked(page)).to_have_text("Theme: light")
    page.keyboard.press("Enter")
    assert page.evaluate("document.documentElement.dataset.theme") == "light"
    expect(page.get_by_role("dialog")).to_be_hidden()


def test_single_keys_can_be_switched_off(page: Page, platform: Platform) -> None:
    register(page, platform)
    page.keyboard.press("?")
    shortcuts = page.get_by_role("dialog", name="Keyboard shortcuts")
    expect(shortcuts).to_contain_text("No key ever buys or sells.")
    assert complaints(page) == []
    shortcuts.get_by_role("switch", name="Single keys").press("Space")
    page.keyboard.press("Escape")
    expect(shortcuts).to_be_hidden()

    page.reload()
    expect(live(page)).to_have_text("Live")
    for key in ("g", "r", "?", "/"):
        page.keyboard.press(key)
    expect(page.get_by_role("dialog")).to_be_hidden()
    expect(page).to_have_url(f"{platform.url}/")

    page.keyboard.press("Control+k")
    expect(search(page, "keyboard")).to_have_text(re.compile("^Keyboard shortcuts"))
    page.keyboard.press("Enter")
    shortcuts.get_by_role("switch", name="Single keys").press("Space")
    page.keyboard.press("Escape")
    page.keyboard.press("g")
    page.keyboard.press("r")
    expect(page).to_have_url(re.compile(f"^{platform.url}/research"))


def test_a_sale_is_asked_for_by_keyboard_alone(page: Page, platform: Platform) -> None:
    register(page, platform)
    symbol = wait_for_a_trade(page).removeprefix("Why ")
    page.keyboard.press("g")
    page.keyboard.press("v")
    expect(page).to_have_url(re.compile("/events"))
    page.keyboard.press("/")
    expect(search(page, f"close {symbol}")).to_have_text(f"Close {symbol}…")
    page.keyboard.press("Enter")
    question = page.get_by_role("dialog", name=f"Sell 100 % of {symbol}?")
    expect(question).to_contain_text("nothing: the trade ends")
    page.keyboard.press("Escape")
    expect(question).to_be_hidden()

    page.keyboard.press("/")
    expect(search(page, symbol)).to_have_text(re.compile(f"^{symbol}"))
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    expect(page.get_by_role("region", name="Shown position")).to_contain_text(symbol)
