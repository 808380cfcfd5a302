"""What the machine keeps beside positions so that most prices cost nothing: levels and guards."""

import math

import numpy as np
import pytest

from app.trading import exits
from app.trading.exits import (
    ALWAYS,
    BLOCK,
    BREAKEVEN,
    HELD_LONG,
    INITIAL,
    NEVER_MS,
    NOTHING,
    STOPPED,
    TOOK_PROFIT,
    TRAILING,
    Columns,
    Exit,
    Guards,
    Plans,
    State,
)
from app.trading.plans import MAX_TIERS, ExitPlan

PLANS = exits.plans(
    [
        ExitPlan(take_profit=((0.3, 0.33), (0.6, 0.33)), trailing_stop=0.25),
        ExitPlan(take_profit=(), trailing_stop=0.25, trailing_after_tier=0),
        ExitPlan(take_profit=((0.5, 0.5),), trailing_stop=None),
    ]
)
AT_ONE = State(1.0, 1_000, 1_000, 0.85, 1.0, 0, INITIAL, NEVER_MS)


def stood(many: int, plan: int = 0) -> tuple[Columns, Guards]:
    """Lay out positions that were filled at 1.0."""
    blocks = -(-many // BLOCK)
    columns = Columns(
        plan=np.full(many, plan, np.int32),
        entry=np.zeros(many),
        initial=np.full(many, 1_000, np.int64),
        left=np.zeros(many, np.int64),
        stop=np.zeros(many),
        highest=np.zeros(many),
        upper=np.zeros(many),
        tiers=np.zeros(many, np.int8),
        phase=np.zeros(many, np.int8),
        deadline=np.full(many, NEVER_MS, np.int64),
    )
    guards = Guards(
        np.zeros(blocks), np.zeros(blocks), np.zeros(blocks, np.int64), np.zeros(blocks)
    )
    exits.open_all(PLANS, columns, guards, 1.0, 0, many)
    return columns, guards


def pass_over(
    columns: Columns, guards: Guards, price: float, rows: int = BLOCK * MAX_TIERS, block: int = 0
) -> tuple[tuple[int, int, bool], list[list[int]]]:
    """Run a price down the columns with so much room for sales."""
    many = len(columns.plan)
    sales = np.zeros((rows, 4), np.int64)
    done = exits.step_all(PLANS, columns, guards, many, price, 0, sales, block, np.arange(many))
    return (int(done[0]), int(done[1]), bool(done[2])), sales[: done[1]].tolist()


@pytest.mark.parametrize(
    ("price", "now", "left"),
    [
        (0.85, 0, Exit(STOPPED, -1, -1)),
        (0.9, NEVER_MS, Exit(HELD_LONG, -1, -1)),
        (1.3, 0, Exit(TOOK_PROFIT, 0, 1)),
        (1.7, 0, Exit(TOOK_PROFIT, 0, 2)),
        (1.2, 0, Exit(NOTHING, 0, 0)),
    ],
)
def test_a_price_says_which_tiers_it_took(price: float, now: int, left: Exit) -> None:
    assert exits.step(PLANS, 0, AT_ONE, price, now)[1] == left


def test_nothing_left_takes_no_further_tier() -> None:
    """Valid plans sell all with their last tier only; the machine does not count on it."""
    greedy = PLANS._replace(portion=np.ones((3, MAX_TIERS)))
    state, left = exits.step(greedy, 0, AT_ONE, 9.0, 0)
    assert (state.left, state.tiers, left) == (0, 1, Exit(TOOK_PROFIT, 0, 1))


def test_a_stop_that_trails_at_the_entry_goes_on_trailing() -> None:
    before = AT_ONE._replace(stop=1.0, phase=TRAILING)
    assert exits.step(PLANS, 0, before, 1.3, 0)[0].phase == TRAILING
    assert exits.step(PLANS, 0, before._replace(stop=0.99), 1.3, 0)[0].phase == BREAKEVEN


@pytest.mark.parametrize(
    ("plan", "state", "level"),
    [
        (0, AT_ONE, 1.3),
        (0, AT_ONE._replace(tiers=1, stop=1.0, highest=1.31, phase=BREAKEVEN), 4 / 3),
        (0, AT_ONE._replace(tiers=1, stop=1.0, highest=1.5, phase=BREAKEVEN), ALWAYS),
        (0, AT_ONE._replace(tiers=1, stop=1.125, highest=1.5, phase=TRAILING), 1.5),
        (0, AT_ONE._replace(tiers=2, stop=1.5, highest=2.0, phase=TRAILING), 2.0),
        (1, AT_ONE._replace(stop=0.75), 1.0),
        (1, AT_ONE._replace(stop=0.8), 0.8 / 0.75),
        (2, AT_ONE, 1.5),
        (2, AT_ONE._replace(tiers=1), math.inf),
    ],
)
def test_the_upper_level_is_where_the_next_thing_happens(
    plan: int, state: State, level: float
) -> None:
    found = exits.upper_level(PLANS, plan, state)
    assert found == pytest.approx(level, rel=2e-12)
    assert found <= level


def test_a_level_that_rounds_is_a_hair_too_low_and_never_too_high() -> None:
    chance = np.random.default_rng(5)
    for _ in range(2_000):
        stop = float(10.0 ** chance.uniform(-12, 3))
        state = AT_ONE._replace(entry=stop * 2, stop=stop, highest=stop)
        level = exits.upper_level(PLANS, 1, state)
        assert level * 0.75 <= stop
        assert level * 0.75 >= stop * (1 - 2e-12)


def test_guards_are_the_nearest_of_a_block() -> None:
    columns, guards = stood(BLOCK + 3)
    assert guards.stop.tolist() == [0.85, 0.85]
    assert guards.upper.tolist() == [1.3, 1.3]
    assert guards.deadline.tolist() == [NEVER_MS, NEVER_MS]
    columns.stop[[5, BLOCK + 1]] = 0.9, 0.95
    columns.upper[[6, BLOCK + 2]] = 1.2, 1.1
    columns.deadline[7] = 77
    for block in (0, 1):
        exits.settle(columns, guards, block, BLOCK + 3)
    assert guards.stop.tolist() == [0.9, 0.95]
    assert guards.upper.tolist() == [1.2, 1.1]
    assert guards.deadline.tolist() == [77, NEVER_MS]


def test_what_is_sold_guards_nothing() -> None:
    columns, guards = stood(3)
    columns.left[1], columns.stop[1], columns.upper[1] = 0, 2.0, 0.1
    exits.settle(columns, guards, 0, 3)
    assert (guards.stop[0], guards.upper[0]) == (0.85, 1.3)
    columns.left[:] = 0
    exits.settle(columns, guards, 0, 3)
    assert guards.stop[0] < 0.0
    assert exits.quiet(*guards, 1, 5e-324, 0) == 1


def test_a_block_hands_its_peak_to_its_own_positions_only() -> None:
    columns, guards = stood(3 * BLOCK)
    guards.peak[1] = 1.2
    exits.settle(columns, guards, 1, 3 * BLOCK)
    highest = columns.highest.reshape(3, BLOCK)
    assert (highest[0] == 1.0).all()
    assert (highest[1] == 1.2).all()
    assert (highest[2] == 1.0).all()
    assert guards.peak.tolist() == [0.0, 0.0, 0.0]


def test_a_quiet_price_passes_every_block() -> None:
    _, guards = stood(2 * BLOCK + 1)
    assert exits.quiet(*guards, 3, 1.1, 0) == 3
    assert exits.quiet(*guards, 3, 1.05, 0) == 3
    assert guards.peak.tolist() == [1.1, 1.1, 1.1]
    guards.stop[1] = 1.0
    assert exits.quiet(*guards, 3, 1.0, 0) == 1


def test_a_peak_stays_when_prices_fall_while_another_block_sells() -> None:
    columns, guards = stood(2 * BLOCK)
    columns.stop[BLOCK:], guards.stop[1] = 1.15, 1.15
    for price in (1.2, 1.1):
        pass_over(columns, guards, price)
    assert guards.peak[0] == 1.2
    assert (columns.left[BLOCK:] == 0).all()


def test_a_block_that_was_opened_is_measured_anew() -> None:
    columns, guards = stood(3)
    columns.stop[1], guards.stop[0] = 0.95, 0.95
    (_, rows, _), _ = pass_over(columns, guards, 0.94)
    assert rows == 1
    assert guards.stop[0] == 0.85
    columns.stop[:] = 0.9
    exits.settle(columns, guards, 0, 3)
    (_, rows, _), _ = pass_over(columns, guards, 0.9)
    assert rows == 2
    assert guards.stop[0] < 0.0


def test_only_whom_a_price_concerns_is_judged() -> None:
    """A position that trails has its stop moved; one whose level was not reached has not."""
    columns, guards = stood(2, plan=1)
    columns.upper[1] = 1.4
    pass_over(columns, guards, 1.2)
    assert columns.stop.tolist() == [1.2 * 0.75, 0.85]
    assert columns.highest.tolist() == [1.2, 1.2]


def test_a_pass_begins_a_block_only_with_room_for_all_it_may_sell() -> None:
    for rows, done in (
        (BLOCK * MAX_TIERS - 1, (0, 0, True)),
        (BLOCK * MAX_TIERS, (1, BLOCK, True)),
    ):
        columns, guards = stood(BLOCK)
        assert pass_over(columns, guards, 0.5, rows)[0] == done


def test_what_a_price_sold_is_told_tier_by_tier() -> None:
    columns, guards = stood(2)
    columns.left[1] = 400
    (_, rows, ordered), sales = pass_over(columns, guards, 1.7)
    first, second = [0, 0, TOOK_PROFIT, 330], [0, 1, TOOK_PROFIT, 330]
    rest = [[1, 0, TOOK_PROFIT, 330], [1, 1, TOOK_PROFIT, 70]]
    assert sales == [first, second, *rest]
    assert (rows, ordered) == (4, True)
    _, sales = pass_over(columns, guards, 0.1)
    assert sales == [[0, -1, exits.BROKE_EVEN, 340]]


def test_sales_say_whether_they_stand_in_the_order_of_trades() -> None:
    columns, guards = stood(3)
    sales = np.zeros((BLOCK * MAX_TIERS, 4), np.int64)
    trade = np.array([4, 9, 7])
    assert exits.step_all(PLANS, columns, guards, 3, 0.5, 0, sales, 0, trade)[1:] == (3, False)


def test_every_block_that_begins_is_measured() -> None:
    for many in (1, BLOCK, BLOCK + 1, 2 * BLOCK):
        _, guards = stood(many)
        assert (guards.stop == 0.85).all()


def test_plans_without_a_word_on_something_never_do_it() -> None:
    laid: Plans = exits.plans([ExitPlan(breakeven_after_tier=None, trailing_after_tier=None)])
    assert laid.breakeven_after.tolist() == [0]
    assert laid.trailing_after[0] > MAX_TIERS
