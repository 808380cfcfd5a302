"""The server is killed and started again while somebody looks: the page goes on without a gap."""

import json
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, WebSocket, expect

from tests.e2e import stage

Platform = stage.Platform
pytestmark = stage.on_the_platform

BACK_SECONDS = 45


@pytest.fixture
def mortal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    """Run a platform that may be killed."""
    with stage.serving(tmp_path_factory.mktemp("mortal")) as started:
        yield started


class Heard:
    """The numbers of the events that a page was told, over all its connections."""

    def __init__(self, page: Page) -> None:
        self.numbers: list[int] = []
        self.connections = 0
        page.on("websocket", self._opened)

    def _opened(self, socket: WebSocket) -> None:
        self.connections += 1
        socket.on("framereceived", self._frame)

    def _frame(self, payload: str | bytes) -> None:
        frame = json.loads(payload)
        if frame["type"] == "EVENT":
            self.numbers.append(frame["data"]["seq"])


def events(page: Page, platform: Platform, wallet: str) -> list[int]:
    """Ask for the numbers of all events of a wallet."""
    answer = page.request.get(f"{platform.url}/api/events/{wallet}?limit=500")
    return [event["seq"] for event in answer.json()["items"]]


def test_a_killed_server_costs_the_page_nothing(page: Page, mortal: Platform) -> None:
    platform, heard = mortal, Heard(page)
    stage.register(page, platform)
    wallet = page.evaluate("localStorage.getItem('wallet')")
    stage.wait_for_a_trade(page)
    positions = page.request.get(f"{platform.url}/api/positions/{wallet}").json()["items"]
    token = positions[0]["token"]["address"]

    platform.kill()
    expect(stage.live(page)).not_to_have_text("Live", timeout=6_000)
    platform.restart()
    # Something happens before the page is back, or just as it comes back.
    sold = page.request.post(
        f"{platform.url}/api/positions/{wallet}/{token}/close",
        data={"portion": 1},
        headers={"X-Requested-With": "fetch"},
    )
    assert sold.ok, sold.text()
    expect(stage.live(page)).to_have_text("Live", timeout=BACK_SECONDS * 1000)
    page.wait_for_timeout(1_500)

    assert heard.connections >= 2
    first = heard.numbers[0]
    after = [number for number in events(page, platform, wallet) if number >= first]
    assert heard.numbers == after[: len(heard.numbers)]
    closed = page.request.get(f"{platform.url}/api/trades/{wallet}?status=finished").json()
    trade = next(one for one in closed["items"] if one["token"]["address"] == token)
    page.goto(f"{platform.url}/profile?tab=history")
    row = page.get_by_role("row").filter(has_text="Closed by hand")
    expect(row).to_have_count(1)
    assert trade["exit_reason"] == "manual"


def test_a_page_that_was_away_catches_up(page: Page, platform: Platform) -> None:
    heard = Heard(page)
    stage.register(page, platform)
    wallet = page.evaluate("localStorage.getItem('wallet')")
    stage.wait_for_a_trade(page)
    seen = len(heard.numbers)
    page.context.set_offline(True)
    page.wait_for_timeout(500)
    page.context.set_offline(False)
    for action in ("pause", "resume", "pause"):
        answer = page.request.post(
            f"{platform.url}/api/wallets/{wallet}/{action}", headers={"X-Requested-With": "fetch"}
        )
        assert answer.ok, answer.text()
    expect(page.get_by_role("button", name="Resume")).to_be_visible()
    page.wait_for_timeout(1_000)
    assert len(heard.numbers) >= seen + 3
    assert heard.numbers == sorted(set(heard.numbers))
