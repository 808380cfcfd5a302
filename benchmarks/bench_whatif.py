"""What if: one trade led by 2,500 exit plans, against a bare numba loop, and 50 ms a request.

The bare loop does the same work price by price, with each plan's levels kept in registers; ours
leaps over stretches in which nothing can happen. The request is a grid over HTTP from a record in
SQLite, asked again (its prices are kept) and for the first time (they are read).
"""

import asyncio
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
from numba import njit

from app.api.sessions import digest_of
from app.research.machine import Machine
from app.research.plan_grid import grid_of
from app.store.journal import Journal
from app.store.migrate import upgrade
from app.store.rows import SessionRow
from app.trading import exits, leap
from app.trading.exits import NEVER_MS, Floats, Ints, Plans
from app.trading.follow import MOST_SALES
from app.trading.ids import TradeId, order_id
from app.trading.leap import lay_out
from app.trading.ledger import (
    FillRow,
    OrderRow,
    PositionRow,
    SignalRow,
    TickRow,
    TokenRow,
    TradeRow,
    WalletRow,
)
from app.trading.plans import ExitPlan
from benchmarks.bench_rest import FOREVER, SESSION, ours
from benchmarks.result import Result
from benchmarks.servers import ask, serving

SIZES = (1_000, 10_000, 86_400, 100_000)
DAY = 86_400
"""A day of prices, one a second."""

AT = 1_795_000_000_000
ENTRY, UNITS, SPENT = 1e-5, 20_000_000_000, 200_000_000
SIGMA = 0.0007
MOST_SECONDS = 0.05
ROUNDS = 15
STARTS = 3
GRID: dict[str, Any] = {
    "stop_loss": [0.02 * step for step in range(1, 11)],
    "trailing_stop": [0.02 * step for step in range(1, 11)],
    "take_profit": [
        [[0.05 * first, 0.33], [0.1 + 0.2 * second, 0.33]]
        for first in range(1, 6)
        for second in range(2, 7)
    ],
}


def plans() -> list[ExitPlan]:
    """Make the 2,500 plans of the grid."""
    return grid_of(GRID, ())


def walk(many: int) -> tuple[Floats, Ints]:
    """Make the prices after an entry: a random walk, one price a second."""
    steps = np.random.default_rng(42).normal(0, SIGMA, many)
    return ENTRY * np.exp(np.cumsum(steps)), AT + 1000 * np.arange(1, many + 1, dtype=np.int64)


@njit(cache=True)
def bare(wanted: Plans, prices: Floats, entry: float, units: int, ended: Ints) -> int:
    """Lead every plan price by price; `ended` gets what is left and the last price's place."""
    sold = 0
    for plan in range(wanted.stop_loss.size):
        stop = entry * (1.0 - wanted.stop_loss[plan])
        keep = 1.0 - wanted.trailing[plan]
        highest, left, tiers = entry, units, 0
        tier = entry * (1.0 + wanted.gain[plan, 0]) if wanted.tiers[plan] > 0 else np.inf
        place = 0
        for place in range(prices.size):
            price = prices[place]
            if price <= stop:
                sold, left = sold + 1, 0
                break
            if price >= tier:
                while tiers < wanted.tiers[plan] and price >= entry * (
                    1.0 + wanted.gain[plan, tiers]
                ):
                    left -= min(int(np.floor(wanted.portion[plan, tiers] * float(units))), left)
                    tiers, sold = tiers + 1, sold + 1
                    if tiers == wanted.breakeven_after[plan] and entry > stop:
                        stop = entry
                tier = np.inf
                if tiers < wanted.tiers[plan]:
                    tier = entry * (1.0 + wanted.gain[plan, tiers])
                highest = max(highest, price)
            elif price > highest or tiers > 0:
                highest = max(highest, price)
                if tiers >= wanted.trailing_after[plan]:
                    stop = max(stop, highest * keep)
        ended[plan, 0], ended[plan, 1] = left, place + 1
    return sold


def timed(work: Callable[[], int]) -> tuple[float, int]:
    """Return the median seconds of some calls, and what they answered."""
    spent, answer = [], 0
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        answer = work()
        spent.append(time.perf_counter() - begun)
    return statistics.median(spent), answer


def computed(many: int) -> Result:
    """Lead the plans both ways, the path laid out each time."""
    prices, times = walk(many)
    wanted = exits.plans(plans())
    rows = wanted.stop_loss.size
    deadlines = np.full(rows, NEVER_MS, np.int64)
    sales = np.zeros((rows * MOST_SALES, 4), np.int64)
    counts, levels = np.zeros((rows, 6), np.int64), np.zeros((rows, 2))
    ended = np.zeros((rows, 2), np.int64)
    leap_all = Machine().load()
    room = (0, prices.size, 60_000, NEVER_MS, sales, counts, levels)

    def leapt() -> int:
        return leap_all(wanted, ENTRY, UNITS, deadlines, lay_out(prices, times), *room)

    def stepped() -> int:
        sold: int = bare(wanted, prices, ENTRY, UNITS, ended)
        return sold

    leapt(), stepped()
    (mine, sold), (theirs, stepped_sold) = timed(leapt), timed(stepped)
    assert sold == stepped_sold
    assert (counts[:, [leap.LEFT, leap.END]] == ended).all()
    name = "what-if: 2,500 exit plans over one trade's prices"
    return Result(name, many, mine, theirs, 1.5, "a bare numba loop")


async def fill(url: str, trades: int) -> None:
    """Write a token with a day of prices and open trades of one wallet at their beginning."""
    plan = ExitPlan().model_dump_json()
    prices, times = walk(DAY)
    wallet = WalletRow(
        1, "w1", "paper", AT, 10**10, 10**10, 0, 10**10, 20_000, 10**10, 10**10, False, None
    )
    mint = "So11111111111111111111111111111111111111112"
    rows: list[tuple[object, ...]] = [
        wallet,
        TokenRow(1, mint, "COIN", 6, None, None, AT),
        SignalRow(1, "mint", 1, AT, 3, "sse", "{}", "Monitoring"),
        *(TickRow(number, 1, AT, ENTRY) for number in range(1, trades + 1)),
        *(
            TickRow(number, 1, at, price)
            for number, (at, price) in enumerate(
                zip(times.tolist(), prices.tolist(), strict=True), start=trades + 1
            )
        ),
        SessionRow(*(1, 1, digest_of(f"{SESSION}1"), AT, FOREVER, FOREVER, AT, None, None)),
    ]
    for number in range(1, trades + 1):
        order = order_id(TradeId(number), 0)
        who = (number, 1, 1, "breakout")
        rows += [
            TradeRow(
                *(*who, 1, "signal", "active", AT, ENTRY, UNITS, SPENT, 0.85 * ENTRY, "[]", plan),
                *(71.5, 12, 0, ENTRY),
            ),
            OrderRow(order, *who, "BUY", "market", "entry", SPENT, None, "filled", AT),
            FillRow(order, order, *who, "BUY", ENTRY, UNITS, SPENT, 0, AT, "entry", number),
            PositionRow(
                *(*who, "LONG", "open", UNITS, UNITS, SPENT, ENTRY, AT, ENTRY, 0.85 * ENTRY),
                *(ENTRY, 0, 0, 1, NEVER_MS, number, AT),
            ),
        ]
    journal = await Journal.open(url)
    await journal.write(rows)
    await journal.close()


def question(trade: int) -> bytes:
    """Write a request."""
    body = msgspec.json.encode({"grid": GRID})
    head = (
        f"POST /api/trades/w1/{trade}/what-if HTTP/1.1\r\nHost: 127.0.0.1\r\n"
        f"Authorization: Bearer {SESSION}1\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def asked(path: str) -> tuple[float, float]:
    """Ask a new server: its CPU seconds for a question asked again, and for the first time."""
    first: list[float] = []
    again: list[float] = []
    with serving(ours, path) as server:
        body = asyncio.run(ask(server.port, question(1), 1, 1))
        assert len(msgspec.json.decode(body)["results"]) == len(plans())
        for trade in range(2, ROUNDS):
            for spent in (first, again, again):
                begun = server.cpu_seconds()
                asyncio.run(ask(server.port, question(trade), 1, 1))
                spent.append(server.cpu_seconds() - begun)
    return statistics.median(again), statistics.median(first)


def requested() -> list[Result]:
    """Measure requests over a day of prices."""
    with tempfile.TemporaryDirectory() as folder:
        path = str(Path(folder) / "whatif.db")
        url = f"sqlite+aiosqlite:///{path}"
        upgrade(url)
        asyncio.run(fill(url, ROUNDS))
        times = [asked(path) for _ in range(STARTS)]
    again, first = (statistics.median(column) for column in zip(*times, strict=True))
    name = "POST what-if: 2,500 plans, a day of seconds (server CPU)"
    return [
        Result(f"{name}, asked again", DAY, again, MOST_SECONDS, 1.0, "the limit"),
        Result(f"{name}, prices read first", DAY, first, MOST_SECONDS, None, "the limit"),
    ]


def run() -> list[Result]:
    """Measure the computation at four lengths, then requests."""
    return [*(computed(many) for many in SIZES), *requested()]
