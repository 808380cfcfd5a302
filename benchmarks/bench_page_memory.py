"""What an hour of updates leaves behind in the browser.

The platform's time runs twenty times as fast, so that an hour of twenty updates a second – 72,000
of them, and a trade that ends and another that opens every half minute – comes in three minutes.
Before each reading updates stop until what was on its way is drawn, and the browser collects its
garbage: what it holds in the middle of its work is not what they leave behind.
"""

import time
from dataclasses import dataclass

from playwright.sync_api import Page

from benchmarks.browsing import POSITIONS, Trader, missing, trading
from benchmarks.result import Result

SPEED = 20.0
RATE = 20.0
"""Updates in a second of the platform's time."""
CHURN_SECONDS = 30.0
READ_AT = (0, 5, 10, 20, 30, 40, 50, 60)
"""Minutes of the platform's time."""
FIRST = 5
QUIET_SECONDS = 5.0
MOST_GROWTH = 1.2
MEGABYTE = 1e6
COUNT = """
window.benchmarkFrames = 0;
window.WebSocket = class extends WebSocket {
    constructor(...given) {
        super(...given);
        this.addEventListener("message", () => { window.benchmarkFrames += 1; });
    }
};
"""


@dataclass(frozen=True, slots=True)
class Reading:
    """What is there after so many minutes."""

    minutes: float
    updates: int
    frames: int
    heap: int
    nodes: int
    listeners: int


def read(page: Page, minutes: float, updates: int) -> Reading:
    """Collect garbage and count what is left."""
    session = page.context.new_cdp_session(page)
    for _ in range(3):
        session.send("HeapProfiler.collectGarbage")
    heap = session.send("Runtime.getHeapUsage")["usedSize"]
    counters = session.send("Memory.getDOMCounters")
    session.detach()
    frames = page.evaluate("window.benchmarkFrames")
    return Reading(
        minutes, updates, frames, int(heap), counters["nodes"], counters["jsEventListeners"]
    )


def measured(trader: Trader) -> list[Reading]:
    """Read again and again for an hour of the platform's time."""
    with trader.visit(COUNT) as page:
        page.goto(trader.url)
        page.get_by_role("button", name="Close 50 %").wait_for()
        began = trader.lead("told")
        found = []
        for minutes in READ_AT:
            due = began + int(60 * minutes * RATE)
            trader.lead("play", rate=RATE * SPEED, churn=CHURN_SECONDS)
            while (now := trader.lead("told")) < due:
                time.sleep(min(1.0, (due - now) / (RATE * SPEED)))
            trader.lead("play", rate=0)
            time.sleep(QUIET_SECONDS)
            found.append(read(page, minutes, trader.lead("told") - began))
    return found


def rows(found: list[Reading]) -> list[Result]:
    """Hold the last reading against that after five minutes."""
    first = next(one for one in found if one.minutes == FIRST)
    last = found[-1]
    name = f"after {last.updates:,} updates of an hour"
    peer = f"after {FIRST} minutes of them"
    heap = (last.heap / MEGABYTE, first.heap / MEGABYTE)
    return [
        Result(f"JavaScript's memory {name}", POSITIONS, *heap, MOST_GROWTH, peer, "MB"),
        Result(
            f"nodes of the page {name}",
            POSITIONS,
            last.nodes,
            first.nodes,
            MOST_GROWTH,
            peer,
            "nodes",
        ),
        Result(
            f"listeners {name}",
            POSITIONS,
            last.listeners,
            first.listeners,
            MOST_GROWTH,
            peer,
            "listeners",
        ),
    ]


def run() -> list[Result]:
    """Measure an hour."""
    if missing():
        print(missing(), flush=True)
        return []
    with trading(speed=SPEED) as trader:
        return rows(measured(trader))
