"""The dashboard on the real platform, in a real browser: a person's first minutes."""

import re
import signal
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.stage import Platform, live, on_the_platform, register, wait_for_a_trade

NOTICED_SECONDS = 6

pytestmark = on_the_platform


def close_half(page: Page) -> None:
    """Sell half of the shown position, with a second look at it."""
    close = page.get_by_role("button", name="Close 50 %")
    close.click()
    page.keyboard.press("Escape")
    expect(close).to_be_focused()
    page.keyboard.press("Enter")
    page.get_by_role("dialog").get_by_role("button", name="Sell 50 %").click()
    expect(page.get_by_text(re.compile("^Sold 50 % of "))).to_be_visible()
    expect(page.get_by_role("dialog")).to_be_hidden()


@pytest.mark.usefixtures("watched")
def test_the_first_minutes_of_a_trader(page: Page, platform: Platform, tmp_path: Path) -> None:
    page.goto(platform.url)
    page.screenshot(path=tmp_path / "1-login.png")
    register(page, platform)

    why = wait_for_a_trade(page)
    lines = page.get_by_label("Lines on the chart")
    expect(lines).to_contain_text("Entry")
    expect(lines).to_contain_text("Stop")
    expect(page.get_by_role("img", name=f"Candles of {why.removeprefix('Why ')}")).to_be_visible()
    expect(page.get_by_role("region", name=why)).to_contain_text("Sentiment score")
    expect(page.get_by_role("region", name="Portfolio")).to_contain_text("Total value")
    page.screenshot(path=tmp_path / "2-trade.png")

    close_half(page)
    expect(page.get_by_role("region", name="Transactions")).to_contain_text("Closed by hand")
    page.screenshot(path=tmp_path / "3-half.png")

    page.get_by_role("link", name="Profile").first.click()
    page.get_by_role("tab", name="History").click()
    page.get_by_role("button", name=why.removeprefix("Why "), exact=True).first.click()
    details = page.get_by_role("dialog")
    expect(details.get_by_role("region", name="Fills")).to_contain_text("Closed by hand")
    expect(details.get_by_role("region", name="Why")).to_contain_text("Sentiment score")
    holding = details.get_by_role("slider", name="Longest holding", exact=True)
    holding.focus()
    holding.press("Home")
    expect(details.get_by_text("Held as long as allowed").last).to_be_visible(timeout=30_000)
    page.screenshot(path=tmp_path / "4-history.png")
    page.keyboard.press("Escape")
    expect(details).to_be_hidden()

    page.reload()
    expect(live(page)).to_have_text("Live")
    expect(page.get_by_role("tab", name="History")).to_have_attribute("aria-selected", "true")

    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("button", name="Start with a paper wallet")).to_be_visible()
    page.goto(f"{platform.url}/profile")
    expect(page).to_have_url(f"{platform.url}/login")


@pytest.mark.usefixtures("watched")
def test_a_key_signs_in_again(page: Page, platform: Platform) -> None:
    key = register(page, platform)
    wallet = page.evaluate("localStorage.getItem('wallet')")
    kept = page.evaluate(
        "JSON.stringify([{...localStorage}, {...sessionStorage}, document.cookie])"
    )
    assert key not in kept
    page.get_by_role("button", name="Sign out").click()

    page.get_by_label("Secret key (base58)").fill(key)
    page.get_by_role("button", name="Sign in").click()
    expect(live(page)).to_have_text("Live")
    assert page.evaluate("localStorage.getItem('wallet')") == wallet


@pytest.mark.usefixtures("watched")
def test_everything_fits_a_phone(page: Page, platform: Platform, tmp_path: Path) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    register(page, platform)
    for place in ("/", "/profile", "/profile?tab=per-token", "/profile?tab=history"):
        page.goto(f"{platform.url}{place}")
        expect(live(page)).to_have_text("Live")
        assert page.evaluate("document.documentElement.scrollWidth") == 360
    page.get_by_role("link", name="Trading").last.click()
    expect(page.get_by_role("link", name="Trading").last).to_have_attribute("aria-current", "page")
    page.screenshot(path=tmp_path / "phone.png", full_page=True)


@pytest.mark.usefixtures("watched")
def test_a_pause_and_a_theme_are_kept(page: Page, platform: Platform) -> None:
    register(page, platform)
    page.get_by_role("button", name="Pause", exact=True).click()
    page.get_by_role("button", name=re.compile("^Theme: as the system")).click()
    expect(page.get_by_role("button", name="Resume")).to_be_visible()
    page.reload()
    expect(page.get_by_role("button", name="Resume")).to_be_visible()
    expect(page.get_by_role("button", name=re.compile("^Theme: dark"))).to_be_visible()
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"


def test_a_broken_link_is_noticed_and_mended(page: Page, platform: Platform) -> None:
    register(page, platform)
    platform.process.send_signal(signal.SIGSTOP)
    try:
        expect(live(page)).not_to_have_text("Live", timeout=NOTICED_SECONDS * 1000)
    finally:
        platform.process.send_signal(signal.SIGCONT)
    expect(live(page)).to_have_text("Live", timeout=30_000)


def test_a_session_that_ended_leads_to_the_login(page: Page, platform: Platform) -> None:
    register(page, platform)
    page.context.clear_cookies()
    page.reload()
    expect(page.get_by_role("button", name="Start with a paper wallet")).to_be_visible()


def test_an_unknown_path_of_the_api_is_no_page(page: Page, platform: Platform) -> None:
    answer = page.request.get(f"{platform.url}/api/nope", headers={"Accept": "text/html"})
    assert answer.status == 404
    assert answer.headers["content-type"].startswith("application/problem+json")
    assert page.request.get(f"{platform.url}/favicon.svg").ok
