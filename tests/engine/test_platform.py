"""One engine at a time, whoever dies, sleeps or comes back; and no one is left without a word."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack

import pytest

from app.engine import platform as platforms
from app.engine.live import EngineAbsentError, Recovered
from app.engine.pipeline.screen import Screening
from app.engine.pipeline.watch import Watching
from app.engine.platform import Platform, Wiring
from app.engine.recovery import recover
from app.ports import TokenInfo
from app.store.database import Database
from app.store.errors import StoreBusyError
from app.store.journal import Journal
from app.store.wallets import all_wallets
from app.trading.signals import Sentiment, Signal
from tests.engine.faults import joins, until
from tests.engine.outside import Market
from tests.engine.record import Known
from tests.engine.script import RULES, START, address
from tests.providers.clocks import RealClock, StillClock

Start = Callable[..., Awaitable[Platform]]
TTL_MS = 400


class Silence:
    """Services that have nothing to say."""

    async def signals(self) -> AsyncGenerator[Signal, None]:
        await asyncio.Event().wait()
        yield  # type: ignore[misc]

    async def sentiment(self, symbol: str, mint: str) -> Sentiment:
        raise NotImplementedError

    async def token(self, mint: str) -> TokenInfo | None:
        raise NotImplementedError

    async def named(self, symbol: str) -> TokenInfo | None:
        raise NotImplementedError


@pytest.fixture
async def start(
    database_url: str, known: Known, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Start]:
    """Start platforms as if each were a process of its own, with everything of its own."""
    monkeypatch.setattr(platforms, "LEASE_MS", TTL_MS)
    monkeypatch.setattr(platforms, "RENEW_SECONDS", 0.05)
    monkeypatch.setattr(platforms, "STOP_SECONDS", 0.5)

    async with AsyncExitStack() as stack:

        async def started(
            owner: str, *, engine: bool = True, chores: dict[str, platforms.Chore] | None = None
        ) -> Platform:
            journal = await Journal.open(database_url)
            stack.push_async_callback(journal.close)
            database = await Database.open(database_url)
            stack.push_async_callback(database.close)

            async def recovered(batch: int) -> Recovered:
                return await recover(database, RULES, known, batch, START)

            silence, market = Silence(), Market(StillClock())
            wiring = Wiring(
                clock=RealClock(longest=0.02),
                journal=journal,
                owner=owner,
                recover=recovered,
                signals=silence,
                screening=Screening(
                    sentiment=silence,
                    tokens=silence,
                    candles=market,
                    threshold=60.0,
                    min_mentions=1,
                ),
                watching=Watching(candles=market, timeframe="1m", timeframe_ms=60_000),
                symbols=silence,
                index=address("index"),
                chores=chores or {},
            )
            it = Platform(wiring)
            stack.push_async_callback(it.stop)
            await it.start(engine=engine)
            return it

        yield started


@pytest.fixture
async def seen(database_url: str) -> AsyncIterator[Callable[[], Awaitable[list[int]]]]:
    """Look at which wallets are in the record."""
    database = await Database.open(database_url)

    async def look() -> list[int]:
        return [row.id for row in await all_wallets(database)]

    yield look
    await database.close()


def runs(it: Platform) -> bool:
    return it.status()["engine"] == "running"


async def kill(it: Platform) -> None:
    """End a platform as a power cut does: nothing is given back."""
    await it._outer.stop()
    await it._inner.stop()
    it._wiring.journal.lease = None


async def test_a_second_process_serves_and_says_who_runs_the_engine(start: Start) -> None:
    first = await start("first")
    second = await start("second")
    assert runs(first)
    assert second.status()["engine"] == "the engine runs in first"
    assert not second.status()["healthy"]
    with pytest.raises(EngineAbsentError, match="runs in first"):
        await second.live.submit(joins(0))
    assert await first.live.submit(joins(0)) == 1
    views = await second.live.settled()
    assert views.wallet_id(address("wallet", 0)) == 1


async def test_it_takes_over_when_the_first_dies(
    start: Start, seen: Callable[[], Awaitable[list[int]]]
) -> None:
    first = await start("first")
    assert await first.live.submit(joins(0)) == 1
    second = await start("second")
    await kill(first)
    began = asyncio.get_running_loop().time()
    await until(lambda: runs(second))
    assert asyncio.get_running_loop().time() - began < 5
    assert (await second._lease.state()).epoch == 2
    assert await second.live.submit(joins(1)) == 2
    assert await seen() == [1, 2]


async def test_it_takes_over_at_once_when_the_first_stops(start: Start) -> None:
    first = await start("first")
    second = await start("second")
    await first.stop()
    await until(lambda: runs(second))
    with pytest.raises(EngineAbsentError, match="stopped"):
        await first.live.submit(joins(0))
    assert await second.live.submit(joins(0)) == 1


def put_to_sleep(it: Platform, monkeypatch: pytest.MonkeyPatch) -> asyncio.Event:
    """Let a platform not renew its lease before it is woken."""
    awake = asyncio.Event()
    renew = it._lease.renew

    async def sleepy() -> None:
        await awake.wait()
        await renew()

    monkeypatch.setattr(it._lease, "renew", sleepy)
    return awake


async def test_one_that_slept_and_was_overtaken_cannot_write(
    start: Start,
    seen: Callable[[], Awaitable[list[int]]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    first = await start("first")
    awake = put_to_sleep(first, monkeypatch)
    second = await start("second")
    await until(lambda: runs(second))
    assert runs(first)  # it does not know yet
    assert await second.live.submit(joins(0)) == 1
    with pytest.raises(EngineAbsentError, match="took the engine over"):
        await first.live.submit(joins(1))
    awake.set()
    await until(lambda: first.status()["engine"] == "the engine runs in second")
    assert await second.live.submit(joins(2)) == 2
    assert await seen() == [1, 2]
    views = await first.live.settled()
    assert views.wallet_id(address("wallet", 1)) is None


async def test_it_comes_back_after_it_was_overtaken(
    start: Start,
    seen: Callable[[], Awaitable[list[int]]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    first = await start("first")
    awake = put_to_sleep(first, monkeypatch)  # or it takes the lease again before the other asks
    await first._lease.release()
    second = await start("second")
    awake.set()
    await until(lambda: first.status()["engine"] == "the engine runs in second")
    assert await second.live.submit(joins(0)) == 1
    await second.stop()
    await until(lambda: runs(first))
    assert await first.live.submit(joins(1)) == 2
    assert await seen() == [1, 2]


async def test_a_database_that_is_away_for_a_moment_ends_nothing(
    start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = await start("first")
    await until(lambda: "engine loop" in first._inner._tasks)
    loop = first._inner._tasks["engine loop"]
    renew, faults = first._lease.renew, [StoreBusyError("locked")] * 3

    async def faulty() -> None:
        if faults:
            raise faults.pop()
        await renew()

    monkeypatch.setattr(first._lease, "renew", faulty)
    await until(lambda: not faults)
    assert await first.live.submit(joins(0)) == 1
    assert first._inner._tasks["engine loop"] is loop
    assert runs(first)


async def test_one_that_is_asked_to_runs_without_an_engine(start: Start) -> None:
    it = await start("web", engine=False)
    assert it.status()["engine"] == "this process serves without an engine"
    with pytest.raises(EngineAbsentError, match="without an engine"):
        await it.live.submit(joins(0))
    assert (await it._lease.state()).owner == ""


async def test_a_chore_that_fails_is_shown_and_tried_again(start: Start) -> None:
    failed = 0

    async def chore() -> None:
        nonlocal failed
        failed += 1
        if failed < 4:
            raise RuntimeError("out of soap")
        await asyncio.Event().wait()

    it = await start("first", chores={"wash": chore})
    await until(lambda: failed == 4)
    tasks = it.status()["tasks"]
    assert isinstance(tasks, dict)
    assert tasks["wash"]["restarts"] == 3
    assert tasks["wash"]["last_error"] == "RuntimeError: out of soap"
    assert {"engine loop", "listen", "screen", "watch", "beat"} <= set(tasks)
    assert it.status()["healthy"]


async def test_stop_keeps_what_waits(
    start: Start, seen: Callable[[], Awaitable[list[int]]]
) -> None:
    it = await start("first")
    asked = [asyncio.create_task(it.live.submit(joins(place))) for place in range(20)]
    await asyncio.sleep(0)
    await it.stop()
    assert await asyncio.gather(*asked) == list(range(1, 21))
    assert await seen() == list(range(1, 21))
    assert (await it._lease.state()).expires_in_ms < 0
