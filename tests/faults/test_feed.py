"""The signal feed behind a hostile network: no signal is lost, told twice, or swallowed unsaid."""

import asyncio
import gzip
import random
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing, asynccontextmanager

import pytest

from app.providers.http import Http
from app.providers.signals.sse import LONGEST_WAIT, SseSignals
from app.trading.signals import Signal
from tests.faults.feeds import STREAM, Memory, event, mint_of, numbered, watched_memory
from tests.faults.proxy import (
    Fault,
    Proxy,
    black_hole,
    clean,
    cut_after,
    drip,
    garbage,
    latency,
    mixed_up,
    proxied,
)
from tests.logs import heard
from tests.providers.clocks import RealClock
from tests.servers import head, serve_bytes

SIGNALS = 200
MEMORY = 20_000_000
BIG = 200_000_000
HOUR = 3_600.0
IDLE = 0.2


@pytest.fixture
def clock() -> RealClock:
    return RealClock()


@pytest.fixture
async def http(clock: RealClock) -> AsyncIterator[Http]:
    client = Http(clock, jitter=lambda: 0.5)
    yield client
    await client.aclose()


def listening(http: Http, clock: RealClock, url: str) -> SseSignals:
    return SseSignals(http, clock, url, jitter=lambda: 0.5, idle_seconds=IDLE)


def count(source: SseSignals, name: str) -> int:
    """Return one of the numbers that a source tells."""
    return int(str(source.snapshot()[name]))


async def all_of(signals: AsyncGenerator[Signal], count: int) -> list[str]:
    async with asyncio.timeout(60), aclosing(signals) as told:
        return [(await anext(told)).mint for _ in range(count)]


@asynccontextmanager
async def changing(proxy: Proxy, faults: list[Fault], chance: random.Random) -> AsyncIterator[None]:
    """Begin with the first fault, change it again and again, drop connections in between."""
    proxy.fault = faults[0]

    async def change() -> None:
        while True:
            await asyncio.sleep(chance.uniform(0.01, 0.1))
            if chance.random() < 0.3:
                proxy.drop()
            proxy.fault = chance.choice(faults)

    task = asyncio.create_task(change())
    try:
        yield
    finally:
        task.cancel()


@pytest.mark.parametrize(
    "seed", [1, 2, *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(3, 103))]
)
async def test_nothing_is_lost_with_an_id_to_go_on_from(
    http: Http, clock: RealClock, seed: int
) -> None:
    """Late, dripping, cut in the middle of events, swallowed, and noise in between."""
    chance = random.Random(seed)
    faults = [cut_after(chance.randint(50, 900)), clean, latency(0.01), drip(0.0001, 7)]
    faults += [black_hole, garbage(chance)]
    async with numbered(SIGNALS) as (feed, url), proxied(url) as proxy:
        source = listening(http, clock, proxy.url)
        async with changing(proxy, faults, chance):
            told = await all_of(source.signals(), SIGNALS)
    assert sorted(told) == sorted(mint_of(number) for number in range(1, SIGNALS + 1)), seed
    assert len(set(told)) == SIGNALS
    assert feed.connections > 1
    reasons = [count(source, name) for name in ("cut", "unreachable", "bad_stream", "too_large")]
    assert sum(reasons) == count(source, "reconnects"), seed  # each has a reason


async def test_events_twice_and_in_another_order_are_told_once(
    http: Http, clock: RealClock
) -> None:
    """A feed may even go back with its ids: what comes again is known."""
    async with numbered(SIGNALS) as (_, url), proxied(url) as proxy:
        proxy.fault = mixed_up(random.Random(5))
        source = listening(http, clock, proxy.url)
        signals = source.signals()
        first = [(await anext(signals)).mint for _ in range(SIGNALS // 2)]
        proxy.drop()
        rest = await all_of(signals, SIGNALS - len(first))
    assert len({*first, *rest}) == SIGNALS
    assert count(source, "duplicate") > 0


async def test_noise_between_events_is_counted_by_reason(http: Http, clock: RealClock) -> None:
    async with numbered(SIGNALS) as (_, url), proxied(url) as proxy:
        proxy.fault = garbage(random.Random(7))
        source = listening(http, clock, proxy.url)
        told = await all_of(source.signals(), SIGNALS)
    assert len(set(told)) == SIGNALS
    assert count(source, "bad_json") >= SIGNALS - 1
    assert source.snapshot()["last_error"]


@pytest.mark.parametrize("end", [b"", b"\n"], ids=["an endless line", "endless lines"])
async def test_two_hundred_megabytes_cost_no_memory(
    http: Http, clock: RealClock, end: bytes
) -> None:
    block = b"data: " + b"x" * 65_000 + end
    sent = 0

    async def huge(request: bytes, writer: asyncio.StreamWriter) -> None:
        nonlocal sent
        writer.write(STREAM)
        if b"ast-event-id" in request.lower():
            return
        writer.write(event(1))
        while sent < BIG:
            writer.write(block)
            sent += len(block)
            await writer.drain()

    async def then_well(request: bytes, writer: asyncio.StreamWriter) -> None:
        if b"ast-event-id" in request.lower():
            writer.write(STREAM + event(2))
            await asyncio.sleep(60)
        await huge(request, writer)

    async with serve_bytes(then_well) as url, watched_memory() as memory:
        source = listening(http, clock, url)
        assert await all_of(source.signals(), 2) == [mint_of(1), mint_of(2)]
        assert source.snapshot()["too_large"] == 1
    assert memory.most < MEMORY
    assert sent < BIG  # it was cut long before its end


async def test_a_packed_bomb_instead_of_a_stream_is_refused(http: Http, clock: RealClock) -> None:
    """A stream is asked for unpacked; one that comes packed all the same is no stream."""
    bomb = gzip.compress(b"data: " + b" " * (BIG // 4) + b"\n\n", 1)
    asked = 0

    async def packed(_: bytes, writer: asyncio.StreamWriter) -> None:
        nonlocal asked
        asked += 1
        if asked == 1:
            writer.write(head(200, "text/event-stream", "content-encoding: gzip\r\n") + bomb)
            return
        writer.write(STREAM + event(1))
        await asyncio.sleep(60)

    async with serve_bytes(packed) as url, watched_memory() as memory:
        source = listening(http, clock, url)
        assert await all_of(source.signals(), 1) == [mint_of(1)]
    assert memory.most < MEMORY


@pytest.mark.parametrize("hours", [0.2, pytest.param(1.0, marks=pytest.mark.slow)])
async def test_hours_of_silence_are_a_few_lines_and_no_memory(
    http: Http, clock: RealClock, hours: float
) -> None:
    """Every connection is taken and nothing comes, for as many tries as that time holds."""
    tries = round(hours * HOUR / (8.0 + LONGEST_WAIT))
    async with numbered(1) as (feed, url), proxied(url) as proxy:
        proxy.fault = black_hole
        source = SseSignals(http, clock, proxy.url, jitter=lambda: 0.5, idle_seconds=0.01)
        signals = source.signals()
        with heard() as lines:
            async with watched_memory() as memory:
                first = asyncio.ensure_future(anext(signals))
                async with asyncio.timeout(100):
                    while proxy.connections < tries:  # noqa: ASYNC110 - it tells nobody
                        await asyncio.sleep(0.05)
                proxy.fault = clean
                assert (await asyncio.wait_for(first, 10)).mint == mint_of(1)
                await signals.aclose()
        assert memory.most < MEMORY
        assert len(lines) <= 6
        assert feed.connections >= tries
    broken = count(source, "cut") + count(source, "unreachable")
    assert broken >= tries - 1  # the last try may be the one that is heard
    assert max(clock.slept) <= LONGEST_WAIT


async def test_a_storm_of_reconnects_is_paced(http: Http, clock: RealClock) -> None:
    """A service that ends every connection after one event is asked once a second, not more."""

    async def one(request: bytes, writer: asyncio.StreamWriter) -> None:
        last = request.lower().partition(b"last-event-id: ")[2].partition(b"\r")[0]
        writer.write(STREAM + event(int(last or 0) + 1))

    async with serve_bytes(one) as url, watched_memory() as memory:
        source = listening(http, clock, url)
        assert len(set(await all_of(source.signals(), SIGNALS))) == SIGNALS
    assert set(clock.slept) == {0.75}
    assert memory.most < MEMORY


async def test_it_is_heard_again_within_seconds_of_the_end_of_an_outage() -> None:
    """With real waits: whatever was tried before, the next try is seconds away."""
    clock = RealClock(longest=HOUR)
    http = Http(clock)
    async with numbered(2, pause=0.0) as (_, url), proxied(url) as proxy:
        proxy.down = True
        source = SseSignals(http, clock, proxy.url)
        first = asyncio.ensure_future(anext(source.signals()))
        await asyncio.sleep(3.0)
        proxy.down = False
        loop = asyncio.get_running_loop()
        healed = loop.time()
        await asyncio.wait_for(first, 30)
        print(f"heard again after {loop.time() - healed:.2f} s")  # noqa: T201
    await http.aclose()
    assert sum(clock.slept) <= 3.0 + LONGEST_WAIT


def test_memory_is_measured() -> None:
    """The yardstick itself moves when memory is taken."""
    memory = Memory()
    taken = bytearray(b"x" * (2 * MEMORY))
    assert memory._now() - memory._before > MEMORY
    assert len(taken) == 2 * MEMORY
