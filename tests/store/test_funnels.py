"""Signals by what they are filtered by, and counted by how far they got."""

from typing import Any

from app.store.database import Database
from app.store.funnels import signal_ends, signal_fates
from app.store.journal import Journal
from app.store.signals import SignalFilter, list_signals
from app.trading.ledger import SignalUpdate
from tests.store import samples

AT = samples.AT


async def signal_ids(database: Database, **wanted: Any) -> list[int]:
    return [line.id for line in await list_signals(database, SignalFilter(**wanted))]


async def test_signals_by_source_reason_and_name(journal: Journal, database: Database) -> None:
    coins = [samples.token(1)._replace(symbol="BONK"), samples.token(2)._replace(symbol="100%_Ä")]
    rows = [
        samples.signal(number)._replace(mint=f"mint-{number}", source=f"feed-{number % 2}")
        for number in range(1, 6)
    ]
    ends = [
        SignalUpdate(1, 1, "Failed", "sentiment_low", 40.0, 3, AT, AT),
        SignalUpdate(2, 2, "Finished", None, 80.0, 3, AT, AT),
        SignalUpdate(3, None, "Failed", "no_pool", None, None, AT, AT),
    ]
    await journal.write([*coins, *rows, *ends])
    assert await signal_ids(database, source="feed-0") == [4, 2]
    assert await signal_ids(database, reason="no_pool") == [3]
    assert await signal_ids(database, symbol="onk") == [1]
    assert await signal_ids(database, symbol="100%_Ä") == [2]
    assert await signal_ids(database, symbol="0_") == []
    assert await signal_ids(database, symbol="%") == [2]
    counted = await signal_ends(database, since=AT, until=AT + 100, limit=100)
    assert sorted((one.source, one.status, one.signals) for one in counted) == [
        ("feed-0", "Finished", 1),
        ("feed-0", "Screening", 1),
        ("feed-1", "Failed", 1),
        ("feed-1", "Failed", 1),
        ("feed-1", "Screening", 1),
    ]
    newest = await signal_ends(database, since=AT, until=AT + 100, limit=1)
    assert newest == [("feed-1", "Screening", None, 1)]


async def test_what_a_wallet_made_of_signals(journal: Journal, database: Database) -> None:
    rows = [samples.signal(number)._replace(mint=f"mint-{number}") for number in range(1, 6)]
    evaluations = [samples.evaluation(number)._replace(signal_id=number) for number in range(1, 6)]
    decisions = [
        samples.decision(1, 1, 1)._replace(signal_id=1, verdict="refused", reason="exposure"),
        samples.decision(2, 1, 1)._replace(signal_id=1),
        samples.decision(3, 1, 2)._replace(signal_id=2, verdict="refused", reason="exposure"),
        samples.decision(4, 1, 3)._replace(signal_id=3),
        samples.decision(5, 2, 4)._replace(signal_id=4),
    ]
    trades = [
        samples.trade(2)._replace(signal_id=1, entry_time=AT + 1),
        samples.trade(4)._replace(signal_id=3, entry_time=AT + 3),
        samples.trade(5, 2)._replace(signal_id=4, entry_time=AT + 4),
    ]
    parents = [samples.wallet(1), samples.wallet(2), samples.token()]
    ended = [samples.close(2, pnl=7), samples.close(5)]
    await journal.write([*parents, *rows, *evaluations, *decisions, *trades, *ended])

    assert sorted(map(str, await fates_of(database, 1))) == [
        "(0, 'exposure', None, 1)",
        "(1, 'exposure', 'won', 1)",
        "(1, None, 'open', 1)",
        "(None, None, None, 2)",
    ]
    assert sorted(map(str, await fates_of(database, 2))) == [
        "(1, None, 'lost', 1)",
        "(None, None, None, 4)",
    ]


async def fates_of(database: Database, wallet: int) -> list[tuple[Any, ...]]:
    found = await signal_fates(database, wallet, since=AT, until=AT + 100, limit=100)
    return [(one.taken, one.refusal, one.outcome, one.signals) for one in found]
