"""The platform in a process of its own, and what a person does first on its dashboard."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest
from playwright.sync_api import ConsoleMessage, Locator, Page, Request, WebSocket, expect

from tests.programs import free_port

ROOT = Path(__file__).parents[2]
BUILT = ROOT / "frontend" / "dist" / "index.html"
START_SECONDS = 60
FIRST_TRADE_SECONDS = 60
LOCAL = ("data:", "blob:", "about:")

on_the_platform = [
    pytest.mark.timeout(240),
    pytest.mark.skipif(not BUILT.exists(), reason="the dashboard is not built: `make build`"),
]
"""The marks of every module whose tests use `platform`."""


class Platform:
    """The application in a process of its own, with a data folder of its own."""

    def __init__(self, folder: Path, changes: dict[str, str]) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = folder / "log"
        self._folder = folder
        variables = {key: it for key, it in os.environ.items() if not key.startswith("AUTOTRADER_")}
        self._variables = variables | {
            "AUTOTRADER_PORT": str(self.port),
            "AUTOTRADER_DATA_DIR": str(folder / "data"),
            "AUTOTRADER_DATABASE_URL": f"sqlite+aiosqlite:///{folder}/trader.db",
            "AUTOTRADER_AUDIT_AT": "never",  # a process of its own, and nobody here waits for it
            **changes,
        }
        self.process = self._launch()

    def _launch(self) -> subprocess.Popen[bytes]:
        app = ["uvicorn", "app.main:app", "--app-dir", str(ROOT), "--port", str(self.port)]
        options = ["--ws", "websockets-sansio", "--timeout-graceful-shutdown", "3"]
        with self.log.open("ab") as output:
            return subprocess.Popen(
                [sys.executable, "-m", *app, *options],
                cwd=self._folder,
                env=self._variables,
                stdout=output,
                stderr=subprocess.STDOUT,
            )

    def kill(self) -> None:
        """End the process as a power cut would."""
        self.process.kill()
        self.process.wait(timeout=20)

    def restart(self) -> None:
        """Start it again on the same port and the same data."""
        self.process = self._launch()
        self.wait_until_ready()

    def stop(self) -> None:
        """End the process as its owner would."""
        self.process.send_signal(signal.SIGCONT)
        self.process.terminate()
        self.process.wait(timeout=20)

    def wait_until_ready(self) -> None:
        """Wait until it serves and trades."""
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            assert self.process.poll() is None, self.log.read_text()
            try:
                with urlopen(f"{self.url}/readyz", timeout=2) as answer:  # noqa: S310  # our own
                    if answer.status == 200:
                        return
            except (URLError, TimeoutError, ConnectionError):
                time.sleep(0.2)
        pytest.fail(f"not ready after {START_SECONDS} s:\n{self.log.read_text()}")


@contextmanager
def serving(folder: Path, **changes: str) -> Iterator[Platform]:
    """Start the application as `make run` does; the built-in market feeds it.

    `changes` are settings by their names in `.env.example`.
    """
    started = Platform(folder, changes)
    try:
        started.wait_until_ready()
        yield started
    finally:
        started.stop()


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


def register(page: Page, platform: Platform, *, tour: bool = False) -> str:
    """Start with a paper wallet; returns its secret key. Skips the tour unless it is wanted."""
    page.goto(platform.url)
    page.get_by_role("button", name="Start with a paper wallet").click()
    key = page.get_by_test_id("secret-key").inner_text()
    page.get_by_role("button", name="Start trading").click()
    expect(live(page)).to_have_text("Live")
    if not tour:
        page.get_by_role("button", name="Skip the tour").click()
    return key


def sign_in(page: Page, origin: str, wallet: str, key: str) -> None:
    """Sign in with a secret key, as somebody who has seen the tour."""
    seen = json.dumps(json.dumps([wallet]))
    page.add_init_script(f"localStorage.setItem('tour', {seen})")
    page.goto(origin)
    page.get_by_label("Secret key (base58)").fill(key)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(live(page)).to_have_text("Live")


def live(page: Page) -> Locator:
    """Find the words of the link indicator."""
    return page.get_by_role("banner").get_by_role("status")


def wait_for_a_trade(page: Page) -> str:
    """Wait until a position is open; returns its token's symbol, as the chart has it."""
    close = page.get_by_role("button", name="Close 50 %")
    expect(close).to_be_visible(timeout=FIRST_TRADE_SECONDS * 1000)
    return page.get_by_role("region", name=re.compile("^Why ")).get_by_role("heading").inner_text()
