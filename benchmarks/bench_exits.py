"""One price over all open positions of a token, against a bare numba loop over the same arrays."""

import statistics
import time
from collections.abc import Callable
from functools import partial

import numpy as np
from numba import njit
from numpy.typing import NDArray

from app.engine.warm import compiled_exits
from app.trading import exits
from app.trading.books import Book, Opening
from app.trading.exits import NEVER_MS, Columns, Plans, plans
from app.trading.ids import TokenId
from app.trading.kernels import install
from app.trading.market import Token
from app.trading.plans import ExitPlan
from benchmarks.result import Result

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Arrays = tuple[Floats, Floats, Floats, Ints]
SIZES = (1_000, 100_000, 1_000_000)
ENTRY = 1e-5
RUNS = 6
LAID_OUT = 200_000
"""Positions in the books that are laid out before they are measured."""

TWINS = compiled_exits()
JUDGE = TWINS.judge


@njit(cache=True)
def bare(stop: Floats, upper: Floats, highest: Floats, left: Ints, price: float) -> int:
    """Compare a price with every position's two levels and keep its peak: the least a pass does."""
    fired = 0
    for slot in range(stop.size):
        if left[slot] == 0:
            continue
        if price <= stop[slot] or price >= upper[slot]:
            fired += 1
        elif price > highest[slot]:
            highest[slot] = price
    return fired


def judge_each(
    laid_out: Plans, columns: Columns, count: int, price: float, sales: NDArray[np.int64]
) -> int:
    """Run the state machine for each position that a price concerns, one after the other."""
    row = 0
    for slot in range(count):
        if price <= columns.stop[slot] or price >= columns.upper[slot]:
            row = JUDGE(laid_out, columns, slot, price, 1, sales, row)
        else:
            columns.highest[slot] = max(columns.highest[slot], price)
    return row


selling = njit()(judge_each)


def filled(laid_out: Plans, many: int) -> Book:
    """Make a book of positions bought within one percent of each other."""
    book = Book(Token(TokenId(1), "mint", "TOKEN", 6))
    rng = np.random.default_rng(7)
    step = max(many // 100, 1)
    for first in range(0, many, step):
        count = min(step, many - first)
        numbers = np.arange(first, first + count, dtype=np.int64)
        zero = np.zeros(count, np.int32)
        opening = Opening(
            trade=numbers,
            wallet=numbers.astype(np.int32),
            strategy=zero,
            plan=zero,
            units=np.full(count, 10**9, np.int64),
            cost=np.ones(count, np.int64),
            deadline=np.full(count, NEVER_MS, np.int64),
            signal=1,
        )
        book.open(laid_out, opening, ENTRY * (1 + 0.01 * float(rng.random())), 0)
    return book


def copied(columns: Columns, many: int) -> Arrays:
    """Copy what the bare loop reads."""
    return (
        columns.stop[:many].copy(),
        columns.upper[:many].copy(),
        columns.highest[:many].copy(),
        columns.left[:many].copy(),
    )


def seen(book: Book, laid_out: Plans, price: float) -> None:
    """Let a book see a price."""
    book.tick(laid_out, price, 1)


def timed(work: Callable[[float], object], prices: list[float]) -> float:
    """Return the median seconds of one call."""
    spent = []
    for price in prices:
        begun = time.perf_counter()
        work(price)
        spent.append(time.perf_counter() - begun)
    return statistics.median(spent)


def run() -> list[Result]:
    """Measure quiet prices at three sizes, and prices that fire one position in a hundred."""
    install(exits, TWINS)
    laid_out = plans([ExitPlan()])
    results = []
    for many in SIZES:
        book = filled(laid_out, many)
        columns = book.columns
        arrays = copied(columns, many)
        rng = np.random.default_rng(1)
        quiet = [float(price) for price in ENTRY * (1 + 0.05 * rng.random(301))]
        bare(*arrays, quiet[0])
        book.tick(laid_out, quiet[0], 1)
        ours = timed(partial(seen, book, laid_out), quiet)
        theirs = timed(partial(bare, *arrays), quiet)
        results.append(
            Result("exit pass, nothing fires", many, ours, theirs, 1.5, "a bare numba loop")
        )
        results.append(firing(laid_out, many))
    return results


def firing(laid_out: Plans, many: int) -> Result:
    """Measure a price that takes the first tier of about one position in a hundred.

    Each pass needs a book that has not seen the price, so small ones are laid out a few hundred at
    a time: neither side pays for what was built in between.
    """
    ours, theirs = [], []
    at_a_time = max(LAID_OUT // many, 1)
    sales = np.zeros((many * 2, 4), np.int64)
    for _ in range(max(RUNS // at_a_time, 1)):
        books = [(filled(laid_out, many), filled(laid_out, many)) for _ in range(at_a_time)]
        price = float(np.quantile(books[0][0].columns.upper[:many], 0.01))
        for book, other in books:
            begun = time.perf_counter()
            sold = book.tick(laid_out, price, 1)
            ours.append(time.perf_counter() - begun)
            begun = time.perf_counter()
            rows = selling(laid_out, other.columns, other.count, price, sales)
            theirs.append(time.perf_counter() - begun)
            assert sold is not None
            assert len(sold) == rows
    mine, bare_loop = statistics.median(ours[1:]), statistics.median(theirs[1:])
    return Result("exit pass, 1 % fire", many, mine, bare_loop, 1.5, "a bare numba loop that sells")
