"""Bad prices on their way through the live watcher, gate and engine: what must not sell does not,
what must sell does in two seconds, and nothing fails.
"""

import asyncio
import math
from dataclasses import replace

import pytest

from app.engine.pipeline import watch
from app.ports import CandlePage, RejectedError, UnavailableError
from app.trading.ledger import TickRow
from app.trading.plans import ExitPlan
from app.trading.standing import WRITE_OFF_MS
from tests.engine.floor import Floor, Second
from tests.engine.outside import COIN
from tests.engine.script import address
from tests.trading.world import HOLD

LOW, HIGH, FLIPPED = 0.2, 5.0, 150.0


@pytest.fixture
def long(monkeypatch: pytest.MonkeyPatch) -> None:
    """Look less often which tokens are held: for tests that last a day."""
    monkeypatch.setattr(watch, "RECONCILE_SECONDS", 30.0)


OLD_MS = 60_000
"""How old the price of a second's candle may be before the token is flagged."""


@pytest.mark.parametrize("wick", [LOW, HIGH, FLIPPED, 1e-18, 1e30])
async def test_a_single_wick_sells_nothing(wick: float) -> None:
    async with Floor().open() as floor:
        for second in range(3, 60, 4):
            floor.market.closes[floor.market.at(second)] = wick
        await floor.clock.advance(70)
        assert floor.sales() == []
        assert {row.price for row in floor.of(TickRow)} == {1.0}
        assert floor.watcher.suspect == 15
        assert floor.told("PriceStale") == []


async def test_a_wick_buys_nothing() -> None:
    """Its candle would confirm; it is held back and becomes history."""
    floor = Floor()
    floor.market.spoil = lambda page: replace(
        page, closed=[one._replace(volume=1e6 if one.close > 2 else 1.0) for one in page.closed]
    )
    async with floor.open():
        floor.closes(3, LOW, 8)
        await floor.clock.advance(10)
        assert len(floor.sales()) == 1
        floor.market.closes[floor.market.at(12)] = HIGH
        bought = len(floor.positions())
        await floor.clock.advance(20)
        assert len(floor.positions()) == bought == 0


@pytest.mark.parametrize("further", [1.0, 0.5, 1.3])
async def test_a_real_crash_sells_within_two_seconds(further: float) -> None:
    async with Floor().open() as floor:
        floor.closes(5, LOW, 6)
        floor.closes(6, LOW * further)
        await floor.clock.advance(20)
        (sale,) = floor.sales()
        crashed = floor.market.at(5) + 1_000
        assert crashed < sale.timestamp <= crashed + 2_000
        assert (sale.reason, sale.price) == ("stop_loss", LOW * further)


@pytest.mark.parametrize("silence", ["down", "hangs"])
async def test_a_crash_that_silence_follows_sells_within_two_seconds(silence: str) -> None:
    """Without a next price the timer settles it, even while a request hangs."""
    async with Floor().open() as floor:
        floor.closes(5, LOW)
        await floor.clock.advance(6.1)
        assert floor.sales() == []
        if silence == "hangs":
            floor.market.hangs = asyncio.Event()
        else:
            floor.market.broken = UnavailableError("down")
        await floor.clock.advance(2)
        (sale,) = floor.sales()
        assert sale.price == LOW
        ((at, _),) = floor.told("TradeClosed")
        assert at <= floor.market.at(5) + 1_000 + 2_100


async def test_prices_that_stand_still_are_flagged_in_time_and_once() -> None:
    """The service answers, and says the same old candles for ever."""
    floor = Floor(plan=HOLD)
    async with floor.open():
        await floor.clock.advance(5)
        last = floor.positions()[0].price_at
        frozen = await floor.market.candles(COIN.mint, "", "1s", 300)
        floor.market.spoil = lambda _: frozen
        await floor.clock.advance(1_800)
        ((at, fact),) = floor.told("PriceStale")
        assert OLD_MS < at - last <= OLD_MS + 1_000
        assert (fact["trade"], fact["price_at"]) == (1, last)
        assert floor.positions()[0].standing == "stale"


@pytest.mark.usefixtures("long")
@pytest.mark.parametrize("hours", [0.01, 1, 24])
async def test_a_stalled_feed_is_flagged_and_cleared(hours: float) -> None:
    floor = Floor(plan=HOLD)
    async with floor.open(beat=5.0 if hours < 2 else 60.0):
        await floor.clock.advance(5)
        ticks = len(floor.of(TickRow))
        floor.market.hangs = asyncio.Event()
        await floor.clock.advance(3_600 * hours)
        assert len(floor.of(TickRow)) == ticks
        assert len(floor.told("PriceStale")) == (hours > 0.02)
        floor.market.hangs.set()
        floor.market.hangs = None
        await floor.clock.advance(10)
        assert len(floor.told("PriceBack")) == len(floor.told("PriceStale"))
        assert floor.positions()[0].standing == "fresh"
        assert floor.sales() == []


async def test_time_sells_without_any_price() -> None:
    plan = HOLD.model_copy(update={"max_holding_candles": 30})
    async with Floor(plan=plan).open() as floor:
        await floor.clock.advance(5)
        floor.market.broken = UnavailableError("down")
        await floor.clock.advance(100)
        (sale,) = floor.sales()
        assert (sale.reason, sale.price) == ("max_holding", 1.0)
        ((at, closed),) = floor.told("TradeClosed")
        assert closed["price_at"] < at - OLD_MS


async def test_a_second_source_is_asked_in_silence_and_its_price_counts() -> None:
    second = Second()
    async with Floor(second=second).open() as floor:
        await floor.clock.advance(5)
        assert second.asked == 0
        floor.market.broken = UnavailableError("down")
        second.word = 0.9
        await floor.clock.advance(120)
        assert floor.positions()[0].price == 0.9
        assert floor.told("PriceStale") == []
        assert second.asked >= 5
        second.word = 0.5
        await floor.clock.advance(30)
        assert [sale.price for sale in floor.sales()] == [0.5]


@pytest.mark.parametrize("factor", [FLIPPED, 1 / FLIPPED])
async def test_a_currency_flip_is_denied_by_the_second_source(factor: float) -> None:
    """The service says dollars instead of SOL for half a minute."""
    second = Second()
    async with Floor(second=second).open() as floor:
        floor.closes(5, factor, 35)
        await floor.clock.advance(60)
        assert floor.sales() == []
        assert {row.price for row in floor.of(TickRow)} == {1.0}
        assert floor.told("PriceStale") == []


async def test_of_two_sources_that_disagree_on_a_rise_none_sells() -> None:
    second = Second()
    async with Floor(second=second).open() as floor:
        floor.closes(5, FLIPPED)
        await floor.clock.advance(600)
        assert floor.sales() == []
        assert floor.positions()[0].price == 1.0


async def test_of_two_sources_that_disagree_on_a_fall_the_worse_sells_after_a_while() -> None:
    """A source that stands still must not hold anybody in."""
    second = Second()
    async with Floor(second=second).open() as floor:
        floor.closes(5, LOW)
        await floor.clock.advance(10)
        assert floor.sales() == []
        await floor.clock.advance(110)
        (sale,) = floor.sales()
        assert sale.price == LOW


@pytest.mark.parametrize("jump", [LOW, HIGH])
async def test_a_second_source_confirms_at_once(jump: float) -> None:
    second = Second()
    async with Floor("1m", second=second, plan=ExitPlan(take_profit=((0.3, 1.0),))).open() as floor:
        second.word = jump
        floor.closes(60, jump)
        await floor.clock.advance(130)
        (sale,) = floor.sales()
        assert sale.price == jump


async def test_a_second_source_that_is_down_changes_nothing() -> None:
    second = Second()
    second.down = True
    async with Floor(second=second).open() as floor:
        floor.market.closes[floor.market.at(3)] = HIGH
        floor.closes(10, LOW)
        await floor.clock.advance(20)
        (sale,) = floor.sales()
        assert sale.price == LOW


@pytest.mark.parametrize("nonsense", [math.nan, math.inf, -math.inf, 0.0, -1.0, 1e308])
async def test_a_price_that_can_be_none_never_reaches_the_exits(nonsense: float) -> None:
    floor = Floor("1m", plan=HOLD)
    async with floor.open():
        await floor.clock.advance(21)
        floor.market.forming = nonsense
        await floor.clock.advance(25)
        floor.market.forming = 1.01
        await floor.clock.advance(30)
        assert {row.price for row in floor.of(TickRow)} == {1.0, 1.01}
        assert floor.sales() == []
        refused = floor.told("PriceRefused")
        assert len(refused) == (0 if nonsense == 1e308 else 1)


async def test_rows_that_cannot_be_candles_are_told_once() -> None:
    floor = Floor(plan=HOLD)
    async with floor.open():
        await floor.clock.advance(5)
        floor.market.spoil = lambda page: replace(page, refused=1, sample="[1, 'NaN']")
        await floor.clock.advance(10)
        floor.market.spoil = lambda page: page
        await floor.clock.advance(5)
        assert [fact["price"] for _, fact in floor.told("PriceRefused")] == ["[1, 'NaN']"]
        assert floor.watcher.refused >= 9


# rugs


@pytest.mark.usefixtures("long")
async def test_a_pool_that_is_gone_is_a_rug_and_stays_listed() -> None:
    async with Floor().open() as floor:
        await floor.clock.advance(5)
        floor.market.broken = RejectedError("no such pool")
        await floor.clock.advance(10)
        assert floor.told("PriceLost") == []
        del floor.market.pools[COIN.mint]
        began = floor.clock.now()
        await floor.clock.advance(25)
        ((at, fact),) = floor.told("PriceLost")
        assert (fact["reason"], fact["price"]) == ("no_pool", 1.0)
        assert 15_000 <= at - began <= 20_000
        (held,) = floor.positions()
        assert (held.standing, held.value, held.pnl) == ("rugged", 0, -held.cost_basis)
        looks = floor.market.looked
        await floor.clock.advance(6 * 3_600)
        assert 8 < floor.market.looked - looks < 20
        assert len(floor.told("PriceLost")) == 1
        assert len(floor.positions()) == 1


async def test_what_comes_back_after_a_rug_is_sold_at_its_price() -> None:
    async with Floor().open() as floor:
        await floor.clock.advance(5)
        floor.market.broken = RejectedError("no such pool")
        pool = floor.market.pools.pop(COIN.mint)
        await floor.clock.advance(60)
        floor.market.pools[COIN.mint] = pool
        floor.market.broken = None
        floor.closes(60, 0.001)
        await floor.clock.advance(120)
        (sale,) = floor.sales()
        assert (sale.price, sale.reason) == (0.001, "stop_loss")


@pytest.mark.usefixtures("long")
async def test_what_never_comes_back_is_written_off_after_a_day() -> None:
    async with Floor().open(beat=60.0) as floor:
        await floor.clock.advance(5)
        floor.market.broken = RejectedError("no such pool")
        del floor.market.pools[COIN.mint]
        await floor.clock.advance(WRITE_OFF_MS / 1000 + 120)
        (sale,) = floor.sales()
        assert (sale.price, sale.sol, sale.reason) == (0.0, 0, "written_off")
        assert floor.positions() == []


async def test_a_pool_that_says_zero_is_a_rug() -> None:
    async with Floor().open() as floor:
        await floor.clock.advance(5)
        empty = CandlePage(closed=[], forming=None, worthless=True)
        floor.market.spoil = lambda _: empty
        await floor.clock.advance(30)
        ((_, fact),) = floor.told("PriceLost")
        assert fact["reason"] == "worthless"


async def test_a_second_source_that_knows_a_price_says_it_is_no_rug() -> None:
    second = Second()
    second.word = 0.95
    async with Floor(second=second).open() as floor:
        await floor.clock.advance(5)
        floor.market.broken = RejectedError("no such pool")
        del floor.market.pools[COIN.mint]
        await floor.clock.advance(120)
        assert floor.told("PriceLost", "PriceStale") == []
        assert floor.positions()[0].price == 0.95
        second.word = None
        await floor.clock.advance(120)
        assert len(floor.told("PriceLost")) == 1


async def test_a_service_that_is_down_is_no_rug() -> None:
    async with Floor().open() as floor:
        await floor.clock.advance(5)
        floor.market.broken = UnavailableError("down")
        del floor.market.pools[COIN.mint]
        await floor.clock.advance(600)
        assert floor.told("PriceLost") == []


async def test_a_token_that_moved_to_another_pool_is_followed_there() -> None:
    other = address("other pool")
    async with Floor(plan=HOLD).open() as floor:
        await floor.clock.advance(5)
        floor.market.broken = RejectedError("no such pool")
        floor.market.pools[COIN.mint] = other
        await floor.clock.advance(3)
        floor.market.broken = None
        floor.closes(9, 1.2)
        await floor.clock.advance(10)
        assert floor.market.asked_pools[-1] == other
        assert floor.positions()[0].price == 1.2
        assert floor.told("PriceLost") == []
