"""How far prices went while trades were open, from the record, on both databases."""

from pathlib import Path

import pytest

from app.research.excursions import Excursion, Excursions, Held
from app.store import prices
from app.store.archive import KEPT_MS, archive_ticks
from app.store.database import Database
from app.store.journal import Journal
from app.trading.ledger import TradeRow, TradeUpdate
from app.trading.plans import ExitPlan, Limits
from tests.trading.world import MINUTE, World, address, coin, wish

PLAN = ExitPlan(stop_loss=0.2, take_profit=(), trailing_stop=None)
WIDE = Limits(max_open_per_token=100, max_token_exposure=1, max_exposure=1)


def held(row: TradeRow) -> Held:
    mint = coin(row.token_id).mint
    return Held(row.id, row.token_id, mint, row.entry_price, row.entry_time)


def history() -> World:
    """Let two wallets trade one token, over each other, and one of them another token."""
    world = World(wish(exit_plan=PLAN, limits=WIDE), window=50)
    world.join()
    first = world.signal(coin(1))
    world.buy(first, 10.0)
    for price in (11.0, 14.0, 14.0, 9.0):
        world.candle(first, price)
    world.join()
    second = world.signal(coin(2))
    world.buy(second, 1.0)
    for price in (12.0, 8.0):
        world.candle(first, price)
    world.candle(second, 0.5)
    return world


@pytest.mark.parametrize("archived", [False, True])
async def test_excursions_of_trades_that_overlap(
    journal: Journal,
    database: Database,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    archived: bool,
) -> None:
    monkeypatch.setattr(prices, "PAGE", 2)
    world = history()
    trades = world.of(TradeRow)
    closed = {row.id for row in world.of(TradeUpdate) if row.status == "finished"}
    assert closed == {row.id for row in trades}
    await journal.write(world.rows)
    count = len(world.rows)
    if archived:
        other = world.signal(coin(3))
        world.candle(other)
        await journal.write(world.rows[count:])
        assert await archive_ticks(database, journal, tmp_path, world.now + KEPT_MS)
    measured = await Excursions(database, tmp_path).of([held(row) for row in trades])
    by_place = {(row.wallet_id, row.token_id): measured[row.id] for row in trades}
    assert by_place[1, 1] == Excursion(14 / 10 - 1, 8 / 10 - 1, 2 * MINUTE, 6)
    for wallet in (1, 2):
        assert by_place[wallet, 2] == Excursion(0.0, -0.5, 0, 1)


async def test_a_trade_whose_prices_are_gone_is_left_out(
    journal: Journal, database: Database, tmp_path: Path
) -> None:
    world = history()
    kept = [row for row in world.rows if type(row).__name__ != "TickRow"]
    await journal.write(kept)
    found = await Excursions(database, tmp_path).of([held(row) for row in world.of(TradeRow)])
    assert found == {}
    stranger = Held(999, 1, address(5), 1.0, 0)
    assert await Excursions(database, tmp_path).of([stranger]) == {}
