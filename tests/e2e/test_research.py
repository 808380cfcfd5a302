"""The research page on the real platform: from a file of candles to settings that are adopted."""

import math
import random
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.e2e import stage
from tests.e2e.axe import complaints_in_both_themes

FIRST = 1_710_590_400
HOUR = 3_600
CANDLES = 2_400
RUN_SECONDS = 60

pytestmark = stage.on_the_platform
READ_MS = 30_000
"""How long a file may take to be read, in a process that starts for it."""


def candles() -> str:
    """Write a hundred days of hours that rise and fall, the same ones every time."""
    drawn = random.Random(7)
    rows, close = ["time,open,high,low,close,volume"], 0.001
    for hour in range(CANDLES):
        before, swing = close, 0.02 * math.sin(hour / 40)
        close = before * math.exp(swing + drawn.gauss(0, 0.01))
        high, low = 1.004 * max(before, close), 0.996 * min(before, close)
        prices = ",".join(f"{price:.9f}" for price in (before, high, low, close))
        rows.append(f"{FIRST + HOUR * hour},{prices},1000000")
    return "\n".join(rows) + "\n"


def file_of(name: str, text: str) -> Any:
    return {"name": name, "mimeType": "text/csv", "buffer": text.encode()}


def upload(page: Page, name: str, text: str) -> Locator:
    """Send a file; returns the card that says what became of it."""
    page.get_by_role("link", name="Research").first.click()
    page.get_by_role("link", name="History", exact=True).click()
    form = page.get_by_role("form", name="Upload candles")
    form.locator("input[type=file]").set_input_files(files=[file_of(name, text)])
    form.get_by_role("button", name="Upload", exact=True).click()
    return form


@pytest.fixture(scope="module")
def kept(browser: Browser, platform: stage.Platform) -> Any:
    """Let somebody store candles once; answers what their browser keeps."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    page = context.new_page()
    stage.register(page, platform)
    form = upload(page, "WAVE-SOL_1h.csv", candles())
    said = form.get_by_role("status")
    expect(said).to_contain_text(f"{CANDLES:,} candles", timeout=READ_MS)
    storage = context.storage_state()
    context.close()
    return storage


@pytest.fixture
def trader(browser: Browser, platform: stage.Platform, kept: Any) -> Iterator[Page]:
    """Open a browser of somebody who has stored candles; it must not complain."""
    context = browser.new_context(storage_state=kept, viewport={"width": 1280, "height": 800})
    context.set_default_timeout(15_000)
    page = context.new_page()
    seen = stage.Watched(platform.url)
    seen.watch(page)
    page.goto(f"{platform.url}/research")
    expect(stage.live(page)).to_have_text("Live")
    yield page
    context.close()
    assert (seen.complaints, seen.strangers) == ([], [])


def set_up(page: Page, name: str) -> None:
    """Begin a run on the stored candles."""
    page.get_by_role("link", name="New run", exact=True).click()
    page.get_by_role("checkbox", name=re.compile("^WAVE-SOL")).set_checked(checked=True)
    page.get_by_label("Name", exact=True).fill(name)


def backtest(page: Page, name: str, **fields: str) -> None:
    """Run a backtest and wait for what comes of it."""
    set_up(page, name)
    page.get_by_role("button", name="Backtest", exact=True).click()
    for label, value in fields.items():
        page.get_by_label(label.replace("_", " "), exact=True).fill(value)
    page.get_by_role("button", name="Run the backtest").click()
    overview = page.get_by_role("tab", name="Overview")
    expect(overview).to_be_visible(timeout=RUN_SECONDS * 1000)


def set_up_sweep(page: Page, name: str) -> None:
    """Begin a sweep of two parameters."""
    set_up(page, name)
    page.get_by_role("button", name="Sweep", exact=True).click()
    fast = page.get_by_role("group", name="Fast", exact=True)
    fast.get_by_role("button", name="Range").click()
    for label, value in {"From": "4", "To": "16", "Step": "4"}.items():
        fast.get_by_label(label, exact=True).fill(value)
    stop = page.get_by_role("group", name="Stop loss", exact=True)
    stop.get_by_role("button", name="Several").click()
    stop.get_by_label("Values, %").fill("5, 10, 20")


def test_what_is_wrong_stands_at_its_place(
    page: Page, platform: stage.Platform, tmp_path: Path
) -> None:
    stage.register(page, platform)
    page.get_by_role("link", name="Research").first.click()
    expect(page.get_by_text("No run yet")).to_be_visible()
    spoiled = candles().splitlines()
    spoiled[5] = spoiled[5].rsplit(",", 2)[0] + ",abc,1"
    form = upload(page, "WAVE-SOL_1h.csv", "\n".join(spoiled))
    expect(form.get_by_role("alert")).to_contain_text("Nothing was stored")
    expect(form.get_by_role("alert")).to_contain_text(re.compile(r"Row 6, close: .*abc"))

    page.get_by_role("link", name="New run", exact=True).click()
    expect(page.get_by_text("There are no candles of the past yet")).to_be_visible()
    page.get_by_label("Stop loss", exact=True).fill("0")
    page.get_by_role("button", name="Run the backtest").click()
    expect(page.get_by_role("alert")).to_contain_text("History: Choose at least one token")
    expect(page.get_by_label("Stop loss", exact=True)).to_have_attribute("aria-invalid", "true")
    page.screenshot(path=tmp_path / "faults.png", full_page=True)


def test_a_file_becomes_a_backtest_and_settings(trader: Page, tmp_path: Path) -> None:
    page = trader
    backtest(page, "first", Stop_loss="15")
    expect(page.get_by_label("Main figures")).to_contain_text("Win rate")
    expect(page.get_by_role("img", name="Equity and drawdown")).to_be_visible()
    page.get_by_role("tab", name=re.compile("^Trades")).click()
    page.get_by_role("button", name="Trade 2: show it on the chart").click()
    expect(page.get_by_role("region", name="Trade 2", exact=True)).to_contain_text("Bought")
    expect(page.get_by_role("img", name="Candles of WAVE-SOL with trades")).to_be_visible()
    with page.expect_download() as trades:
        page.get_by_role("button", name="CSV").click()
    assert Path(trades.value.path()).read_text().startswith("number,token,symbol,strategy,")
    with page.expect_download() as report:
        page.get_by_role("link", name="Report").click()
    assert "<html" in Path(report.value.path()).read_text()
    page.screenshot(path=tmp_path / "trades.png", full_page=True)

    page.get_by_role("button", name="Adopt").click()
    page.get_by_role("button", name="See what changes").click()
    changes = page.get_by_role("dialog", name="Adopt for WAVE-SOL")
    expect(changes).to_contain_text("Strategies")
    changes.get_by_role("button", name="Adopt").click()
    expect(page.get_by_text("Adopted for WAVE-SOL.")).to_be_visible()
    expect(page.get_by_role("main").get_by_text("Adopted for WAVE-SOL")).to_be_visible()


def test_a_sweep_says_how_lucky_and_hands_a_set_on(trader: Page, tmp_path: Path) -> None:
    page = trader
    set_up_sweep(page, "averages")
    expect(page.get_by_role("status").filter(has_text="combinations")).to_have_text(
        "4 × 3 = 12 combinations"
    )
    page.get_by_label("Walk-forward folds").fill("2")
    page.get_by_role("button", name="Run the sweep").click()
    expect(page.get_by_role("tab", name="Map")).to_be_visible(timeout=RUN_SECONDS * 1000)
    luck = page.get_by_role("region", name="Is the best one luck?")
    expect(luck).to_contain_text("12 sets were tried over")
    inside = page.get_by_role("table", name="Net P&L, SOL, in the sample")
    expect(inside.get_by_role("button")).to_have_count(12)
    inside.get_by_role("button", name=re.compile("^fast 4, stop loss 5 %")).click()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    chosen = page.get_by_role("region", name=re.compile("^Set "))
    expect(chosen).to_contain_text("fast8")
    expect(page.get_by_role("table", name="Net P&L, SOL, out of it")).to_be_visible()
    page.screenshot(path=tmp_path / "map.png", full_page=True)
    page.get_by_role("tab", name="Walk forward").click()
    expect(page.get_by_role("table", name="Walk forward").get_by_role("row")).to_have_count(3)

    page.get_by_role("tab", name=re.compile("^Sets")).click()
    page.get_by_role("button", name="Run as a backtest").click()
    expect(page.get_by_role("tab", name="Overview")).to_be_visible(timeout=RUN_SECONDS * 1000)
    expect(page.get_by_role("heading", name="averages: fast 8")).to_be_visible()


def test_a_long_run_is_cancelled_and_deleted(trader: Page) -> None:
    page = trader
    set_up_sweep(page, "too long")
    page.get_by_role("button", name="Random").click()
    fast = page.get_by_role("group", name="Slow", exact=True)
    fast.get_by_role("button", name="Range").click()
    fast.get_by_label("From", exact=True).fill("20")
    fast.get_by_label("To", exact=True).fill("500")
    trailing = page.get_by_role("group", name="Trailing stop", exact=True)
    trailing.get_by_role("button", name="Range").click()
    trailing.get_by_label("From", exact=True).fill("1")
    trailing.get_by_label("To", exact=True).fill("90")
    page.get_by_label("Combinations to try").fill("20000")
    page.get_by_label("Walk-forward folds").fill("20")
    page.get_by_role("button", name="Run the sweep").click()
    expect(page.get_by_role("progressbar", name="Progress of the run")).to_be_visible()
    page.get_by_role("button", name="Cancel").click()
    expect(page.get_by_role("region", name="It was cancelled")).to_be_visible()
    page.get_by_role("link", name="Runs", exact=True).click()
    page.get_by_role("button", name="Delete too long").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    expect(page.get_by_role("dialog")).to_be_hidden()
    expect(page.get_by_role("button", name="Delete too long")).to_have_count(0)


def test_two_backtests_stand_side_by_side(trader: Page) -> None:
    page = trader
    backtest(page, "tight", Stop_loss="5")
    page.get_by_role("button", name="Run again with changes").click()
    backtest(page, "wide", Stop_loss="25")
    page.get_by_role("link", name="Runs", exact=True).click()
    page.get_by_role("checkbox", name="Compare tight").check()
    page.get_by_role("checkbox", name="Compare wide").check()
    page.get_by_role("button", name="Compare 2").click()
    expect(page.get_by_role("img", name=re.compile("^Growth of the compared runs"))).to_be_visible()
    settings = page.get_by_role("table", name="Settings side by side")
    expect(settings.get_by_role("row").nth(1)).to_have_text(re.compile("Stop loss ?differs.*%.*%"))
    figures = page.get_by_role("table", name="Figures side by side")
    expect(figures).to_contain_text("Max drawdown")


def test_everybody_can_use_it_on_every_screen(trader: Page, platform: stage.Platform) -> None:
    page = trader
    backtest(page, "seen")
    shown = page.url
    page.get_by_role("link", name="New run", exact=True).click()
    set_up_sweep(page, "mapped")
    page.get_by_role("button", name="Run the sweep").click()
    expect(page.get_by_role("tab", name="Map")).to_be_visible(timeout=RUN_SECONDS * 1000)
    mapped = page.url
    research = f"{platform.url}/research"
    for width in (1280, 360):
        page.set_viewport_size({"width": width, "height": 800})
        for place in (research, f"{research}?view=new", f"{research}?view=history", shown):
            page.goto(place)
            expect(stage.live(page)).to_have_text("Live")
            expect(page.get_by_role("status", name=re.compile("load"))).to_have_count(0)
            assert complaints_in_both_themes(page) == [], f"{place} {width}"
            assert page.evaluate("document.documentElement.scrollWidth") == width
        for tab in (re.compile("^Trades"), "Statistics", "Settings"):
            page.get_by_role("tab", name=tab).click()
            assert complaints_in_both_themes(page) == [], f"{tab} {width}"
        page.goto(mapped)
        page.get_by_role("button", name="Figures").click()
        assert complaints_in_both_themes(page) == [], f"map {width}"
        assert page.evaluate("document.documentElement.scrollWidth") == width
