"""Signals laid out for scorecards: of the whole platform, and of one wallet, on both databases."""

from pathlib import Path

import polars as pl

from app.research.followed import Followed, Market
from app.research.paths import Recorded
from app.research.sources import newest_signals, platform_signals, wallet_signals
from app.store.database import Database
from app.store.journal import Journal
from app.store.skipped import Reached
from app.trading.fills import Costs
from app.trading.ids import SignalId
from app.trading.inputs import Pause, SignalArrived, SignalFailed
from app.trading.plans import ExitPlan, Limits
from app.trading.signals import ScreeningFailure, Sentiment
from tests.trading.world import MINUTE, START, World, coin, signal, wish

QUICK = ExitPlan(stop_loss=0.1, take_profit=((0.5, 1.0),), trailing_stop=None)
WIDE = Limits(max_token_exposure=1, max_exposure=1)


def history() -> World:
    """Three signals: one bought, one that only other wishes confirmed, one that failed."""
    world = World(wish(exit_plan=QUICK, limits=WIDE), window=4)
    world.join()
    first = world.signal(coin(1))
    world.candle(first, 1.0)
    world.buy(first, 1.2)
    for price in (1.5, 1.8):
        world.candle(first, price)
    own = world.join()
    world.wants(own, wish("rising", exit_plan=QUICK, limits=WIDE))
    second = world.signal(coin(2))
    world.do(Pause(at=world.now, wallet=own))
    for price in (1.0, 1.02, 0.8, 0.8):
        world.candle(second, price)
    number = world.do(SignalArrived(at=world.now, signal=signal(coin(3).mint, world.now)))[0]
    assert isinstance(number, int)
    world.do(
        SignalFailed(
            at=world.now,
            signal=SignalId(number),
            reason=ScreeningFailure.SENTIMENT_LOW,
            token=coin(3),
            sentiment=Sentiment(score=10.0, mentions=1),
        )
    )
    world.do(SignalArrived(at=world.now, signal=signal(coin(4).mint, world.now)))
    return world


def followed(world: World, database: Database, folder: Path) -> Followed:
    where = Recorded(database, folder, "1m", MINUTE)
    return Followed(Market(where, Costs()))


async def test_the_platform_follows_every_signal_from_its_screening(
    journal: Journal, database: Database, tmp_path: Path
) -> None:
    world = history()
    await journal.write(world.rows)
    found = await platform_signals(
        followed(world, database, tmp_path),
        world.rules.default_profile,
        since=START,
        until=world.now + 1,
        now=world.now,
    )
    rows = found.reverse().select("judged", "screened", "confirmed", "bought", "score", "share")
    assert rows.rows() == [
        (True, True, True, True, 80.0, 0.5),  # bought at 1.0, sold at 1.5
        (True, True, False, False, 80.0, -0.2),
        (True, False, False, False, 10.0, None),
        (False, False, False, False, None, None),
    ]
    assert found["peak"].to_list()[::-1] == [2 * MINUTE, MINUTE, None, None]
    assert found["would_share"].to_list() == found["share"].to_list()


async def test_a_wallet_has_its_own_results(
    journal: Journal, database: Database, tmp_path: Path
) -> None:
    world = history()
    await journal.write(world.rows)
    signals = await newest_signals(
        followed(world, database, tmp_path), world.rules.default_profile, since=0, until=2**62
    )
    trades = pl.DataFrame(
        {"signal": [1, 2, None], "pnl_percent": [50.0, None, 7.0], "time_to_peak": [9, None, 1]}
    )
    reached = {1: Reached(1, 1, 1), 2: Reached(2, 2, 0)}
    found = wallet_signals(signals, reached, trades, []).reverse()
    assert found["confirmed"].to_list() == [True, True, False, False]
    assert found["bought"].to_list() == [True, False, False, False]
    assert found["share"].to_list() == [0.5, None, None, None]
    assert found["peak"].to_list() == [9, None, None, None]
    assert found["would_share"].to_list() == [None] * 4
