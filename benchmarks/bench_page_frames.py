"""The trading page while prices come in: how busy its main thread is, and how long frames take.

A hundred positions are open. Each update is a closed candle of one of them: it reaches the page as
a candle, a trade of somebody, a position and (four times a second) the portfolio.
"""

import time
from dataclasses import dataclass

from benchmarks.browsing import POSITIONS, Trader, missing, trading
from benchmarks.result import Result
from benchmarks.traces import Trace, traced

RATES = (20, 100)
WARM_SECONDS = 5.0
SECONDS = 20.0
BUSY_SHARE = 0.30
LONGEST_SECONDS = 0.050


@dataclass(frozen=True, slots=True)
class Rated:
    """What the page did at a rate, and how many updates a second really came."""

    rate: int
    came: float
    trace: Trace


def measured(trader: Trader) -> list[Rated]:
    """Trace the page at each rate."""
    found = []
    with trader.visit() as page:
        page.goto(trader.url)
        page.get_by_role("button", name="Close 50 %").wait_for()
        for rate in RATES:
            trader.lead("play", rate=rate)
            page.wait_for_timeout(1000 * WARM_SECONDS)
            before, began = trader.lead("told"), time.monotonic()
            trace = traced(trader, page, SECONDS)
            seconds = time.monotonic() - began
            came = (trader.lead("play", rate=0) - before) / seconds
            found.append(Rated(rate, came, trace))
    return found


def rows(found: list[Rated]) -> list[Result]:
    """Write the rows; only the first rate has limits."""
    return [row for one in found for row in _rows(one, limited=one.rate == RATES[0])]


def _rows(one: Rated, *, limited: bool) -> list[Result]:
    wanted = 1.0 if limited else None

    def row(what: str, value: float, limit: float, unit: str = "s") -> Result:
        name = f"{POSITIONS} positions, {one.rate} updates a second: {what}"
        within = None if what.endswith("(CPU)") else wanted
        return Result(name, POSITIONS, value, limit, within, "the limit", unit)

    trace, share = one.trace, 100 * BUSY_SHARE
    return [
        row("main thread busy", 100 * trace.busy, share, "%"),
        row("main thread busy (CPU)", 100 * trace.busy_cpu, share, "%"),
        row("longest frame", trace.longest_frame, LONGEST_SECONDS),
        row("longest task of the main thread", trace.longest_task, LONGEST_SECONDS),
        row("longest task of the main thread (CPU)", trace.longest_task_cpu, LONGEST_SECONDS),
    ]


def run() -> list[Result]:
    """Measure at both rates."""
    if missing():
        print(missing(), flush=True)
        return []
    with trading() as trader:
        return rows(measured(trader))
