"""The main pages look as they did: pictures of one moment of one seed, held against those kept.

`LOOKS=keep` in the environment writes the pictures anew; look at them before you commit them.
"""

import base64
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import pytest
from anyio.from_thread import start_blocking_portal
from playwright.sync_api import Browser, Page, expect

from tests.e2e.axe import complaints
from tests.e2e.frozen import KEY, frozen
from tests.e2e.stage import BUILT, Watched, live, sign_in

KEPT = Path(__file__).parent / "looks"
VERSION = KEPT / "chromium"
FAR = 48
"""How far a colour may be off, of 255, before a pixel counts as another one."""
MOST = 0.004
"""The share of pixels that may differ: edges of letters, by other rasterisers."""
MOST_SHIFT = 0.1
"""How far a page may jump while it loads: what web.dev calls a good cumulative layout shift."""
SHIFT = """() => {
    const observer = new PerformanceObserver(() => {});
    observer.observe({type: "layout-shift", buffered: true});
    return observer.takeRecords().reduce((sum, {value}) => sum + value, 0);
}"""
SETTLED_MS = 30_000
"""How long a page may load: the first map of plans in a process waits for the compiler."""
COMPARE = """async ([kept, seen, far]) => {
    const pixels = async (url) => {
        const image = new Image();
        image.src = url;
        await image.decode();
        const canvas = new OffscreenCanvas(image.width, image.height);
        const context = canvas.getContext("2d");
        context.drawImage(image, 0, 0);
        const {data} = context.getImageData(0, 0, image.width, image.height);
        return {size: [image.width, image.height].join(), data};
    };
    const [one, other] = [await pixels(kept), await pixels(seen)];
    if (one.size !== other.size) return 1;
    let differing = 0;
    for (let at = 0; at < one.data.length; at += 4) {
        const off = [0, 1, 2].some((it) => Math.abs(one.data[at + it] - other.data[at + it]) > far);
        differing += off ? 1 : 0;
    }
    return differing / (one.data.length / 4);
}"""


@dataclass(frozen=True)
class Look:
    """A page as it is looked at."""

    name: str
    path: str
    theme: Literal["dark", "light"]
    width: int
    last: str = "main"
    """What comes last, as a selector."""

    def __str__(self) -> str:
        """Name it, and its picture."""
        return f"{self.name}-{self.theme}-{self.width}"


LOOKS = [
    Look("trading", "/", "dark", 1440),
    Look("trading", "/", "light", 1440),
    Look("trading", "/", "dark", 360),
    Look("overview", "/profile", "dark", 1280),
    Look("history", "/profile?tab=history", "light", 1280),
    Look("signals", "/signals", "dark", 1280),
    Look("strategies", "/strategies", "light", 1280),
    Look("trade", "/profile?tab=history&trade=5", "dark", 1280, "[data-cell][aria-pressed=true]"),
]

pytestmark = [
    pytest.mark.timeout(240),
    pytest.mark.skipif(not BUILT.exists(), reason="the dashboard is not built: `make build`"),
]


@pytest.fixture(scope="module")
def origin(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Hold the platform at its moment, in a thread with a loop of its own."""
    folder = tmp_path_factory.mktemp("frozen")
    with (
        start_blocking_portal() as portal,
        portal.wrap_async_context_manager(frozen(folder)) as stage,
    ):
        yield f"http://127.0.0.1:{stage.port}"


@pytest.fixture(scope="module")
def moment(browser: Browser, origin: str) -> Iterator[Page]:
    """Open a page of somebody who is signed in, in a browser whose clock stands too."""
    context = browser.new_context(timezone_id="UTC", reduced_motion="reduce")
    context.set_default_timeout(15_000)
    page = context.new_page()
    page.clock.set_fixed_time("2026-01-05T12:04:00.000Z")
    sign_in(page, origin, str(KEY.pubkey()), str(KEY))
    yield page
    context.close()


def settle(page: Page) -> None:
    """Wait until everything that was asked for stands on the page."""
    expect(live(page)).to_have_text("Live")
    expect(page.locator(".animate-pulse, [aria-busy=true]")).to_have_count(0, timeout=SETTLED_MS)
    page.evaluate("document.fonts.ready")
    page.wait_for_timeout(600)  # charts draw in frames of their own


@pytest.mark.parametrize("look", LOOKS, ids=str)
def test_a_page_looks_as_it_did(moment: Page, origin: str, tmp_path: Path, look: Look) -> None:
    watched = Watched(origin)
    watched.watch(moment)
    moment.set_viewport_size({"width": look.width, "height": 740 if look.width == 360 else 900})
    moment.emulate_media(color_scheme=look.theme)
    moment.goto(f"{origin}{look.path}")
    expect(moment.locator(look.last)).to_be_visible(timeout=SETTLED_MS)
    settle(moment)
    shift = moment.evaluate(SHIFT)
    assert shift < MOST_SHIFT
    seen = moment.screenshot(path=tmp_path / f"{look}.png", animations="disabled", caret="hide")
    kept = KEPT / f"{look}.png"
    if os.environ.get("LOOKS") == "keep":
        KEPT.mkdir(exist_ok=True)
        kept.write_bytes(seen)
        VERSION.write_text(f"{version(moment)}\n")
    assert watched.complaints == []
    assert watched.strangers == []
    assert complaints(moment) == []
    if version(moment) != VERSION.read_text().strip() and not os.environ.get("CI"):
        pytest.skip(f"the pictures are of Chromium {VERSION.read_text().strip()}")
    share = compare(moment, kept.read_bytes(), seen)
    assert share <= MOST, f"{share:.2%} of the pixels differ from {kept.name}: see {tmp_path}"


def version(page: Page) -> str:
    """Return the version of the browser."""
    browser = page.context.browser
    assert browser is not None
    return browser.version


def compare(page: Page, kept: bytes, seen: bytes) -> float:
    """Return the share of pixels that differ; the browser decodes the pictures."""
    blank = page.context.new_page()
    try:
        urls = [f"data:image/png;base64,{base64.b64encode(one).decode()}" for one in (kept, seen)]
        share: float = blank.evaluate(COMPARE, [*urls, FAR])
    finally:
        blank.close()
    return share
