"""Books of positions for tests, and what they hold in the words of the exit rules."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from app.trading import exits
from app.trading.books import Book, Opening
from app.trading.exits import NEVER_MS, PHASES, Exit, Plans, State
from app.trading.ids import TokenId
from app.trading.market import Token
from app.trading.plans import ExitPlan
from tests.trading.exit_model import Holding, Sold, Wanted

TOKEN = Token(TokenId(1), "So11111111111111111111111111111111111111112", "WIF", 6)


class Standing(NamedTuple):
    """How a position stands; floats are compared bit for bit."""

    left: int
    stop: float
    highest: float
    taken: int
    phase: str


def exit_plan(wanted: Wanted) -> ExitPlan:
    """Write a wish as the rules take it."""
    return ExitPlan(
        stop_loss=wanted.stop_loss,
        take_profit=wanted.tiers,
        trailing_stop=wanted.trailing_stop,
        breakeven_after_tier=wanted.breakeven_after_tier,
        trailing_after_tier=wanted.trailing_after_tier,
    )


def columns(wanted: Sequence[Wanted]) -> Plans:
    """Lay wishes out as the machine reads them."""
    return exits.plans([exit_plan(one) for one in wanted])


def opening(
    trades: Sequence[int], holdings: Sequence[Holding], plan_rows: Sequence[int]
) -> Opening:
    """Ask for positions like these holdings, which share one entry."""
    many = len(trades)
    deadlines = [NEVER_MS if it.deadline is None else it.deadline for it in holdings]
    return Opening(
        trade=np.array(trades, np.int64),
        wallet=np.array(trades, np.int32),
        strategy=np.zeros(many, np.int32),
        plan=np.array(plan_rows, np.int32),
        units=np.array([it.initial for it in holdings], np.int64),
        cost=np.ones(many, np.int64),
        deadline=np.array(deadlines, np.int64),
        signal=0,
    )


def open_one(holding: Holding) -> tuple[Plans, Book]:
    """Open a book of one position."""
    plans, book = columns([holding.wanted]), Book(TOKEN)
    book.open(plans, opening([1], [holding], [0]), holding.entry, 0)
    return plans, book


def tick(
    book: Book,
    plans: Plans,
    price: float,
    now: int = 0,
    twins: Mapping[int, Holding] | None = None,
) -> list[tuple[int, Sold]]:
    """Let a book see a price; tell what it sold of which trade, and drop what is empty.

    Given twins that saw the price already, what sold must stand as they do, to its last moment.
    """
    sold = book.tick(plans, price, now)
    if sold is None:
        return []
    if twins is not None:
        for slot in sold.slot.tolist():
            assert stands(book, slot) == should_stand(twins[int(book.trade[slot])])
    rows = zip(
        book.trade[sold.slot].tolist(),
        sold.tier.tolist(),
        sold.reason.tolist(),
        sold.units.tolist(),
        strict=True,
    )
    told = [
        (trade, Sold(exits.reason_name(reason, tier), units)) for trade, tier, reason, units in rows
    ]
    assert len(told) == len(sold)
    book.remove_sold()
    return told


def stands(book: Book, slot: int) -> Standing:
    """Read how a position of a book stands."""
    columns = book.columns
    return Standing(
        int(columns.left[slot]),
        float(columns.stop[slot]),
        book.highest(slot),
        int(columns.tiers[slot]),
        PHASES[columns.phase[slot]],
    )


def should_stand(holding: Holding) -> Standing:
    """Read how a position of the model stands."""
    return Standing(holding.left, holding.stop, holding.highest, holding.taken, holding.phase)


def state_stands(state: State) -> Standing:
    """Read how a position of the scalar machine stands."""
    return Standing(
        int(state.left),
        float(state.stop),
        float(state.highest),
        int(state.tiers),
        PHASES[state.phase],
    )


def begin(plans: Plans, plan: int, holding: Holding) -> State:
    """Begin the scalar machine where a holding begins."""
    deadline = NEVER_MS if holding.deadline is None else holding.deadline
    return exits.start(plans, plan, holding.entry, holding.initial, deadline)


def told(plans: Plans, plan: int, before: State, left: Exit) -> list[Sold]:
    """Write what the scalar machine sold in the words of the model."""
    if left.reason == exits.NOTHING:
        return []
    if left.reason != exits.TOOK_PROFIT:
        return [Sold(exits.reason_name(left.reason, -1), int(before.left))]
    sold, rest = [], int(before.left)
    for tier in range(left.first, left.last):
        units = int(exits.tier_units(plans.portion[plan, tier], before.initial, rest))
        rest -= units
        if units:
            sold.append(Sold(exits.reason_name(left.reason, tier), units))
    return sold
