"""How a held token's price stands: stale, lost and back, and what becomes of what is held."""

import json
import math

import pytest

from app.trading.books import Book
from app.trading.ids import TokenId
from app.trading.inputs import PriceGone, PriceUnfit, Refused
from app.trading.judging import equities, max_price_age_ms
from app.trading.ledger import EventRow, FillRow, TradeUpdate
from app.trading.plans import ExitPlan
from app.trading.standing import FLAGGING, WRITE_OFF_MS
from tests.trading.world import HOLD, MINUTE, SOL, World, coin, wish

PATIENCE = max_price_age_ms(MINUTE)


def holding(world: World, wallets: int = 1) -> int:
    """Let wallets buy the same token at 1."""
    for _ in range(wallets):
        world.join()
    token = world.signal(coin(1))
    assert len(world.buy(token)) == wallets
    return token


def told(world: World) -> list[tuple[str, int | None]]:
    """List what the last batch told, and whom."""
    return [(row.kind, row.wallet_id) for row in world.new(EventRow)]


def gone(world: World, token: int, reason: str = "no_pool") -> object:
    """Let a token lose its price for sure."""
    return world.do(PriceGone(at=world.now, token=TokenId(token), reason=reason))[0]


def book_of(world: World, token: int) -> Book:
    """Return the positions in a token."""
    return world.engine.state.books[token]


# stale


def test_a_token_without_a_price_is_flagged_once_and_every_holder_is_told() -> None:
    world = World(wish(exit_plan=HOLD))
    token = holding(world, 2)
    seen = world.now
    world.beat(seen + PATIENCE)
    assert told(world) == []
    world.beat(seen + PATIENCE + 1)
    assert told(world) == [("PriceStale", 1), ("PriceStale", 2)]
    fact = json.loads(world.new(EventRow)[0].data)
    assert (fact["trade"], fact["price"], fact["price_at"]) == (1, 1.0, seen)
    assert world.new(EventRow)[0].trade_id == 1
    assert book_of(world, token).standing == "stale"
    for later in (2, 3, 600):
        world.beat(seen + later * PATIENCE)
        assert told(world) == []


def test_the_next_price_lifts_the_flag_and_is_judged_like_any() -> None:
    world = World(wish(exit_plan=ExitPlan()))
    token = holding(world, 2)
    world.beat(world.now + PATIENCE + 1)
    world.price(token, 0.95)
    assert told(world) == [("PriceBack", 1), ("PriceBack", 2)]
    assert book_of(world, token).standing == "fresh"
    world.beat(world.now + PATIENCE + 1)
    assert [row.reason for row in world.price(token, 0.5)] == ["stop_loss", "stop_loss"]
    assert {kind for kind, _ in told(world)} == {"TradeClosed"}


def test_a_refused_price_lifts_no_flag() -> None:
    world = World(wish(exit_plan=HOLD))
    token = holding(world)
    world.beat(world.now + PATIENCE + 1)
    world.price(token, math.nan)
    assert told(world) == [("PriceRefused", None)]
    assert book_of(world, token).standing == "stale"


def test_nobody_enters_at_a_stale_price() -> None:
    world = World(wish(exit_plan=HOLD))
    token = world.signal(coin(1))
    world.join()
    assert world.candle(token, loud=True, late=PATIENCE + 1) is None
    assert world.refusals() == [(1, "price_age")]


def test_a_token_that_nobody_holds_is_not_flagged() -> None:
    world = World()
    token = holding(world)
    world.price(token, 0.5)
    world.beat(world.now + 10 * PATIENCE)
    assert told(world) == []


def test_deadlines_need_no_price_and_the_event_says_so() -> None:
    plan = HOLD.model_copy(update={"max_holding_candles": 3})
    world = World(wish(exit_plan=plan))
    token = holding(world)
    world.price(token, 1.25)
    seen = world.now
    world.beat(seen + PATIENCE + 1)
    assert told(world) == [("PriceStale", 1)]
    world.beat(seen + 3 * MINUTE + PATIENCE)
    (fill,) = world.new(FillRow)
    assert (fill.reason, fill.price) == ("max_holding", 1.25)
    closed = json.loads(world.only(EventRow).data)
    assert (closed["kind"], closed["price_at"]) == ("TradeClosed", seen)


def test_a_sale_on_a_new_price_names_no_other_time() -> None:
    world = World()
    token = holding(world)
    world.price(token, 0.5)
    assert json.loads(world.only(EventRow).data)["price_at"] is None


# rugged


def test_a_lost_price_marks_what_is_held_at_nothing_and_sells_nothing() -> None:
    world = World(wish())
    token = holding(world, 2)
    cash = world.cash(1)
    assert gone(world, token) is None
    assert told(world) == [("PriceLost", 1), ("PriceLost", 2)]
    assert {type(row) for row in world.last} == {EventRow}
    assert equities(world.engine.state)[1] == cash
    assert book_of(world, token).count == 2
    assert gone(world, token) is None
    assert told(world) == []
    world.beat(world.now + PATIENCE + 1)
    assert told(world) == []


def test_the_first_price_that_comes_back_is_the_next_attempt() -> None:
    world = World()
    token = holding(world)
    gone(world, token)
    world.now += 6 * 60 * MINUTE
    world.beat()
    (fill,) = world.price(token, 0.002)
    assert (fill.reason, fill.price) == ("stop_loss", 0.002)
    assert world.only(TradeUpdate).pnl_percent == pytest.approx(-99.8)


def test_a_price_that_comes_back_above_the_stop_goes_on() -> None:
    world = World()
    token = holding(world)
    gone(world, token)
    assert world.price(token, 0.9) == []
    assert told(world) == [("PriceBack", 1)]
    assert book_of(world, token).price == 0.9


def test_after_a_day_it_is_written_off_and_the_loss_is_booked() -> None:
    world = World()
    token = holding(world, 2)
    cash = world.cash(1)
    gone(world, token)
    began = world.now
    world.beat(began + WRITE_OFF_MS - 1)
    assert world.new(FillRow) == []
    world.beat(began + WRITE_OFF_MS)
    assert [(row.reason, row.price, row.sol, row.fee) for row in world.new(FillRow)] == [
        ("written_off", 0.0, 0, 0)
    ] * 2
    ends = world.new(TradeUpdate)
    assert [(row.status, row.pnl_percent, row.exit_reason) for row in ends] == [
        ("finished", -100.0, "written_off")
    ] * 2
    assert world.cash(1) == cash < 10 * SOL
    assert book_of(world, token).count == 0
    assert {kind for kind, _ in told(world)} == {"TradeClosed"}
    world.beat(began + 2 * WRITE_OFF_MS)
    assert told(world) == []


def test_the_longest_holding_time_ends_it_earlier() -> None:
    world = World(wish(exit_plan=HOLD.model_copy(update={"max_holding_candles": 3})))
    token, began = holding(world), world.now
    patient = world.join()
    world.wants(patient, wish(exit_plan=HOLD))
    other = world.signal(coin(1))
    assert other == token
    world.buy(token)
    gone(world, token)
    world.beat(began + 3 * MINUTE + PATIENCE)
    assert [(row.wallet_id, row.reason) for row in world.new(FillRow)] == [(1, "written_off")]
    assert book_of(world, token).count == 1


def test_a_person_may_write_it_off_as_a_whole() -> None:
    world = World()
    token = holding(world)
    gone(world, token)
    part = world.sell(1, coin(1).mint, 0.5)
    assert isinstance(part, Refused)
    assert part.slug == "no-price"
    assert world.sell(1, coin(1).mint) == [1]
    assert world.only(FillRow).reason == "written_off"
    assert world.only(TradeUpdate).pnl_percent == -100.0


def test_what_nobody_holds_is_not_lost() -> None:
    world = World()
    assert isinstance(gone(world, world.signal(coin(2))), Refused)
    token = holding(world)
    world.price(token, 0.5)
    assert isinstance(gone(world, token), Refused)
    assert told(world) == []


def test_the_flags_are_kinds_of_events() -> None:
    world = World(wish(exit_plan=HOLD))
    token = holding(world)
    world.beat(world.now + PATIENCE + 1)
    gone(world, token)
    world.price(token, 1.0)
    kinds = [row.kind for row in world.of(EventRow) if row.kind in FLAGGING]
    assert kinds == ["PriceStale", "PriceLost", "PriceBack"]


# what cannot be a price


def test_what_came_in_a_prices_place_is_told() -> None:
    world = World()
    token = world.signal(coin(1))
    world.do(PriceUnfit(at=world.now, token=token, price="[1, 'NaN'" + "x" * 500))
    assert told(world) == [("PriceRefused", None)]
    assert len(json.loads(world.only(EventRow).data)["price"]) == 80
    answer = world.do(PriceUnfit(at=world.now, token=TokenId(99), price="x"))[0]
    assert isinstance(answer, Refused)


def test_other_decimals_change_nothing() -> None:
    """A directory that says something else later does not make anybody richer."""
    world = World(wish(exit_plan=HOLD))
    token = holding(world)
    worth = equities(world.engine.state)[1]
    world.now += MINUTE
    assert world.signal(coin(1, decimals=9)) == token
    assert world.engine.state.tokens[token].decimals == 6
    assert equities(world.engine.state)[1] == worth
