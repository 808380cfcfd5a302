"""The profile of a wallet with a long past, in a real browser: 100,000 trades and their sums."""

import csv
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from anyio.from_thread import start_blocking_portal
from playwright.sync_api import Browser, Locator, Page, expect

from tests.api.stage import running
from tests.e2e import past, stage
from tests.e2e.axe import complaints_in_both_themes

pytestmark = stage.on_the_platform

TRADES = 100_000
MOST_DRAWN = 80
ROW_PIXELS = 36
PHONE = 360
LOADED_MS = 30_000
TABS = ("overview", "per-token", "breakdown", "history")


@dataclass(frozen=True)
class Veteran:
    """A platform with a wallet that traded for months, and what its browser keeps."""

    url: str
    storage: Any


@pytest.fixture(scope="module")
def veteran(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Veteran]:
    """Register a wallet, write its past while nobody runs, and go on. No market disturbs it."""
    folder = tmp_path_factory.mktemp("veteran")
    with start_blocking_portal() as portal:
        with portal.wrap_async_context_manager(running(folder)) as young:
            person = portal.call(young.register)
        now = int(time.time() * 1000)
        past.live_through(folder / "record.db", person.number, TRADES, now)
        with portal.wrap_async_context_manager(running(folder, audit_at="never")) as old:
            url = f"http://127.0.0.1:{old.port}"
            context = browser.new_context()
            stage.sign_in(context.new_page(), url, person.wallet, person.secret_key)
            storage: Any = context.storage_state()
            context.close()
            yield Veteran(url, storage)


@pytest.fixture
def profile(browser: Browser, veteran: Veteran) -> Iterator[Page]:
    """Open a page of the veteran; it must not complain."""
    context = browser.new_context(
        storage_state=veteran.storage, viewport={"width": 1440, "height": 900}, timezone_id="UTC"
    )
    context.set_default_timeout(15_000)
    page = context.new_page()
    seen = stage.Watched(veteran.url)
    seen.watch(page)
    yield page
    context.close()
    assert seen.complaints == []
    assert seen.strangers == []


def history(page: Page, veteran: Veteran, query: str = "") -> Locator:
    """Open the history and wait for its trades."""
    page.goto(f"{veteran.url}/profile?tab=history{query}")
    rows = page.get_by_role("table", name="Trades").locator("tbody tr[aria-rowindex]")
    expect(rows.first).to_be_visible()
    return rows


def listed(page: Page) -> int:
    """Read how many trades are listed."""
    text = page.get_by_text(re.compile(r"^[\d,]+ trades?$")).inner_text()
    return int(text.split()[0].replace(",", ""))


def place(rows: Locator) -> int:
    return int(rows.last.get_attribute("aria-rowindex") or 0)


def scrolled(page: Page) -> float:
    """Measure how far the trades are scrolled."""
    region = page.get_by_role("region", name="Trades, scrollable")
    top: float = region.evaluate("region => region.scrollTop")
    return top


def test_a_hundred_thousand_trades_can_be_read(profile: Page, veteran: Veteran) -> None:
    rows = history(profile, veteran, "&to=2100-01-01&status=finished")
    assert listed(profile) >= TRADES
    assert rows.count() < MOST_DRAWN
    profile.get_by_role("region", name="Trades, scrollable").focus()
    profile.keyboard.press("End")
    profile.wait_for_function(
        """() => {
            const table = document.querySelector('table[aria-label="Trades"]');
            const rows = table.querySelectorAll('tbody tr[aria-rowindex]:not([aria-busy])');
            const last = rows[rows.length - 1];
            return last?.getAttribute('aria-rowindex') === table.getAttribute('aria-rowcount');
        }"""
    )
    assert place(rows) > TRADES
    assert rows.count() < MOST_DRAWN
    before = scrolled(profile)
    assert before > TRADES

    profile.evaluate(
        "document.querySelector('[aria-label=\"Trades, scrollable\"]').scrollTop = 3000"
    )
    # Others are drawn first, and a row found among those would be another a moment later.
    chosen = 1 + 3_000 // ROW_PIXELS + 5
    row = profile.locator(f'tr[aria-rowindex="{chosen}"]:not([aria-busy])')
    name = row.get_by_role("button").inner_text()
    row.get_by_role("button").press("Enter")
    drawer = profile.get_by_role("dialog", name=re.compile(rf"^{name}, trade \d+$"))
    expect(drawer.get_by_role("region", name="Fills")).to_be_visible()
    kept = scrolled(profile)
    profile.keyboard.press("Escape")
    expect(drawer).to_be_hidden()
    assert scrolled(profile) == kept > 0


def test_trades_are_sorted_and_filtered_where_they_are(
    profile: Page, veteran: Veteran, tmp_path: Path
) -> None:
    rows = history(profile, veteran)
    profile.get_by_role("button", name="P&L, %").click()
    expect(profile).to_have_url(re.compile("sort=pnl_percent"))
    best = re.compile(r"\+(5\d|[6-9]\d|\d{3})\.\d %")
    expect(rows.first).to_contain_text(best)
    profile.get_by_label("Status").select_option("finished")
    profile.get_by_label("Ended by").select_option("stop_loss")
    expect(profile.get_by_role("button", name="Remove the filter Ended by")).to_be_visible()
    profile.get_by_label("Token name").fill("past1")
    expect(profile).to_have_url(re.compile("name=past1"))
    expect(profile.get_by_role("button", name="Remove the filter Name has")).to_be_visible()
    expect(profile.get_by_role("table", name="Trades")).to_have_attribute("aria-busy", "false")
    expect(rows.first).to_contain_text("Stop loss")
    expect(rows.first).to_contain_text("PAST1")
    count = listed(profile)
    assert 0 < count < TRADES / 2

    profile.get_by_role("button", name="Export").click()
    with profile.expect_download() as download:
        profile.get_by_role("menuitem", name="CSV").click()
    file = tmp_path / "trades.csv"
    download.value.save_as(file)
    with file.open() as opened:
        found = list(csv.DictReader(opened))
    assert len(found) == count
    assert {row["exit_reason"] for row in found} == {"stop_loss"}
    gains = [float(row["pnl_percent"]) for row in found]
    assert gains == sorted(gains, reverse=True)

    profile.go_back()
    expect(profile).not_to_have_url(re.compile("name=past1"))
    expect(profile.get_by_label("Token name")).to_have_value("")
    profile.get_by_role("button", name="Clear all").click()
    expect(profile.get_by_label("Ended by")).to_have_value("")
    profile.get_by_label("Token name").fill("no such token")
    expect(profile.get_by_text("No trade fits")).to_be_visible()


def test_a_day_of_the_calendar_opens_its_trades(profile: Page, veteran: Veteran) -> None:
    profile.goto(f"{veteran.url}/profile")
    calendar = profile.get_by_role("grid", name=re.compile("^P&L by day"))
    today = calendar.locator("[aria-current=date]")
    expect(today).to_be_visible(timeout=30_000)
    today.focus()
    for key in ("PageUp", "ArrowLeft", "ArrowUp"):
        profile.keyboard.press(key)
    expect(profile).to_have_url(re.compile(r"month=\d{4}-\d\d"))
    day = calendar.locator("[data-day]:focus")
    expect(day).to_contain_text("trades")
    about = day.inner_text()
    profile.keyboard.press("Enter")
    expect(profile.get_by_role("tab", name="History")).to_have_attribute("aria-selected", "true")
    expect(profile.get_by_role("button", name="Remove the filter Ended on")).to_be_visible()
    count = re.search(r"([\d,]+) trades", about)
    assert count is not None
    expect(profile.get_by_text(f"{count[1]} trades", exact=True)).to_be_visible()
    profile.go_back()
    expect(calendar).to_be_visible()
    expect(profile).to_have_url(re.compile("month="))


def test_tokens_and_groups_lead_to_their_trades(profile: Page, veteran: Veteran) -> None:
    profile.goto(f"{veteran.url}/profile?tab=per-token&period=30d")
    tokens = profile.get_by_role("table").filter(has=profile.get_by_text("Win rate"))
    expect(tokens.get_by_text("Best", exact=True).first).to_be_visible()
    first = tokens.locator("tbody").get_by_role("button").first
    name = first.inner_text()
    first.click()
    expect(profile.get_by_role("button", name=f"Remove the filter Token: {name}")).to_be_visible()

    profile.goto(f"{veteran.url}/profile?tab=breakdown")
    groups = profile.get_by_role("table", name="Results by group")
    expect(groups.get_by_role("row")).to_have_count(1 + len(past.STRATEGIES))
    profile.get_by_role("button", name="Weekday").click()
    expect(groups.get_by_role("row", name=re.compile("^Monday"))).to_be_visible()
    profile.get_by_role("button", name="Ended by").click()
    groups.get_by_role("button", name="Stop loss", exact=True).click()
    expect(profile.get_by_role("button", name="Remove the filter Ended by")).to_be_visible()


def test_every_tab_fits_a_phone_and_is_readable(profile: Page, veteran: Veteran) -> None:
    for tab in TABS:
        profile.set_viewport_size({"width": PHONE, "height": 740})
        profile.goto(f"{veteran.url}/profile?tab={tab}")
        expect(profile.get_by_role("tab", selected=True)).to_be_visible()
        expect(profile.locator(".animate-pulse")).to_have_count(0, timeout=LOADED_MS)
        assert profile.evaluate("document.documentElement.scrollWidth") == PHONE
        profile.set_viewport_size({"width": 1280, "height": 800})
        assert complaints_in_both_themes(profile) == [], tab
