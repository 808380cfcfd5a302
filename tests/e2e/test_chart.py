"""The chart in a real browser: candles of any length, lines that move, marks that open a trade."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from anyio.from_thread import BlockingPortal, start_blocking_portal
from playwright.sync_api import Locator, Page, expect

from app.engine.feed import MarketUpdate
from app.trading.market import Candle, Token
from tests.api.stage import Person, Stage, running
from tests.e2e.stage import Watched, on_the_platform, sign_in

pytestmark = on_the_platform
PRICE = 0.001
SECOND = 1_000


@dataclass(frozen=True)
class Market:
    """A platform whose market the test plays, a trader, and the token that they hold."""

    portal: BlockingPortal
    stage: Stage
    person: Person
    token: Token

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.stage.port}"

    def read(self, path: str, **params: Any) -> Any:
        def ask() -> Any:
            return self.stage.get(self.person, path, **params)

        return self.portal.call(ask)

    def form(self, seconds_on: int, price: float) -> None:
        """Let a candle form that opens so long after the newest one."""
        path = f"/api/market/candles/{self.token.mint}"
        at = self.read(path)["newest"]["time"] + seconds_on
        candle = Candle(at * SECOND, price, price, price, price, 5.0)
        news = MarketUpdate(mint=self.token.mint, forming=candle)
        self.portal.call(self.stage.live.feed.update, news, self.stage.now())


@pytest.fixture
def market(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Market]:
    """Run the platform in a thread of its own, and let somebody buy."""

    async def play(stage: Stage) -> tuple[Person, Token]:
        person = await stage.register()
        return person, await stage.bought("BONK", PRICE)

    with (
        start_blocking_portal() as portal,
        portal.wrap_async_context_manager(running(tmp_path_factory.mktemp("chart"))) as stage,
    ):
        yield Market(portal, stage, *portal.call(play, stage))


@pytest.fixture
def chart(page: Page, market: Market) -> Iterator[Locator]:
    """Sign in and look at the chart; nothing may be complained about until the end."""
    watched = Watched(market.origin)
    watched.watch(page)
    sign_in(page, market.origin, market.person.wallet, market.person.secret_key)
    expect(lines(page).get_by_role("slider", name="Stop", exact=True)).to_be_visible()
    shown = page.get_by_role("img", name="Candles of BONK")
    expect(page.get_by_test_id("legend")).to_contain_text("SMA 30")
    yield shown
    assert (watched.complaints, watched.strangers) == ([], [])


def lines(page: Page) -> Locator:
    """Find the list of the chart's lines."""
    return page.get_by_role("list", name="Lines on the chart")


def find_line(page: Page, chart: Locator, name: str, x: float = 300) -> float:
    """Move down the chart until a line is below the pointer; returns the height on the page."""
    box = chart.bounding_box()
    assert box
    for y in range(4, int(box["height"]), 2):
        page.mouse.move(box["x"] + x, box["y"] + y)
        if (chart.get_attribute("title") or "").startswith(f"{name}: Drag"):
            return box["y"] + y
    pytest.fail(f"{name} is nowhere on the chart")


def test_candles_of_any_length(page: Page, market: Market, chart: Locator) -> None:
    legend = page.get_by_test_id("legend")
    lengths = page.get_by_role("group", name="Length of a candle")
    expect(lengths.get_by_role("button", name="1s")).to_have_attribute("aria-pressed", "true")
    minute = lengths.get_by_role("button", name="1m")
    minute.click()
    expect(minute).to_have_attribute("aria-pressed", "true")
    table = page.get_by_role("region", name="Candles as a table")
    page.get_by_text("Candles as a table").click()
    expect(table.locator("tbody tr").first).to_contain_text(re.compile(r"\d\d:\d\d:00"))

    market.form(1, 2 * PRICE)
    expect(legend).to_contain_text("H 0.002000")
    market.form(90, 3 * PRICE)
    expect(legend).to_contain_text("O 0.003000")
    page.reload()
    expect(minute).to_have_attribute("aria-pressed", "true")
    expect(legend).to_contain_text("O 0.003000")
    expect(chart).to_be_visible()


def test_a_line_is_dragged_and_sells_where_it_was_dropped(
    page: Page, market: Market, chart: Locator
) -> None:
    y = find_line(page, chart, "Stop")
    x = page.evaluate("document.querySelector('[data-grip]').getBoundingClientRect().x") + 300
    page.mouse.down()
    page.mouse.move(x, y - 40, steps=4)
    page.keyboard.press("Escape")
    page.mouse.up()
    expect(page.get_by_role("dialog")).to_have_count(0)

    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x, y - 30, steps=4)
    expect(page.get_by_text("SOL at this size")).to_be_visible()
    page.mouse.up()
    dialog = page.get_by_role("dialog", name="Stop of BONK")
    said = float(re.findall(r"([\d.]+) % from the entry", dialog.inner_text())[-1])
    assert 0 < said < 15
    expect(dialog.locator("dl")).to_contain_text("moves")
    dialog.get_by_role("button", name="Change this trade").click()

    moved = lines(page).get_by_role("slider", name="Stop", exact=True)
    expect(moved).not_to_have_attribute("aria-valuenow", "-15")
    percent = -float(moved.get_attribute("aria-valuenow") or 0)
    assert percent == pytest.approx(said, abs=0.051)
    find_line(page, chart, "Stop")
    (position,) = market.read("/api/positions/{}")["items"]
    stop = position["stop_loss_price"]
    assert stop == pytest.approx(position["entry_price"] * (1 - percent / 100))
    assert "BONK" not in market.read("/api/settings/{}")
    market.portal.call(market.stage.close, market.token, stop)
    trade = market.read(f"/api/trades/{{}}/{position['trade_id']}")
    assert (trade["exit_reason"], trade["exit_state"]["stop_loss_price"]) == ("stop_loss", stop)


def test_a_line_is_moved_by_the_keyboard_and_for_trades_to_come(
    page: Page, market: Market, chart: Locator
) -> None:
    expect(chart).to_be_visible()
    target = lines(page).get_by_role("slider", name="T1", exact=True)
    target.focus()
    page.keyboard.press("PageUp")
    expect(target).to_have_attribute("aria-valuenow", "35")
    page.keyboard.press("Escape")
    expect(target).to_have_attribute("aria-valuenow", "30")
    for _ in range(4):
        page.keyboard.press("ArrowUp")
    expect(target).to_have_attribute("aria-valuenow", "32")
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="Target 1 of BONK")
    dialog.get_by_role("checkbox", name="Also use it for BONK from now on").check()
    expect(dialog.get_by_role("row", name=re.compile("^Target 1"))).to_contain_text("+32 %")
    dialog.get_by_role("button", name="Change this trade").click()
    expect(dialog).to_be_hidden()
    expect(target).to_have_attribute("aria-valuenow", "32")
    (position,) = market.read("/api/positions/{}")["items"]
    assert position["next_tier"]["price"] == pytest.approx(position["entry_price"] * 1.32)
    written = market.read("/api/settings/{}/BONK")["effective"]["exit"]
    assert [gain for gain, _ in written["take_profit"]] == [0.32, 0.75]


def click_until(page: Page, box: Any, x: float, opened: Callable[[], bool]) -> None:
    """Click down a column of the chart until something opens."""
    for y in range(10, int(box["height"]), 8):
        page.mouse.click(box["x"] + x, box["y"] + y)
        if opened():
            return
    pytest.fail("nothing opened")


def test_a_mark_opens_its_trade_and_a_token_is_chosen(
    page: Page, market: Market, chart: Locator
) -> None:
    box = chart.bounding_box()
    assert box
    shown = len(market.read(f"/api/market/candles/{market.token.mint}")["candles"])
    plot = page.evaluate(
        "document.querySelector('[role=img] canvas').getBoundingClientRect().width"
    )
    drawer = page.get_by_role("dialog", name=re.compile("^BONK, trade"))

    def opened() -> bool:
        page.wait_for_timeout(60)
        return "trade=" in page.url

    click_until(page, box, plot * (shown - 0.5) / (shown + 6), opened)
    expect(drawer).to_be_visible()
    page.keyboard.press("Escape")
    expect(drawer).to_be_hidden()

    page.get_by_role("button", name="BONK").first.focus()
    page.get_by_title("Show another token").press("Enter")
    search = page.get_by_role("combobox", name="Find a token")
    expect(search).to_be_focused()
    search.fill("bon")
    expect(page.get_by_role("option", name=re.compile("^BONK"))).to_be_visible()
    search.press("Enter")
    expect(search).to_be_hidden()
    expect(page.get_by_role("button", name="Follow newest trade")).to_be_visible()
