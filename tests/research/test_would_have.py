"""What a buy would have made equals what it did make, and is worked out by hand where it is not."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.research.paths import Stretch
from app.research.would_have import (
    NO_PRICES,
    STILL_OPEN,
    TOO_CHEAP,
    Buy,
    Follower,
    Terms,
    WouldHave,
)
from app.trading import exits
from app.trading.fills import Costs
from app.trading.ledger import FillRow, TickRow, TradeUpdate
from app.trading.plans import ExitPlan
from tests.trading.world import MINUTE, SOL, World, coin, wish

FREE, DEAR = Costs(), Costs(fees_bps=30, slippage_bps=50)
PLANS = (
    ExitPlan(),
    ExitPlan(stop_loss=0.05, take_profit=((0.1, 1.0),), trailing_stop=None),
    ExitPlan(stop_loss=0.3, take_profit=(), trailing_stop=0.1, trailing_after_tier=0),
    ExitPlan(take_profit=((0.05, 0.3), (0.1, 0.3), (0.2, 0.3)), max_holding_candles=9),
)
MINUTES_15 = 900_000


def terms(*plans: ExitPlan, costs: Costs = FREE) -> Terms:
    return Terms(exits.plans(plans or (ExitPlan(),)), costs, MINUTES_15)


def stretch(*rows: tuple[int, float]) -> Stretch:
    at, price = zip(*rows, strict=True)
    return Stretch(np.array(at, np.int64), np.array(price, np.float64))


def after(
    buy: Buy, *paths: Stretch, costs: Costs = FREE, plan: ExitPlan | None = None
) -> WouldHave:
    follower = Follower(buy, terms(plan or ExitPlan(), costs=costs))
    for path in paths:
        follower.see(path)
    return follower.result()


def bought(price: float | None = 1.0, spend: int = SOL, holding: int | None = None) -> Buy:
    return Buy(price, 1_000, spend, 6, 0, holding)


# what the engine does


@given(
    plan=st.sampled_from(PLANS),
    costs=st.sampled_from([FREE, DEAR]),
    moves=st.lists(st.sampled_from([0.85, 0.95, 0.99, 1.0, 1.02, 1.06, 1.3]), max_size=25),
    cuts=st.lists(st.integers(0, 30), max_size=4),
)
def test_it_equals_the_trade_of_who_bought(
    plan: ExitPlan, costs: Costs, moves: list[float], cuts: list[int]
) -> None:
    world = World(wish(exit_plan=plan), costs=costs)
    world.join()
    token = world.signal(coin(1))
    world.candle(token, 1.1)
    (trade,) = world.buy(token, 1.2)
    price = 1.2
    for move in moves:
        price *= move
        world.candle(token, price)
    ticks = world.of(TickRow)
    path = Stretch(np.array([row.at for row in ticks]), np.array([row.price for row in ticks]))
    fills = [fill for fill in world.of(FillRow) if fill.side == "BUY"]
    held = plan.max_holding_candles
    buy = Buy(1.2, trade.entry_time, fills[0].sol, 6, 0, None if held is None else held * MINUTE)
    follower = Follower(buy, terms(plan, costs=costs))
    edges = [0, *sorted(min(cut, len(ticks)) for cut in cuts), len(ticks)]
    for first, last in pairwise(edges):
        follower.see(Stretch(path.at[first:last], path.price[first:last]))
    seen = follower.result()
    ends = [row for row in world.of(TradeUpdate) if row.status == "finished"]
    if ends:
        assert (seen.status, seen.note) == ("closed", None)
        assert (seen.pnl, seen.exit_at) == (ends[0].pnl_sol, ends[0].exit_time)
        assert seen.exit_reason == ends[0].exit_reason
        assert seen.share == pytest.approx((ends[0].pnl_percent or 0) / 100)
    elif moves:
        worth = world.engine.state.books[token].values()[0]
        returned = sum(fill.sol - fill.fee for fill in world.of(FillRow) if fill.side == "SELL")
        assert (seen.status, seen.note) == ("open", STILL_OPEN)
        assert seen.pnl == int(worth) + returned - trade.sol_invested
    else:
        assert seen == WouldHave("unpriced", NO_PRICES)


# by hand


def test_a_stop_by_hand() -> None:
    seen = after(bought(), stretch((1_000, 1.0), (2_000, 1.1), (3_000, 0.8), (4_000, 5.0)))
    assert seen == WouldHave(
        "closed", None, 1_000, 1.0, 3_000, "stop_loss", -SOL // 5, -0.2, 3_000, 1_000, SOL
    )


def test_tiers_by_hand() -> None:
    plan = ExitPlan(take_profit=((0.5, 0.5), (1.0, 0.5)), trailing_stop=None)
    seen = after(bought(), stretch((2_000, 1.6), (3_000, 2.5)), plan=plan)
    # half of a million units at 1.6, half at 2.5
    assert seen.pnl == round(1.05 * SOL)
    assert seen.share == pytest.approx(1.05)
    assert (seen.exit_reason, seen.peak_after) == ("take_profit_2", 2_000)


def test_fees_and_slippage_by_hand() -> None:
    costs = Costs(fees_bps=100, slippage_bps=1_000)
    seen = after(bought(), stretch((2_000, 0.5)), costs=costs)
    # 1 SOL buys at 1.1, 1 % on top; it sells at 0.45, less 1 %.
    units = 10**6 * 10 // 11
    gained = units * 450
    assert seen.entry_price == pytest.approx(1.1)
    assert seen.pnl == gained - -(-gained // 100) - SOL * 101 // 100


def test_open_at_the_end_is_valued_at_the_last_price() -> None:
    seen = after(bought(), stretch((2_000, 1.2), (3_000, 1.1)))
    assert (seen.status, seen.note, seen.pnl) == ("open", STILL_OPEN, SOL // 10)
    assert (seen.exit_at, seen.exit_reason, seen.last_at) == (None, None, 3_000)
    assert seen.peak_after == 1_000


def test_its_own_price_is_none_that_it_sees_even_when_a_later_time_came_first() -> None:
    path = stretch((500, 9.0), (1_500, 0.1), (1_000, 1.0), (2_000, 1.1))
    assert after(bought(), path).pnl == SOL // 10
    assert after(bought(), stretch((500, 9.0)), stretch((1_000, 1.0))).status == "unpriced"


def test_silence_ends_what_is_known() -> None:
    path = stretch((2_000, 1.1), (2_000 + MINUTES_15, 1.2), (3_000 + 2 * MINUTES_15, 0.1))
    seen = after(bought(), path)
    assert (seen.status, seen.pnl, seen.last_at) == ("open", SOL // 5, 2_000 + MINUTES_15)
    apart = after(bought(), *(Stretch(path.at[i : i + 1], path.price[i : i + 1]) for i in range(3)))
    assert apart == seen
    assert after(bought(), stretch((1_001 + MINUTES_15, 2.0))).note == NO_PRICES


def test_the_first_price_is_the_entry_where_none_was_judged() -> None:
    path = stretch((500, 7.0), (1_000, 2.0), (2_000, 3.0))
    seen = after(bought(None), path)
    assert (seen.entry_at, seen.entry_price, seen.pnl) == (1_000, 2.0, SOL // 2)
    split = after(bought(None), stretch((500, 7.0), (1_000, 2.0)), stretch((2_000, 3.0)))
    assert split == seen
    assert after(bought(None), stretch((500, 7.0))).note == NO_PRICES
    assert after(bought(None), stretch((1_001 + MINUTES_15, 2.0))).note == NO_PRICES


def test_the_longest_time_ends_it() -> None:
    plan = ExitPlan(max_holding_candles=1)
    seen = after(bought(holding=1_500), stretch((2_000, 1.1), (2_500, 1.05)), plan=plan)
    assert (seen.exit_reason, seen.exit_at) == ("max_holding", 2_500)


def test_a_spend_that_buys_nothing_counts_in_percent_only() -> None:
    seen = after(bought(spend=0), stretch((2_000, 0.5)))
    assert (seen.pnl, seen.cost) == (0, 0)
    assert seen.share == -0.5


def test_a_price_beyond_the_books_is_followed_by_nobody() -> None:
    assert after(bought(1e-18), stretch((2_000, 1e-18))).note == TOO_CHEAP
