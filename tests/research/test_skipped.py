"""What a wallet did not buy: which decisions count, at which size, and what came of them."""

from pathlib import Path

import numpy as np
import pytest

from app.research.followed import Followed, Market
from app.research.paths import Recorded
from app.research.skipped import NO_TOKEN, Skip, Skipped, Wallet
from app.research.would_have import NO_PRICES, STILL_OPEN
from app.store.archive import KEPT_MS, archive_ticks
from app.store.database import Database
from app.store.journal import Journal
from app.store.skipped import NEWEST, Place
from app.trading.fills import Costs
from app.trading.ids import SignalId, WalletId
from app.trading.inputs import History, Pause, PriceSeen, Resume, SignalArrived, SignalFailed
from app.trading.ledger import TradeRow, TradeUpdate
from app.trading.market import Candle, Token
from app.trading.plans import ExitPlan, Limits
from app.trading.signals import ScreeningFailure, Sentiment
from tests.trading.world import MINUTE, SOL, START, World, coin, signal, wish

COSTS = Costs(fees_bps=30, slippage_bps=50)
QUICK = ExitPlan(stop_loss=0.1, take_profit=((0.1, 0.5), (0.3, 0.5)), trailing_stop=0.05)
SLOW = ExitPlan(stop_loss=0.5, take_profit=(), trailing_stop=None)
WIDE = Limits(max_open_positions=1_000, max_token_exposure=1, max_exposure=1, max_drawdown=1)


class Record:
    """A world whose rows are in a database, and who asks it."""

    def __init__(self, world: World, journal: Journal, database: Database, folder: Path) -> None:
        self.world, self.journal, self.database = world, journal, database
        self.folder = folder
        where = Recorded(database, folder, "1m", MINUTE)
        self.skipped = Skipped(Followed(Market(where, world.rules.costs)))

    async def skips(self, wallet: int, limit: int = 100) -> list[Skip]:
        """Keep what happened since the last call, and read what a wallet skipped."""
        await self.keep()
        marks = np.array([START]), np.array([10 * SOL]), np.array([4 * SOL])
        asked = Wallet(wallet, START, *marks)
        found: list[Skip] = []
        place: Place | None = NEWEST
        while place is not None:
            page = await self.skipped.page(
                asked,
                self.world.rules.default_profile,
                since=0,
                until=2**62,
                now=self.world.now,
                after=place,
                limit=limit,
            )
            found += page.items
            place = page.after
        return found

    async def keep(self) -> None:
        """Write what happened."""
        await self.journal.write(self.world.rows)
        self.world.rows = []


def record(journal: Journal, database: Database, folder: Path, window: int = 5) -> Record:
    world = World(wish(exit_plan=SLOW, limits=WIDE), costs=COSTS, window=window)
    return Record(world, journal, database, folder)


def walk(world: World, token: int, *moves: float) -> None:
    price = world.closes[token]
    for move in moves:
        price *= move
        world.candle(token, price)


FALL = (1.05, 1.1, 0.97, 1.2, 0.9, 0.93, 0.9, 0.9, 1.3)


@pytest.mark.parametrize("archived", [False, True])
async def test_a_refusal_comes_to_what_the_others_made(
    journal: Journal, database: Database, tmp_path: Path, archived: bool
) -> None:
    kept = record(journal, database, tmp_path)
    world = kept.world
    buyer, paused = world.join(), world.join()
    for wallet in (buyer, paused):
        world.wants(wallet, wish(exit_plan=QUICK, limits=WIDE))
    world.do(Pause(at=world.now, wallet=WalletId(paused)))
    token = world.signal(coin(1))
    world.candle(token)
    (trade,) = world.buy(token, 1.1)
    # What it wants later does not change what it wanted then.
    world.wants(paused, wish(exit_plan=SLOW, limits=WIDE))
    walk(world, token, *FALL)
    (end,) = [row for row in world.of(TradeUpdate) if row.status == "finished"]
    if archived:
        await kept.keep()
        other = world.signal(coin(2))
        world.candle(other)
        await kept.keep()
        assert await archive_ticks(database, journal, tmp_path, world.now + KEPT_MS)
    (skip,) = await kept.skips(paused)
    assert (skip.stage, skip.filter, skip.strategy) == ("risk", "wallet_paused", "loud")
    assert (skip.value, skip.limit, skip.source) == (1.0, 0.0, "test")
    outcome = skip.outcome
    assert (outcome.entry_price, outcome.entry_at) == (trade.entry_price, trade.entry_time)
    assert (outcome.pnl, outcome.exit_at) == (end.pnl_sol, end.exit_time)
    assert outcome.exit_reason == end.exit_reason
    assert skip.spend == trade.sol_invested - COSTS.fee(skip.spend)
    assert await kept.skips(buyer) == []
    assert await kept.skips(paused) == [skip]


async def test_the_first_refusal_on_a_signal_counts(
    journal: Journal, database: Database, tmp_path: Path
) -> None:
    kept = record(journal, database, tmp_path, window=9)
    world = kept.world
    wallet = world.join()
    world.do(Pause(at=world.now, wallet=wallet))
    token = world.signal(coin(1))
    world.buy(token, 1.0)
    world.do(Resume(at=world.now, wallet=wallet))
    world.wants(wallet, wish(exit_plan=SLOW, limits=WIDE.model_copy(update={"max_exposure": 0})))
    world.buy(token, 2.0)
    walk(world, token, *[1.0] * 8)
    (skip,) = await kept.skips(wallet)
    assert (skip.filter, skip.outcome.entry_price) == ("wallet_paused", 1.0 * 1.005)
    # A signal that it bought on in the end was not skipped, and its end is no skip either.
    world.wants(wallet, wish(exit_plan=SLOW, limits=WIDE))
    world.do(Pause(at=world.now, wallet=wallet))
    late = world.signal(coin(2))
    world.buy(late, 1.0)
    world.do(Resume(at=world.now, wallet=wallet))
    assert len(world.buy(late, 1.0)) == 1
    walk(world, late, *[1.0] * 9)
    assert await kept.skips(wallet) == [skip]


async def test_a_signal_that_nobody_confirmed_counts_from_its_screening(
    journal: Journal, database: Database, tmp_path: Path
) -> None:
    kept = record(journal, database, tmp_path, window=5)
    world = kept.world
    wallet = world.join()
    token = world.signal(coin(1))
    walk(world, token, 2.0, 1.5, 1.0, 1.0, 0.8)
    (skip,) = await kept.skips(wallet)
    assert (skip.stage, skip.filter) == ("confirmation", "not_confirmed")
    assert (skip.value, skip.limit) == (5, 5)
    outcome = skip.outcome
    assert (outcome.entry_at, outcome.entry_price) == (START + MINUTE, 2.0 * 1.005)
    assert (outcome.status, outcome.note) == ("open", STILL_OPEN)
    # 2 % of ten SOL, bought at 2.01 and worth 2.4 at the end
    assert skip.spend == SOL // 5
    units = 200_000_000 * 10**6 // 2_010_000_000
    assert outcome.pnl == int(units * 2.4 * 1000) - COSTS.fee(skip.spend) - skip.spend


async def test_a_screening_that_failed_counts_from_the_first_price_after_it(
    journal: Journal, database: Database, tmp_path: Path
) -> None:
    kept = record(journal, database, tmp_path)
    world = kept.world
    wallet = world.join()

    def failed(token: Token | None, reason: ScreeningFailure, score: float | None) -> None:
        mint = "unknown" if token is None else token.mint
        number = world.do(SignalArrived(at=world.now, signal=signal(mint, world.now)))[0]
        assert isinstance(number, int)
        feeling = None if score is None else Sentiment(score=score, mentions=3)
        world.do(
            SignalFailed(
                at=world.now,
                signal=SignalId(number),
                reason=reason,
                token=token,
                sentiment=feeling,
                limit=60.0,
            )
        )

    failed(None, ScreeningFailure.DIRECTORY_UNAVAILABLE, None)
    failed(coin(8), ScreeningFailure.SENTIMENT_LOW, 30.0)
    failed(coin(9), ScreeningFailure.SENTIMENT_LOW, 55.0)
    # Another signal on it passes three minutes later; history fills the time between.
    world.now += 3 * MINUTE
    token = world.signal(coin(9), price=1.0)
    prices = (1.0, 1.5, 2.0)
    candles = [
        Candle(START + place * MINUTE, price, price, price, price, 1.0)
        for place, price in enumerate(prices)
    ]
    world.do(History(at=world.now, token=token, candles=candles))
    walk(world, token, 3.0, 1.0)
    skips = {skip.mint: skip for skip in await kept.skips(wallet)}
    assert len(skips) == 3
    assert skips["unknown"].outcome == NO_TOKEN
    assert (skips["unknown"].stage, skips["unknown"].limit) == ("screening", 60.0)
    assert skips[coin(8).mint].outcome.note == NO_PRICES
    seen = skips[coin(9).mint]
    assert (seen.filter, seen.value, seen.limit) == ("sentiment_low", 55.0, 60.0)
    assert (seen.outcome.entry_at, seen.outcome.entry_price) == (START + MINUTE, 1.005)
    assert seen.outcome.share == pytest.approx(3 / 1.005 / 1.003 - 1, abs=1e-4)


async def test_pages_join_to_the_list(journal: Journal, database: Database, tmp_path: Path) -> None:
    kept = record(journal, database, tmp_path)
    world = kept.world
    wallet = world.join()
    world.do(Pause(at=world.now, wallet=wallet))
    for number in range(1, 8):
        token = world.signal(coin(number))
        world.buy(token)
        walk(world, token, 1.01, 0.4)
    every = await kept.skips(wallet)
    assert [skip.filter for skip in every] == ["wallet_paused"] * 7
    assert every == sorted(every, key=lambda skip: skip.place, reverse=True)
    for limit in (1, 2, 3, 7, 8):
        assert await kept.skips(wallet, limit) == every


async def test_a_price_inside_the_next_candle_counts(
    journal: Journal, database: Database, tmp_path: Path
) -> None:
    kept = record(journal, database, tmp_path)
    world = kept.world
    wallet, buyer = world.join(), world.join()
    world.do(Pause(at=world.now, wallet=wallet))
    token = world.signal(coin(1))
    world.buy(token)
    assert [row.wallet_id for row in world.of(TradeRow)] == [buyer]
    world.do(PriceSeen(at=world.now + 1, token=token, price=0.4))
    (skip,) = await kept.skips(wallet)
    assert (skip.outcome.exit_reason, skip.outcome.exit_at) == ("stop_loss", world.now + 1)
