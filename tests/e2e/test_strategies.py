"""Settings and shadows in a real browser: seen before they are saved, taken back, adopted."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e import stage
from tests.e2e.axe import complaints_in_both_themes

Platform = stage.Platform
pytestmark = stage.on_the_platform

PHONE = 360


def strategies(page: Page, platform: Platform, tab: str = "") -> None:
    """Start with a new wallet and go to the page."""
    stage.register(page, platform)
    page.goto(f"{platform.url}/strategies{tab}")


def field(page: Page, name: str) -> Locator:
    """Find a number of the form by the beginning of its label."""
    return page.get_by_role("textbox", name=re.compile(f"^{name}"))


def review(page: Page) -> Locator:
    """Ask for the second look at what was changed."""
    page.get_by_role("button", name="Review and save").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    return dialog


def save_stop(page: Page, percent: str) -> None:
    """Change the stop loss and save it."""
    field(page, "Stop loss").fill(percent)
    review(page).get_by_role("button", name="Save").click()
    expect(page.get_by_role("dialog")).to_be_hidden()


def history(page: Page) -> Locator:
    return page.get_by_role("region", name="History of changes")


@pytest.mark.usefixtures("watched")
def test_settings_are_seen_before_they_are_saved_and_can_be_taken_back(
    page: Page, platform: Platform
) -> None:
    strategies(page, platform)
    field(page, "Stop loss").fill("8")
    field(page, "Window").fill("40")
    dialog = review(page)
    changes = dialog.get_by_role("table", name="Before and after")
    expect(changes.get_by_role("row", name=re.compile("Stop loss.*15 %.*8 %"))).to_be_visible()
    expect(changes.get_by_role("row", name=re.compile("Window.*20.*40"))).to_be_visible()
    expect(changes.get_by_role("row")).to_have_count(3)
    expect(dialog.get_by_role("region", name="Open positions", exact=True)).to_be_visible()
    dialog.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved for Every token.")).to_be_visible()
    expect(page.get_by_role("button", name="Stop loss: default: 15 %")).to_be_visible()

    save_stop(page, "12")
    expect(history(page).get_by_text("Version 2")).to_be_visible()
    history(page).get_by_role("button", name="Revert to version 1").click()
    dialog = page.get_by_role("dialog", name="Go back to version 1?")
    expect(dialog.get_by_role("row", name=re.compile("Stop loss.*12 %.*8 %"))).to_be_visible()
    dialog.get_by_role("button", name="Go back to version 1").click()
    expect(history(page).get_by_text("Version 3")).to_be_visible()
    expect(field(page, "Stop loss")).to_have_value("8")
    page.reload()
    expect(field(page, "Stop loss")).to_have_value("8")
    expect(field(page, "Window")).to_have_value("40")


def test_what_does_not_fit_is_told_at_its_field(page: Page, platform: Platform) -> None:
    strategies(page, platform)
    field(page, "Window").fill("2000")
    expect(page.get_by_text("Must be at most 500 candles")).to_be_visible()
    expect(page.get_by_role("button", name="Review and save")).to_be_disabled()
    field(page, "Window").fill("20")
    field(page, "Fast").fill("40")
    page.get_by_role("button", name="Review and save").click()
    expect(page.get_by_text("fast must be below slow, got 40 and 30")).to_be_visible()
    expect(field(page, "Fast")).to_have_value("40")


@pytest.mark.usefixtures("watched")
def test_a_token_gets_settings_of_its_own_and_loses_them(page: Page, platform: Platform) -> None:
    strategies(page, platform)
    page.get_by_label("Add a token").fill("two words")
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.get_by_text("Must have no space and no slash")).to_be_visible()
    page.get_by_label("Add a token").fill("BONK")
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page).to_have_url(re.compile("symbol=BONK"))
    save_stop(page, "5")
    expect(history(page).get_by_text("Version 1")).to_be_visible()

    field(page, "Stop loss").fill("6")
    page.get_by_role("button", name="Every token").click()
    leave = page.get_by_role("dialog", name="Leave without saving?")
    leave.get_by_role("button", name="Stay").click()
    expect(field(page, "Stop loss")).to_have_value("6")
    page.get_by_role("button", name="Discard").click()
    page.get_by_role("button", name="Remove", exact=True).click()
    page.get_by_role("dialog").get_by_role("button", name="Remove").click()
    expect(page.get_by_text("The settings for BONK are removed.")).to_be_visible()
    expect(field(page, "Stop loss")).to_have_value("15")


@pytest.mark.usefixtures("watched")
def test_a_shadow_is_begun_compared_adopted_and_retired(page: Page, platform: Platform) -> None:
    strategies(page, platform, "?tab=shadows")
    expect(page.get_by_text("No shadow yet")).to_be_visible()
    page.get_by_role("button", name="New shadow").click()
    form = page.get_by_role("dialog", name="New shadow")
    form.get_by_label("Name").fill("Tighter stop")
    form.get_by_role("textbox", name=re.compile("^Stop loss")).fill("5")
    form.get_by_role("button", name="Close").click()
    page.get_by_role("dialog", name="Leave without saving?").get_by_role(
        "button", name="Stay"
    ).click()
    form.get_by_role("button", name="Begin").click()
    expect(form).to_be_hidden()

    listed = page.get_by_role("region", name="Shadows, 1 of 20")
    expect(listed.get_by_text("Stop loss 5 %")).to_be_visible()
    pair = page.get_by_role("region", name="Tighter stop beside mine")
    expect(pair.get_by_text("9 more days are needed for a first answer")).to_be_visible()

    listed.get_by_role("button", name="Pause Tighter stop").click()
    expect(listed.get_by_role("button", name="Resume Tighter stop")).to_be_visible()
    listed.get_by_role("button", name="Adopt Tighter stop").click()
    adopt = page.get_by_role("dialog", name="Adopt Tighter stop?")
    expect(adopt.get_by_role("row", name=re.compile("Stop loss.*15 %.*5 %"))).to_be_visible()
    adopt.get_by_role("button", name="Adopt").click()
    expect(adopt).to_be_hidden()
    expect(listed.get_by_text("The same settings as yours")).to_be_visible()

    listed.get_by_role("button", name="Retire Tighter stop").click()
    page.get_by_role("dialog").get_by_role("button", name="Retire").click()
    expect(page.get_by_text("Tighter stop is retired.")).to_be_visible()
    page.get_by_role("tab", name="Settings").click()
    expect(field(page, "Stop loss")).to_have_value("5")


@pytest.mark.usefixtures("watched")
def test_the_page_is_for_everybody(page: Page, platform: Platform) -> None:
    strategies(page, platform)
    expect(field(page, "Stop loss")).to_be_visible()
    field(page, "Stop loss").fill("8")
    assert complaints_in_both_themes(page) == []
    dialog = review(page)
    assert complaints_in_both_themes(page) == []
    dialog.get_by_role("button", name="Save").click()
    expect(dialog).to_be_hidden()

    page.get_by_role("tab", name="Shadows").click()
    page.get_by_role("button", name="New shadow").click()
    form = page.get_by_role("dialog", name="New shadow")
    form.get_by_label("Name").fill("Another")
    assert complaints_in_both_themes(page) == []
    form.get_by_role("button", name="Begin").click()
    expect(page.get_by_role("region", name="Another beside mine")).to_be_visible()
    assert complaints_in_both_themes(page) == []

    page.set_viewport_size({"width": PHONE, "height": 740})
    for tab in ("Shadows", "Settings"):
        page.get_by_role("tab", name=tab).click()
        assert page.evaluate("document.documentElement.scrollWidth") == PHONE
