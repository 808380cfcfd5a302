"""Closed trades are run again beside trading: what differs is kept, told, and a fault of the audit.

On both databases, with prices in the database, in files, and gone.
"""

import asyncio
import itertools
import json
import shutil
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, update
from typer.testing import CliRunner

from app.commands.audit import cli
from app.engine import replaying
from app.engine.audit import replay_all
from app.engine.replaying import Checker, Checking
from app.store import archive
from app.store.archive import archive_ticks
from app.store.database import Database
from app.store.events import events_of_trade
from app.store.journal import Journal
from app.store.lease import Lease
from app.store.query import Query, table_of
from app.store.replays import find_replay, past_trades, played_trade, replay_counts
from app.store.tables import Fill, Replay, Tick, Trade
from app.store.trades import fills_of
from app.trading.engine import Engine
from app.trading.fills import Costs
from tests.engine.faults import Stand
from tests.engine.record import Known, keep
from tests.engine.script import RULES, Script
from tests.engine.test_audit import spoil
from tests.providers.clocks import RealClock

SCRIPT = Script(5, 100)
SO_FAR = 60
"""Batches that are in the record when the job begins."""


async def closed(database: Database) -> list[int]:
    return [past.id async for page in past_trades(database) for past in page]


async def until_checked(checker: Checker, many: int) -> None:
    async with asyncio.timeout(30):
        while sum(checker.snapshot().values()) < many:  # noqa: ASYNC110  # nobody tells
            await asyncio.sleep(0.01)


@asynccontextmanager
async def checking(
    stand: Stand, journal: Journal, folder: Path, costs: Costs = RULES.costs
) -> AsyncIterator[Checker]:
    """Run the job beside an engine."""
    about = Checking(stand.database, journal, folder, costs)
    checker = Checker(about, stand.live, RealClock(longest=0.0))
    async with stand.running():
        task = asyncio.create_task(checker.run())
        try:
            yield checker
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)


async def live(journal: Journal, known: Known) -> Engine:
    """Keep the first batches."""
    left = itertools.count(SO_FAR, -1)
    return (await keep(SCRIPT, journal, known, lambda _: next(left) == 0))[0]


@pytest.fixture
async def stand(journal: Journal, database: Database, known: Known) -> Stand:
    await live(journal, known)
    stand = Stand(journal, database, known)
    stand.lease = Lease(journal, "script", 60_000)
    return stand


async def test_every_closed_trade_is_checked_once(
    stand: Stand, journal: Journal, tmp_path: Path
) -> None:
    trades = await closed(stand.database)
    assert len(trades) > 10
    async with checking(stand, journal, tmp_path) as checker:
        await until_checked(checker, len(trades))
        expected = {"equal": len(trades), "different": 0, "unchecked": 0, "waiting": 0}
        assert checker.snapshot() == expected
        assert await replay_counts(stand.database) == {"equal": len(trades)}
        # What closes from now on is checked as it closes.
        for number in range(SO_FAR + 1, SCRIPT.batches + 1):
            for wish in SCRIPT.batch(number):
                await stand.live.submit(wish)
        later = len(await closed(stand.database))
        assert later > len(trades)
        await until_checked(checker, later)
        assert (await replay_counts(stand.database))["equal"] == later
    async with checking(stand, journal, tmp_path) as again:
        await until_checked(again, later)
        assert again.snapshot()["equal"] == later


async def test_a_record_that_was_touched_is_told(
    stand: Stand, journal: Journal, database: Database, tmp_path: Path
) -> None:
    trades = await closed(database)
    trade = await played_trade(database, trades[3])
    assert trade is not None
    await spoil(journal, Fill, trade.id * 1024 + 1, price=trade.entry_price * 3)
    await spoil(journal, Trade, trades[5], highest_price_seen=1e9)
    async with checking(stand, journal, tmp_path) as checker:
        await until_checked(checker, len(trades))
        assert checker.snapshot()["different"] == 2
    kept = await find_replay(database, trade.id)
    assert kept is not None
    assert kept.status == "different"
    fields = {field: recorded for field, recorded, _ in json.loads(kept.differences or "[]")}
    assert fields["fills/1/price"] == trade.entry_price * 3
    told = await events_of_trade(database, trade.wallet_id, trade.id)
    assert told[-1].kind == "ReplayDiffered"
    assert json.loads(told[-1].data)["fields"] == list(fields)
    found = await replay_all(database, tmp_path, RULES.costs)
    assert {finding.id for finding in found.findings} == {trade.id, trades[5]}
    assert found.replayed == len(trades)
    # It was told once, and is not told again.
    async with checking(stand, journal, tmp_path) as again:
        await until_checked(again, len(trades))
        assert len(await events_of_trade(database, trade.wallet_id, trade.id)) == len(told)


async def test_prices_in_files_are_read_and_those_that_are_gone_are_said(
    journal: Journal,
    database: Database,
    known: Known,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    engine = await live(journal, known)
    monkeypatch.setattr(archive, "ROWS_PER_FILE", 20)
    monkeypatch.setattr(archive, "PAGE", 20)
    now = SCRIPT.now(SO_FAR) + archive.KEPT_MS
    assert await archive_ticks(database, journal, tmp_path, now) > 50
    found = await replay_all(database, tmp_path, RULES.costs)
    trades = await closed(database)
    assert found == ([], len(trades), Counter())
    (tmp_path / "ticks" / "nothing").mkdir()
    held = {book.token.mint for book in engine.state.books.values() if book.count}
    for folder in (tmp_path / "ticks").iterdir():
        assert folder.name not in held
        for file in sorted(folder.glob("*.parquet"))[:2]:
            file.write_bytes(b"nothing of this can be read")
    found = await replay_all(database, tmp_path, RULES.costs)
    assert found.findings == []
    assert set(found.unchecked) == {"its prices cannot be read: ComputeError"}
    shutil.rmtree(tmp_path / "ticks")
    found = await replay_all(database, tmp_path, RULES.costs)
    assert found.findings == []
    assert found.unchecked[replaying.NO_PRICES] > 0
    assert found.replayed + found.unchecked[replaying.NO_PRICES] == len(trades)


async def test_what_cannot_be_run_again_is_never_called_equal(
    stand: Stand, journal: Journal, database: Database, tmp_path: Path
) -> None:
    first, second, third, *_ = trades = await closed(database)
    await spoil(journal, Trade, first, exit_plan='{"stop_loss": 7}')
    exits: Query[Any] = Query(
        update(Fill).where(table_of(Fill).c.trade_id == second).values(side="SELL")
    )
    await journal.execute(exits)
    entered = (await fills_of(database, third))[0].tick_seq
    await journal.execute(Query(delete(Tick).where(table_of(Tick).c.seq == entered)))
    async with checking(stand, journal, tmp_path) as checker:
        await until_checked(checker, len(trades))
    reasons = {}
    for number in (first, second, third):
        kept = await find_replay(database, number)
        assert kept is not None
        assert kept.status == "unchecked"
        reasons[number] = kept.reason
    assert reasons == {
        first: replaying.NO_PLAN,
        second: replaying.NO_FILLS,
        third: replaying.NO_PRICES,
    }


async def test_a_job_that_died_goes_on(stand: Stand, journal: Journal, tmp_path: Path) -> None:
    trades = await closed(stand.database)
    async with checking(stand, journal, tmp_path) as checker:
        await until_checked(checker, len(trades))
    for number in trades[2:7]:
        gone: Query[Any] = Query(delete(Replay).where(table_of(Replay).c.trade_id == number))
        assert (await journal.execute(gone)).changed == 1
    async with checking(stand, journal, tmp_path) as again:
        await until_checked(again, len(trades))
        assert (await replay_counts(stand.database)) == {"equal": len(trades)}


async def test_the_audit_ends_with_1_on_a_difference(
    stand: Stand,
    journal: Journal,
    database_url: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    run = CliRunner().invoke
    told = await asyncio.to_thread(run, cli, ["--database-url", database_url])
    assert told.exit_code == 0, told.output
    trades = await closed(stand.database)
    assert f"{len(trades)} closed trades run again" in told.output
    await spoil(journal, Trade, trades[0], stop_loss_price=1e-12)
    told = await asyncio.to_thread(run, cli, ["--database-url", database_url, "--json"])
    assert told.exit_code == 1
    # A stop at nothing is told twice: by the replay, and by what a plan allows.
    findings = [json.loads(line) for line in told.output.splitlines()]
    (finding,) = [one for one in findings if one["what"] == "replay"]
    assert (finding["what"], finding["id"]) == ("replay", trades[0])
    assert (finding["field"], finding["recorded"]) == ("stop_loss_price", 1e-12)
