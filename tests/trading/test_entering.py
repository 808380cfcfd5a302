"""A candle closes on a watched token: who buys, what, when, and what a refusal leaves behind."""

import json
import math

import pytest

from app.trading.fills import Costs
from app.trading.ids import TradeId, order_id
from app.trading.ledger import (
    DecisionRow,
    EvaluationRow,
    EventRow,
    FillRow,
    OrderRow,
    PositionRow,
    SignalUpdate,
    TickRow,
    TradeRow,
    TradeUpdate,
)
from app.trading.plans import Entry, ExitPlan, Limits, Sizing
from tests.trading.world import HOLD, MINUTE, SOL, START, World, coin, loaded, wish

TWO = Limits(max_open_per_token=2)
EASY = Limits(max_open_per_token=9, max_token_exposure=1, max_exposure=1, loss_cooldown_minutes=0)


def test_a_confirmed_candle_buys_at_its_close() -> None:
    world = World(wish("loud", "rising"))
    wallet, token = world.join(10), world.signal(coin(1, decimals=9), 0.5)
    assert world.candle(token) is None
    assert world.new(TradeRow) == []
    (trade,) = world.buy(token, 0.4)
    assert (trade.entry_price, trade.entry_time) == (0.4, START + 2 * MINUTE)
    assert (trade.wallet_id, trade.strategy, trade.source) == (wallet, "loud", "signal")
    assert trade.sol_invested == 0.02 * 10 * SOL
    assert trade.quantity == math.floor(trade.sol_invested * 10.0**9 / (0.4 * 1e9))
    assert trade.stop_loss_price == 0.4 * (1 - 0.15)
    assert json.loads(trade.take_profit_tiers) == [[0.4 * 1.3, 0.33], [0.4 * 1.75, 0.33]]
    assert ExitPlan.model_validate_json(trade.exit_plan) == ExitPlan()
    assert (trade.initial_sentiment_score, trade.initial_mention_count) == (80.0, 5)
    assert world.cash(wallet) == 10 * SOL - trade.sol_invested


def test_a_buy_is_one_decision_order_fill_trade_and_position() -> None:
    world = World()
    world.join()
    token = world.signal(coin(1))
    (trade,) = world.buy(token)
    decision, order, fill = world.only(DecisionRow), world.only(OrderRow), world.only(FillRow)
    position, tick, evaluation = (
        world.only(PositionRow),
        world.only(TickRow),
        world.only(EvaluationRow),
    )
    assert trade.id == decision.id == order.trade_id == fill.trade_id == position.trade_id
    assert order.id == fill.id == fill.order_id == order_id(TradeId(trade.id), 0)
    assert (order.side, order.lamports, order.units) == ("BUY", fill.sol, None)
    assert (fill.size, position.tokens, position.initial_tokens) == (trade.quantity,) * 3
    assert fill.tick_seq == position.tick_seq == tick.seq
    assert (decision.verdict, decision.evaluation_id) == ("taken", evaluation.id)
    assert (decision.reason, decision.value, decision.limit_value) == (None, None, None)
    assert evaluation.verdict == "taken"
    numbers = loaded(evaluation.numbers)
    assert (numbers["price"], numbers["volume"]) == (1.0, 1000.0)
    assert len(json.loads(decision.seen)) == len(loaded(evaluation.limits))
    (told,) = [row for row in world.new(EventRow) if row.kind == "TradeOpened"]
    fact = loaded(told.data)
    assert (told.trade_id, fact["units"], fact["lamports"]) == (trade.id, fill.size, fill.sol)


def test_slippage_worsens_the_price_and_fees_come_on_top() -> None:
    world = World(costs=Costs(fees_bps=33, slippage_bps=100))
    wallet, token = world.join(7.123456789), world.signal(coin(1))
    (trade,) = world.buy(token, 1.5)
    fill = world.only(FillRow)
    assert fill.price == trade.entry_price == 1.5 * 1.01
    assert fill.fee == math.ceil(fill.sol * 33 / 10_000)
    assert trade.sol_invested == fill.sol + fill.fee
    assert world.cash(wallet) == 7_123_456_789 - fill.sol - fill.fee
    assert trade.stop_loss_price == fill.price * (1 - 0.15)


def test_the_candle_of_the_fill_is_no_price_for_the_new_position() -> None:
    """With slippage the fill stands above the close, which would stop a tight plan at once."""
    world = World(wish(exit_plan=ExitPlan(stop_loss=0.01)), costs=Costs(slippage_bps=200))
    world.join()
    token = world.signal(coin(1))
    assert len(world.buy(token)) == 1
    assert world.new(TradeUpdate) == []
    world.candle(token)
    assert world.only(TradeUpdate).exit_reason == "stop_loss"


def test_a_candle_that_closed_before_the_token_was_watched_confirms_nothing() -> None:
    """A watch begins with a few candles back; their prices are gone."""
    world = World()
    world.join()
    token = world.signal(coin(1))
    world.now -= MINUTE
    assert world.buy(token) == []
    assert len(world.new(TickRow)) == 1
    assert len(world.buy(token)) == 1


def test_a_wallet_buys_once_on_a_signal_whatever_its_strategies_say() -> None:
    world = World(wish("loud", "rising", exit_plan=HOLD, limits=EASY))
    wallet, token = world.join(), world.signal(coin(1))
    assert len(world.buy(token, 1.1)) == 1
    world.sell(wallet, coin(1).mint)
    assert world.buy(token, 1.2) == []
    world.candle(token, 1.3)
    assert world.new(TradeRow) == []
    assert world.signal(coin(1)) == token
    assert len(world.buy(token, 1.4)) == 1


def test_a_trade_belongs_to_wallet_token_and_strategy() -> None:
    """A named symbol may be held by two strategies at once, never twice by one."""
    world = World()
    wallet, token = world.join(), coin(1, "BONK")
    world.wants(wallet, wish("loud", "rising", exit_plan=HOLD, limits=TWO), "BONK-SOL")
    number = world.name(token)
    world.buy(number, 1.0)
    first = [trade.strategy for trade in world.new(TradeRow)]
    world.buy(number, 1.1)
    second = [trade.strategy for trade in world.new(TradeRow)]
    assert (first, second) == (["loud"], ["rising"])
    assert world.buy(number, 1.2) == []
    assert {trade.source for trade in world.of(TradeRow)} == {"named"}
    assert {trade.signal_id for trade in world.of(TradeRow)} == {None}
    assert world.refusals() == []


def test_both_strategies_may_buy_on_one_candle_when_limits_allow() -> None:
    world = World()
    wallet = world.join()
    world.wants(wallet, wish("rising", "loud", limits=TWO), "BONK")
    number = world.name(coin(1, "BONK"))
    world.candle(number)
    assert [trade.strategy for trade in world.buy(number, 1.1)] == ["rising", "loud"]


@pytest.mark.parametrize("others_first", [False, True])
def test_a_wallet_asks_in_its_own_order_whoever_asked_before(*, others_first: bool) -> None:
    """Both confirm, one may buy: which one is the wallet's own choice."""
    world = World()
    sensitive, quick = (
        Entry(strategy="loud", custom_params={"volume": 3}),
        Entry(strategy="rising", custom_params={"by": 0.01}),
    )
    if others_first:
        world.wants(world.join(), wish(sensitive))
    wallet = world.join()
    world.wants(wallet, wish(quick, sensitive))
    token = world.signal(coin(1))
    world.candle(token)
    bought = {trade.wallet_id: trade.strategy for trade in world.buy(token, 1.1)}
    assert bought[wallet] == "rising"


def test_a_named_symbol_is_watched_for_its_wallets_only() -> None:
    world = World()
    first, second = world.join(), world.join()
    number = world.name(coin(1, "BONK"))
    assert world.buy(number) == []
    world.wants(second, wish(exit_plan=HOLD), "BONK-SOL")
    assert [trade.wallet_id for trade in world.buy(number)] == [second]
    world.wants(second, None, "BONK-SOL")
    world.sell(second, coin(1).mint)
    assert world.buy(number) == []
    assert world.signal(coin(1, "BONK")) == number
    assert [trade.wallet_id for trade in world.buy(number)] == [first, second]


@pytest.mark.parametrize("named_first", [False, True])
def test_a_signal_on_a_named_token_is_acted_on_before_the_name(*, named_first: bool) -> None:
    world, token = World(), coin(1, "BONK")
    world.wants(world.join(), wish(exit_plan=HOLD), "BONK")
    for watch in (world.name, world.signal) if named_first else (world.signal, world.name):
        number = watch(token)
    (trade,) = world.buy(number)
    assert (trade.source, trade.signal_id) == ("signal", 1)


def test_a_closed_trade_is_not_reopened_on_its_candle() -> None:
    world = World()
    wallet = world.join()
    world.wants(wallet, wish("loud", "rising", limits=EASY), "BONK")
    number = world.name(coin(1, "BONK"))
    world.buy(number, 1.0)
    world.candle(number, 0.5, loud=True)
    assert [row.exit_reason for row in world.new(TradeUpdate)] == ["stop_loss"]
    assert world.new(TradeRow) == []
    assert [trade.strategy for trade in world.buy(number, 0.5)] == ["loud"]


def test_another_strategy_may_enter_on_that_candle() -> None:
    world = World()
    wallet = world.join()
    steady = ExitPlan(take_profit=((0.1, 1.0),))
    world.wants(wallet, wish("loud", "rising", exit_plan=steady, limits=EASY), "BONK")
    number = world.name(coin(1, "BONK"))
    world.buy(number, 1.0)
    assert [trade.strategy for trade in world.buy(number, 1.2)] == ["rising"]
    assert [row.exit_reason for row in world.new(TradeUpdate)] == ["take_profit_1"]


def test_exits_come_before_entries_so_that_their_money_is_free() -> None:
    """The one trade allowed ends on the candle that lets another strategy enter."""
    world = World()
    wallet = world.join()
    steady = ExitPlan(take_profit=((0.1, 1.0),))
    one = Limits(max_open_positions=1, loss_cooldown_minutes=0)
    world.wants(wallet, wish("loud", "rising", exit_plan=steady, limits=one), "BONK")
    number = world.name(coin(1, "BONK"))
    world.buy(number, 1.0)
    assert [trade.strategy for trade in world.buy(number, 1.2)] == ["rising"]


# refusals


def test_a_refusal_is_recorded_with_value_and_limit_until_its_reason_changes() -> None:
    world = World(wish(limits=Limits(max_open_positions=1), exit_plan=HOLD))
    wallet, other, token = world.join(), world.signal(coin(1)), world.signal(coin(2))
    world.buy(other)
    world.candle(token, loud=True)
    row = world.only(DecisionRow)
    assert (row.wallet_id, row.verdict, row.reason) == (wallet, "refused", "open_positions")
    assert (row.value, row.limit_value) == (2.0, 1.0)
    evaluation = world.only(EvaluationRow)
    assert evaluation.verdict == "refused"
    names = list(loaded(evaluation.limits))
    assert json.loads(row.seen)[names.index("open_positions")] == 2.0
    world.candle(token, loud=True)
    assert world.refusals() == []
    assert world.new(EvaluationRow) == []
    world.wants(wallet, wish(sizing=Sizing(min_spend_sol=5)))
    world.candle(token, loud=True)
    assert world.refusals() == [(wallet, "min_spend")]
    row = world.only(DecisionRow)
    assert (row.value, row.limit_value) == (0.2, 5.0)


def test_a_refused_wallet_buys_as_soon_as_nothing_speaks_against_it() -> None:
    world = World(wish(limits=Limits(max_open_positions=1), exit_plan=HOLD))
    wallet, other, token = world.join(), world.signal(coin(1)), world.signal(coin(2))
    world.buy(other)
    world.candle(token, loud=True)
    world.sell(wallet, coin(1).mint)
    assert [trade.wallet_id for trade in world.buy(token)] == [wallet]


@pytest.mark.parametrize("price", [1e9, 1e300, 5e-324, 1e-290])
def test_a_price_at_which_units_do_not_fit_buys_nothing(price: float) -> None:
    world = World()
    wallet, token = world.join(), world.signal(coin(1), price)
    assert world.buy(token) == []
    assert world.refusals() == [(wallet, "min_spend")]


def test_a_wallet_that_joined_after_the_candle_does_not_buy_on_it() -> None:
    world = World()
    token = world.signal(coin(1))
    world.now += 5 * MINUTE
    world.join()
    world.now = START
    assert world.buy(token) == []


# the end of a signal


def ends(world: World) -> list[tuple[int, str, str | None]]:
    return [(row.id, row.status, row.reason) for row in world.new(SignalUpdate)]


def test_a_signal_that_nobody_bought_on_fails_after_its_candles() -> None:
    world = World(window=3)
    world.join()
    token = world.signal(coin(1))
    for _ in range(2):
        world.candle(token)
        assert ends(world) == []
    world.candle(token)
    assert ends(world) == [(1, "Failed", "not_confirmed")]
    evaluation = world.only(EvaluationRow)
    assert (evaluation.verdict, evaluation.reason) == ("failed", "not_confirmed")
    assert loaded(evaluation.numbers)["candles"] == loaded(evaluation.limits)["candles"] == 3
    assert world.buy(token) == []


def test_the_last_candle_may_still_confirm() -> None:
    world = World(window=2)
    world.join()
    token = world.signal(coin(1))
    world.candle(token)
    assert len(world.buy(token)) == 1
    assert ends(world) == [(1, "Finished", None)]


def test_a_newer_signal_takes_the_older_ones_place() -> None:
    world = World(window=2)
    world.join()
    token = world.signal(coin(1))
    world.candle(token)
    world.signal(coin(1))
    assert ends(world) == [(1, "Failed", "superseded"), (2, "Monitoring", None)]
    world.candle(token)
    assert ends(world) == []
    (trade,) = world.buy(token)
    assert trade.signal_id == 2


def test_a_signal_somebody_bought_on_is_finished_when_superseded() -> None:
    world = World(wish(exit_plan=HOLD))
    world.join()
    token = world.signal(coin(1))
    world.buy(token)
    world.signal(coin(1))
    assert ends(world)[0] == (1, "Finished", None)


def test_who_closed_inside_a_candle_does_not_enter_at_its_close() -> None:
    easy = wish(limits=Limits(loss_cooldown_minutes=0))
    world = World(easy)
    wallet = world.join()
    world.wants(wallet, easy, symbol="COIN1")
    token = world.name(coin(1))
    assert len(world.buy(token)) == 1
    (sold,) = world.price(token, 0.4)
    assert sold.reason == "stop_loss"
    assert world.buy(token, 0.4) == []
    assert len(world.buy(token, 0.4)) == 1


def test_who_closed_after_a_candle_closed_is_barred_by_the_next_one() -> None:
    easy = wish(limits=Limits(loss_cooldown_minutes=0))
    world = World(easy)
    wallet = world.join()
    world.wants(wallet, easy, symbol="COIN1")
    token = world.name(coin(1))
    assert len(world.buy(token)) == 1
    # A price of the next candle comes before this candle's close is heard of.
    world.now += MINUTE
    world.price(token, 0.4)
    world.now -= MINUTE
    assert len(world.buy(token, 0.4)) == 1
    world.price(token, 0.1)
    assert world.buy(token, 0.1) == []
