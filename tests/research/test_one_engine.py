"""One engine for what is and what would have been: live, backtest, sweep and replay, to the fill.

Fifty wallets with fifty exit plans live through the same candles on the running engine, with a
record. Then each plan is played again: by the engine fed with history, in one compiled pass, in a
sweep, and trade by trade on the prices in the record. A plain reading of the rules has the last
word.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import polars as pl
import pytest

from app import strategies
from app.engine.feed import MarketFeed
from app.engine.live import Live, Recovered
from app.engine.recovery import recover
from app.engine.replaying import EQUAL, check_trade
from app.research import backtest as backtests
from app.research.crowd import Crowd
from app.research.driven import drive, recorded_trades
from app.research.loading import Loaded, Sources, load
from app.research.passes import Passes, Span
from app.research.requests import BacktestRequest, SweepRequest
from app.research.results import RunTrade
from app.research.space import Space
from app.store.database import Database
from app.store.journal import Journal
from app.store.lease import Lease
from app.store.migrate import upgrade
from app.store.replays import past_trades, played_trade
from app.store.trade_lists import list_trades
from app.store.trades import fills_of
from app.trading.fills import Costs
from app.trading.ids import TokenId, WalletId
from app.trading.inputs import (
    CandleClosed,
    ChangeSettings,
    Input,
    PriceSeen,
    Refused,
    Register,
    TokenNamed,
)
from app.trading.market import Candle, Token
from app.trading.plans import Entry, ExitPlan, Profile
from app.trading.state import Rules
from tests.providers.clocks import RealClock
from tests.recorded.entries import Breakout, Crossover, Strategy
from tests.recorded.entries import Candle as PlainCandle
from tests.recorded.reading import STEP_MS, Plan
from tests.recorded.reading import Costs as PlainCosts
from tests.research.reading import Read, confirms, read
from tests.research.series import candles
from tests.trading.manyplans import EDGES, random_plans
from tests.trading.world import address

KNOWN = strategies.load()
READINGS: dict[str, Strategy] = {"sma_crossover": Crossover(), "breakout": Breakout()}
PLANS = [*EDGES, *random_plans(50 - len(EDGES))]
PATHS = ("close", "ohlc")
COSTS = Costs(fees_bps=30, slippage_bps=20)
DECIMALS = 6
FRAME = candles(900, "5m", seed=11)
SHARED = Path(__file__).parents[3] / "shared" / "data"

Fills = list[tuple[int, str, float, int, int, int, str]]


def fills_of_run(trades: Sequence[RunTrade]) -> Fills:
    """Lay a run's trades out as fills."""
    found: Fills = []
    for one in trades:
        bought = (one.entry_time, "BUY", one.entry_price, one.units, one.spent, one.fee, "entry")
        found.append(bought)
        found += [
            (sold.time, "SELL", sold.price, sold.units, sold.lamports, sold.fee, sold.reason)
            for sold in one.sold
        ]
    return sorted(found)


def fills_of_reading(trades: Sequence[Read], costs: PlainCosts) -> Fills:
    """Lay the reading's trades out as fills."""
    found: Fills = []
    for one in trades:
        spent = one.cost - costs.fee(_spend(one.cost, costs))
        fee = one.cost - spent
        found.append((one.entry_time, "BUY", one.entry_price, one.units, spent, fee, "entry"))
        found += [
            (sold.time, "SELL", sold.price, sold.units, sold.lamports, sold.fee, sold.reason)
            for sold in one.sold
        ]
    return sorted(found)


def _spend(cost: int, costs: PlainCosts) -> int:
    spend = cost * 10_000 // (10_000 + costs.fees_bps)
    while spend + costs.fee(spend) < cost:
        spend += 1
    return spend


def request(strategy: str, plan: ExitPlan, price_path: str) -> BacktestRequest:
    rows = [list(row) for row in FRAME.rows()]
    return BacktestRequest.model_validate(
        {
            "candles": {"source": "inline", "rows": rows, "timeframe": "5m"},
            "entry": {"strategy": strategy},
            "exit": plan.model_dump(),
            "fees_bps": COSTS.fees_bps,
            "slippage_bps": COSTS.slippage_bps,
            "price_path": price_path,
            "decimals": DECIMALS,
        }
    )


def loaded(strategy: str, price_path: str) -> tuple[BacktestRequest, list[Loaded]]:
    asked = request(strategy, PLANS[0], price_path)
    return asked, load(asked, Sources(Path()), KNOWN[strategy]().lookback)


def profile(strategy: str, plan: ExitPlan) -> Profile:
    return Profile(entries=(Entry(strategy=strategy),), exit=plan, limits=None)


@asynccontextmanager
async def running(url: str, strategy: str) -> AsyncIterator[tuple[Live, Database]]:
    """Run the live engine on a fresh record."""
    journal, database = await Journal.open(url), await Database.open(url)
    await Lease(journal, "test", 60_000).acquire()
    rules = Rules(
        timeframe="5m",
        timeframe_ms=STEP_MS,
        confirmation_window=10,
        default_profile=profile(strategy, ExitPlan()),
        costs=COSTS,
    )

    async def recovered() -> Recovered:
        return await recover(database, rules, KNOWN, 0, int(FRAME["time"][0]))

    live = Live(recovered, journal, RealClock(), MarketFeed(""))
    task = asyncio.create_task(live.run())
    await live.settled()
    yield live, database
    live.stop()
    await task
    await database.close()
    await journal.close()


def inputs(strategy: str, price_path: str) -> list[Input]:
    """Write down what the live engine hears: fifty wallets, a token by name, its candles."""
    at = int(FRAME["time"][0])
    found: list[Input] = []
    for number, plan in enumerate(PLANS, start=1):
        found.append(
            Register(at=at, wallet_address=address(number), kind="synthetic", lamports=10**10)
        )
        found.append(
            ChangeSettings(
                at=at,
                wallet=WalletId(number),
                symbol="COIN",
                body="{}",
                profile=profile(strategy, plan),
            )
        )
    token = Token(TokenId(0), address(10**6), "COIN", DECIMALS, "pool")
    found.append(TokenNamed(at=at, symbol="COIN", token=token))
    for row in FRAME.rows():
        candle = Candle(*row)
        if price_path == "ohlc":
            found += [
                PriceSeen(at=candle.time + STEP_MS * part // 4, token=TokenId(1), price=price)
                for part, price in enumerate((candle.open, candle.low, candle.high), start=1)
            ]
        found.append(CandleClosed(at=candle.time + STEP_MS, token=TokenId(1), candle=candle))
    return found


async def lived(url: str, strategy: str, price_path: str) -> tuple[list[Fills], list[str]]:
    """Live, and return each wallet's fills, and what running its closed trades again says."""
    async with running(url, strategy) as (live, database):
        *most, last = inputs(strategy, price_path)
        for wish in most:
            await live.post(wish)
        assert not isinstance(await live.submit(last), Refused)
        found: list[Fills] = []
        for number in range(1, len(PLANS) + 1):
            trades = await list_trades(database, number, limit=500)
            fills = [fill for trade in trades for fill in await fills_of(database, trade.id)]
            found.append(
                sorted(
                    (one.timestamp, one.side, one.price, one.size, one.sol, one.fee, one.reason)
                    for one in fills
                )
            )
        said = []
        async for page in past_trades(database):
            for past in page:
                trade = await played_trade(database, past.id)
                assert trade is not None
                checked = await check_trade(database, Path("nowhere"), trade, COSTS)
                said.append(checked.status)
        return found, said


def plain(plan: ExitPlan) -> Plan:
    after = plan.trailing_after_tier
    return Plan(
        stop_loss=plan.stop_loss,
        take_profit=plan.take_profit,
        trailing_stop=None if after is None else plan.trailing_stop,
        breakeven_after_tier=plan.breakeven_after_tier or 0,
        trailing_after_tier=after or 0,
        max_holding_candles=plan.max_holding_candles,
    )


@pytest.mark.parametrize("price_path", PATHS)
@pytest.mark.parametrize("strategy", sorted(KNOWN))
def test_live_backtest_sweep_and_replay_give_the_same_fills(
    strategy: str, price_path: str, tmp_path: Path
) -> None:
    url = f"sqlite+aiosqlite:///{tmp_path}/record.db"
    upgrade(url)
    live, said = asyncio.run(lived(url, strategy, price_path))
    assert sum(len(fills) for fills in live) > 500
    assert len(said) > 200
    assert set(said) == {EQUAL}

    asked, tokens = loaded(strategy, price_path)
    profiles = [profile(strategy, plan) for plan in PLANS]
    driven = drive(asked, profiles, tokens, lambda _: None)
    trades = dict(zip((row.id for row in driven.trades), recorded_trades(driven), strict=True))
    by_wallet = [
        [trades[row.id] for row in driven.trades if row.wallet_id == number]
        for number in range(1, len(PLANS) + 1)
    ]
    assert [fills_of_run(one) for one in by_wallet] == live

    for plan, fills in zip(PLANS, live, strict=True):
        run = backtests.run_backtest(
            request(strategy, plan, price_path), Sources(tmp_path), lambda _: None
        )
        assert run.driver == "walk"
        assert fills_of_run(run.trades) == fills

    if strategy in READINGS:  # what is added later has no plain reading yet
        rows = [PlainCandle(*row) for row in FRAME.rows()]
        yes = confirms(READINGS[strategy], rows)
        costs = PlainCosts(COSTS.fees_bps, COSTS.slippage_bps)
        for plan, fills in zip(PLANS, live, strict=True):
            again = read(
                rows, yes, plain(plan), costs, decimals=DECIMALS, four=price_path == "ohlc"
            )
            assert fills_of_reading(again, costs) == fills


@pytest.mark.parametrize("price_path", PATHS)
@pytest.mark.parametrize("strategy", sorted(KNOWN))
def test_a_sweep_by_passes_and_by_the_engine_give_the_same_wallets(
    strategy: str, price_path: str
) -> None:
    asked, tokens = loaded(strategy, price_path)
    sweep = SweepRequest.model_validate(
        {
            **asked.model_dump(by_alias=True, exclude={"entry", "exit"}),
            "entry": {"strategy": strategy},
            "exit": {"stop_loss": [0.02, 0.1], "trailing_stop": [0.03, None, 0.2]},
        }
    )
    space = Space(sweep, KNOWN)
    chosen, impossible = space.possible(space.grid(), lambda _: None)
    assert (len(chosen), impossible) == (6, 0)
    for span in (Span(0, 900), Span(300, 700)):
        passes = Passes(sweep, tokens[0], chosen).play(span)
        crowd = Crowd(sweep, tokens, chosen, lambda _: None).play(span)
        assert passes.trades.tolist() == crowd.trades.tolist()
        assert len(passes.trades) > 20
        assert passes.times.tolist() == crowd.times.tolist()
        assert passes.equity.tolist() == crowd.equity.tolist()


@pytest.mark.skipif(not SHARED.exists(), reason="the candles of ../shared/data are not there")
@pytest.mark.parametrize("file", sorted(SHARED.glob("*_5m.parquet")), ids=lambda path: path.stem)
def test_the_plain_reading_agrees_on_real_candles(file: Path) -> None:
    frame = pl.read_parquet(file)
    time, *rest = frame.columns
    rows = frame.select(pl.col(time).dt.epoch("ms").cast(pl.Float64), *rest).rows()
    plain_rows = [PlainCandle(int(row[0]), *row[1:]) for row in rows]
    costs = PlainCosts(10, 15)
    for name, strategy in READINGS.items():
        yes = confirms(strategy, plain_rows)
        assert any(yes)
        for price_path in PATHS:
            asked = BacktestRequest.model_validate(
                {
                    "candles": {"source": "inline", "rows": rows, "timeframe": "5m"},
                    "entry": {"strategy": name},
                    "fees_bps": costs.fees_bps,
                    "slippage_bps": costs.slippage_bps,
                    "price_path": price_path,
                }
            )
            run = backtests.run_backtest(asked, Sources(Path()), lambda _: None)
            again = read(plain_rows, yes, Plan(), costs, decimals=6, four=price_path == "ohlc")
            assert fills_of_run(run.trades) == fills_of_reading(again, costs)
            assert len(run.trades) > 0
