"""What start-up loads: all that is open, every number, and what guards remember."""

from app.store.counters import highest_numbers
from app.store.database import Database
from app.store.journal import Journal
from app.store.positions import open_positions
from app.store.settings import current_settings, settings_versions
from app.store.signals import (
    active_signals,
    failed_signals,
    find_signal,
    seen_signals,
)
from app.store.ticks import last_tick, ticks_after
from app.store.tokens import all_tokens, find_mint
from app.store.trades import bought_on, closes_since
from app.store.wallets import all_wallets, find_address, find_wallet
from app.trading.ledger import SignalUpdate
from tests.store import samples

AT = samples.AT


async def test_nothing_is_loaded_from_an_empty_record(database: Database) -> None:
    assert await highest_numbers(database) == (0,) * 8
    assert await all_wallets(database) == []
    assert await open_positions(database) == []
    assert await active_signals(database) == []
    assert await last_tick(database, 1) is None
    assert await find_wallet(database, 1) is None


async def test_numbers_go_on_after_the_highest(journal: Journal, database: Database) -> None:
    await journal.write([*samples.world(), samples.wallet(9), samples.tick(44), samples.event(12)])
    highest = await highest_numbers(database)
    assert highest._asdict() == {
        "wallet": 9,
        "token": 1,
        "signal": 1,
        "evaluation": 1,
        "decision": 1,
        "trade": 1,
        "tick": 44,
        "event": 12,
    }


async def test_open_positions_know_their_trade_and_token(
    journal: Journal, database: Database
) -> None:
    rows = [samples.wallet(), samples.wallet(2), samples.token(), samples.signal()]
    trades = [samples.trade(number, 1 + number % 2) for number in range(1, 7)]
    positions = [samples.position(row.id, row.wallet_id) for row in trades]
    await journal.write([*rows, *trades, *positions, samples.position(3, 2, units=0)])
    found = await open_positions(database)
    assert [position.trade_id for position in found] == [1, 2, 4, 5, 6]
    first = found[0]
    assert first[: len(positions[0])] == positions[0]
    assert (first.signal_id, first.source, first.quantity) == (1, "signal", samples.MOST)
    assert (first.sol_invested, first.sol_returned) == (200_000_000, 0)
    assert (first.mint, first.symbol, first.decimals) == (samples.MINT, "COIN1", 9)
    assert [row.trade_id for row in await open_positions(database, 1)] == [2, 4, 6]


async def test_wallets_and_tokens_are_found(journal: Journal, database: Database) -> None:
    wallets = [samples.wallet(number) for number in (1, 2, 3)]
    tokens = [samples.token(1), samples.token(2)]
    await journal.write([*wallets, *tokens])
    assert await all_wallets(database) == wallets
    assert await find_wallet(database, 2) == wallets[1]
    assert await find_address(database, "wallet-3") == wallets[2]
    assert await find_address(database, "wallet-4") is None
    assert await all_tokens(database) == tokens
    assert await find_mint(database, "mint-2") == tokens[1]


async def test_the_newest_settings_count(journal: Journal, database: Database) -> None:
    versions = [samples.settings(1, 77), samples.settings(2, 78), samples.settings(3, None)]
    other = samples.settings(1, 5)._replace(symbol="SOL-USDC")
    await journal.write([samples.wallet(), *versions, other])
    assert await current_settings(database) == [versions[2], other]
    assert await current_settings(database, 1) == [versions[2], other]
    assert await current_settings(database, 2) == []
    assert await settings_versions(database, 1, "*") == versions[::-1]


async def test_signals_that_go_on_and_those_that_ended(
    journal: Journal, database: Database
) -> None:
    signals = [samples.signal(number) for number in range(1, 6)]
    updates = [
        SignalUpdate(2, 1, "Monitoring", None, 80.0, 9, AT, None),
        SignalUpdate(3, 1, "Finished", None, 80.0, 9, AT, AT + 9),
        SignalUpdate(4, None, "Failed", "no_pool", None, None, None, AT + 5),
    ]
    await journal.write([samples.token(), *signals, *updates])
    active = await active_signals(database)
    assert [(line.id, line.status) for line in active] == [
        (1, "Screening"),
        (2, "Monitoring"),
        (5, "Screening"),
    ]
    assert (active[1].symbol, active[1].decimals, active[0].symbol) == ("COIN1", 9, None)
    assert [line.id for line in await failed_signals(database)] == [4]
    assert await seen_signals(database, 2) == [(samples.MINT, AT + 4), (samples.MINT, AT + 5)]
    assert await find_signal(database, 2) == active[1]
    assert await find_signal(database, 77) is None


async def test_what_was_bought_and_how_it_ended(journal: Journal, database: Database) -> None:
    rows = [samples.wallet(), samples.wallet(2), samples.token(), samples.signal(1)]
    second = samples.signal(2)
    trades = [samples.trade(1), samples.trade(2, 2)._replace(signal_id=2), samples.trade(3)]
    closes = [samples.close(1, pnl=-5, at=AT + 10), samples.close(2, pnl=5, at=AT + 20)]
    await journal.write([*rows, second, *trades, *closes])
    assert await bought_on(database, 2) == [(2, 2, 1, "breakout", 2)]
    assert [trade.trade_id for trade in await bought_on(database, 1)] == [1, 3, 2]
    assert await closes_since(database, AT + 11) == [(2, 2, 1, "breakout", AT + 20, "stop_loss", 5)]
    assert [close.pnl_sol for close in await closes_since(database, AT)] == [-5, 5]


async def test_ticks_are_read_in_order_and_in_pages(journal: Journal, database: Database) -> None:
    ticks = [samples.tick(seq, 1 + seq % 2) for seq in range(1, 12_001)]
    await journal.write([samples.token(1), samples.token(2), *ticks])
    pages = [page async for page in ticks_after(database, 1, 100)]
    assert [len(page) for page in pages] == [5_000, 950]
    assert [tick for page in pages for tick in page] == [
        tick for tick in ticks if tick.token_id == 1 and tick.seq > 100
    ]
    bounded = [page async for page in ticks_after(database, 2, 0, through=5)]
    assert bounded == [[ticks[0], ticks[2], ticks[4]]]
    assert [page async for page in ticks_after(database, 2, 12_000)] == []
    assert await last_tick(database, 2) == ticks[11_998]
