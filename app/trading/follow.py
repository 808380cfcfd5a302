"""One position shown a path of prices, from its fill until nothing of it is left.

The same machine as the live book's (`exits.step`), run along time instead of along positions. It
skips as the book does: between its stop and its next upper level a price can only raise the peak.

A path is prices in SOL per token with their times in Unix ms, oldest first. Sales are written as
the book writes them, with the index of the price in the place of the slot.
"""

from app.trading.exits import Floats, Ints, Plans, State, note, step, upper_level
from app.trading.kernels import kernel
from app.trading.plans import MAX_TIERS

MOST_SALES = MAX_TIERS + 1
"""A position sells each tier once, and then all that is left."""


@kernel
def follow(
    plans: Plans,
    plan: int,
    state: State,
    prices: Floats,
    times: Ints,
    first: int,
    sales: Ints,
    row: int,
) -> tuple[State, int, int]:
    """Show a position the prices from index `first` on.

    Returns where it stands, the index after the last price that it saw, and the next free row of
    `sales`, which must have MOST_SALES rows free from `row` on.
    """
    upper = upper_level(plans, plan, state)
    index = first
    while index < prices.size and state.left > 0:
        price = prices[index]
        if state.stop < price < upper and times[index] < state.deadline:
            if price > state.highest:
                state = _risen(state, price)
        else:
            before = state
            state, left = step(plans, plan, before, price, times[index])
            upper = upper_level(plans, plan, state)
            row = note(plans, plan, before, left, index, sales, row)
        index += 1
    return state, index, row


@kernel
def _risen(state: State, price: float) -> State:
    return State(
        state.entry,
        state.initial,
        state.left,
        state.stop,
        price,
        state.tiers,
        state.phase,
        state.deadline,
    )
