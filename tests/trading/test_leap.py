"""Leaping over quiet stretches shows a position what looking at every price does, bit for bit."""

import numpy as np
import pytest

from app.trading import exits, leap
from app.trading.exits import HELD_LONG, NEVER_MS, Floats, Ints
from app.trading.follow import MOST_SALES, follow
from app.trading.kernels import compiled
from app.trading.leap import lay_out
from tests.trading.manyplans import EDGES, random_plans

ENTRY, UNITS = 1e-5, 10**6 + 7
PLANS = [*EDGES, *random_plans(50)]
LAID_OUT = exits.plans(PLANS)
PATIENCE = 60_000
LENGTHS = (1, 15, 16, 17, 255, 256, 257, 4095, 4096, 4097, 9000)


def wandering(length: int, seed: int, step: float) -> tuple[Floats, Ints]:
    """Make prices around the entry, with times that now and then go back."""
    rng = np.random.default_rng(seed)
    prices = ENTRY * np.exp(np.cumsum(rng.normal(0, step, length)))
    times = np.arange(length, dtype=np.int64) * 1000 - rng.integers(0, 3000, length)
    return prices, times


@pytest.mark.parametrize("step", [1e-4, 1e-3, 1e-2, 0.1])
@pytest.mark.parametrize("length", LENGTHS)
def test_it_stands_where_following_every_price_leads(length: int, step: float) -> None:
    prices, times = wandering(length, seed=length, step=step)
    path = lay_out(prices, times)
    rng = np.random.default_rng(length)
    for plan in range(len(PLANS)):
        for deadline in (NEVER_MS, int(rng.integers(-5000, length * 1000 + 5000))):
            state = exits.start(LAID_OUT, plan, ENTRY, UNITS, deadline)
            first = int(rng.integers(0, min(length, 20)))
            ours, theirs = (np.zeros((MOST_SALES, 4), np.int64) for _ in range(2))
            leapt = leap.leap(LAID_OUT, plan, state, path, first, length, ours, 0)
            seen = follow(LAID_OUT, plan, state, prices, times, first, theirs, 0)
            assert leapt == seen, PLANS[plan]
            assert (ours == theirs).all()


def test_prices_on_a_level_are_judged_as_every_other() -> None:
    """Prices that stand exactly on a stop, a tier or the peak, in stretches of their own."""
    rng = np.random.default_rng(3)
    levels = ENTRY * np.array([0.85, 1.0, 1.3, 1.75, 1.3 * 0.8, 1.75 * 0.8])
    around = np.concatenate((levels, np.nextafter(levels, 1), np.nextafter(levels, 0)))
    for _ in range(60):
        prices = np.repeat(rng.choice(around, 40), 40)
        times = np.arange(prices.size, dtype=np.int64)
        path = lay_out(prices, times)
        for plan in range(len(EDGES)):
            state = exits.start(LAID_OUT, plan, ENTRY, UNITS, NEVER_MS)
            ours, theirs = (np.zeros((MOST_SALES, 4), np.int64) for _ in range(2))
            leapt = leap.leap(LAID_OUT, plan, state, path, 0, prices.size, ours, 0)
            assert leapt == follow(LAID_OUT, plan, state, prices, times, 0, theirs, 0)
            assert (ours == theirs).all()


def test_many_plans_at_once_are_each_alone_and_compiled_is_plain() -> None:
    prices, times = wandering(6000, seed=1, step=3e-3)
    path = lay_out(prices, times)
    deadlines = np.full(len(PLANS), NEVER_MS, np.int64)
    deadlines[::3] = 2_000_000
    outcomes = []
    for kernel in (leap.leap_all, compiled(leap).leap_all):
        sales = np.zeros((len(PLANS) * MOST_SALES, 4), np.int64)
        counts, levels = np.zeros((len(PLANS), 6), np.int64), np.zeros((len(PLANS), 2))
        rows = kernel(
            *(
                LAID_OUT,
                ENTRY,
                UNITS,
                deadlines,
                path,
                0,
                6000,
                PATIENCE,
                10**9,
                sales,
                counts,
                levels,
            )
        )
        outcomes.append((rows, sales.tobytes(), counts.tobytes(), levels.tobytes()))
    assert outcomes[0] == outcomes[1]
    for plan, deadline in enumerate(deadlines):
        state = exits.start(LAID_OUT, plan, ENTRY, UNITS, int(deadline))
        alone = np.zeros((MOST_SALES, 4), np.int64)
        state, _, many = leap.leap(LAID_OUT, plan, state, path, 0, 6000, alone, 0)
        first, last = counts[plan, leap.FIRST_SALE], counts[plan, leap.LAST_SALE]
        assert (sales[first:last] == alone[:many]).all()
        assert levels[plan].tolist() == [state.stop, state.highest]
        assert counts[plan, leap.LEFT] == state.left


@pytest.mark.parametrize(
    ("gap_from", "until", "sold_at"),
    [
        (None, 10**9, 5),  # a price came at the deadline
        (5, 10**9, 4),  # the next one came too late: the clock sold at the one before
        (10, 9_000 + PATIENCE, None),  # the path ends before, and it may still come
        (10, 20_001 + PATIENCE, 9),
    ],
)
def test_the_clock_sells_when_no_price_comes(
    gap_from: int | None, until: int, sold_at: int | None
) -> None:
    plan = exits.plans([EDGES[0].model_copy(update={"max_holding_candles": 1})])
    times = np.arange(10, dtype=np.int64) * 1000
    if gap_from is not None:
        times[gap_from:] += 2 * PATIENCE
    deadline = 20_000 if gap_from == 10 else 5000
    path = lay_out(np.full(10, ENTRY), times)
    state = exits.start(plan, 0, ENTRY, UNITS, deadline)
    sales = np.zeros((MOST_SALES, 4), np.int64)
    state, _, rows = leap.leap_held(plan, 0, state, path, 0, 10, PATIENCE, until, sales, 0)
    if sold_at is None:
        assert (rows, state.left) == (0, UNITS)
    else:
        assert (rows, state.left) == (1, 0)
        assert sales[0].tolist() == [sold_at, -1, HELD_LONG, UNITS]


def test_the_clock_sells_nothing_of_what_a_stop_sold_before() -> None:
    plan = exits.plans([EDGES[0].model_copy(update={"max_holding_candles": 1})])
    times = np.arange(10, dtype=np.int64) * 1000
    times[5:] += 2 * PATIENCE
    prices = np.full(10, ENTRY)
    prices[2:] = ENTRY / 10
    state = exits.start(plan, 0, ENTRY, UNITS, 5000)
    sales = np.zeros((MOST_SALES, 4), np.int64)
    state, _, rows = leap.leap_held(
        plan, 0, state, lay_out(prices, times), 0, 10, PATIENCE, 10**9, sales, 0
    )
    assert (rows, state.left) == (1, 0)
    assert sales[0].tolist() == [2, -1, exits.STOPPED, UNITS]
