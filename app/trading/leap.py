"""One position shown a long path of prices, or many positions the same one: stretches in which
nothing can happen are leapt over.

`follow` looks at every price; here a path is laid out once with the lowest and highest price of
each 16, 256 and 4,096 of them. A stretch whose lowest price stays above where the stop may rise to
and whose highest stays below the next tier leaves a position only its peak, and the trailing stop
that follows from it; every other price is judged by `exits.step`. The states are those of `follow`,
bit for bit, because a product of a larger peak is never smaller in float64 either.
"""

from typing import NamedTuple

import numpy as np

from app.trading.exits import (
    HELD_LONG,
    NEVER_MS,
    NOTHING,
    TRAILING,
    UNITS,
    Floats,
    Ints,
    Plans,
    State,
    note,
    start,
    step,
)
from app.trading.exits import REASON as SOLD_BECAUSE
from app.trading.exits import SLOT as PLACE
from app.trading.exits import TIER as SOLD_TIER
from app.trading.kernels import kernel, long_kernel

WIDTHS = (16, 256, 4096)
SMALLEST, LARGEST_LEVEL = WIDTHS[0], len(WIDTHS) - 1
LEFT, PHASE, TIERS, END, FIRST_SALE, LAST_SALE = range(6)
STOP, HIGHEST = range(2)


class Path(NamedTuple):
    """Prices in SOL per token, oldest first, their times in Unix ms, and the latest time so far: a
    price may come late.

    `low` and `high` hold the extremes of whole stretches, a row a width of WIDTHS.
    """

    prices: Floats
    times: Ints
    latest: Ints
    low: Floats
    high: Floats


def lay_out(prices: Floats, times: Ints) -> Path:
    """Measure the stretches of a path."""
    room = prices.size // SMALLEST
    low, high = np.zeros((len(WIDTHS), room)), np.zeros((len(WIDTHS), room))
    for level, width in enumerate(WIDTHS):
        many = prices.size // width
        shape = prices[: many * width].reshape(many, width)
        low[level, :many], high[level, :many] = shape.min(axis=1), shape.max(axis=1)
    return Path(prices, times, np.maximum.accumulate(times), low, high)


@kernel
def due_at(path: Path, first: int, last: int, deadline: int) -> int:
    """Find the first price of [first, last) that comes at a deadline or later; `last` if none."""
    if deadline == NEVER_MS:
        return last
    if 0 < first < last and path.latest[first - 1] >= deadline:
        # One from before came late to it; then its time says nothing about those after.
        while first < last and path.times[first] < deadline:
            first += 1
        return first
    low, high = first, last
    while low < high:
        middle = (low + high) // 2
        if path.latest[middle] >= deadline:
            high = middle
        else:
            low = middle + 1
    return low


@kernel
def leap(
    plans: Plans, plan: int, state: State, path: Path, first: int, last: int, sales: Ints, row: int
) -> tuple[State, int, int]:
    """Show a position the prices of [first, last).

    Returns where it stands, the index after the last price that it saw, and the next free row of
    `sales`, as `follow` does.
    """
    due = due_at(path, first, last, state.deadline)
    keep = 1.0 - plans.trailing[plan]
    index = first
    while index < last and state.left > 0:
        trails = state.tiers >= plans.trailing_after[plan]
        tier = np.inf
        if state.tiers < plans.tiers[plan]:
            tier = state.entry * (1.0 + plans.gain[plan, state.tiers])
        follows = keep if trails else 0.0
        width = _quiet(path, index, due, state, tier, follows)
        if width == 1:
            state = _risen(state, path.prices[index], follows)
        elif width:
            level = 0 if width == WIDTHS[0] else (1 if width == WIDTHS[1] else 2)
            state = _risen(state, path.high[level, index // width], follows)
        else:
            before = state
            state, left = step(plans, plan, before, path.prices[index], path.times[index])
            if left.reason != NOTHING:
                row = note(plans, plan, before, left, index, sales, row)
        index += max(width, 1)
    return state, index, row


@kernel
def _quiet(path: Path, index: int, due: int, state: State, tier: float, keep: float) -> int:
    """Find the widest stretch that begins here and sells nothing; 0 when its first price may.

    `keep` is the share of the peak that the trailing stop follows at, 0 where none does.
    """
    price = path.prices[index]
    if index >= due or price >= tier or price <= max(state.stop, max(state.highest, price) * keep):
        return 0
    quiet = 1
    for level in range(LARGEST_LEVEL + 1):
        width = WIDTHS[level]
        if index % width or index + width > due:
            break
        low, high = path.low[level, index // width], path.high[level, index // width]
        if high >= tier or low <= max(state.stop, max(state.highest, high) * keep):
            break
        quiet = width
    return quiet


@kernel
def _risen(state: State, high: float, keep: float) -> State:
    """Take a quiet stretch's peak over, and what it does to the stop."""
    highest = max(state.highest, high)
    stop, phase = state.stop, state.phase
    if highest * keep > stop:
        stop, phase = highest * keep, TRAILING
    return State(
        state.entry, state.initial, state.left, stop, highest, state.tiers, phase, state.deadline
    )


@kernel
def leap_held(
    plans: Plans,
    plan: int,
    state: State,
    path: Path,
    first: int,
    last: int,
    patience: int,
    until: int,
    sales: Ints,
    row: int,
) -> tuple[State, int, int]:
    """Show a position the prices of [first, last), and sell it at the one before when none came
    within `patience` ms after its deadline; the clock stands at `until` after the last price.

    A sale by the clock has the place of the price before it, which was too early to be the reason.
    """
    due = due_at(path, first, last, state.deadline)
    news = path.times[due] if due < last else until
    if state.deadline == NEVER_MS or news - patience <= state.deadline:
        return leap(plans, plan, state, path, first, last, sales, row)
    state, index, row = leap(plans, plan, state, path, first, due, sales, row)
    if state.left > 0:
        sales[row, PLACE] = due - 1
        sales[row, SOLD_TIER] = -1
        sales[row, SOLD_BECAUSE] = HELD_LONG
        sales[row, UNITS] = state.left
        row += 1
        state = State(
            state.entry,
            state.initial,
            0,
            state.stop,
            state.highest,
            state.tiers,
            state.phase,
            state.deadline,
        )
    return state, index, row


@long_kernel
def leap_all(
    plans: Plans,
    entry: float,
    units: int,
    deadlines: Ints,
    path: Path,
    first: int,
    last: int,
    patience: int,
    until: int,
    sales: Ints,
    counts: Ints,
    levels: Floats,
) -> int:
    """Show positions filled at one price, one a plan, the same prices [first, last); returns the
    rows of `sales`.

    `counts` and `levels` get a row a plan: what is left, phase, tiers, the index after the last
    price, its sales from and to; its stop and its highest price. `sales` must have MOST_SALES rows
    a plan.
    """
    row = 0
    for plan in range(deadlines.size):
        begun = row
        state = start(plans, plan, entry, units, deadlines[plan])
        state, index, row = leap_held(
            plans, plan, state, path, first, last, patience, until, sales, row
        )
        counts[plan, LEFT] = state.left
        counts[plan, PHASE] = state.phase
        counts[plan, TIERS] = state.tiers
        counts[plan, END] = index
        counts[plan, FIRST_SALE] = begun
        counts[plan, LAST_SALE] = row
        levels[plan, STOP] = state.stop
        levels[plan, HIGHEST] = state.highest
    return row
