"""A closed trade run again on its own prices gives its record, bit for bit, and nothing else does.

Against the engine, and against the exit rules read from the design's text once more.
"""

import math
from collections import Counter
from functools import cache
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from app import strategies
from app.trading import exits
from app.trading.engine import Engine
from app.trading.exits import NEVER_MS, Floats
from app.trading.fills import Costs
from app.trading.inputs import ResetWallet
from app.trading.ledger import Row
from app.trading.plans import ExitPlan
from app.trading.replay import Recorded, Replay, Sale, charged, differences, money, settled
from tests.engine.script import RULES, Script
from tests.trading.exit_model import Holding, Wanted
from tests.trading.manyplans import EDGES, random_plans
from tests.trading.retold import Retold
from tests.trading.world import HOLD, MINUTE, SOL, World, coin, wish

PLANS = [*EDGES, *random_plans(50)]
RECORDINGS = Path(__file__).parents[3] / "shared" / "data"
RECORDED = ("BONK-SOL", "WIF-SOL", "BOME-SOL", "SOL-USDT")
needs_recordings = pytest.mark.skipif(
    not (RECORDINGS / "BONK-SOL_5m.parquet").exists(),
    reason="the recorded candles of ../shared/data are not there",
)
COSTS = Costs(fees_bps=30, slippage_bps=20)
UNITS = 123_456_789


def wanted_of(plan: ExitPlan) -> Wanted:
    """Write a plan as the plain reading takes it."""
    return Wanted(
        plan.stop_loss,
        plan.take_profit,
        plan.trailing_stop,
        plan.breakeven_after_tier or None,
        plan.trailing_after_tier,
    )


def read_again(
    plan: ExitPlan, prices: list[float]
) -> tuple[list[tuple[int, int, float, int, str]], Holding]:
    """Lead a position by the plain reading of the rules; a minute a price, bought at the first."""
    held = plan.max_holding_candles
    deadline = None if held is None else held * MINUTE
    holding, sold = Holding(wanted_of(plan), prices[0], UNITS, deadline), []
    for minute, price in enumerate(prices[1:], start=1):
        if not holding.left:
            break
        sold += [
            (minute, minute * MINUTE, price, one.units, one.reason)
            for one in holding.see(price, minute * MINUTE)
        ]
    return sold, holding


def run_again(plan: ExitPlan, prices: Floats, page: int) -> Replay:
    """Lead it by the replay, page by page."""
    held = plan.max_holding_candles
    deadline = NEVER_MS if held is None else held * MINUTE
    laid_out = exits.plans([plan])
    state = exits.start(laid_out, 0, float(prices[0]), UNITS, deadline)
    replay = Replay(laid_out, state, float(prices[0]))
    numbers = np.arange(len(prices), dtype=np.int64)
    for first in range(1, len(prices), page):
        part = slice(first, first + page)
        replay.see(numbers[part], numbers[part] * MINUTE, prices[part])
    replay.end()
    return replay


def agree(plan: ExitPlan, prices: Floats, page: int) -> int:
    sold, holding = read_again(plan, prices.tolist())
    replay = run_again(plan, prices, page)
    assert [tuple(sale) for sale in replay.sales] == sold
    state = replay.state
    ended = (holding.stop, holding.highest, holding.taken, holding.left, holding.phase)
    assert (*state[3:6], state.left, exits.PHASES[state.phase]) == ended
    for sale in replay.sales:
        brought = money(sale, 6, COSTS)
        price = sale.market * (1.0 - 20 / 10_000)
        lamports = math.floor(float(sale.units) * price * 1e9 / 10.0**6)
        assert brought == (price, lamports, -(-lamports * 30 // 10_000))
    return len(sold)


@pytest.mark.parametrize("number", range(len(PLANS)))
def test_random_paths_agree_with_the_plain_reading(number: int) -> None:
    rng = np.random.default_rng(number)
    sold = 0
    for step in (0.002, 0.02, 0.1):
        steps = rng.normal(0, step, rng.integers(2, 3000))
        sold += agree(PLANS[number], 1e-5 * np.exp(np.cumsum(steps)), int(rng.integers(1, 900)))
    assert sold or PLANS[number].stop_loss > 0.9


@cache
def closes(name: str) -> Floats:
    return pl.read_parquet(RECORDINGS / name).get_column("close").to_numpy()


@needs_recordings
@pytest.mark.parametrize("name", RECORDED)
def test_recorded_candles_agree_with_the_plain_reading(name: str) -> None:
    prices = closes(f"{name}_5m.parquet")
    rng = np.random.default_rng(len(name))
    for plan in PLANS:
        first = int(rng.integers(0, len(prices) - 3000))
        agree(plan, prices[first : first + 3000], 1000)


@cache
def scripted(seed: int, batches: int = 300) -> tuple[Row, ...]:
    """Let an engine live through a script: sales by hand, changing wishes, missing candles."""
    engine, script = Engine(RULES, strategies.load()), Script(seed, batches)
    numbers = range(1, batches + 1)
    return tuple(row for one in numbers for row in engine.handle(script.batch(one)).changes)


@pytest.mark.parametrize("seed", range(4))
def test_what_an_engine_recorded_comes_out_again(seed: int) -> None:
    retold = Retold(scripted(seed))
    reasons = Counter(end.exit_reason for end in retold.ends.values())
    assert len(reasons - Counter({"reset": 99})) >= 4, reasons
    assert reasons["reset"], reasons
    assert any(retold.record(number).changes for number in retold.ends)
    for number in retold.ends:
        assert retold.differences(number, RULES.costs) == []


def lived(prices: Floats, seed: int) -> World:
    """Let sixty wallets buy at once, each with a plan of its own, and live through prices."""
    world, chance = World(costs=COSTS), np.random.default_rng(seed)
    wallets = [world.join(1000.0) for _ in PLANS]
    for wallet, plan in zip(wallets, PLANS, strict=True):
        world.wants(wallet, wish(exit_plan=plan))
    token = world.signal(coin(1), float(prices[0]))
    assert len(world.buy(token, float(prices[0]))) == len(PLANS)
    for price in prices[1:].tolist():
        if chance.random() < 0.3:
            world.price(token, price * float(chance.uniform(0.99, 1.01)))
        if chance.random() < 0.1:
            who, portion = int(chance.choice(wallets)), float(chance.choice([0.1, 0.5, 1.0]))
            world.sell(who, coin(1).mint, portion)
        if chance.random() < 0.02:
            world.beat(world.now + 10 * MINUTE)
        world.candle(token, price)
    return world


@pytest.mark.parametrize("seed", range(4))
def test_a_live_engine_and_a_replay_agree_under_every_plan(seed: int) -> None:
    steps = np.random.default_rng(seed).normal(0, (0.001, 0.003, 0.01, 0.02)[seed], 400)
    agree_live(1e-5 * np.exp(np.cumsum(steps)), seed)


@needs_recordings
@pytest.mark.parametrize("name", RECORDED)
def test_they_agree_on_recorded_candles(name: str) -> None:
    agree_live(closes(f"{name}_5m.parquet")[-400:], len(name))


def agree_live(prices: Floats, seed: int) -> None:
    retold = Retold(lived(prices, seed).rows)
    assert len(retold.ends) > len(PLANS) // 3
    fills = [fill for number in retold.ends for fill in retold.record(number).fills[1:]]
    assert len({fill.reason for fill in fills} - {"manual"}) >= 3
    assert any(fill.reason == "manual" for fill in fills)
    for number in retold.ends:
        assert retold.differences(number, COSTS) == []


def test_a_change_of_costs_is_no_difference() -> None:
    retold = Retold(scripted(1))
    for number in retold.ends:
        assert retold.differences(number, Costs(fees_bps=5)) == []


def touched(record: Recorded, place: int, **values: object) -> Recorded:
    """Change a fill of a record."""
    fills = list(record.fills)
    fills[place] = fills[place]._replace(**values)  # type: ignore[arg-type]
    return record._replace(fills=fills)


def test_whatever_was_touched_is_found() -> None:
    retold = Retold(scripted(2, 60))
    number = next(one for one in retold.ends if len(retold.record(one).fills) > 2)
    true = retold.record(number)
    last = true.fills[-1]
    falsified = {
        "fills/0/price": touched(true, 0, price=true.fills[0].price * (1 + 1e-15)),
        "fills/0/fee": touched(true, 0, fee=true.fills[0].fee + 1),
        "fills/0/units": touched(true, 0, size=true.fills[0].size - 1),
        "fills/1/time": touched(true, 1, timestamp=true.fills[1].timestamp + 1),
        "fills/1/lamports": touched(true, 1, sol=true.fills[1].sol + 1),
        "fills/1/fee": touched(true, 1, fee=true.fills[1].fee - 1),
        "fills/1/units": touched(true, 1, size=true.fills[1].size + 1),
        "fills/1/price": touched(true, 1, price=np.nextafter(true.fills[1].price, 1)),
        "fills/2/reason": touched(true, 2, reason="take_profit_8"),
        "sales": true._replace(fills=[*true.fills, last]),
        "exit_time": true._replace(exit_time=last.timestamp - 1),
        "exit_price": true._replace(exit_price=last.price * 2),
        "exit_reason": true._replace(exit_reason="manual"),
        "highest_price_seen": true._replace(highest=np.nextafter(true.highest, 1)),
        "stop_loss_price": true._replace(stop=true.stop * 0.99),
        "pnl_sol": true._replace(pnl=(true.pnl or 0) + 1),
        "pnl_percent": true._replace(pnl_percent=0.125),
        "sol_returned": true._replace(sol_returned=true.sol_returned - 1),
        "phase": true._replace(phase=true.phase + 1),
        "tiers_taken": true._replace(tiers=true.tiers + 1),
    }
    for field, record in falsified.items():
        found = {one.field for one in retold.differences(number, RULES.costs, record)}
        assert field in found, field
    other = true._replace(plan=true.plan.model_copy(update={"take_profit": ()}))
    assert retold.differences(number, RULES.costs, other)


def test_sales_by_hand_happen_in_their_places() -> None:
    world = World(wish(exit_plan=HOLD), costs=COSTS)
    wallet = world.join()
    token = world.signal(coin(1))
    world.signal(coin(2))
    (trade,) = world.buy(token, 1.1)
    world.candle(token, 1.2)
    world.sell(wallet, coin(1).mint, 0.25)
    world.candle(2, 5.0)
    world.sell(wallet, coin(1).mint, 0.5)
    world.candle(token, 1.3)
    world.sell(wallet, coin(1).mint, 0.5)
    world.sell(wallet, coin(1).mint)
    retold = Retold(world.rows)
    assert retold.differences(trade.id, COSTS) == []
    sales = [(sale.market, sale.reason) for sale in retold.replay(trade.id)[0].sales]
    assert sales == [(1.2, "manual"), (1.2, "manual"), (1.3, "manual"), (1.3, "manual")]


def test_a_reset_sells_in_its_place_and_what_has_no_price_brings_nothing() -> None:
    world = World(wish(exit_plan=HOLD), costs=COSTS)
    wallet = world.join()
    one, other = world.signal(coin(1)), world.signal(coin(2))
    (first,), (second,) = world.buy(one, 1.1), world.buy(other, 2.0)
    world.candle(one, 1.2)
    world.candle(other, 2.5)
    world.engine.state.books[other].price = 0.0
    world.do(ResetWallet(at=world.now, wallet=wallet, lamports=SOL))
    world.price(one, 1.0)
    retold = Retold(world.rows)
    assert set(retold.ends) == {first.id, second.id}
    sold = [sale for number in retold.ends for sale in retold.replay(number)[0].sales]
    assert [(sale.market, sale.reason) for sale in sold] == [(1.2, "reset"), (0.0, "written_off")]
    for number in retold.ends:
        assert retold.differences(number, COSTS) == []


def test_a_sale_by_the_clock_comes_at_its_time() -> None:
    world = World(wish(exit_plan=HOLD.model_copy(update={"max_holding_candles": 3})), costs=COSTS)
    world.join()
    token = world.signal(coin(1))
    (trade,) = world.buy(token, 1.1)
    world.candle(token, 1.2)
    world.beat(world.now + 10 * MINUTE)
    retold = Retold(world.rows)
    (number,) = retold.ends
    assert number == trade.id
    assert retold.differences(number, COSTS) == []
    (sale,) = retold.replay(number)[0].sales
    assert (sale.at, sale.market, sale.reason) == (world.now, 1.2, "max_holding")
    early = retold.record(number)
    early = touched(early, 1, timestamp=early.deadline - 1)
    assert retold.differences(number, COSTS, early)


def test_a_sale_at_the_deadline_is_by_its_price() -> None:
    world = World(wish(exit_plan=HOLD.model_copy(update={"max_holding_candles": 2})), costs=COSTS)
    world.join()
    token = world.signal(coin(1))
    (trade,) = world.buy(token, 1.1)
    world.candle(token, 1.2)
    world.candle(token, 1.25)
    world.beat()
    retold = Retold(world.rows)
    assert retold.differences(trade.id, COSTS) == []
    (sale,) = retold.replay(trade.id)[0].sales
    assert (sale.market, sale.reason) == (1.25, "max_holding")


def test_a_page_without_prices_shows_nothing() -> None:
    laid_out = exits.plans([ExitPlan()])
    state = exits.start(laid_out, 0, 1.0, UNITS, NEVER_MS)
    replay = Replay(laid_out, state, 1.0)
    nothing = np.zeros(0, np.int64)
    replay.see(nothing, nothing, np.zeros(0))
    assert (replay.state, replay.sales) == (state, [])


def test_costs_beyond_all_reason_are_the_platforms_own() -> None:
    retold = Retold(scripted(2, 60))
    entry = retold.record(next(iter(retold.ends))).fills[0]
    wild = entry._replace(price=entry.price * 9)
    assert charged(wild, entry.price, COSTS) == COSTS


def test_a_sale_without_a_fill_is_settled_by_the_first_costs() -> None:
    sale = Sale(7, 70, 1.25, UNITS, "stop_loss")
    free = Costs()
    assert settled(None, sale, 6, [COSTS, free]) == money(sale, 6, COSTS)
    assert settled(None, sale, 6, [free, COSTS]) == money(sale, 6, free)


def test_a_trade_that_the_replay_leaves_open_has_no_end_to_compare() -> None:
    world = World(wish(exit_plan=HOLD), costs=COSTS)
    wallet = world.join()
    token = world.signal(coin(1))
    (trade,) = world.buy(token, 1.1)
    world.candle(token, 1.2)
    world.sell(wallet, coin(1).mint, 0.5)
    world.sell(wallet, coin(1).mint)
    retold = Retold(world.rows)
    true = retold.record(trade.id)
    replay, market = retold.replay(trade.id)
    left = replay.sales.pop()
    replay.state = replay.state._replace(left=left.units)
    half = true._replace(fills=true.fills[:-1])
    found = {one.field for one in differences(half, replay, market, [COSTS])}
    assert {"tokens", "sol_returned"} <= found
    assert not found & {"exit_time", "exit_price", "exit_reason"}
