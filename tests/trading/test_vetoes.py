"""Each rule of the veto layer met by a wallet that wants to buy, through the engine."""

import json

import pytest

from app.trading.inputs import Pause
from app.trading.ledger import BalanceRow, DecisionRow, FillRow
from app.trading.plans import Entry, ExitPlan, Limits, Profile, Sizing
from app.trading.risk import RULES
from tests.trading.world import DAY, HOLD, MINUTE, SOL, World, coin, wish

WIDE = Limits(
    max_token_exposure=1,
    max_exposure=1,
    max_daily_loss=1,
    max_drawdown=1,
    loss_cooldown_minutes=0,
    stop_guard_count=1000,
)
HALF = Sizing(risk_per_trade=0.5)


def with_limits(sizing: Sizing | None = None, **limits: float) -> Profile:
    return wish(exit_plan=HOLD, sizing=sizing, limits=WIDE.model_copy(update=limits))


def refused(world: World) -> tuple[str | None, float | None, float | None]:
    row = world.only(DecisionRow)
    assert row.verdict == "refused"
    return row.reason, row.value, row.limit_value


def test_the_kill_switch_stops_entries_and_no_exit() -> None:
    world = World(with_limits())
    wallet, token, other = world.join(), world.signal(coin(1)), world.signal(coin(2))
    world.buy(token)
    stopped = World(with_limits(), kill_switch=True)
    world.engine.state.rules = stopped.rules
    assert world.buy(other) == []
    assert refused(world) == ("kill_switch", 1.0, 0.0)
    assert [fill.wallet_id for fill in world.price(token, 0.1)] == [wallet]


def test_a_wallet_without_limits_still_obeys_pause_kill_switch_and_price_age() -> None:
    third = Sizing(risk_per_trade=0.3)
    plain = Profile(entries=(Entry(strategy="loud"),), exit=HOLD, sizing=third, limits=None)
    world = World(plain)
    wallet = world.join()
    for number in (1, 2, 3):
        assert len(world.buy(world.signal(coin(number)))) == 1
    token = world.signal(coin(4))
    world.candle(token, loud=True, late=10 * MINUTE)
    assert refused(world)[0] == "price_age"
    world.do(Pause(at=world.now, wallet=wallet))
    world.buy(token)
    assert refused(world)[0] == "wallet_paused"
    world.engine.state.rules = World(plain, kill_switch=True).rules
    world.buy(token)
    assert refused(world)[0] == "kill_switch"


@pytest.mark.parametrize(("late", "passes"), [(0, True), (180_000, True), (180_001, False)])
def test_a_price_is_too_old_after_a_minute_or_three_candles(late: int, *, passes: bool) -> None:
    world = World()
    world.join()
    token = world.signal(coin(1))
    world.candle(token, loud=True, late=late)
    if passes:
        assert world.only(DecisionRow).verdict == "taken"
    else:
        assert refused(world) == ("price_age", 180.001, 180.0)


def test_exposure_in_a_token_counts_what_is_held_and_this_buy() -> None:
    world = World(with_limits(Sizing(risk_per_trade=0.06), max_token_exposure=0.1))
    wallet, token = world.join(), world.signal(coin(1, "BONK"))
    both = wish(
        "loud", "rising", exit_plan=HOLD, sizing=Sizing(risk_per_trade=0.06),
        limits=WIDE.model_copy(update={"max_token_exposure": 0.1, "max_open_per_token": 2}),
    )  # fmt: skip
    world.wants(wallet, both, "BONK")
    world.name(coin(1, "BONK"))
    world.buy(token, 1.0)
    world.candle(token, 1.01)
    reason, value, limit = refused(world)
    assert (reason, limit) == ("token_exposure", 0.1)
    assert value == pytest.approx(0.12, abs=0.001)


def test_exposure_in_all_tokens() -> None:
    world = World(with_limits(Sizing(risk_per_trade=0.2), max_exposure=0.5))
    world.join()
    for number in (1, 2):
        assert len(world.buy(world.signal(coin(number)))) == 1
    world.buy(world.signal(coin(3)))
    reason, value, limit = refused(world)
    assert (reason, limit) == ("exposure", 0.5)
    assert value == pytest.approx(0.6)


def test_a_daily_loss_lasts_until_midnight() -> None:
    world = World(with_limits(HALF, max_daily_loss=0.1))
    world.join()
    token = world.signal(coin(1))
    world.buy(token)
    assert len(world.price(token, 0.7)) == 1
    other = world.signal(coin(2))
    world.buy(other)
    reason, value, limit = refused(world)
    assert (reason, limit) == ("daily_loss", 0.1)
    assert value == pytest.approx(0.15)
    world.now += DAY - world.now % DAY - 2 * MINUTE
    world.beat()
    assert world.buy(other) == []
    world.beat(world.now + MINUTE)
    assert len(world.buy(other)) == 1


def test_a_daily_loss_stands_though_the_price_comes_back() -> None:
    patient = {"exit": ExitPlan(stop_loss=0.9)}
    world = World(with_limits(HALF, max_daily_loss=0.1).model_copy(update=patient))
    world.join()
    token = world.signal(coin(1))
    world.buy(token)
    world.price(token, 0.78)
    world.beat(world.now + MINUTE)
    assert world.only(BalanceRow).day_low_value == 10 * SOL - 1_100_000_000
    world.price(token, 1.0)
    assert world.buy(world.signal(coin(2))) == []
    reason, value, _ = refused(world)
    assert reason == "daily_loss"
    assert value == pytest.approx(0.11)


def test_a_drawdown_refuses_before_the_beat_pauses() -> None:
    world = World(with_limits(HALF, max_drawdown=0.1))
    world.join()
    token = world.signal(coin(1))
    world.buy(token)
    world.price(token, 0.7)
    world.buy(world.signal(coin(2)))
    assert refused(world)[0] == "drawdown"


def test_a_token_rests_after_a_loss_in_it_and_no_other_does() -> None:
    world = World(with_limits(loss_cooldown_minutes=3), window=20)
    wallet, token = world.join(), world.signal(coin(1))
    world.buy(token)
    world.price(token, 0.99)
    world.sell(wallet, coin(1).mint)
    world.signal(coin(1))
    world.buy(token, 1.0)
    assert refused(world) == ("loss_cooldown", 2.0, 0.0)
    assert len(world.buy(world.signal(coin(2)))) == 1
    assert len(world.buy(token)) == 1


def test_a_gain_is_no_reason_to_rest() -> None:
    world = World(with_limits(loss_cooldown_minutes=30))
    wallet, token = world.join(), world.signal(coin(1))
    world.buy(token)
    world.price(token, 1.5)
    world.sell(wallet, coin(1).mint)
    world.signal(coin(1))
    assert len(world.buy(token)) == 1
    seen = json.loads(world.only(DecisionRow).seen)
    assert seen[[name for name, _ in RULES].index("drawdown")] == 0.0


def test_ends_count_by_their_times_however_late_they_are_told() -> None:
    limits = WIDE.model_copy(
        update={"stop_guard_count": 2, "stop_guard_minutes": 10, "loss_cooldown_minutes": 30}
    )
    world = World(wish(limits=limits), window=40)
    wallet, first, second = world.join(), world.signal(coin(1)), world.signal(coin(2))
    world.buy(first)
    world.buy(second)
    bought = world.now
    world.now = bought + 5 * MINUTE
    world.price(first, 0.5)
    world.now = bought
    world.candle(second, 0.5, late=6 * MINUTE)
    state = world.engine.state
    assert state.stops[wallet] == [bought + MINUTE, bought + 5 * MINUTE]
    assert state.last_loss[first][wallet] == bought + 5 * MINUTE
    world.now = bought + 13 * MINUTE
    world.buy(world.signal(coin(3)))
    assert refused(world)[0] == "stop_guard"
    world.buy(world.signal(coin(3)))
    assert len(world.of(FillRow)) == 5


def test_many_stops_in_an_hour_pause_entries_for_an_hour() -> None:
    world = World(with_limits(stop_guard_count=3, stop_guard_minutes=10), window=40)
    world.join()
    for number in (1, 2, 3):
        token = world.signal(coin(number))
        world.buy(token)
        assert [fill.reason for fill in world.price(token, 0.5)] == ["stop_loss"]
    last = world.now
    token = world.signal(coin(4))
    world.buy(token)
    assert refused(world) == ("stop_guard", 9.0, 0.0)
    world.now = last + 9 * MINUTE
    assert len(world.buy(token)) == 1


def test_only_first_stops_count_for_the_guard() -> None:
    world = World(wish(limits=WIDE.model_copy(update={"stop_guard_count": 1})))
    world.join()
    token = world.signal(coin(1))
    world.buy(token)
    world.price(token, 1.4)
    assert [fill.reason for fill in world.price(token, 0.9)] == ["breakeven_stop"]
    assert len(world.buy(world.signal(coin(2)))) == 1


def test_the_guard_remembers_as_many_stops_as_it_may_count() -> None:
    world = World(
        with_limits(
            Sizing(min_spend_sol=0), stop_guard_count=100, stop_guard_minutes=1000,
            max_open_positions=1000,
        )
    )  # fmt: skip
    world.join()
    for number in range(100):
        token = world.signal(coin(number))
        world.buy(token)
        world.price(token, 0.5)
    assert len([row for row in world.of(FillRow) if row.reason == "stop_loss"]) == 100
    world.buy(world.signal(coin(100)))
    assert refused(world)[0] == "stop_guard"


def test_a_plan_that_stops_all_at_once_is_counted_once_a_trade() -> None:
    plan = ExitPlan(take_profit=((0.1, 0.5),), trailing_stop=None, breakeven_after_tier=None)
    world = World(wish(exit_plan=plan, limits=WIDE.model_copy(update={"stop_guard_count": 2})))
    world.join()
    token = world.signal(coin(1))
    world.buy(token)
    world.price(token, 1.2)
    world.price(token, 0.5)
    assert len(world.buy(world.signal(coin(2)))) == 1


def test_losses_are_forgotten_an_hour_after_nobody_asks_for_them() -> None:
    world = World(with_limits(loss_cooldown_minutes=30), window=40)
    plain = Profile(entries=(Entry(strategy="loud"),), exit=HOLD, limits=None)
    first, second = world.join(), world.join()
    world.wants(second, plain)
    early, late = world.signal(coin(1)), world.signal(coin(2))
    world.buy(early)
    world.price(early, 0.5)
    lost = world.now
    losses = world.engine.state.last_loss
    assert losses[early].keys() == {first, second}
    world.now = lost + 60 * MINUTE
    world.buy(late)
    world.price(late, 0.5)
    world.beat(lost + 90 * MINUTE)
    assert losses.keys() == {early, late}
    world.beat(lost + 91 * MINUTE)
    assert losses.keys() == {late}
    world.beat(lost + 152 * MINUTE)
    assert losses == {}
