"""Two people with two browsers: neither sees anything of the other."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from playwright.sync_api import Browser, Page, WebSocket, expect

from tests.e2e import stage

Platform = stage.Platform
pytestmark = stage.on_the_platform

PAGES = ("/", "/profile", "/profile?tab=history", "/events", "/signals", "/settings")


@dataclass
class Person:
    """Somebody with a browser of their own."""

    page: Page
    wallet: str = ""
    told: list[str] = field(default_factory=list)

    def listen(self, socket: WebSocket) -> None:
        socket.on("framereceived", lambda payload: self.told.append(str(payload)))


@contextmanager
def person(browser: Browser, platform: Platform) -> Iterator[Person]:
    """Let somebody register."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    context.set_default_timeout(15_000)
    made = Person(context.new_page())
    made.page.on("websocket", made.listen)
    stage.register(made.page, platform)
    made.wallet = made.page.evaluate("localStorage.getItem('wallet')")
    yield made
    context.close()


def test_neither_sees_the_other(browser: Browser, platform: Platform) -> None:
    with person(browser, platform) as one, person(browser, platform) as other:
        stage.wait_for_a_trade(one.page)
        trades = one.page.request.get(f"{platform.url}/api/trades/{one.wallet}").json()["items"]
        number = trades[0]["id"]
        paused = one.page.get_by_role("button", name="Pause", exact=True)
        paused.click()
        expect(one.page.get_by_role("button", name="Resume")).to_be_visible()
        expect(other.page.get_by_role("button", name="Pause", exact=True)).to_be_visible()

        for path in PAGES:
            other.page.goto(f"{platform.url}{path}")
            expect(stage.live(other.page)).to_have_text("Live")
            assert one.wallet not in other.page.content()
        other.page.goto(f"{platform.url}/profile?tab=history&trade={number}")
        expect(other.page.get_by_role("dialog").get_by_role("alert")).to_be_visible()

        nouns = ("user", "trades", "positions", "events", "decisions", "settings", "shadows")
        for noun in nouns:
            answer = other.page.request.get(f"{platform.url}/api/{noun}/{one.wallet}")
            nobody = other.page.request.get(f"{platform.url}/api/{noun}/{'1' * 32}")
            assert (answer.status, answer.json()["type"]) == (404, nobody.json()["type"])
        assert not any(one.wallet in frame for frame in other.told)
        fills = [json.loads(frame) for frame in other.told]
        assert not any(
            number == frame["data"].get("trade_id") for frame in fills if frame["type"] == "EVENT"
        )
        assert any(other.wallet in frame for frame in other.told)
