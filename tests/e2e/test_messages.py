"""Messages in a real browser: a target is added, tested, and told when its wallet is paused."""

import http.server
import json
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e import stage
from tests.e2e.axe import complaints_in_both_themes

pytestmark = stage.on_the_platform


class Receiver(http.server.BaseHTTPRequestHandler):
    """Keeps what it was sent."""

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        self.server.got.append(json.loads(body)["title"])  # type: ignore[attr-defined]
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Keep quiet."""


@pytest.fixture(scope="module")
def receiver() -> Iterator[Any]:
    server: Any = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
    server.got = []
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def trader(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    """Open a platform whose operator lets messages go to this machine."""
    folder = tmp_path_factory.mktemp("messages")
    with stage.serving(folder, AUTOTRADER_NOTIFY_PRIVATE_HOSTS="true") as platform:
        context = browser.new_context(viewport={"width": 1280, "height": 900})
        context.set_default_timeout(30_000)
        page = context.new_page()
        seen = stage.Watched(platform.url)
        seen.watch(page)
        stage.register(page, platform)
        page.goto(f"{platform.url}/settings")
        yield page
        context.close()
        assert seen.complaints == []
        assert seen.strangers == []


def test_a_pause_is_told_where_the_trader_wants_it(trader: Page, receiver: Any) -> None:
    page, port = trader, receiver.server_address[1]
    page.get_by_role("button", name="Add", exact=True).click()
    form = page.get_by_role("form", name="New target")
    form.get_by_label("Name").fill("my hook")
    form.get_by_label("Address").fill(f"json://127.0.0.1:{port}/very-secret")
    form.get_by_label("You paused, resumed or reset").check()
    form.get_by_role("button", name="Add").click()
    page.get_by_role("button", name="Send a test to my hook").click()
    expect(page.get_by_text("The test was sent.")).to_be_visible()
    assert receiver.got == ["Auto Trader"]
    assert "very-secret" not in page.content()
    assert complaints_in_both_themes(page) == []
    wallet = page.evaluate("localStorage.getItem('wallet')")
    page.evaluate(
        "wallet => fetch(`/api/wallets/${wallet}/pause`,"
        " {method: 'POST', headers: {'X-Requested-With': 'fetch'}})",
        wallet,
    )
    log = page.get_by_role("region", name="What was sent")
    expect(log.get_by_text("Trading paused")).to_be_visible(timeout=30_000)
    expect(log.get_by_text("sent", exact=True)).to_have_count(2, timeout=30_000)
    assert receiver.got == ["Auto Trader", "Trading paused"]
