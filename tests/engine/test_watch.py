"""Prices on their way to the engine: what is new decides, what was missed is history, and a wick is
neither.
"""

import asyncio
from collections.abc import AsyncIterator

import pytest

from app.engine.pipeline.watch import HISTORY_CANDLES, next_poll
from app.ports import RejectedError
from app.trading.ids import TokenId
from app.trading.inputs import History
from app.trading.market import Token
from tests.engine.outside import COIN, Watch
from tests.engine.script import address
from tests.logs import heard

LOW, HIGH = 0.2, 5.0


@pytest.fixture
async def watch() -> AsyncIterator[Watch]:
    it = Watch()
    task = asyncio.create_task(it.watcher.run())
    yield it
    task.cancel()
    await asyncio.wait({task})


@pytest.fixture
async def minutes() -> AsyncIterator[Watch]:
    """Candles of a minute, and somebody holds the token."""
    it = Watch("1m")
    it.ear.held = True
    task = asyncio.create_task(it.watcher.run())
    yield it
    task.cancel()
    await asyncio.wait({task})


async def test_what_was_before_is_history_and_what_comes_decides(watch: Watch) -> None:
    await watch.clock.advance(0)
    history, closed = watch.ear.history(), watch.ear.closed()
    assert len(history) + len(closed) == HISTORY_CANDLES
    assert all(candle.time + 1_000 >= watch.clock.now() - 10_000 for candle in closed)
    assert history[-1].time < closed[0].time
    before = len(closed)
    await watch.clock.advance(5)
    new = watch.ear.closed()[before:]
    assert [candle.time for candle in new] == [watch.market.at(second) for second in range(5)]
    assert watch.market.asked[0] == HISTORY_CANDLES
    assert max(watch.market.asked[1:]) < 10
    assert watch.watcher.ages[COIN.mint] > watch.market.at(3)


async def test_what_the_platform_missed_decides_nothing(watch: Watch) -> None:
    await watch.clock.advance(2)
    watch.ear.heard.clear()
    watch.breaks()
    await watch.clock.advance(60)
    assert watch.ear.heard == []
    watch.market.broken = None
    await watch.clock.advance(3)
    times = [candle.time for candle in (*watch.ear.history(), *watch.ear.closed())]
    assert times == [watch.market.at(second) for second in range(2, 65)]
    assert watch.ear.closed()[0].time >= watch.market.at(51)


async def test_a_wick_never_reaches_the_engine(watch: Watch) -> None:
    for second, price in ((3, LOW), (7, HIGH), (11, LOW)):
        watch.market.closes[watch.market.at(second)] = price
    await watch.clock.advance(20)
    assert {candle.close for candle in watch.ear.closed()} == {1.0}
    assert {candle.close for candle in watch.ear.history()} == {1.0, LOW, HIGH}
    assert watch.watcher.suspect == 3


async def test_a_wick_is_known_by_what_was_before_the_start() -> None:
    """A platform that starts in the middle of a wick must not sell on it."""
    watch = Watch()
    watch.market.closes[watch.market.at(-10)] = LOW
    task = asyncio.create_task(watch.watcher.run())
    await watch.clock.advance(3)
    assert watch.ear.closed()[0].time == watch.market.at(-9)
    assert {candle.close for candle in watch.ear.closed()} == {1.0}
    task.cancel()
    await asyncio.wait({task})


async def test_a_crash_that_the_next_price_confirms_gets_through(watch: Watch) -> None:
    await watch.clock.advance(2)
    for second in range(3, 30):
        watch.market.closes[watch.market.at(second)] = LOW
    await watch.clock.advance(3.2)
    assert [candle.close for candle in watch.ear.closed()][-1] == LOW
    assert watch.ear.closed()[-1].time == watch.market.at(4)


async def test_a_fall_that_nobody_contradicts_gets_through_after_two_seconds(watch: Watch) -> None:
    watch.market.closes[watch.market.at(3)] = LOW
    await watch.clock.advance(4.1)
    assert LOW not in {candle.close for candle in watch.ear.closed()}
    watch.breaks()
    await watch.clock.advance(1.5)
    assert LOW not in {candle.close for candle in watch.ear.closed()}
    await watch.clock.advance(2.6)
    assert watch.ear.closed()[-1].close == LOW


async def test_a_rise_that_nobody_confirms_never_gets_through(watch: Watch) -> None:
    watch.market.closes[watch.market.at(3)] = HIGH
    await watch.clock.advance(4.1)
    watch.breaks()
    await watch.clock.advance(30)
    assert HIGH not in {candle.close for candle in watch.ear.closed()}
    assert watch.ear.seen() == []


async def test_a_service_that_fails_is_asked_again_and_told_of_once(watch: Watch) -> None:
    await watch.clock.advance(1)
    asked = len(watch.market.asked)
    watch.breaks()
    with heard() as lines:
        await watch.clock.advance(25)
    assert [line["event"] for line in lines] == ["candles not answered"]
    assert 11 <= len(watch.market.asked) - asked <= 14
    watch.market.broken = None
    await watch.clock.advance(3)
    assert watch.watcher.ages[COIN.mint] > watch.market.at(25)


@pytest.mark.parametrize("trouble", [asyncio.Event(), RejectedError("no such list")])
async def test_what_others_trade_never_delays_prices(watch: Watch, trouble: object) -> None:
    watch.market.trades_wait = lambda: trouble
    await watch.clock.advance(10)
    assert [candle.time for candle in watch.ear.closed()][-1] == watch.market.at(9)
    assert max(watch.market.asked[1:]) < 10


async def test_what_others_trade_is_shown(watch: Watch) -> None:
    await watch.clock.advance(10)
    feed = watch.feed.of(COIN.mint)
    assert feed is not None
    assert len(feed.trades) == 5 + 1


async def test_prices_inside_a_long_candle_reach_who_holds(minutes: Watch) -> None:
    for price in (1.0, 1.1, 1.1, 0.95):
        minutes.market.forming = price
        await minutes.clock.advance(20)
    assert minutes.ear.seen() == [1.0, 1.1, 0.95]
    minutes.ear.held = False
    minutes.market.forming = 0.9
    await minutes.clock.advance(40)
    assert minutes.ear.seen() == [1.0, 1.1, 0.95]


async def test_a_crash_inside_a_long_candle_gets_through_in_two_seconds(minutes: Watch) -> None:
    minutes.market.forming = 1.0
    await minutes.clock.advance(21)
    minutes.market.forming = LOW
    await minutes.clock.advance(40.1 - 21)
    assert minutes.ear.seen() == [1.0]
    await minutes.clock.advance(2)
    assert minutes.ear.seen() == [1.0, LOW]


async def test_a_wick_inside_a_long_candle_does_not(minutes: Watch) -> None:
    minutes.market.forming = 1.0
    await minutes.clock.advance(21)
    minutes.market.forming = LOW
    await minutes.clock.advance(40.1 - 21)
    minutes.market.forming = 1.01
    await minutes.clock.advance(30)
    assert minutes.ear.seen() == [1.0, 1.01]


async def test_short_candles_are_price_enough(watch: Watch) -> None:
    watch.ear.held, watch.market.forming = True, 1.1
    await watch.clock.advance(5)
    assert watch.ear.seen() == []


async def test_pollers_come_and_go_with_their_tokens(watch: Watch) -> None:
    other = Token(TokenId(8), address("other"), "OTHER", 6, "pool")
    await watch.clock.advance(1)
    assert set(watch.watcher.ages) == {COIN.mint}
    watch.ear.tokens = [COIN, other]
    await watch.clock.advance(1)
    assert set(watch.watcher.ages) == {COIN.mint, other.mint}
    watch.ear.tokens = [other]
    await watch.clock.advance(1)
    assert set(watch.watcher.ages) == {other.mint}
    asked = len(watch.market.asked)
    watch.ear.tokens = []
    await watch.clock.advance(1)
    before = len(watch.market.asked)
    await watch.clock.advance(10)
    assert len(watch.market.asked) == before >= asked


async def test_a_poller_that_breaks_is_replaced(watch: Watch) -> None:
    await watch.clock.advance(1)
    watch.market.broken = ZeroDivisionError("not foreseen")
    with heard() as lines:
        await watch.clock.advance(1.5)
    assert "poller failed" in [line["event"] for line in lines]
    watch.market.broken = None
    await watch.clock.advance(3)
    assert watch.ear.closed()[-1].time == watch.market.at(4)


async def test_the_index_is_shown_and_never_traded() -> None:
    watch = Watch()
    index = address("index")
    watch.market.pools[index] = "pool"
    task = asyncio.create_task(watch.watcher.run_index(index))
    await watch.clock.advance(5)
    feed = watch.feed.of(index)
    assert feed is not None
    assert feed.candles[-1].time == watch.market.at(3)
    assert watch.ear.heard == []
    watch.breaks()
    await watch.clock.advance(30)
    assert not task.done()
    watch.market.broken = None
    await watch.clock.advance(30)
    assert feed.candles[-1].time >= watch.market.at(55)
    task.cancel()
    await asyncio.wait({task})


async def test_an_index_without_a_pool_is_left_alone() -> None:
    watch = Watch()
    await watch.watcher.run_index(address("nothing"))
    assert watch.market.asked == []


@pytest.mark.parametrize(
    ("now", "timeframe_ms", "seconds"),
    [
        (10_000, 1_000, 0.06),
        (10_059, 1_000, 0.001),
        (10_060, 1_000, 1.0),
        (10_900, 1_000, 0.16),
        (60_060, 60_000, 20.0),
        (110_060, 60_000, 10.0),
        (120_050, 60_000, 0.01),
    ],
)
def test_the_next_candle_is_asked_for_when_it_is_there(
    now: int, timeframe_ms: int, seconds: float
) -> None:
    assert next_poll(now, timeframe_ms) == pytest.approx(seconds)


async def test_history_comes_in_one_piece(watch: Watch) -> None:
    await watch.clock.advance(0)
    assert len([wish for wish in watch.ear.heard if isinstance(wish, History)]) == 1
