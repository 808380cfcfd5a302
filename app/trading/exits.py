"""When to leave a position.

    INITIAL -- first tier taken --> BREAKEVEN -- peak·(1 - trail) passes the stop --> TRAILING
    any phase -- price <= stop --> closed

Compiled when that pays (see `kernels`): `step` decides for one position, `step_all` runs it down
the columns of a book. Most prices change nothing, so a book keeps for each position the two prices
between which nothing can happen (`stop` and `upper`), and for each block of 256 positions the
highest stop, the lowest upper level and the earliest deadline; a price inside a block's band only
raises the block's peak, which its positions take over as their highest price when the block is
next opened.

It knows no wallet, no clock and no order.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from app.trading.kernels import kernel
from app.trading.plans import MAX_TIERS, ExitPlan

BLOCK = 256
NEVER_MS = 2**63 - 1
NEVER_TIER = MAX_TIERS + 1
ALWAYS = 0.0
"""An upper level that every price reaches: the next price must be judged."""

INITIAL, BREAKEVEN, TRAILING = 0, 1, 2
PHASES = ("INITIAL", "BREAKEVEN", "TRAILING")

NOTHING, STOPPED, BROKE_EVEN, TRAILED, HELD_LONG, TOOK_PROFIT = 0, 1, 2, 3, 4, 5
MANUAL, RESET, WRITTEN_OFF = "manual", "reset", "written_off"

Ints = NDArray[np.int64]
Small = NDArray[np.int8]
Index = NDArray[np.int32]
Floats = NDArray[np.float64]


class Plans(NamedTuple):
    """Exit plans as columns: one row a plan, tiers along the second axis."""

    stop_loss: Floats
    trailing: Floats
    breakeven_after: Ints
    trailing_after: Ints
    tiers: Ints
    gain: Floats
    portion: Floats


class State(NamedTuple):
    """Where a position stands: SOL per token, quantities in base units, deadline in Unix ms."""

    entry: float
    initial: int
    left: int
    stop: float
    highest: float
    tiers: int
    phase: int
    deadline: int


class Exit(NamedTuple):
    """What a price sold: all that was left (STOPPED … HELD_LONG), or tiers [first, last)."""

    reason: int
    first: int
    last: int


class Columns(NamedTuple):
    """The exit state of all positions in a token, and the guards of their blocks."""

    plan: Index
    entry: Floats
    initial: Ints
    left: Ints
    stop: Floats
    highest: Floats
    upper: Floats
    tiers: Small
    phase: Small
    deadline: Ints


class Guards(NamedTuple):
    """One row a block: highest stop, lowest upper level, earliest deadline, peak not taken over."""

    stop: Floats
    upper: Floats
    deadline: Ints
    peak: Floats


SLOT, TIER, REASON, UNITS = range(4)
"""The columns of what a pass sold, one row a sale; tier −1 sold all that was left."""


def plans(wanted: Sequence[ExitPlan]) -> Plans:
    """Lay exit plans out as columns; the row number is the plan's number."""
    rows = len(wanted)
    gain = np.zeros((rows, MAX_TIERS))
    portion = np.zeros((rows, MAX_TIERS))
    after = [NEVER_TIER if plan.trails_after is None else plan.trails_after for plan in wanted]
    for row, plan in enumerate(wanted):
        for tier, (gained, sold) in enumerate(plan.take_profit):
            gain[row, tier] = gained
            portion[row, tier] = sold
    return Plans(
        stop_loss=np.array([plan.stop_loss for plan in wanted], np.float64),
        trailing=np.array([plan.trailing_stop or 0.0 for plan in wanted], np.float64),
        breakeven_after=np.array([plan.breakeven_after_tier or 0 for plan in wanted], np.int64),
        trailing_after=np.array(after, np.int64),
        tiers=np.array([len(plan.take_profit) for plan in wanted], np.int64),
        gain=gain,
        portion=portion,
    )


def reason_name(reason: int, tier: int) -> str:
    """Name a sale as the record does."""
    if reason == TOOK_PROFIT:
        return f"take_profit_{tier + 1}"
    return ("", "stop_loss", "breakeven_stop", "trailing_stop", "max_holding")[reason]


@kernel
def tier_units(portion: float, initial: int, left: int) -> int:
    """Count what a tier sells: floor(portion · initial), at most what is left."""
    return min(int(np.floor(portion * float(initial))), left)


@kernel
def start(plans: Plans, plan: int, entry: float, units: int, deadline: int) -> State:
    """Begin a position at its fill: stop below the entry, highest at it."""
    stop = entry * (1.0 - plans.stop_loss[plan])
    return State(entry, units, units, stop, entry, 0, INITIAL, deadline)


@kernel
def step(plans: Plans, plan: int, state: State, price: float, now: int) -> tuple[State, Exit]:
    """Judge one price for one position, in the order stop, holding time, tiers, trailing."""
    entry, initial, left, stop, highest, tiers, phase, deadline = state
    if price <= stop:
        return State(entry, initial, 0, stop, highest, tiers, phase, deadline), Exit(
            STOPPED + phase, -1, -1
        )
    if now >= deadline:
        return State(entry, initial, 0, stop, highest, tiers, phase, deadline), Exit(
            HELD_LONG, -1, -1
        )
    first = tiers
    while (
        tiers < plans.tiers[plan] and price >= entry * (1.0 + plans.gain[plan, tiers]) and left > 0
    ):
        left -= tier_units(plans.portion[plan, tiers], initial, left)
        tiers += 1
        if tiers == plans.breakeven_after[plan] and entry > stop:
            stop = entry
            phase = BREAKEVEN
    highest = max(highest, price)
    if tiers > first:
        return State(entry, initial, left, stop, highest, tiers, phase, deadline), Exit(
            TOOK_PROFIT, first, tiers
        )
    trailed = highest * (1.0 - plans.trailing[plan])
    if tiers >= plans.trailing_after[plan] and trailed > stop:
        stop = trailed
        phase = TRAILING
    return State(entry, initial, left, stop, highest, tiers, phase, deadline), Exit(
        NOTHING, first, tiers
    )


@kernel
def upper_level(plans: Plans, plan: int, state: State) -> float:
    """Find a price below which (and above the stop) only the peak can change; never too high."""
    level = np.inf
    if state.tiers < plans.tiers[plan]:
        level = state.entry * (1.0 + plans.gain[plan, state.tiers])
    if state.tiers >= plans.trailing_after[plan]:
        keep = 1.0 - plans.trailing[plan]
        if state.highest * keep > state.stop:
            return ALWAYS
        level = min(level, max(state.highest, state.stop / keep * (1.0 - 1e-12)))
    return level


@kernel
def read(columns: Columns, slot: int) -> State:
    """Take a position's state out of its columns."""
    return State(
        columns.entry[slot],
        columns.initial[slot],
        columns.left[slot],
        columns.stop[slot],
        columns.highest[slot],
        int(columns.tiers[slot]) + 0,
        int(columns.phase[slot]) + 0,
        columns.deadline[slot],
    )


@kernel
def write(columns: Columns, slot: int, plans: Plans, state: State) -> None:
    """Put a position's state into its columns, with its upper level."""
    columns.left[slot] = state.left
    columns.stop[slot] = state.stop
    columns.highest[slot] = state.highest
    columns.tiers[slot] = state.tiers
    columns.phase[slot] = state.phase
    columns.upper[slot] = upper_level(plans, columns.plan[slot], state)


@kernel
def settle(columns: Columns, guards: Guards, block: int, count: int) -> None:
    """Hand a block's peak to its positions and measure its guards; the book holds `count`."""
    peak = guards.peak[block]
    stop, upper, deadline = -1.0, np.inf, NEVER_MS
    for slot in range(block * BLOCK, min((block + 1) * BLOCK, count)):
        columns.highest[slot] = max(columns.highest[slot], peak)
        if columns.left[slot] > 0:
            stop = max(stop, columns.stop[slot])
            upper = min(upper, columns.upper[slot])
            deadline = min(deadline, columns.deadline[slot])
    guards.stop[block] = stop
    guards.upper[block] = upper
    guards.deadline[block] = deadline
    guards.peak[block] = 0.0


@kernel
def quiet(
    stop: Floats, upper: Floats, deadline: Ints, peak: Floats, blocks: int, price: float, now: int
) -> int:
    """Raise the peaks of the blocks that a price leaves alone; return the first that it does not.

    Returns `blocks` when it leaves all alone. Takes the guards one by one: handing a tuple to
    compiled code costs as much as the rest.
    """
    for block in range(blocks):
        if price <= stop[block] or price >= upper[block] or now >= deadline[block]:
            return block
        peak[block] = max(peak[block], price)
    return blocks


@kernel
def _record(sales: Ints, row: int, slot: int, tier: int, reason: int, units: int) -> int:
    sales[row, SLOT] = slot
    sales[row, TIER] = tier
    sales[row, REASON] = reason
    sales[row, UNITS] = units
    return row + 1


@kernel
def note(
    plans: Plans, plan: int, before: State, left: Exit, place: int, sales: Ints, row: int
) -> int:
    """Write down what a price sold of a position at a place; return the next free row."""
    if left.reason == TOOK_PROFIT:
        units = before.left
        for tier in range(left.first, left.last):
            sold = tier_units(plans.portion[plan, tier], before.initial, units)
            units -= sold
            if sold > 0:
                row = _record(sales, row, place, tier, TOOK_PROFIT, sold)
    elif left.reason != NOTHING:
        row = _record(sales, row, place, -1, left.reason, before.left)
    return row


@kernel
def judge(
    plans: Plans, columns: Columns, slot: int, price: float, now: int, sales: Ints, row: int
) -> int:
    """Let one position see a price and write down what it sold; return the next free row."""
    before = read(columns, slot)
    plan = columns.plan[slot]
    after, left = step(plans, plan, before, price, now)
    write(columns, slot, plans, after)
    return note(plans, plan, before, left, slot, sales, row)


@kernel
def open_all(
    plans: Plans, columns: Columns, guards: Guards, entry: float, first: int, count: int
) -> None:
    """Begin the positions from slot `first` on, filled at one price."""
    for slot in range(first, count):
        columns.entry[slot] = entry
        state = start(
            plans, columns.plan[slot], entry, columns.initial[slot], columns.deadline[slot]
        )
        write(columns, slot, plans, state)
    for block in range(first // BLOCK, (count + BLOCK - 1) // BLOCK):
        settle(columns, guards, block, count)


@kernel
def step_all(
    plans: Plans,
    columns: Columns,
    guards: Guards,
    count: int,
    price: float,
    now: int,
    sales: Ints,
    first_block: int,
    trade: Ints,
) -> tuple[int, int, bool]:
    """Run `step` down a book from a block on; return (the next block to do, rows of `sales` used,
    whether they stand in the order of `trade`, each slot's number).

    Stops early when `sales` might not hold another block; call again from there with the rows
    taken away. Positions with nothing left are passed over.
    """
    blocks = (count + BLOCK - 1) // BLOCK
    row = 0
    block = first_block
    while block < blocks and row + BLOCK * MAX_TIERS <= len(sales):
        if (
            price <= guards.stop[block]
            or price >= guards.upper[block]
            or now >= guards.deadline[block]
        ):
            row = _open_block(plans, columns, guards, block, count, price, now, sales, row)
        elif price > guards.peak[block]:
            guards.peak[block] = price
        block += 1
    ordered = True
    for later in range(1, row):
        ordered &= trade[sales[later - 1, SLOT]] <= trade[sales[later, SLOT]]
    return block, row, ordered


@kernel
def _open_block(
    plans: Plans,
    columns: Columns,
    guards: Guards,
    block: int,
    count: int,
    price: float,
    now: int,
    sales: Ints,
    row: int,
) -> int:
    """Judge a block's positions and measure its guards anew in the same go; return the next row."""
    seen = max(price, guards.peak[block])
    top, low, due = -1.0, np.inf, NEVER_MS
    for slot in range(block * BLOCK, min((block + 1) * BLOCK, count)):
        if columns.left[slot] == 0:
            continue
        stop, upper, deadline = columns.stop[slot], columns.upper[slot], columns.deadline[slot]
        if price <= stop or price >= upper or now >= deadline:
            columns.highest[slot] = max(columns.highest[slot], guards.peak[block])
            row = judge(plans, columns, slot, price, now, sales, row)
            if columns.left[slot] == 0:
                continue
            stop, upper = columns.stop[slot], columns.upper[slot]
        elif seen > columns.highest[slot]:
            columns.highest[slot] = seen
        top = max(top, stop)
        low = min(low, upper)
        due = min(due, deadline)
    guards.stop[block] = top
    guards.upper[block] = low
    guards.deadline[block] = due
    guards.peak[block] = 0.0
    return row


@kernel
def fold(
    plans: Plans, columns: Columns, count: int, first: Ints, prices: Floats, times: Ints
) -> int:
    """Show positions again the prices that came after their last record, each from its `first` on.

    None of them sold anything, or the record would say so; returns how many would sell now. Those
    stop before that price and are judged at the next. A tier of less than a unit is taken without
    a sale.
    """
    wrong = 0
    for slot in range(count):
        state = read(columns, slot)
        for tick in range(first[slot], prices.size):
            after, _ = step(plans, columns.plan[slot], state, prices[tick], times[tick])
            if after.left != state.left:
                wrong += 1
                break
            state = after
        write(columns, slot, plans, state)
    return wrong
