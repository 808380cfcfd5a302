"""One wallet led through a history in one pass: what it buys, sells and is worth."""

import math

import numpy as np
import pytest

from app.trading import exits, walk
from app.trading.amounts import Ints
from app.trading.exits import NEVER_MS
from app.trading.fills import Costs
from app.trading.follow import MOST_SALES
from app.trading.kernels import compiled
from app.trading.plans import ExitPlan, Sizing
from app.trading.walk import Combinations, Questions, Room, Terms

SOL = 10**9
STEP = 60_000


def closes(*prices: float) -> tuple[np.ndarray, Ints]:
    """Lay closes out as a path of one price a candle."""
    return np.array(prices), np.arange(1, len(prices) + 1, dtype=np.int64) * STEP


def terms(sizing: Sizing | None = None, costs: Costs | None = None, *, cash: int = SOL) -> Terms:
    return walk.terms(cash, sizing or Sizing(risk_per_trade=0.5), costs or Costs(), 6)


class Walk:
    """A pass with room for everything, and what it wrote."""

    def __init__(
        self,
        path: tuple[np.ndarray, Ints],
        entries: list[int],
        *,
        plan: ExitPlan | None = None,
        asked: Terms | None = None,
        per_candle: int = 1,
    ) -> None:
        plan = plan or ExitPlan()
        held = plan.max_holding_candles
        self.path, self.terms = path, asked or terms()
        trades = np.zeros((len(entries), walk.TRADE_WIDTH), np.int64)
        sales = np.zeros((len(entries) * MOST_SALES, walk.SALE_WIDTH), np.int64)
        self.cash, self.count, rows = walk.walk(
            exits.plans([plan]),
            0,
            self.terms,
            *path,
            np.array(entries, np.int64),
            per_candle,
            NEVER_MS if held is None else held * STEP,
            trades,
            sales,
        )
        self.trades, self.sales = trades[: max(self.count, 0)], sales[:rows]

    def worth(self, *marks: int) -> list[int]:
        values = np.zeros(len(marks), np.int64)
        walk.equity(
            self.terms,
            self.path[0],
            np.array(marks, np.int64),
            self.trades,
            len(self.trades),
            self.sales,
            values,
        )
        return values.tolist()


def test_a_stop_sells_at_the_price_that_fired_it() -> None:
    run = Walk(closes(1.0, 1.1, 0.8, 0.9), [0])
    assert run.trades.tolist() == [[0, 500_000, SOL // 2, 0, 0, 1, 0]]
    assert run.sales.tolist() == [[2, -1, exits.STOPPED, 500_000, 400_000_000, 0]]
    assert run.cash == 900_000_000
    assert run.worth(0, 1, 2, 3) == [SOL, SOL + 50_000_000, 900_000_000, 900_000_000]


def test_tiers_are_sold_apart_and_the_rest_stays_open() -> None:
    run = Walk(closes(1.0, 1.8, 1.7, 1.6), [0])
    first = math.floor(0.33 * 500_000)
    assert run.sales[:, [walk.INDEX, walk.TIER, walk.UNITS]].tolist() == [
        [1, 0, first],
        [1, 1, first],
    ]
    assert run.trades[0, walk.LEFT] == 500_000 - 2 * first
    brought = 2 * math.floor(first * 1.8 * 1e9 / 1e6)
    left = math.floor((500_000 - 2 * first) * 1.6 * 1e9 / 1e6)
    assert run.worth(3) == [SOL // 2 + brought + left]


def test_entries_while_it_holds_and_on_the_candle_that_closed_are_passed_over() -> None:
    run = Walk(closes(1.0, 0.9, 0.5, 0.5, 0.5), [0, 1, 2, 3])
    assert run.trades[:, walk.ENTRY].tolist() == [0, 3]


def test_a_candle_of_four_prices_bars_its_own_close() -> None:
    prices = [1.0, 1.0, 1.0, 1.0, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5]
    run = Walk(closes(*prices), [3, 7, 11], per_candle=4)
    assert run.trades[:, walk.ENTRY].tolist() == [3, 11]
    assert run.sales[0, walk.INDEX] == 4


def test_costs_are_paid_on_both_sides() -> None:
    costs = Costs(fees_bps=100, slippage_bps=100, network_lamports=7, rent_lamports=13)
    run = Walk(closes(1.0, 0.5), [0], asked=terms(costs=costs))
    assert run.trades[0, walk.SPENT] == SOL // 2
    assert run.trades[0, walk.FEE] == SOL // 200 + 20
    assert run.trades[0, walk.BOUGHT] == math.floor(SOL / 2 * 1e6 / (1.0 * (1.0 + 0.01) * 1e9))
    lamports = math.floor(run.trades[0, walk.BOUGHT] * (0.5 * (1.0 - 0.01)) * 1e9 / 1e6)
    assert run.sales[0, walk.LAMPORTS] == lamports
    assert run.sales[0, walk.SALE_FEE] == math.ceil(lamports / 100) + 7


def test_a_sale_never_costs_more_than_it_brings() -> None:
    dear = Costs(network_lamports=10**8)
    run = Walk(closes(1.0, 1e-6), [0], asked=terms(costs=dear))
    assert run.sales[0, walk.LAMPORTS] == run.sales[0, walk.SALE_FEE] == 500


@pytest.mark.parametrize(
    ("sizing", "spent"),
    [
        (Sizing(risk_per_trade=0.02), 20_000_000),
        (Sizing(risk_per_trade=1.0), SOL),
        (Sizing(risk_per_trade=1.0, max_spend_sol=0.25), SOL // 4),
        (Sizing(risk_per_trade=1.0, reserve_sol=0.4), 600_000_000),
    ],
)
def test_size_follows_risk_and_means(sizing: Sizing, spent: int) -> None:
    run = Walk(closes(1.0, 1.0), [0], asked=terms(sizing))
    assert run.trades[0, walk.SPENT] == spent


def test_too_small_a_size_and_too_dear_a_token_buy_nothing() -> None:
    least = Sizing(risk_per_trade=0.02, min_spend_sol=0.03)
    assert Walk(closes(1.0, 1.0), [0], asked=terms(least)).count == 0
    assert Walk(closes(1e12, 1e12), [0]).count == 0


def test_what_was_held_too_long_is_sold() -> None:
    run = Walk(closes(1.0, 1.01, 1.02, 1.03), [0], plan=ExitPlan(max_holding_candles=2))
    assert run.sales[:, [walk.INDEX, walk.REASON]].tolist() == [[2, exits.HELD_LONG]]


def test_a_price_that_the_books_cannot_hold_is_left_to_the_engine() -> None:
    assert Walk(closes(1e-6, 1e9), [0]).count == walk.TOO_LARGE


def many(*, rows: int, prices: tuple[np.ndarray, Ints]) -> tuple[int, int, Room]:
    plans = exits.plans([ExitPlan(), ExitPlan(stop_loss=0.5)])
    room = Room(
        np.zeros((4, walk.TRADE_WIDTH), np.int64),
        np.zeros((4 * MOST_SALES, walk.SALE_WIDTH), np.int64),
        np.zeros((rows, walk.KEPT_WIDTH), np.int64),
        np.zeros((3, 2), np.int64),
    )
    questions = Questions(np.array([0, 2, 0], np.int64), np.array([0, 2, 3], np.int64))
    combinations = Combinations(
        np.array([0, 0, 1], np.int64),
        np.array([0, 1, 1], np.int64),
        np.full(3, NEVER_MS, np.int64),
    )
    marks = np.array([1, 4], np.int64)
    done, kept = walk.walk_each(plans, terms(), *prices, 1, questions, combinations, marks, room, 0)
    return done, kept, room


def test_combinations_are_walked_one_after_the_other() -> None:
    done, kept, room = many(rows=8, prices=closes(1.0, 0.8, 0.8, 0.8, 0.3))
    assert (done, kept) == (3, 4)
    assert room.kept[:kept].tolist() == [
        [0, 0, 1, SOL // 2, -100_000_000],
        [0, 2, 4, 450_000_000, -281_250_000],
        [1, 0, 4, SOL // 2, -350_000_000],
        [2, 0, 4, SOL // 2, -350_000_000],
    ]
    assert room.equity.tolist() == [
        [900_000_000, 618_750_000],
        [900_000_000, 650_000_000],
        [900_000_000, 650_000_000],
    ]


def test_it_stops_before_the_room_is_full_and_goes_on_from_there() -> None:
    done, kept, _ = many(rows=2, prices=closes(1.0, 0.8, 0.8, 0.8, 0.3))
    assert (done, kept) == (1, 2)


def test_an_open_trade_has_no_exit() -> None:
    _, kept, room = many(rows=8, prices=closes(1.0, 1.0, 1.0, 1.0, 1.0))
    assert room.kept[:kept, 2].tolist() == [-1, -1, -1]


def test_a_combination_for_the_engine_is_named() -> None:
    done, kept, _ = many(rows=8, prices=closes(1e-6, 1e9, 1.0, 1.0, 1.0))
    assert (done, kept) == (0, -1)


def test_compiled_and_plain_walk_alike() -> None:
    rng = np.random.default_rng(3)
    path = closes(*(1e-3 * np.exp(np.cumsum(rng.normal(0, 0.03, 600)))).tolist())
    entries = np.flatnonzero(rng.random(600) < 0.1).astype(np.int64)
    plan = ExitPlan(take_profit=((0.05, 0.3), (0.1, 0.7)), stop_loss=0.05, trailing_stop=0.05)
    plain = Walk(path, entries.tolist(), plan=plan)
    assert len(plain.trades) > 20
    trades, sales = np.zeros((len(entries), 7), np.int64), np.zeros((len(entries) * 9, 6), np.int64)
    cash, count, rows = compiled(walk).walk(
        exits.plans([plan]), 0, terms(), *path, entries, 1, NEVER_MS, trades, sales
    )
    assert (cash, count, rows) == (plain.cash, plain.count, len(plain.sales))
    assert trades[:count].tolist() == plain.trades.tolist()
    assert sales[:rows].tolist() == plain.sales.tolist()
