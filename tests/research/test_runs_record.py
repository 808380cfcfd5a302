"""Runs in the record, on both databases: the queue, how a run ends, and what is left of it."""

import asyncio
import json
import os
import signal
import socket
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select, update

from app.research import runner
from app.research import runs as taking
from app.research.foreman import Foreman
from app.research.jobs import Answer, Job, unpack_backtest
from app.research.loading import Sources
from app.research.runs import Asked, Runs, TooManyRuns, TooMuchKept
from app.store import runs as store
from app.store.database import Database
from app.store.errors import StoreBusyError
from app.store.journal import Journal
from app.store.query import Query, table_of
from app.store.run_tables import Run, RunPart
from app.store.runs import Held, Kind, NewRun, RunLine, add_run, find_run, list_runs, read_parts
from tests.providers.clocks import RealClock
from tests.research.played import result
from tests.store import samples

PLAYED = "tests.research.played"
ENDED = {"finished", "failed", "cancelled"}
COUNT: Query[tuple[int]] = Query(select(func.count().label("n")).select_from(table_of(RunPart)))


def asked(name: str | None = None, kind: Kind = "backtest", **wanted: Any) -> Asked:
    return Asked(kind, name, json.dumps(wanted).encode(), json.dumps(wanted))


class Bench:
    """Runs of a record, and what a test wants to know of them."""

    def __init__(self, journal: Journal, database: Database, runs: Runs) -> None:
        self.journal, self.database, self.runs = journal, database, runs

    async def line(self, number: int, wallet: int = 1) -> RunLine:
        found = await find_run(self.database, wallet, "backtest", number)
        assert found is not None
        return found

    async def ended(self, number: int, wallet: int = 1) -> RunLine:
        return await self.become(number, ENDED, wallet)

    async def become(self, number: int, states: set[str], wallet: int = 1) -> RunLine:
        async with asyncio.timeout(30):
            while True:
                line = await self.line(number, wallet)
                if line.status in states:
                    return line
                await asyncio.sleep(0.02)

    async def parts(self) -> int:
        found = await self.database.one(COUNT)
        assert found is not None
        return found[0]


class Lasting(Foreman):
    """Keeps its process for the next test when the last job was answered: starting takes long."""

    answered = False

    async def work(self, job: Job, heard: Callable[[float], None]) -> Answer:
        self.answered = False
        answer = await super().work(job, heard)
        self.answered = True
        return answer

    async def stop(self) -> None:
        if not self.answered:
            await super().stop()


@pytest.fixture(scope="module")
async def foreman() -> AsyncIterator[Foreman]:
    made = Lasting(PLAYED)
    yield made
    made.answered = False
    await made.stop()


@pytest.fixture
async def bench(
    journal: Journal, database: Database, tmp_path: Path, foreman: Foreman
) -> AsyncIterator[Bench]:
    await journal.write([samples.wallet(1), samples.wallet(2)])
    runs = Runs(journal, database, RealClock(), Sources(tmp_path), foreman)
    await runs.start()
    yield Bench(journal, database, runs)
    await runs.stop()


async def test_a_run_is_computed_and_kept(bench: Bench) -> None:
    number = await bench.runs.submit(1, asked("mine", trades=3, seconds=1))
    running = await bench.become(number, {"running"})
    assert running.started_at is not None
    assert running.code_version
    assert len(running.code_digest or "") == 16
    shares = [bench.runs.progress_of(number)]
    while (await bench.line(number)).status == "running":
        shares.append(bench.runs.progress_of(number))
        await asyncio.sleep(0.1)
    known = [share for share in shares if share is not None]
    assert known == sorted(known)
    assert known[-1] > 0.5
    line = await bench.ended(number)
    assert (line.status, line.name, line.data_hash, line.error) == (
        "finished",
        "mine",
        "feed",
        None,
    )
    assert line.seconds is not None
    assert line.finished_at is not None
    assert json.loads(line.summary or "")["figures"]["trades"] == 3
    packed = await read_parts(bench.database, number, "result")
    assert unpack_backtest(packed) == result(3)
    request = await read_parts(bench.database, number, "request")
    assert line.size == len(packed) + len(request)


async def test_what_fails_keeps_its_reason_and_nothing_else(bench: Bench) -> None:
    unfit = await bench.ended(await bench.runs.submit(1, asked(end="unfit")))
    assert (unfit.status, unfit.error) == ("failed", "there is no such candle")
    assert unfit.error_pointer == "/candles/0/a~1b"
    broken = await bench.ended(await bench.runs.submit(1, asked(end="broken")))
    assert broken.status == "failed"
    assert str(broken.id) in (broken.error or "")
    assert "secret" not in (broken.error or "")
    killed = await bench.ended(await bench.runs.submit(1, asked(end="killed")))
    assert "ended unexpectedly" in (killed.error or "")
    assert (await bench.ended(await bench.runs.submit(1, asked()))).status == "finished"
    assert await bench.parts() == 4 + 1


async def test_the_process_may_be_killed_from_outside(bench: Bench) -> None:
    number = await bench.runs.submit(1, asked(seconds=30))
    await bench.become(number, {"running"})
    assert bench.runs.foreman.pid is not None
    os.kill(bench.runs.foreman.pid, signal.SIGKILL)
    line = await bench.ended(number)
    assert line.status == "failed"
    assert "signal 9" in (line.error or "")
    assert (await bench.ended(await bench.runs.submit(1, asked()))).status == "finished"


async def test_what_waits_or_runs_can_be_cancelled(bench: Bench) -> None:
    first = await bench.runs.submit(1, asked(seconds=30))
    second = await bench.runs.submit(1, asked())
    await bench.become(first, {"running"})
    assert not await bench.runs.cancel(2, first)
    assert await bench.runs.cancel(1, first)
    assert await bench.runs.cancel(1, second)
    assert not await bench.runs.cancel(1, second)
    third = await bench.ended(await bench.runs.submit(1, asked()))
    assert third.status == "finished"
    for number in (first, second):
        line = await bench.line(number)
        assert (line.status, line.error, line.summary) == ("cancelled", None, None)
        assert await read_parts(bench.database, number, "result") == b""


async def test_another_process_may_cancel(bench: Bench) -> None:
    number = await bench.runs.submit(1, asked(seconds=30))
    await bench.become(number, {"running"})
    table = table_of(Run)
    elsewhere: Query[tuple[int]] = Query(
        update(table).where(table.c.status == "running").values(status="cancelled")
    )
    await bench.journal.execute(elsewhere)
    assert (await bench.ended(await bench.runs.submit(1, asked()))).status == "finished"


@pytest.mark.parametrize("wanted", [{"seconds": 30}, {"trades": 4_000}, {"seconds": 0.2}])
async def test_a_deleted_run_leaves_nothing(bench: Bench, wanted: dict[str, Any]) -> None:
    number = await bench.runs.submit(1, asked(**wanted))
    await bench.become(number, {"running", "finished"})
    await bench.runs.delete(1, number)
    assert await find_run(bench.database, 1, "backtest", number) is None
    other = await bench.runs.submit(1, asked())
    assert (await bench.ended(other)).status == "finished"
    await bench.runs.delete(1, other)
    assert await bench.parts() == 0


async def test_a_run_that_is_cancelled_before_its_job_begins_holds_up_nobody(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    reads, may_read = asyncio.Event(), asyncio.Event()

    async def late(database: Database, run_id: int, what: store.What) -> bytes:
        reads.set()
        await may_read.wait()
        return await read_parts(database, run_id, what)

    monkeypatch.setattr(runner, "read_parts", late)
    number = await bench.runs.submit(1, asked(seconds=30))
    await reads.wait()
    assert await bench.runs.cancel(1, number)
    may_read.set()
    other = await bench.runs.submit(1, asked())
    assert (await bench.ended(other)).status == "finished"


async def test_a_large_request_arrives_whole(bench: Bench) -> None:
    noise = os.urandom(1_000_000).hex()
    wanted = Asked("backtest", None, json.dumps({"noise": noise}).encode(), "{}")
    line = await bench.ended(await bench.runs.submit(1, wanted))
    assert line.status == "finished"
    assert await bench.parts() > 4


async def test_wallets_take_turns(bench: Bench) -> None:
    first = await bench.runs.submit(1, asked(seconds=1))
    await bench.become(first, {"running"})
    mine = [await bench.runs.submit(1, asked()) for _ in range(3)]
    theirs = await bench.runs.submit(2, asked())
    ends = [await bench.ended(number) for number in mine]
    other = await bench.ended(theirs, 2)
    starts = [line.started_at or 0 for line in ends]
    assert (other.started_at or 0) <= min(starts)


async def test_a_queue_is_full_at_some_point(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    first = await bench.runs.submit(1, asked(seconds=30))
    waiting = [await bench.runs.submit(1, asked()) for _ in range(taking.MOST_PER_WALLET - 1)]
    with pytest.raises(TooManyRuns, match="20 runs waiting"):
        await bench.runs.submit(1, asked())
    monkeypatch.setattr(taking, "MOST_WAITING", 20)
    with pytest.raises(TooManyRuns, match="try again soon"):
        await bench.runs.submit(2, asked())
    for number in (*waiting, first):
        assert await bench.runs.cancel(1, number)
    monkeypatch.setattr(taking, "MOST_BYTES", 10)
    with pytest.raises(TooMuchKept, match="delete some first"):
        await bench.runs.submit(1, asked())


async def test_lists_are_ones_own_and_newest_first(bench: Bench) -> None:
    numbers = [await bench.runs.submit(1, asked(str(place))) for place in range(3)]
    await bench.runs.submit(1, asked(kind="sweep"))
    (newest,) = await list_runs(bench.database, 1, "backtest", limit=1)
    older = await list_runs(bench.database, 1, "backtest", (newest.created_at, newest.id))
    assert {newest.id, *(run.id for run in older)} == set(numbers)
    assert newest.id not in {run.id for run in older}
    assert await list_runs(bench.database, 2, "backtest") == []
    assert await find_run(bench.database, 2, "backtest", numbers[0]) is None
    assert await find_run(bench.database, 1, "sweep", numbers[0]) is None


def left(number: int, owner: str) -> NewRun:
    return NewRun(number, 1, "backtest", None, "{}", 5, samples.AT, owner)


async def test_what_a_dead_process_left_fails_at_start(
    journal: Journal, database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await journal.write([samples.wallet(1)])
    here, gone = socket.gethostname(), 2**22 + 1
    owners = [f"{here}:{gone}:a", f"{here}:{os.getpid()}:b", f"elsewhere:{gone}:c"]
    for number, owner in enumerate(owners, 1):
        await add_run(journal, left(number, owner), b"xxxxx")
        assert await store.claim_run(journal, number, owner, 1, ("v", "d"))
        await store.keep_parts(journal, number, "result", b"half")
    await journal.execute(store._INSERT, **left(4, owners[0])._asdict())
    runs = Runs(journal, database, RealClock(), Sources(tmp_path), Foreman(PLAYED))
    bench = Bench(journal, database, runs)
    await runs.start()
    for number in (1, 2):
        line = await bench.line(number)
        assert (line.status, line.error) == ("failed", runner.INTERRUPTED)
        assert await read_parts(database, number, "result") == b""
    assert (await bench.line(3)).status == "running"
    monkeypatch.setattr(runner, "SILENT_MS", -1)
    await runs._runner.fail_lost()
    assert (await bench.line(3)).status == "failed"
    assert len(await list_runs(database, 1, "backtest")) == 3
    await runs.stop()


async def test_what_arrived_meanwhile_is_not_taken_for_lost(
    journal: Journal, database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The list of what arrives is old when it is there: a run may wait in the queue by then."""
    await journal.write([samples.wallet(1)])
    runs = Runs(journal, database, RealClock(), Sources(tmp_path), Foreman(PLAYED))
    bench, owner = Bench(journal, database, runs), runs._runner.owner
    number = await runs.submit(1, asked())
    await journal.execute(store._INSERT, **left(7, owner)._asdict())
    seen = [Held(one, "arriving", owner, 0) for one in (number, 7)]

    async def held_runs(_: Database) -> list[Held]:
        return seen

    monkeypatch.setattr(runner, "held_runs", held_runs)
    await runs._runner.fail_lost()
    assert (await bench.line(number)).status == "queued"
    assert await read_parts(database, number, "request") != b""
    assert await store.held_runs(database) == [], "what never arrived is gone"


async def test_what_was_taken_for_lost_is_not_queued(
    journal: Journal, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    await journal.write([samples.wallet(1)])
    keep = store.keep_parts

    async def slowly(*given: Any) -> None:
        await keep(*given)
        assert await store.take_lost(journal, 7, "slow", "taker")

    monkeypatch.setattr(store, "keep_parts", slowly)
    with pytest.raises(StoreBusyError, match="ask for it again"):
        await add_run(journal, left(7, "slow"), b"xxxxx")
    assert [one.owner for one in await store.held_runs(database)] == ["taker"]


async def test_a_stop_fails_what_is_computed_and_keeps_what_waits(
    journal: Journal, database: Database, tmp_path: Path
) -> None:
    await journal.write([samples.wallet(1)])
    first = Runs(journal, database, RealClock(), Sources(tmp_path), Foreman(PLAYED))
    bench = Bench(journal, database, first)
    await first.start()
    running = await first.submit(1, asked(seconds=30))
    waiting = await first.submit(1, asked())
    await bench.become(running, {"running"})
    await first.stop()
    assert (await bench.line(running)).error == runner.INTERRUPTED
    assert (await bench.line(waiting)).status == "queued"
    second = Runs(journal, database, RealClock(), Sources(tmp_path), Foreman(PLAYED))
    await second.start()
    assert (await bench.ended(waiting)).status == "finished"
    await second.stop()
