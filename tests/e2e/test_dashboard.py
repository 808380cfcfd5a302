"""The dashboard on the real platform, in a real browser: a person's first minutes."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest
from playwright.sync_api import ConsoleMessage, Locator, Page, Request, WebSocket, expect

ROOT = Path(__file__).parents[2]
BUILT = ROOT / "frontend" / "dist" / "index.html"
START_SECONDS = 60
FIRST_TRADE_SECONDS = 60
NOTICED_SECONDS = 6
LOCAL = ("data:", "blob:", "about:")

pytestmark = [
    pytest.mark.timeout(240),
    pytest.mark.skipif(not BUILT.exists(), reason="the dashboard is not built: `make build`"),
]


@dataclass(frozen=True)
class Platform:
    """The application in a process of its own, with a data folder of its own."""

    url: str
    process: subprocess.Popen[bytes]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def wait_until_ready(platform: Platform, log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        assert platform.process.poll() is None, log.read_text()
        try:
            with urlopen(f"{platform.url}/readyz", timeout=2) as answer:  # noqa: S310  # our own
                if answer.status == 200:
                    return
        except (URLError, TimeoutError):
            time.sleep(0.2)
    pytest.fail(f"not ready after {START_SECONDS} s:\n{log.read_text()}")


@pytest.fixture(scope="module")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    """Start the application as `make run` does; the built-in market feeds it."""
    folder = tmp_path_factory.mktemp("platform")
    port = free_port()
    variables = {key: it for key, it in os.environ.items() if not key.startswith("AUTOTRADER_")}
    variables |= {
        "AUTOTRADER_PORT": str(port),
        "AUTOTRADER_DATA_DIR": str(folder / "data"),
        "AUTOTRADER_DATABASE_URL": f"sqlite+aiosqlite:///{folder}/trader.db",
    }
    app = ["uvicorn", "app.main:app", "--app-dir", str(ROOT), "--port", str(port)]
    options = ["--ws", "websockets-sansio", "--timeout-graceful-shutdown", "3"]
    log = folder / "log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", *app, *options],
            cwd=folder,
            env=variables,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    started = Platform(f"http://127.0.0.1:{port}", process)
    try:
        wait_until_ready(started, log)
        yield started
    finally:
        process.send_signal(signal.SIGCONT)
        process.terminate()
        process.wait(timeout=20)


@dataclass
class Watched:
    """What a page did that nobody should see: complaints, and requests to other hosts."""

    origin: str
    complaints: list[str] = field(default_factory=list)
    strangers: list[str] = field(default_factory=list)

    def watch(self, page: Page) -> None:
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("request", self._request)
        page.on("websocket", self._websocket)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self.complaints.append(f"{message.text} {message.location}")

    def _request(self, request: Request) -> None:
        if not request.url.startswith((self.origin, *LOCAL)):
            self.strangers.append(request.url)

    def _websocket(self, opened: WebSocket) -> None:
        if not opened.url.startswith(self.origin.replace("http", "ws")):
            self.strangers.append(opened.url)


@pytest.fixture
def watched(page: Page, platform: Platform) -> Iterator[Watched]:
    """Look over the page's shoulder and complain at the end."""
    seen = Watched(platform.url)
    seen.watch(page)
    yield seen
    assert seen.complaints == []
    assert seen.strangers == []


def register(page: Page, platform: Platform) -> str:
    """Start with a paper wallet; returns its secret key."""
    page.goto(platform.url)
    page.get_by_role("button", name="Start with a paper wallet").click()
    key = page.get_by_test_id("secret-key").inner_text()
    page.get_by_role("button", name="Start trading").click()
    expect(live(page)).to_have_text("Live")
    return key


def live(page: Page) -> Locator:
    """Find the words of the link indicator."""
    return page.get_by_role("banner").get_by_role("status")


def wait_for_a_trade(page: Page) -> str:
    """Wait until a position is open; returns its token's symbol, as the chart has it."""
    close = page.get_by_role("button", name="Close 50 %")
    expect(close).to_be_visible(timeout=FIRST_TRADE_SECONDS * 1000)
    return page.get_by_role("region", name=re.compile("^Why ")).get_by_role("heading").inner_text()


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
