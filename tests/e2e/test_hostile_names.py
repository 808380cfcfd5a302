"""Names come from feeds: whatever they hold is text, on every page and in every download."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from anyio.from_thread import start_blocking_portal
from playwright.sync_api import Page, expect

from tests.api.stage import Person, Stage, running
from tests.e2e.stage import BUILT, Watched, live, sign_in

pytestmark = [
    pytest.mark.timeout(240),
    pytest.mark.skipif(not BUILT.exists(), reason="the dashboard is not built: `make build`"),
]

PHONE = 360
MARKUP = '<img src="/x" onerror="document.title=\'owned\'"><script>document.title="owned"</script>'
NAMES = (
    MARKUP,
    "\u202eKNOB\u202c\u200b\u0007",
    "=HYPERLINK(1)",
    "LONG" * 60,
    "{{7*7}}${7*7}",
    "́" * 40 + "Z",
)
HIDDEN = """[...document.body.innerText].filter(
    (it) => /[\\u0007\\u200b\\u202a-\\u202e\\u2066-\\u2069]/u.test(it)).length"""
PAGES = (
    "/",
    "/signals",
    "/strategies",
    "/profile",
    "/profile?tab=per-token",
    "/profile?tab=history",
    "/profile?tab=history&trade=1",
    "/events",
)


@dataclass(frozen=True)
class Market:
    """A running platform on which every token's name was thought about, and its one trader."""

    origin: str
    person: Person


async def play(stage: Stage) -> Person:
    """Let somebody buy every token."""
    person = await stage.register()
    for name in NAMES:
        await stage.bought(name)
    return person


@pytest.fixture(scope="module")
def market(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Market]:
    """Run the platform in a thread of its own. What names lose on their way in, they keep here."""
    folder = tmp_path_factory.mktemp("hostile")
    with (
        start_blocking_portal() as portal,
        portal.wrap_async_context_manager(running(folder)) as stage,
    ):
        yield Market(f"http://127.0.0.1:{stage.port}", portal.call(play, stage))


def test_a_name_is_only_text(page: Page, market: Market) -> None:
    watched = Watched(market.origin)
    watched.watch(page)
    sign_in(page, market.origin, market.person.wallet, market.person.secret_key)
    titles = {page.title()}
    for path in PAGES:
        page.set_viewport_size({"width": 1280, "height": 800})
        page.goto(f"{market.origin}{path}")
        expect(live(page)).to_have_text("Live")
        expect(page.locator(".animate-pulse")).to_have_count(0, timeout=30_000)
        titles.add(page.title())
        assert page.locator("img[src='/x'], main script").count() == 0
        assert page.evaluate(HIDDEN) == 0, path
        page.set_viewport_size({"width": PHONE, "height": 740})
        assert page.evaluate("document.documentElement.scrollWidth") == PHONE, path
    assert not any("owned" in title for title in titles)
    assert (watched.complaints, watched.strangers) == ([], [])


def test_a_name_is_no_formula(page: Page, market: Market) -> None:
    wallet, headers = market.person.wallet, market.person.headers
    for name in ("trades", "fills"):
        file = page.request.get(
            f"{market.origin}/api/export/{wallet}/{name}.csv", headers=headers
        ).text()
        assert "'=HYPERLINK(1)" in file
        assert ",=HYPERLINK" not in file
