"""What other plans would have made of recorded trades, against the rules read once more.

The record is a script's: sales by hand, missing candles, tokens of no and of nine decimals.
"""

import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import delete

from app import strategies
from app.research import machine, seen_prices, what_if
from app.research.results import SoldPart, Unfit
from app.research.seen_prices import TooManyPricesError, UnplayableError
from app.research.what_if import OneTrade, WhatIf, thinned
from app.store import archive
from app.store.archive import archive_ticks
from app.store.database import Database
from app.store.journal import Journal
from app.store.query import Query, table_of
from app.store.replays import PlayedFilter, PlayedTrade, past_trades, played_trade, played_trades
from app.store.tables import Tick
from app.store.ticks import ticks_after
from app.store.trades import fills_of
from app.store.types import LARGEST
from app.trading.ledger import FillRow, TickRow
from app.trading.plans import ExitPlan
from tests.engine.record import keep
from tests.engine.script import MINUTE, RULES, Script
from tests.providers.clocks import StillClock
from tests.trading.exit_model import Holding, Wanted
from tests.trading.manyplans import EDGES, random_plans

SCRIPT = Script(11, 90)
NOW = SCRIPT.now(SCRIPT.batches)
PLANS = [*EDGES, *random_plans(50)]
PATIENCE = 180_000
FEES, SLIPPAGE = RULES.costs.fees_bps, RULES.costs.slippage_bps


@dataclass(frozen=True)
class Kept:
    """A record, what may be asked of it, and its trades that ended."""

    database: Database
    journal: Journal
    folder: Path
    what_if: WhatIf
    closed: list[PlayedTrade]

    async def ticks(self, trade: PlayedTrade, after: int) -> list[TickRow]:
        pages = ticks_after(self.database, trade.token_id, after)
        return [tick async for page in pages for tick in page]

    async def ask(self, trade: PlayedTrade, plans: list[ExitPlan], **options: bool) -> OneTrade:
        wanted = {"path": False, **options}
        found = await self.what_if.of_trade(trade.wallet_id, trade.id, plans, **wanted)
        assert found is not None
        return found


def asking(database: Database, folder: Path) -> WhatIf:
    return WhatIf(database, folder, RULES.costs, RULES.timeframe_ms, StillClock(NOW))


@pytest.fixture
async def kept(journal: Journal, database: Database, tmp_path: Path) -> Kept:
    await keep(SCRIPT, journal, strategies.load())
    closed = [
        trade
        async for page in past_trades(database)
        for past in page
        if (trade := await played_trade(database, past.id)) is not None
    ]
    assert len(closed) > 15
    return Kept(database, journal, tmp_path, asking(database, tmp_path), closed)


def read_again(
    plan: ExitPlan, entry: FillRow, ticks: list[TickRow], market: float, decimals: int
) -> tuple[list[SoldPart], int]:
    """Lead a position by the plain reading; answers its sales and what is left of it."""
    wanted = Wanted(
        plan.stop_loss,
        plan.take_profit,
        plan.trailing_stop,
        plan.breakeven_after_tier or None,
        plan.trailing_after_tier,
    )
    held = plan.max_holding_candles
    deadline = None if held is None else entry.timestamp + held * MINUTE
    holding, sold = Holding(wanted, entry.price, entry.size, deadline), []
    ends = TickRow(0, 0, NOW, 0.0)
    for tick in [*ticks, ends]:
        if not holding.left:
            break
        if deadline is not None and tick.at > deadline + PATIENCE:
            sold.append((deadline + PATIENCE, market, holding.left, "max_holding"))
            holding.left = 0
        elif tick is not ends:
            market = tick.price
            parts = holding.see(market, tick.at)
            sold += [(tick.at, market, one.units, one.reason) for one in parts]
    return [_settled(decimals, *one) for one in sold], holding.left


def _settled(decimals: int, at: int, market: float, units: int, reason: str) -> SoldPart:
    price = market * (1.0 - SLIPPAGE / 10_000)
    lamports = math.floor(float(units) * price * 1e9 / 10.0**decimals)
    fee = min(-(-lamports * FEES // 10_000), lamports)
    return SoldPart(time=at, price=price, units=units, lamports=lamports, fee=fee, reason=reason)


async def test_the_own_plan_gives_the_record_bit_for_bit(kept: Kept) -> None:
    for trade in kept.closed:
        plan = ExitPlan.model_validate_json(trade.exit_plan)
        found = await kept.ask(trade, [plan])
        fills = (await fills_of(kept.database, trade.id))[1:]
        assert [
            (part.time, part.price, part.units, part.lamports, part.fee, part.reason)
            for part in found.outcomes.sold[0]
        ] == [
            (fill.timestamp, fill.price, fill.size, fill.sol, fill.fee, fill.reason)
            for fill in fills
        ]
        assert int(found.outcomes.pnl[0]) == int(found.recorded.pnl[0]) == trade.pnl_sol
        assert float(found.outcomes.percent[0]) == trade.pnl_percent
        assert int(found.outcomes.exit_time[0]) == trade.exit_time
        assert found.outcomes.reason == found.recorded.reason == [trade.exit_reason]


@pytest.mark.parametrize("compiled", [False, True])
async def test_other_plans_agree_with_the_plain_reading(
    kept: Kept, compiled: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(machine, "PLAIN_RUNS", 0 if compiled else 10**9)
    monkeypatch.setattr(what_if, "FEW", len(PLANS))
    monkeypatch.setattr(WhatIf, "_load", lambda _: None)
    for trade in kept.closed[::3]:
        own = ExitPlan.model_validate_json(trade.exit_plan)
        plans = [plan for plan in PLANS if plan != own]
        found = await kept.ask(trade, plans)
        entry = (await fills_of(kept.database, trade.id))[0]
        ticks = await kept.ticks(trade, entry.tick_seq - 1)
        for number, plan in enumerate(plans):
            sold, left = read_again(plan, entry, ticks[1:], ticks[0].price, trade.decimals)
            assert found.outcomes.sold[number] == sold, plan
            assert int(found.outcomes.left[number]) == left
            value = math.floor(float(left) * ticks[-1].price * 1e9 / 10.0**trade.decimals)
            gained = sum(part.lamports - part.fee for part in sold)
            assert int(found.outcomes.pnl[number]) == gained + value - trade.sol_invested
            if not left:
                assert found.outcomes.reason[number] == sold[-1].reason
                assert int(found.outcomes.exit_time[number]) == sold[-1].time


async def test_many_trades_are_the_sum_of_each(kept: Kept) -> None:
    trade = kept.closed[0]
    own = [one for one in kept.closed if one.wallet_id == trade.wallet_id]
    plans = PLANS[:7]
    wanted = PlayedFilter(0, LARGEST)
    many = await kept.what_if.of_wallet(trade.wallet_id, wanted, plans)
    assert many.trades >= len(own)
    lines = await played_trades(kept.database, trade.wallet_id, wanted, 100)
    each = [await kept.ask(line, plans) for line in lines]
    pnl = np.array([one.outcomes.pnl for one in each])
    closed = np.array([one.outcomes.left == 0 for one in each])
    assert (many.totals.pnl == pnl.sum(axis=0)).all()
    assert (many.totals.finished == closed.sum(axis=0)).all()
    assert (many.totals.wins == (closed & (pnl > 0)).sum(axis=0)).all()
    assert int(many.recorded.pnl[0]) == sum(int(one.recorded.pnl[0]) for one in each)
    few = PlayedFilter(0, LARGEST, mint=trade.mint, strategy=trade.strategy)
    chosen = await kept.what_if.of_wallet(trade.wallet_id, few, plans[:1])
    assert {(line.mint, line.strategy) for line, _, _ in chosen.each} == {
        (trade.mint, trade.strategy)
    }
    later = PlayedFilter(trade.entry_time, trade.entry_time + 1)
    found = await kept.what_if.of_wallet(trade.wallet_id, later, plans[:1])
    assert {line.entry_time for line, _, _ in found.each} == {trade.entry_time}


async def test_prices_in_files_count_and_those_that_are_gone_are_said(
    kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    plans = PLANS[:9]
    before = [await kept.ask(trade, plans) for trade in kept.closed]
    monkeypatch.setattr(archive, "ROWS_PER_FILE", 20)
    monkeypatch.setattr(archive, "PAGE", 20)
    later = NOW + archive.KEPT_MS
    assert await archive_ticks(kept.database, kept.journal, kept.folder, later) > 50
    fresh = asking(kept.database, kept.folder)
    for trade, known in zip(kept.closed, before, strict=True):
        found = await fresh.of_trade(trade.wallet_id, trade.id, plans, path=False)
        assert found is not None
        assert found.outcomes.pnl.tolist() == known.outcomes.pnl.tolist()
    elsewhere = asking(kept.database, kept.folder / "nowhere")
    await kept.journal.execute(Query(delete(Tick).where(table_of(Tick).c.seq < 10**9)))
    trade = kept.closed[0]
    with pytest.raises(UnplayableError, match="no longer there"):
        await elsewhere.of_trade(trade.wallet_id, trade.id, plans, path=False)
    wanted = PlayedFilter(0, LARGEST)
    many = await elsewhere.of_wallet(trade.wallet_id, wanted, plans)
    assert len(many.skipped) == many.trades > 0
    assert many.totals.pnl.tolist() == [0] * len(plans)


async def test_what_came_since_is_read_and_no_more_than_the_horizon(
    kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    trade = kept.closed[0]
    forever = [ExitPlan(take_profit=(), trailing_stop=None, stop_loss=0.9999)]
    found = await kept.ask(trade, forever)
    last = (await kept.ticks(trade, 0))[-1]
    await kept.journal.write([TickRow(10**9, trade.token_id, NOW, last.price * 3)])
    later = await kept.ask(trade, forever)
    assert int(later.outcomes.pnl[0]) > int(found.outcomes.pnl[0])
    assert later.seen_until == NOW
    monkeypatch.setattr(seen_prices, "HORIZON", 1)
    monkeypatch.setattr("app.research.led.HORIZON", 1)
    fresh = asking(kept.database, kept.folder)
    short = await fresh.of_trade(trade.wallet_id, trade.id, forever, path=True)
    assert short is not None
    assert short.path is not None
    fills = await fills_of(kept.database, trade.id)
    ticks = await kept.ticks(trade, fills[0].tick_seq - 1)
    seen = [tick.price for tick in ticks if tick.seq <= fills[-1].tick_seq]
    assert short.path[1].tolist() == seen
    monkeypatch.setattr(seen_prices, "MOST_PRICES", 2)
    monkeypatch.setattr(seen_prices, "HORIZON", 10**9)
    with pytest.raises(TooManyPricesError):
        await asking(kept.database, kept.folder).of_trade(
            trade.wallet_id, trade.id, forever, path=False
        )


async def test_another_wallets_trade_is_not_there(kept: Kept) -> None:
    trade = kept.closed[0]
    assert await kept.what_if.of_trade(trade.wallet_id + 1, trade.id, [], path=False) is None
    assert await kept.what_if.of_trade(trade.wallet_id, 10**9, [], path=False) is None


async def test_too_much_at_once_is_refused(kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    wallet = kept.closed[0].wallet_id
    monkeypatch.setattr(what_if, "MOST_TRADES", 1)
    with pytest.raises(Unfit, match="more than 1 trades"):
        await kept.what_if.of_wallet(wallet, PlayedFilter(0, LARGEST), PLANS)


@pytest.mark.parametrize("many", [1, 2, 1999, 2000, 2001, 2500, 86_400, 100_003])
def test_a_thinned_path_keeps_its_ends_and_extremes(many: int) -> None:
    rng = np.random.default_rng(many)
    prices = np.exp(np.cumsum(rng.normal(0, 0.01, many + 7)))
    times = np.arange(many + 7, dtype=np.int64)
    at, shown = thinned(times, prices, 7, many + 7)
    assert len(at) == min(many, len(at)) <= what_if.MOST_POINTS
    assert (at[0], at[-1]) == (7, many + 6)
    assert (shown.min(), shown.max()) == (prices[7:].min(), prices[7:].max())
    assert (shown == prices[at]).all()
    assert many > what_if.MOST_POINTS or len(at) == many
