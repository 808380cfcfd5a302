"""When to leave: each line of the rules as an example, told to the machine in all its forms."""

import math
from dataclasses import dataclass

import numpy as np
import pytest

from app.trading import exits
from app.trading.books import SALES_ROOM, Book
from app.trading.exits import BLOCK
from app.trading.plans import ExitPlan
from tests.trading.books import (
    TOKEN,
    begin,
    columns,
    exit_plan,
    open_one,
    opening,
    should_stand,
    stands,
    state_stands,
    tick,
    told,
)
from tests.trading.exit_model import Holding, Sold, Wanted


@dataclass(frozen=True)
class Seen:
    """A price, and what must follow from it: sales `reason units`, stop, phase, highest."""

    price: float
    sold: str
    stop: float
    phase: str
    highest: float
    now: int = 0


def hold(price: float, stop: float, phase: str, highest: float, now: int = 0) -> Seen:
    return Seen(price, "", stop, phase, highest, now)


NO_TRAIL = Wanted(trailing_stop=None)
FROM_FIRST = Wanted(tiers=(), trailing_after_tier=0)
SCENARIOS: dict[str, tuple[Wanted, int, list[Seen]]] = {
    "a fall to the stop sells all at once": (
        Wanted(),
        1000,
        [
            hold(0.86, 0.85, "INITIAL", 1.0),
            Seen(0.80, "stop_loss 1000", 0.85, "INITIAL", 1.0),
        ],
    ),
    "a price exactly at the stop sells": (
        Wanted(),
        1000,
        [Seen(0.85, "stop_loss 1000", 0.85, "INITIAL", 1.0)],
    ),
    "a hair above the stop does not": (
        Wanted(),
        1000,
        [hold(math.nextafter(0.85, 1), 0.85, "INITIAL", 1.0)],
    ),
    "a price exactly at a tier takes it": (
        Wanted(),
        1000,
        [Seen(1.3, "take_profit_1 330", 1.0, "BREAKEVEN", 1.3)],
    ),
    "a hair below a tier does not, and trailing waits for it": (
        Wanted(),
        1000,
        [
            hold(math.nextafter(1.3, 1), 0.85, "INITIAL", math.nextafter(1.3, 1)),
            hold(1.0, 0.85, "INITIAL", math.nextafter(1.3, 1)),
        ],
    ),
    "the tier and break-even come on one price, trailing on the next": (
        Wanted(),
        1000,
        [
            Seen(1.4, "take_profit_1 330", 1.0, "BREAKEVEN", 1.4),
            hold(1.2, 1.4 * 0.8, "TRAILING", 1.4),
            Seen(1.11, "trailing_stop 670", 1.4 * 0.8, "TRAILING", 1.4),
        ],
    ),
    "a fall right after a tier meets the entry first": (
        Wanted(),
        1000,
        [
            Seen(1.4, "take_profit_1 330", 1.0, "BREAKEVEN", 1.4),
            Seen(1.0, "breakeven_stop 670", 1.0, "BREAKEVEN", 1.4),
        ],
    ),
    "trailing may pass the price that raised it; the next price decides": (
        Wanted(),
        1000,
        [
            Seen(1.7, "take_profit_1 330", 1.0, "BREAKEVEN", 1.7),
            hold(1.1, 1.7 * 0.8, "TRAILING", 1.7),
            Seen(1.1, "trailing_stop 670", 1.7 * 0.8, "TRAILING", 1.7),
        ],
    ),
    "all tiers that one price crosses are sold at it, lowest first": (
        Wanted(),
        1000,
        [
            Seen(1.9, "take_profit_1 330, take_profit_2 330", 1.0, "BREAKEVEN", 1.9),
            hold(1.9, 1.9 * 0.8, "TRAILING", 1.9),
        ],
    ),
    "portions that add up to everything end the trade": (
        Wanted(tiers=((0.1, 0.25), (0.2, 0.25), (0.3, 0.5))),
        1000,
        [
            Seen(1.15, "take_profit_1 250", 1.0, "BREAKEVEN", 1.15),
            Seen(1.4, "take_profit_2 250, take_profit_3 500", 1.0, "BREAKEVEN", 1.4),
        ],
    ),
    "rounding down may leave a unit, which the stop sells": (
        Wanted(tiers=((0.1, 0.5), (0.2, 0.5)), trailing_stop=None),
        11,
        [
            Seen(1.25, "take_profit_1 5, take_profit_2 5", 1.0, "BREAKEVEN", 1.25),
            Seen(0.9, "breakeven_stop 1", 1.0, "BREAKEVEN", 1.25),
        ],
    ),
    "a tier too small for one unit is taken and sells nothing": (
        Wanted(),
        2,
        [
            hold(1.3, 1.0, "BREAKEVEN", 1.3),
            hold(1.3, 1.3 * 0.8, "TRAILING", 1.3),
            Seen(1.0, "trailing_stop 2", 1.3 * 0.8, "TRAILING", 1.3),
        ],
    ),
    "a tier after the last unit is not taken": (
        Wanted(tiers=((0.1, 1.0),)),
        7,
        [Seen(2.0, "take_profit_1 7", 1.0, "BREAKEVEN", 2.0)],
    ),
    "trailing from the first price needs to pass the stop": (
        FROM_FIRST,
        10,
        [
            hold(1.05, 0.85, "INITIAL", 1.05),
            hold(1.0, 0.85, "INITIAL", 1.05),
            hold(1.1, 1.1 * 0.8, "TRAILING", 1.1),
            hold(1.0, 1.1 * 0.8, "TRAILING", 1.1),
            hold(1.5, 1.5 * 0.8, "TRAILING", 1.5),
            Seen(1.2, "trailing_stop 10", 1.5 * 0.8, "TRAILING", 1.5),
        ],
    ),
    "trailing closer than the stop follows even a price below the entry": (
        Wanted(tiers=(), trailing_after_tier=0, trailing_stop=0.05),
        10,
        [
            hold(0.97, 0.95, "TRAILING", 1.0),
            Seen(0.95, "trailing_stop 10", 0.95, "TRAILING", 1.0),
        ],
    ),
    "break-even takes over from a trailing stop below the entry": (
        Wanted(trailing_after_tier=0),
        1000,
        [
            hold(1.2, 1.2 * 0.8, "TRAILING", 1.2),
            Seen(1.3, "take_profit_1 330", 1.0, "BREAKEVEN", 1.3),
            hold(1.25, 1.3 * 0.8, "TRAILING", 1.3),
        ],
    ),
    "break-even never lowers a trailing stop above the entry": (
        Wanted(tiers=((0.5, 0.33),), trailing_after_tier=0),
        1000,
        [
            hold(1.4, 1.4 * 0.8, "TRAILING", 1.4),
            Seen(1.5, "take_profit_1 330", 1.4 * 0.8, "TRAILING", 1.5),
        ],
    ),
    "break-even never keeps the first stop": (
        Wanted(breakeven_after_tier=None, trailing_stop=None),
        1000,
        [
            Seen(1.8, "take_profit_1 330, take_profit_2 330", 0.85, "INITIAL", 1.8),
            hold(0.9, 0.85, "INITIAL", 1.8),
            Seen(0.85, "stop_loss 340", 0.85, "INITIAL", 1.8),
        ],
    ),
    "break-even after the second tier waits for it": (
        Wanted(breakeven_after_tier=2, trailing_after_tier=None),
        1000,
        [
            Seen(1.5, "take_profit_1 330", 0.85, "INITIAL", 1.5),
            hold(1.1, 0.85, "INITIAL", 1.5),
            Seen(1.75, "take_profit_2 330", 1.0, "BREAKEVEN", 1.75),
            hold(1.01, 1.0, "BREAKEVEN", 1.75),
        ],
    ),
    "break-even after a tier that is not there never comes": (
        Wanted(breakeven_after_tier=3, trailing_after_tier=3),
        1000,
        [
            Seen(9.0, "take_profit_1 330, take_profit_2 330", 0.85, "INITIAL", 9.0),
            hold(8.0, 0.85, "INITIAL", 9.0),
        ],
    ),
    "without trailing a fall of any size above the stop is waited out": (
        NO_TRAIL,
        1000,
        [
            Seen(1.3, "take_profit_1 330", 1.0, "BREAKEVEN", 1.3),
            hold(1.7, 1.0, "BREAKEVEN", 1.7),
            hold(1.01, 1.0, "BREAKEVEN", 1.7),
        ],
    ),
    "trailing after the second tier": (
        Wanted(trailing_after_tier=2),
        1000,
        [
            Seen(1.6, "take_profit_1 330", 1.0, "BREAKEVEN", 1.6),
            hold(1.2, 1.0, "BREAKEVEN", 1.6),
            Seen(1.8, "take_profit_2 330", 1.0, "BREAKEVEN", 1.8),
            hold(1.79, 1.8 * 0.8, "TRAILING", 1.8),
        ],
    ),
    "the stop follows every new high and stays on the way down": (
        Wanted(tiers=(), trailing_after_tier=0),
        10,
        [
            hold(2.0, 2.0 * 0.8, "TRAILING", 2.0),
            hold(1.7, 2.0 * 0.8, "TRAILING", 2.0),
            hold(2.5, 2.5 * 0.8, "TRAILING", 2.5),
            hold(2.1, 2.5 * 0.8, "TRAILING", 2.5),
        ],
    ),
    "held too long sells all, whatever tier the price would take": (
        Wanted(),
        1000,
        [
            hold(1.1, 0.85, "INITIAL", 1.1, now=59_999),
            Seen(1.5, "max_holding 1000", 0.85, "INITIAL", 1.1, now=60_000),
        ],
    ),
    "the stop comes before holding time": (
        Wanted(),
        1000,
        [Seen(0.5, "stop_loss 1000", 0.85, "INITIAL", 1.0, now=60_000)],
    ),
    "held too long after a tier sells the rest": (
        Wanted(),
        1000,
        [
            Seen(1.3, "take_profit_1 330", 1.0, "BREAKEVEN", 1.3, now=1),
            Seen(1.25, "max_holding 670", 1.0, "BREAKEVEN", 1.3, now=90_000),
        ],
    ),
}


def sales(text: str) -> list[Sold]:
    pairs = (one.split() for one in text.split(", ") if one)
    return [Sold(reason, int(units)) for reason, units in pairs]


def holding(name: str) -> tuple[Holding, list[Seen]]:
    wanted, units, seen = SCENARIOS[name]
    deadline = 60_000 if any(one.now for one in seen) else None
    return Holding(wanted, 1.0, units, deadline), seen


@pytest.mark.parametrize("name", SCENARIOS)
def test_the_model_reads_the_rules_as_written(name: str) -> None:
    model, path = holding(name)
    for seen in path:
        assert model.see(seen.price, seen.now) == sales(seen.sold)
        assert (model.stop, model.phase, model.highest) == (seen.stop, seen.phase, seen.highest)


@pytest.mark.parametrize("name", SCENARIOS)
def test_the_scalar_machine(name: str) -> None:
    model, path = holding(name)
    plans = columns([model.wanted])
    state = begin(plans, 0, model)
    for seen in path:
        before = state
        state, left = exits.step(plans, 0, before, seen.price, seen.now)
        assert told(plans, 0, before, left) == sales(seen.sold)
        assert state_stands(state)[1:3] == (seen.stop, seen.highest)
        assert state_stands(state).phase == seen.phase


@pytest.mark.parametrize("name", SCENARIOS)
def test_the_book(name: str) -> None:
    model, path = holding(name)
    plans, book = open_one(model)
    for seen in path:
        assert tick(book, plans, seen.price, seen.now) == [(1, it) for it in sales(seen.sold)]
        model.see(seen.price, seen.now)
        if book.count:
            assert stands(book, 0) == should_stand(model)
            assert stands(book, 0)[1:3] == (seen.stop, seen.highest)
    assert book.count == (model.left > 0)


def test_a_tier_pays_what_is_left_when_a_person_sold_before() -> None:
    plans, book = open_one(Holding(Wanted(tiers=((0.1, 0.5), (0.2, 0.5))), 1.0, 100))
    book.sell(0, 70)
    assert tick(book, plans, 1.3) == [(1, Sold("take_profit_1", 30))]
    assert book.count == 0


def test_an_empty_position_sees_nothing() -> None:
    plans, book = open_one(Holding(Wanted(), 1.0, 100))
    book.sell(0, 100)
    assert book.tick(plans, 0.1, 0) is None
    book.remove_sold()
    assert book.count == 0


def test_one_price_may_sell_more_than_one_pass_has_room_for() -> None:
    """Every tier of more positions than the room for sales holds, at one price."""
    steps = tuple((0.1 * tier, 0.125) for tier in range(1, 9))
    many = SALES_ROOM // 8 + BLOCK + 7
    held = Holding(Wanted(tiers=steps), 1.0, 80)
    plans, book = columns([held.wanted]), Book(TOKEN)
    trades = list(range(1, many + 1))
    book.open(plans, opening(trades, [held] * many, [0] * many), 1.0, 0)
    expected = [Sold(f"take_profit_{tier}", 10) for tier in range(1, 9)]
    assert tick(book, plans, 2.0) == [(trade, it) for trade in trades for it in expected]
    assert book.count == 0


def test_plans_without_wishes_become_columns_that_never_act() -> None:
    plan = ExitPlan(
        take_profit=(), trailing_stop=None, breakeven_after_tier=None, trailing_after_tier=0
    )
    rows = exits.plans([plan, exit_plan(Wanted())])
    assert rows.tiers.tolist() == [0, 2]
    assert rows.trailing_after.tolist() == [exits.NEVER_TIER, 1]
    assert rows.breakeven_after.tolist() == [0, 1]
    np.testing.assert_array_equal(rows.gain[1, :3], [0.30, 0.75, 0])
    assert len(exits.plans([]).stop_loss) == 0


def test_reasons_have_the_names_of_the_record() -> None:
    names = [exits.reason_name(reason, -1) for reason in range(1, 5)]
    assert names == ["stop_loss", "breakeven_stop", "trailing_stop", "max_holding"]
    assert exits.reason_name(exits.TOOK_PROFIT, 0) == "take_profit_1"


@pytest.mark.parametrize(
    ("units", "path", "wrong", "seen"),
    [
        (1000, [1.1, 1.2, 0.9], 0, 3),
        (1000, [1.1, 1.3, 1.2], 1, 1),
        (1000, [0.9, 0.85], 1, 1),
        (2, [1.1, 1.3, 1.25, 1.35], 0, 4),
        (1000, [], 0, 0),
    ],
)
def test_prices_shown_again_stop_before_one_that_sold(
    units: int, path: list[float], wrong: int, seen: int
) -> None:
    """Of two units a tier sells none, so it is taken on the way."""
    model = Holding(Wanted(), 1.0, units)
    plans, book = open_one(model)
    prices, times = np.array([9.9, *path]), np.zeros(len(path) + 1, np.int64)
    assert exits.fold(plans, book.columns, 1, np.array([1]), prices, times) == wrong
    for price in path[:seen]:
        model.see(price)
    assert stands(book, 0) == should_stand(model)
