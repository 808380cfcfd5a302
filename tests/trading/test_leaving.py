"""What a price or a person sells: order, fill, trade, position, balance and fact, all once."""

import json
import math

import pytest

from app.trading.fills import Costs
from app.trading.ids import TokenId, TradeId, order_id
from app.trading.inputs import CandleClosed, PriceSeen, Refused
from app.trading.judging import max_price_age_ms
from app.trading.ledger import (
    BalanceRow,
    EventRow,
    FillRow,
    OrderRow,
    PositionRow,
    TickRow,
    TradeUpdate,
)
from app.trading.market import Candle
from app.trading.plans import ExitPlan, Limits
from tests.trading.world import HOLD, MINUTE, SOL, World, coin, loaded, wish

EASY = Limits(max_open_per_token=9, max_token_exposure=1, max_exposure=1, loss_cooldown_minutes=0)


def bought(world: World, *, symbol: int = 1) -> tuple[int, int]:
    """Let one wallet buy; return it and the token."""
    wallet, token = world.join(), world.signal(coin(symbol))
    assert len(world.buy(token)) == 1
    return wallet, token


def test_a_stop_sells_all_at_the_market_and_never_at_the_stop() -> None:
    world = World()
    wallet, token = bought(world)
    before = world.cash(wallet)
    (fill,) = world.price(token, 0.4)
    assert (fill.side, fill.price, fill.reason) == ("SELL", 0.4, "stop_loss")
    assert fill.sol == math.floor(fill.size * 0.4 * 1e9 / 1e6)
    assert world.cash(wallet) == before + fill.sol
    order, position = world.only(OrderRow), world.only(PositionRow)
    assert (order.id, order.units, order.lamports) == (
        order_id(TradeId(fill.trade_id), 1),
        fill.size,
        None,
    )
    assert fill.tick_seq == position.tick_seq == world.only(TickRow).seq
    assert (position.status, position.tokens, position.current_price) == ("closed", 0, 0.4)
    update, balance = world.only(TradeUpdate), world.only(BalanceRow)
    assert (update.status, update.exit_price, update.exit_reason) == ("finished", 0.4, "stop_loss")
    assert update.pnl_sol == update.sol_returned - 200_000_000 == fill.sol - 200_000_000
    assert update.pnl_percent == 100.0 * update.pnl_sol / 200_000_000
    assert balance.sol_balance == world.cash(wallet)
    told = world.only(EventRow)
    assert (told.kind, loaded(told.data)["pnl_lamports"]) == ("TradeClosed", update.pnl_sol)


def test_tiers_tell_what_is_left_and_keep_the_trade_open() -> None:
    world = World()
    _, token = bought(world)
    first, second = world.price(token, 1.8)
    units = first.size * 100 // 33
    assert [first.reason, second.reason] == ["take_profit_1", "take_profit_2"]
    assert [row.id for row in world.new(FillRow)] == [1024 + 1, 1024 + 2]
    update, position = world.only(TradeUpdate), world.only(PositionRow)
    assert (update.status, update.exit_time, update.pnl_sol) == ("active", None, None)
    assert update.sol_returned == first.sol + second.sol
    assert (update.stop_loss_price, update.highest_price_seen) == (1.0, 1.8)
    assert position.tokens == units - first.size - second.size
    facts = [loaded(row.data) for row in world.new(EventRow)]
    assert [row.kind for row in world.new(EventRow)] == ["TierTaken", "TierTaken"]
    assert [it["units_left"] for it in facts] == [units - first.size, position.tokens]


def test_the_last_tier_ends_the_trade_on_one_price() -> None:
    plan = ExitPlan(take_profit=((0.1, 0.5), (0.2, 0.5)))
    world = World(wish(exit_plan=plan))
    _, token = bought(world)
    assert [row.reason for row in world.price(token, 1.3)] == ["take_profit_1", "take_profit_2"]
    assert world.only(TradeUpdate).exit_reason == "take_profit_2"
    assert [row.kind for row in world.new(EventRow)] == ["TierTaken", "TradeClosed"]
    assert world.price(token, 0.1) == []


def test_sales_pay_fees_and_slippage() -> None:
    world = World(costs=Costs(fees_bps=50, slippage_bps=100))
    wallet, token = bought(world)
    before = world.cash(wallet)
    (fill,) = world.price(token, 0.5)
    assert fill.price == 0.5 * 0.99
    assert fill.sol == math.floor(fill.size * fill.price * 1e9 / 1e6)
    assert fill.fee == math.ceil(fill.sol * 50 / 10_000)
    assert world.cash(wallet) == before + fill.sol - fill.fee
    update = world.only(TradeUpdate)
    assert update.sol_returned == fill.sol - fill.fee
    assert update.pnl_sol == update.sol_returned - (10 * SOL - before)


def test_a_worthless_sale_pays_at_most_what_it_brought() -> None:
    world = World(costs=Costs(fees_bps=10_000))
    wallet, token = bought(world)
    before = world.cash(wallet)
    (fill,) = world.price(token, 1e-12)
    assert (fill.sol, fill.fee) == (0, 0)
    assert world.cash(wallet) == before
    assert world.only(TradeUpdate).pnl_percent == -100.0


@pytest.mark.parametrize("price", [math.nan, math.inf, -math.inf, 0.0, -0.0, -1.0])
def test_a_price_that_can_be_none_is_told_and_changes_nothing(price: float) -> None:
    world = World()
    _, token = bought(world)
    assert world.price(token, price) == []
    told = world.only(EventRow)
    assert (told.kind, told.wallet_id, world.last) == ("PriceRefused", None, [told])
    assert json.loads(told.data)["price"] == repr(price)


@pytest.mark.parametrize("price", [1e300, 1e15])
def test_a_price_beyond_the_books_is_refused(price: float) -> None:
    world = World()
    _, token = bought(world)
    assert world.price(token, price) == []
    assert world.only(EventRow).kind == "PriceRefused"
    shape = Candle(world.now, 1.0, price, 1.0, price, 1.0)
    answer = world.do(CandleClosed(at=world.now + MINUTE, token=TokenId(token), candle=shape))[0]
    assert isinstance(answer, Refused)
    assert answer.slug == "invalid-candle"


def test_who_holds_nothing_lets_any_price_pass() -> None:
    world = World()
    token = world.signal(coin(1))
    assert world.price(token, 1e300) == []
    assert world.only(TickRow).price == 1e300


# held too long


def held_long(world: World, candles: int, *, trailing: bool = False) -> tuple[int, int, int]:
    """Let two wallets buy; only the second one's plan has an end."""
    patient, token = world.join(), world.signal(coin(1))
    hasty = world.join()
    follows = ExitPlan(take_profit=((0.5, 0.5),), trailing_stop=0.1 if trailing else None)
    world.wants(patient, wish(exit_plan=follows))
    world.wants(hasty, wish(exit_plan=HOLD.model_copy(update={"max_holding_candles": candles})))
    assert len(world.buy(token)) == 2
    return patient, hasty, token


def test_held_too_long_sells_at_the_candle_that_ends_it() -> None:
    world = World()
    _, hasty, token = held_long(world, 3)
    for _ in range(2):
        world.candle(token)
        assert world.new(FillRow) == []
    world.candle(token)
    fill = world.only(FillRow)
    assert (fill.wallet_id, fill.reason) == (hasty, "max_holding")


def test_without_a_price_the_beat_sells_what_was_held_too_long() -> None:
    """It waits as long as a price may be old: the candle that ends it may still be on its way."""
    world = World()
    _, hasty, token = held_long(world, 3)
    world.price(token, 1.25)
    due = world.now + 3 * MINUTE + max_price_age_ms(MINUTE)
    world.beat(due - 1)
    assert world.new(FillRow) == []
    world.beat(due)
    fill = world.only(FillRow)
    assert (fill.wallet_id, fill.reason, fill.price) == (hasty, "max_holding", 1.25)
    assert (fill.timestamp, world.new(TickRow)) == (due, [])
    assert world.only(TradeUpdate).highest_price_seen == 1.25
    world.beat(due + MINUTE)
    assert world.new(FillRow) == []


def test_the_beat_is_no_price_for_the_others() -> None:
    """Seen twice, the tier's own price would already move the other wallet's trailing stop."""
    world = World()
    patient, _, token = held_long(world, 3, trailing=True)
    world.price(token, 1.6)
    world.beat(world.now + 3 * MINUTE + max_price_age_ms(MINUTE))
    assert len(world.new(FillRow)) == 1
    assert [row.reason for row in world.price(token, 1.3)] == []
    assert [row.wallet_id for row in world.price(token, 1.3)] == [patient]


# by a person's wish


def test_a_person_sells_everything_at_the_last_price() -> None:
    world = World(wish(exit_plan=HOLD))
    wallet, token = bought(world)
    world.price(token, 1.25)
    assert world.sell(wallet, coin(1).mint) == [1]
    fill, update = world.only(FillRow), world.only(TradeUpdate)
    assert (fill.reason, fill.price, update.exit_reason) == ("manual", 1.25, "manual")
    assert world.new(TickRow) == []
    assert update.highest_price_seen == 1.25
    answer = world.sell(wallet, coin(1).mint)
    assert isinstance(answer, Refused)
    assert answer.slug == "no-position"


def test_a_person_sells_a_part() -> None:
    world = World(wish(exit_plan=HOLD))
    wallet, token = bought(world)
    assert world.sell(wallet, coin(1).mint, 0.25) == [1]
    fill, position = world.only(FillRow), world.only(PositionRow)
    assert (fill.size, position.tokens, position.status) == (50_000, 150_000, "open")
    assert loaded(world.only(EventRow).data)["units_left"] == 150_000
    assert world.sell(wallet, coin(1).mint, 1e-9) == [1]
    assert world.only(FillRow).size == 1
    (rest,) = world.price(token, 0.1)
    assert rest.size == 149_999
    update = world.only(TradeUpdate)
    fills = [row for row in world.of(FillRow) if row.side == "SELL"]
    assert update.sol_returned == sum(row.sol for row in fills)


def test_the_last_unit_goes_with_any_portion() -> None:
    world = World(wish(exit_plan=HOLD, limits=EASY))
    wallet, token = world.join(), world.signal(coin(1, decimals=0), 0.1)
    world.buy(token)
    assert world.sell(wallet, coin(1).mint, 0.6) == [1]
    assert (world.only(FillRow).size, world.only(PositionRow).tokens) == (1, 1)
    world.sell(wallet, coin(1).mint, 0.1)
    assert world.only(TradeUpdate).status == "finished"


def test_a_person_may_mean_one_strategy_or_all() -> None:
    world = World()
    wallet, token = world.join(), coin(1, "BONK")
    world.wants(wallet, wish("loud", "rising", exit_plan=HOLD, limits=EASY), "BONK")
    number = world.name(token)
    world.candle(number)
    world.buy(number, 1.1)
    assert world.sell(wallet, token.mint, 0.5) == [1, 2]
    assert world.sell(wallet, token.mint, strategy="rising") == [2]
    refused = world.sell(wallet, token.mint, strategy="rising")
    assert isinstance(refused, Refused)
    assert world.sell(wallet, token.mint) == [1]


def test_prices_of_unknown_tokens_are_refused() -> None:
    answer = World().do(PriceSeen(at=0, token=coin(1).id, price=1.0))[0]
    assert isinstance(answer, Refused)
    assert answer.slug == "unknown-token"
