"""Events newest first and oldest first, and those that were asked for."""

from typing import Any

from app.store.database import Database
from app.store.events import EventFilter, events_after, events_before
from app.store.journal import Journal
from app.trading.ledger import EventRow
from tests.store import samples

AT = samples.AT


async def test_events_both_ways_and_chosen(journal: Journal, database: Database) -> None:
    told = [
        (1, "TradeOpened", '{"symbol":"BONK","mint":"m1","strategy":"sma_crossover"}'),
        (None, "PriceRefused", '{"symbol":"WIF","mint":"m2","price":"nan"}'),
        (2, "TradeOpened", '{"symbol":"BONK","mint":"m1","strategy":"breakout"}'),
        (1, "TradeClosed", '{"symbol":"BONK","mint":"m1","reason":"stop_loss"}'),
        (1, "WalletPaused", '{"reason":"drawdown"}'),
    ]
    rows = [
        EventRow(seq, who, AT + seq, kind, None, data)
        for seq, (who, kind, data) in enumerate(told, 1)
    ]
    await journal.write([samples.wallet(1), samples.wallet(2), *rows])

    async def newest(before: int = 100, limit: int = 100, **wanted: Any) -> list[int]:
        found = await events_before(
            database, 1, before, limit, after=wanted.pop("after", 0), wanted=EventFilter(**wanted)
        )
        oldest_first = await events_after(database, 1, 0, 500, wanted=EventFilter(**wanted))
        assert {row.seq for row in found} <= {row.seq for row in oldest_first}
        return [row.seq for row in found]

    assert await newest() == [5, 4, 2, 1]
    assert await newest(limit=2) == [5, 4]
    assert await newest(before=4) == [2, 1]
    assert await newest(after=1) == [5, 4, 2]
    assert await newest(kinds=("TradeClosed", "TradeOpened")) == [4, 1]
    assert await newest(mint="m2") == [2]
    assert await newest(since=AT + 2, until=AT + 5) == [4, 2]
    assert await newest(text="STOP loss") == [4]
    assert await newest(text="sma_cross") == [1]
    assert await newest(text="opened bo") == [1]
    assert await newest(text="nan") == []
    assert await newest(text="%") == []
