"""The dashboard in a real browser, signed in to a platform that holds many positions."""

import json
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, cast

from playwright.sync_api import Browser, BrowserContext, Page, StorageState, sync_playwright

from benchmarks.crowded import Crowded
from benchmarks.servers import Server, serving
from toolchain.browser import find_chromium

POSITIONS = 100
VIEW = (1440, 900)
PATIENCE_SECONDS = 300
TOUR_SEEN = "localStorage.setItem('tour', JSON.stringify([localStorage.getItem('wallet')]))"
BUILT = Path(__file__).parents[1] / "frontend" / "dist" / "index.html"


@dataclass(frozen=True, slots=True)
class Trader:
    """A browser, the platform, and the storage of somebody who is signed in to it."""

    browser: Browser
    server: Server
    state: StorageState

    @property
    def url(self) -> str:
        """Return the address of the dashboard."""
        return f"http://127.0.0.1:{self.server.port}"

    def lead(self, what: str, **values: float) -> int:
        """Lead the market: see `crowded`."""
        return lead(self.server.port, what, **values)

    @contextmanager
    def visit(self, *scripts: str) -> Iterator[Page]:
        """Open a page of a context with an empty cache; the scripts run before any other."""
        context = new_context(self.browser, self.state)
        for script in scripts:
            context.add_init_script(script)
        try:
            yield context.new_page()
        finally:
            context.close()


def missing() -> str:
    """Say what the dashboard cannot be measured without; empty when all is there."""
    if not BUILT.exists():
        return "The dashboard is not built (`make build`)"
    return "" if find_chromium() else "There is no Chromium (set CHROMIUM)"


def lead(port: int, what: str, **values: float) -> int:
    """Ask the platform's market for something."""
    words = "&".join(f"{name}={value}" for name, value in values.items())
    address = f"http://127.0.0.1:{port}/bench/{what}?{words}"
    with urllib.request.urlopen(address, timeout=PATIENCE_SECONDS) as answer:
        return int(json.load(answer))


def new_context(browser: Browser, state: StorageState | None = None) -> BrowserContext:
    """Make a context of a laptop's size."""
    width, height = VIEW
    return browser.new_context(viewport={"width": width, "height": height}, storage_state=state)


def sign_in(page: Page, url: str) -> None:
    """Start with a paper wallet, and without the tour that welcomes it."""
    page.goto(url)
    page.get_by_role("button", name="Start with a paper wallet").click()
    page.get_by_role("button", name="Start trading").click()
    page.get_by_role("region", name="Portfolio").wait_for()
    page.evaluate(TOUR_SEEN)


@contextmanager
def trading(positions: int = POSITIONS, speed: float = 1.0) -> Iterator[Trader]:
    """Run the platform and a browser; somebody signs in and holds so many positions."""
    with (
        TemporaryDirectory() as folder,
        serving(Crowded, folder, speed) as server,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=find_chromium())
        context = new_context(browser)
        sign_in(context.new_page(), f"http://127.0.0.1:{server.port}")
        state = context.storage_state()
        context.close()
        held = lead(server.port, "hold", many=positions)
        if held != positions:
            message = f"{held} positions are held, not {positions}"
            raise RuntimeError(message)
        yield Trader(browser, server, cast("Any", state))
        browser.close()
