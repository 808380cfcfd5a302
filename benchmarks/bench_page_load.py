"""The first load of the trading page: what a browser fetches, and how long until it can be used.

A browser with an empty cache opens `/` signed in, with a hundred positions open. The page counts
as interactive when the chart shows candles, the positions are listed, a click on one of them has
been answered and painted, and no task over 50 ms is running any more.
"""

import statistics
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

from benchmarks.browsing import POSITIONS, Trader, missing, trading
from benchmarks.result import Result

WATCH = (Path(__file__).parent / "page_load.js").read_text(encoding="utf-8")
LOADS = 9
"""Those that count; one more comes before them, for a server that has never served the page."""
LARGEST_KB = 250.0
LONGEST_SECONDS = 1.5
SETTLED_MS = 2_000
KILOBYTE = 1_000
SCRIPTS = ("javascript", "ecmascript")


@dataclass(frozen=True, slots=True)
class Load:
    """One load: seconds since the navigation began, how much shifted, bytes on the wire."""

    ready: float
    interactive: float
    largest_paint: float
    long_tasks: float
    shift: float
    scripts: int
    scripts_gzip: int
    everything: int
    requests: int


class Wire:
    """What goes over the wire for a page, as the browser's network log has it."""

    def __init__(self, page: Page) -> None:
        self._session = page.context.new_cdp_session(page)
        self._kinds: dict[str, str] = {}
        self._addresses: dict[str, str] = {}
        self._sizes: dict[str, int] = {}
        self._session.send("Network.enable")
        self._session.on("Network.responseReceived", self._note)
        self._session.on("Network.loadingFinished", self._finish)

    def _note(self, event: dict[str, Any]) -> None:
        self._kinds[event["requestId"]] = event["response"]["mimeType"]
        self._addresses[event["requestId"]] = event["response"]["url"]

    def _finish(self, event: dict[str, Any]) -> None:
        self._sizes[event["requestId"]] = int(event["encodedDataLength"])

    @property
    def requests(self) -> int:
        """Count what was fetched."""
        return len(self._sizes)

    @property
    def everything(self) -> int:
        """Return the bytes of all of it, heads included."""
        return sum(self._sizes.values())

    @property
    def scripts(self) -> int:
        """Return the bytes of JavaScript, heads included."""
        return sum(self._sizes[request] for request in self._scripts())

    def scripts_gzip(self) -> int:
        """Fetch the same scripts once more, packed by gzip: a browser prefers brotli."""
        return sum(gzip_size(self._addresses[request]) for request in self._scripts())

    def _scripts(self) -> list[str]:
        return [one for one in self._sizes if self._kinds.get(one, "").endswith(SCRIPTS)]


def gzip_size(address: str) -> int:
    """Return the bytes of a file, packed by gzip."""
    asked = urllib.request.Request(address, headers={"Accept-Encoding": "gzip"})  # noqa: S310  # ours
    with urllib.request.urlopen(asked, timeout=10) as answer:  # noqa: S310  # as above
        assert answer.headers["Content-Encoding"] in {"gzip", None}
        return len(answer.read())


def load(trader: Trader) -> Load:
    """Open the page once."""
    with trader.visit(WATCH) as page:
        wire = Wire(page)
        page.goto(trader.url)
        page.wait_for_function("() => window.benchmark.answered !== null")
        page.wait_for_timeout(SETTLED_MS)
        seen = page.evaluate("window.benchmark")
        tasks = [(start, end) for start, end in seen["tasks"] if start < seen["answered"]]
        interactive = max([seen["answered"], *(end for _, end in tasks)])
        return Load(
            ready=seen["ready"] / 1000,
            interactive=interactive / 1000,
            largest_paint=seen["largest"] / 1000,
            long_tasks=sum(end - start for start, end in tasks) / 1000,
            shift=seen["shift"],
            scripts=wire.scripts,
            scripts_gzip=wire.scripts_gzip(),
            everything=wire.everything,
            requests=wire.requests,
        )


def measured(trader: Trader) -> list[Load]:
    """Open the page again and again, each time with an empty cache."""
    load(trader)
    return [load(trader) for _ in range(LOADS)]


def rows(found: list[Load]) -> list[Result]:
    """Write the rows."""
    kilobytes = max(one.scripts_gzip for one in found) / KILOBYTE
    interactive = statistics.median(one.interactive for one in found)
    limit = "the limit"
    return [
        Result("first load: JavaScript, gzip", 1, kilobytes, LARGEST_KB, 1.0, limit, "kB"),
        Result(
            "first load: interactive, median",
            POSITIONS,
            interactive,
            LONGEST_SECONDS,
            1.0,
            limit,
        ),
    ]


def run() -> list[Result]:
    """Measure loads."""
    if missing():
        print(missing(), flush=True)
        return []
    with trading() as trader:
        return rows(measured(trader))
