"""The whole platform on real candles, and every trade held against a second reading of the rules.

The candles are those of the shared data folder beside the project; a copy of the project that has
none skips this. Everything passes over HTTP, in the recording's own time (see `lockstep`).
"""

import sqlite3
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from app.engine.audit import audit
from app.engine.views import PositionView
from tests.recorded.entries import Candle
from tests.recorded.lockstep import Run, running
from tests.recorded.people import PEOPLE
from tests.recorded.reading import (
    LAG_MS,
    STEP_MS,
    Coin,
    Costs,
    Fill,
    Trade,
    Wallet,
    World,
)

RECORDINGS = Path(__file__).parents[3] / "shared" / "data"
DECIMALS = {"BOME": 6, "BONK": 5, "WIF": 6}
OPENED = (
    "wallet_id",
    "signal_id",
    "source",
    "entry_time",
    "entry_price",
    "quantity",
    "sol_invested",
    "initial_sentiment_score",
    "initial_mention_count",
    "sol_returned",
)
CLOSED = ("status", "exit_time", "exit_price", "exit_reason", "pnl_sol", "pnl_percent")
FREE = Costs()
WEEK_MS = 6 * 86_400_000

pytestmark = pytest.mark.skipif(
    not (RECORDINGS / "BONK-SOL_5m.parquet").exists(),
    reason="the recorded candles of ../shared/data are not there",
)


@dataclass(frozen=True)
class Slice:
    """A part of the recording: its first moment, candles, candles between signals, and costs."""

    day: datetime
    candles: int
    signals_every: int
    costs: Costs = FREE

    @property
    def start(self) -> int:
        return int(self.day.timestamp() * 1_000)


def day(month: int, number: int, hour: int = 0) -> datetime:
    return datetime(2024, month, number, hour, tzinfo=UTC)


SLICES = [
    pytest.param(Slice(day(3, 19), 320, 40), id="fall-in-march"),
    pytest.param(Slice(day(4, 13, 12), 400, 130, Costs(30, 25)), id="crash-in-april-with-costs"),
]
MORE = [
    pytest.param(Slice(day(6, 20, 6), 320, 60, Costs(0, 10)), id="june-with-slippage"),
    pytest.param(Slice(day(3, 18), 20_000, 90, Costs(10, 15)), id="ten-weeks"),
]


@pytest.mark.parametrize("part", SLICES)
async def test_the_platform_trades_as_the_rules_are_written(part: Slice, tmp_path: Path) -> None:
    await compare(part, tmp_path)


@pytest.mark.slow
@pytest.mark.timeout(3_600)
@pytest.mark.parametrize("part", MORE)
async def test_it_does_at_other_times(part: Slice, tmp_path: Path) -> None:
    await compare(part, tmp_path)


async def compare(part: Slice, folder: Path) -> None:
    costs = part.costs
    async with running(
        RECORDINGS,
        folder,
        start=part.start,
        signals_every=part.signals_every,
        fees=costs.fees_bps,
        slippage=costs.slippage_bps,
    ) as run:
        for person in PEOPLE:
            await run.register(person.address, person.lamports, person.profile)
        await run.play(part.candles)
        world = read(run, part)
        memory = [await shown(run, wallet) for wallet in world.wallets]
        findings, _ = await audit(run.app.state.database)
    with sqlite3.connect(folder / "test.db") as record:
        compare_trades(record, world)
        assert memory == [expected(wallet) for wallet in world.wallets]
        assert findings == []
        compare_prices(record, world)
        compare_signals(record, world)
        compare_decisions(record, world)
    record.close()
    check_breadth(world)


def read(run: Run, part: Slice) -> World:
    """Live through the same candles by the reading."""
    names = {f"{name}-SOL": name for name in DECIMALS}
    history = {name: candles(RECORDINGS / f"{pair}_5m.parquet") for pair, name in names.items()}
    coins = {name: Coin(name, decimals, []) for name, decimals in DECIMALS.items()}
    wallets = [
        Wallet.of(number, one.lamports, one.wishes, part.costs, part.start)
        for number, one in enumerate(PEOPLE, start=1)
    ]
    signals = run.market.app.state.signals.schedule(part.start)
    world = World(history, coins, wallets, [(at, pair.symbol) for at, pair in signals])
    world.play(part.start, part.candles)
    return world


def candles(path: Path) -> list[Candle]:
    frame = pl.read_parquet(path).with_columns(pl.col("timestamp").dt.epoch("ms"))
    names = ("timestamp", "open", "high", "low", "close", "volume")
    return [Candle(*row) for row in frame.select(names).iter_rows()]


def trades_of(world: World) -> list[tuple[int, Trade]]:
    return [(wallet.number, trade) for wallet in world.wallets for trade in wallet.trades]


def rows(record: sqlite3.Connection, query: str, *values: object) -> list[dict[str, Any]]:
    record.row_factory = sqlite3.Row
    return [dict(row) for row in record.execute(query, values)]


def compare_trades(record: sqlite3.Connection, world: World) -> None:
    kept = rows(
        record,
        "select t.*, k.symbol from trades t join tokens k on k.id = t.token_id"
        " order by wallet_id, t.id",
    )
    expected = trades_of(world)
    assert [
        (row["wallet_id"], row["symbol"], row["strategy"], row["entry_time"]) for row in kept
    ] == [(wallet, one.coin.symbol, one.strategy, one.time) for wallet, one in expected]
    for row, (wallet, trade) in zip(kept, expected, strict=True):
        fills = rows(record, "select * from fills where trade_id = ? order by id", row["id"])
        assert [as_fill(fill) for fill in fills] == trade.fills
        assert as_trade(row) == {**opened(wallet, trade), **closed(trade)}


def as_fill(row: dict[str, Any]) -> Fill:
    names = ("timestamp", "side", "price", "size", "sol", "fee", "reason")
    return Fill(*(row[name] for name in names))


def as_trade(row: dict[str, Any]) -> dict[str, object]:
    return {name: row[name] for name in (*OPENED, *CLOSED)}


def opened(wallet: int, trade: Trade) -> dict[str, object]:
    values = (wallet, trade.signal, "signal", trade.time, trade.entry, trade.units, trade.cost)
    return dict(zip(OPENED, (*values, 80.0, 57, trade.returned), strict=True))


def closed(trade: Trade) -> dict[str, object]:
    if trade.left:
        return dict(zip(CLOSED, ("active", None, None, None, None, None), strict=True))
    last = trade.fills[-1]
    percent = 100.0 * trade.pnl / trade.cost
    values = ("finished", last.time, last.price, last.reason, trade.pnl, percent)
    return dict(zip(CLOSED, values, strict=True))


async def shown(run: Run, wallet: Wallet) -> tuple[object, ...]:
    """Read a wallet and its open positions as the platform shows them."""
    views = await run.live.settled()
    one = views.wallet(wallet.number)
    numbers = (one.sol_balance, one.total_value, one.overall_pnl, one.paused)
    return (numbers, [as_state(position) for position in views.positions(wallet.number)])


def expected(wallet: Wallet) -> tuple[object, ...]:
    equity = wallet.equity()
    numbers = (wallet.cash, equity, equity - wallet.initial, wallet.paused)
    return (
        numbers,
        [
            (one.coin.symbol, one.left, one.stop, one.highest, one.phase, one.coin.price)
            for one in wallet.open
        ],
    )


def as_state(one: PositionView) -> tuple[object, ...]:
    return (one.token.symbol, one.units, one.stop, one.highest, one.phase, one.price)


def compare_prices(record: sqlite3.Connection, world: World) -> None:
    """Every close that the reading went by reached the engine once, in the same order.

    Prices of tokens that nobody holds leave the table after a week.
    """
    seen = rows(
        record,
        "select at, symbol, price from ticks join tokens on token_id = tokens.id order by seq",
    )
    ticks = [(row["at"], row["symbol"], row["price"]) for row in seen]
    expected = set(world.ticks)
    lately = world.ticks[-1][0] - WEEK_MS
    assert [tick for tick in ticks if tick in expected and tick[0] > lately] == [
        tick for tick in world.ticks if tick[0] > lately
    ]
    recorded = {
        (candle.time + STEP_MS, name, candle.close)
        for name, history in world.history.items()
        for candle in history
    }
    assert set(ticks) <= recorded


def compare_signals(record: sqlite3.Connection, world: World) -> None:
    """Every signal ended as the reading ended it, and what still goes on is watched."""
    kept = rows(
        record,
        "select s.*, k.symbol from signals s join tokens k on k.id = s.token_id order by s.id",
    )
    assert [(row["triggered_at"], row["symbol"]) for row in kept] == world.sent
    for row in kept:
        ended = world.ends.get(row["id"], ("Monitoring", None))
        assert (row["status"], row["reason"]) == ended


def compare_decisions(record: sqlite3.Connection, world: World) -> None:
    """A taken decision is a trade; a refusal names a limit that the reading saw broken too.

    Refusals for one reason after another are recorded once a signal.
    """
    kept = rows(
        record,
        "select d.*, k.symbol from decisions d join tokens k on k.id = d.token_id order by d.id",
    )
    taken = {row["id"] for row in kept if row["verdict"] == "taken"}
    assert taken == {row["id"] for row in rows(record, "select id from trades")}
    refusals = [(wallet.number, one) for wallet in world.wallets for one in wallet.refusals]
    broken = {
        (wallet, one.time + LAG_MS, one.symbol, one.strategy): one.broken
        for wallet, one in refusals
    }
    refused = [row for row in kept if row["verdict"] == "refused"]
    for row in refused:
        key = (row["wallet_id"], row["at"], row["symbol"], row["strategy"])
        assert row["reason"] in broken[key]
    assert {(row["wallet_id"], row["signal_id"]) for row in refused} == {
        (wallet, one.signal) for wallet, one in refusals
    }


def check_breadth(world: World) -> None:
    """An agreement on nothing would prove nothing."""
    trades = [trade for _, trade in trades_of(world)]
    assert len(trades) >= 25
    assert {trade.coin.symbol for trade in trades} == set(DECIMALS)
    assert {trade.strategy for trade in trades} == {"sma_crossover", "breakout"}
    reasons = {fill.reason for trade in trades for fill in trade.fills}
    assert reasons >= {"entry", "stop_loss", "trailing_stop", "take_profit_1", "take_profit_2"}
    assert any(wallet.refusals for wallet in world.wallets)
