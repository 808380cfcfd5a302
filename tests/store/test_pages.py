"""Lists go on where they stopped: every row once, whatever the order and the page's size."""

from typing import Any, get_args

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.store.candles import candle_series, newest_candles, stored_candles
from app.store.database import Database
from app.store.decisions import DecisionLine, find_decision, list_decisions
from app.store.events import events_after, events_of_trade, kept_events
from app.store.journal import Journal
from app.store.signals import SignalFilter, list_signals
from app.store.snapshots import portfolio_history
from app.store.trade_lists import (
    TradeFilter,
    TradeSort,
    count_trades,
    list_marks,
    list_trades,
    sort_value,
)
from app.store.trades import (
    TradeLine,
    fills_of,
    find_trade,
    wallet_fills,
)
from app.trading.ledger import EvaluationRow, EventRow, TradeRow, TradeUpdate
from app.trading.market import Candle
from tests.store import samples

AT = samples.AT
DEFAULT = 1_000
shared_fixtures = settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40
)


def many_trades() -> list[TradeRow | TradeUpdate]:
    """Make trades with many equal times and gains, a third of them open."""
    rows: list[TradeRow | TradeUpdate] = []
    for number in range(1, 61):
        wallet = 1 + number % 2
        rows.append(samples.trade(number, wallet, entry_time=AT + number // 5))
        if number % 3:
            rows.append(samples.close(number, pnl=number % 4 - 2, at=AT + 100 + number % 7))
    return rows


async def populate(journal: Journal, database: Database) -> None:
    """Write the trades once per database, not per example."""
    if not await list_trades(database, 1, limit=1):
        parents = [samples.wallet(1), samples.wallet(2), samples.token(), samples.signal()]
        await journal.write([*parents, *many_trades()])


async def all_pages(
    database: Database, wallet: int, wanted: TradeFilter, size: int
) -> list[TradeLine]:
    lines: list[TradeLine] = []
    after = None
    while page := await list_trades(database, wallet, wanted, after=after, limit=size):
        lines += page
        after = (sort_value(page[-1], wanted.sort), page[-1].id)
    return lines


@shared_fixtures
@given(
    sort=st.sampled_from(get_args(TradeSort)),
    descending=st.booleans(),
    size=st.integers(1, 40),
    wallet=st.integers(1, 3),
    status=st.sampled_from((None, "active", "finished", "failed")),
)
async def test_trades_page_without_gaps_or_repeats(
    journal: Journal,
    database: Database,
    *,
    sort: TradeSort,
    descending: bool,
    size: int,
    wallet: int,
    status: str | None,
) -> None:
    await populate(journal, database)
    wanted = TradeFilter(sort=sort, descending=descending, status=status)
    lines = await all_pages(database, wallet, wanted, size)
    ids = [line.id for line in lines]
    expected = {
        row.id
        for row in many_trades()
        if isinstance(row, TradeRow)
        and row.wallet_id == wallet
        and (status is None or status == ("finished" if row.id % 3 else "active"))
    }
    assert len(ids) == len(set(ids))
    assert set(ids) == expected
    keys = [(sort_value(line, sort), line.id) for line in lines]
    assert keys == sorted(keys, reverse=descending)
    assert await count_trades(database, wallet, wanted) == len(ids)
    marks = await list_marks(database, wallet, wanted, skip=size, limit=size)
    assert [(mark.place, mark.id) for mark in marks] == keys[size : 2 * size]


async def test_trades_by_token_strategy_and_time(journal: Journal, database: Database) -> None:
    await populate(journal, database)
    other = samples.trade(100)._replace(token_id=2, strategy="sma_crossover", source="named")
    token = samples.token(2)._replace(symbol="Dog_100%")
    await journal.write([token, other])

    async def ids(**wanted: Any) -> list[int]:
        return [line.id for line in await list_trades(database, 1, TradeFilter(**wanted))]

    assert await ids(mint="mint-2") == [100]
    assert await ids(strategy="sma_crossover") == [100]
    assert await ids(since=AT + 11) == [60, 58, 56]
    assert await ids(until=AT + 1) == [100, 4, 2]
    assert await ids(since=AT + 1, until=AT + 2) == [8, 6]
    assert await ids(mint="mint-2", strategy="breakout") == []
    assert await ids(source="named") == [100]
    assert await ids(symbol="dOG_") == await ids(symbol="%") == [100]
    assert await ids(symbol="dog100") == await ids(symbol="gone") == []
    ended = await ids(times="exit_time", since=AT + 101, until=AT + 102, descending=False)
    assert ended == [8, 22, 50]
    assert await ids(exit_reason="manual") == []
    assert len(await ids(exit_reason="stop_loss")) == 20


async def test_one_trade_with_its_orders_and_fills(journal: Journal, database: Database) -> None:
    await journal.write(samples.world())
    found = await find_trade(database, 1, 1)
    assert found is not None
    assert found[: len(samples.trade())] == samples.trade()
    assert (found.exit_time, found.symbol) == (None, "COIN1")
    assert await find_trade(database, 2, 1) is None
    assert await find_trade(database, 1, 2) is None
    assert await fills_of(database, 1) == [samples.fill()]
    assert [page async for page in wallet_fills(database, 1)] == [[samples.fill()]]
    assert [page async for page in wallet_fills(database, 1, since=AT + 1)] == []


async def test_events_of_a_wallet_and_of_everybody(journal: Journal, database: Database) -> None:
    assert await kept_events(database) == (None, None)
    owners = [1, 2, None, 1, None, 2, 1]
    events = [samples.event(seq, owner) for seq, owner in enumerate(owners, 5)]
    parents = [samples.wallet(1), samples.wallet(2), samples.token(), samples.signal()]
    about = samples.event(20, 1, trade_id=1)
    await journal.write([*parents, samples.trade(), *events, about])
    assert await kept_events(database) == (5, 20)

    async def after(seq: int, limit: int = 100) -> list[EventRow]:
        return await events_after(database, 1, seq, limit)

    mine = [event for event in [*events, about] if event.wallet_id in {1, None}]
    assert await after(0) == mine
    assert await after(7) == [event for event in mine if event.seq > 7]
    assert await after(0, 3) == mine[:3]
    assert await after(20) == []
    assert await events_of_trade(database, 1, 1) == [about]
    assert await events_of_trade(database, 2, 1) == []


async def test_signals_page(journal: Journal, database: Database) -> None:
    rows = [
        samples.signal(number)._replace(mint=f"mint-{number}", triggered_at=AT + number // 3)
        for number in range(1, 20)
    ]
    await journal.write(rows)
    seen: list[int] = []
    after = None
    while page := await list_signals(database, after=after, limit=4):
        seen += [line.id for line in page]
        after = (page[-1].triggered_at, page[-1].id)
    assert seen == list(range(19, 0, -1))
    chosen = await list_signals(database, SignalFilter(mint="mint-7"))
    assert [line.id for line in chosen] == [7]
    assert await list_signals(database, SignalFilter(status="Failed")) == []
    within = await list_signals(database, SignalFilter(since=AT + 1, until=AT + 2))
    assert [line.id for line in within] == [5, 4, 3]


async def test_decisions_own_and_shared(journal: Journal, database: Database) -> None:
    evaluations: list[EvaluationRow] = [
        samples.evaluation(1),
        samples.evaluation(2, profile=77),
        samples.evaluation(3, profile=DEFAULT),
        samples.evaluation(4),
        samples.evaluation(5, profile=78),
        samples.evaluation(6, profile=DEFAULT),
        samples.evaluation(7, profile=77)._replace(token_id=None, signal_id=None),
        samples.evaluation(8, profile=DEFAULT),
    ]
    decisions = [samples.decision(1, 1, 4), samples.decision(2, 2, 1)]
    # Wishes 77 from 4 on, none from 8 on: before and after, the default counts.
    wishes = [samples.settings(1, 77, AT + 4), samples.settings(2, None, AT + 8)]
    parents = [samples.wallet(1), samples.wallet(2), samples.token(), samples.signal()]
    await journal.write([*parents, *evaluations, *decisions, *wishes])

    async def lines(wallet: int = 1, joined: int = AT, **more: Any) -> list[DecisionLine]:
        return await list_decisions(database, wallet, joined, DEFAULT, **more)

    found = await lines()
    assert [(line.evaluation_id, line.id) for line in found] == [
        (8, 0),
        (7, 0),
        (4, 1),
        (3, 0),
        (1, 0),
    ]
    own = found[2]
    assert (own.symbol, own.value, own.seen, own.limits) == ("COIN1", 0.5, "[1.5,2]", '{"b":2}')
    assert found[0].seen is None
    assert found[1].symbol is None
    assert [line.evaluation_id for line in await lines(joined=AT + 5)] == [8, 7, 4]
    assert [line.evaluation_id for line in await lines(2)] == [8, 6, 4, 3, 1]
    assert [line.evaluation_id for line in await lines(mint=samples.MINT)] == [8, 4, 3, 1]
    assert [line.evaluation_id for line in await lines(signal=1)] == [8, 4, 3, 1]
    paged: list[DecisionLine] = []
    after = None
    while page := await lines(after=after, limit=2):
        paged += page
        after = (page[-1].at, page[-1].evaluation_id, page[-1].id)
    assert paged == found
    assert await find_decision(database, 1, 1) == own
    assert await find_decision(database, 2, 1) is None


async def test_candles_by_range(journal: Journal, database: Database) -> None:
    rows = [samples.candle(AT + 60_000 * n, close_price=1.0 + n / 10) for n in range(6)]
    await journal.write([samples.token(), *rows])
    series = await candle_series(database, 1, "1m")
    assert series == [
        Candle(row.timestamp, row.open, row.high, row.low, row.close, row.volume) for row in rows
    ]
    newest = await newest_candles(database, 1, "1m", until=AT + 240_000, limit=2)
    assert newest == series[2:4]
    assert await newest_candles(database, 1, "5m", limit=2) == []
    since = await candle_series(database, 1, "1m", since=AT + 60_000, until=AT + 120_000)
    assert since == series[1:2]
    assert await stored_candles(database) == [(1, samples.MINT, "COIN1", "1m", 6, AT, AT + 300_000)]


async def test_portfolio_history(journal: Journal, database: Database) -> None:
    rows = [samples.snapshot(AT + 60_000 * n) for n in range(5)]
    hourly = samples.snapshot(AT, resolution="1h")
    await journal.write([samples.wallet(), hourly, *rows])
    assert await portfolio_history(database, 1, "1m") == rows
    assert await portfolio_history(database, 1, "1m", limit=2) == rows[3:]
    assert await portfolio_history(database, 1, "1h") == [hourly]
    until = AT + 120_000
    assert await portfolio_history(database, 1, "1m", since=AT + 1, until=until) == rows[1:2]
