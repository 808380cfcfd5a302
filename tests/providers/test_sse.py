import asyncio
import json
import tracemalloc
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest

from app.providers.http import Http
from app.providers.signals.sse import SseSignals
from app.trading.signals import Signal
from tests.providers.clocks import RealClock
from tests.servers import head, serve_bytes

MINTS = [
    "DezXAZ8z7PnrnRJjz3wXBoRgixCa6xjnB7YaB1pPB263",
    "EKpQGSJtjMFqKZ9KQanSqYXRcF8fBopzLHYxdM65zcjm",
    "ukHH6c7mMyiWCf1b9pnWe25TSpkDDt3H5pQZgZ74J82",
]
STREAM = head(200, "text/event-stream")
Script = Callable[[bytes, asyncio.StreamWriter], Awaitable[None]]


def event(mint: str = MINTS[0], **fields: object) -> bytes:
    body = {"tokenAddress": mint, "triggeredAt": "2026-11-20T10:00:03.412Z"} | fields
    return f"event: data\ndata: {json.dumps(body)}\n\n".encode()


def say(*parts: bytes, pause: float = 0.0, stay: float = 60.0) -> Script:
    async def write(_: bytes, writer: asyncio.StreamWriter) -> None:
        for part in parts:
            writer.write(part)
            await writer.drain()
            await asyncio.sleep(pause)
        await asyncio.sleep(stay)

    return write


class Feed:
    """Plays one script per connection; the last one again and again."""

    def __init__(self, *scripts: Script) -> None:
        self.scripts = scripts
        self.heads: list[bytes] = []

    async def __call__(self, request: bytes, writer: asyncio.StreamWriter) -> None:
        self.heads.append(request)
        await self.scripts[min(len(self.heads), len(self.scripts)) - 1](request, writer)


@asynccontextmanager
async def following(
    http: Http, clock: RealClock, *scripts: Script, **options: Any
) -> AsyncIterator[tuple[SseSignals, AsyncGenerator[Signal], Feed]]:
    feed = Feed(*scripts)
    async with serve_bytes(feed) as url:
        source = SseSignals(http, clock, url, **{"jitter": lambda: 1.0, **options})
        signals = source.signals()
        try:
            yield source, signals, feed
        finally:
            await signals.aclose()


async def first(signals: AsyncIterator[Signal], count: int = 1) -> list[str]:
    async with asyncio.timeout(5):
        return [(await anext(signals)).mint for _ in range(count)]


async def test_a_signal_arrives_with_everything_it_said(http: Http, clock: RealClock) -> None:
    told = event(
        uniqueWalletCount=4,
        walletAddresses=["w1", "w2"],
        windowStart="2026-11-20T10:00:00.000Z",
        windowEnd="2026-11-20T10:00:05.000Z",
        mood="new field",
    )
    hello = b"event: connected\ndata: Connected to the signal stream\n\n: keepalive\n\n"
    async with following(http, clock, say(STREAM, hello, told)) as (source, signals, feed):
        signal = await asyncio.wait_for(anext(signals), 5)
    assert signal.mint == MINTS[0]
    assert signal.triggered_at == 1_795_168_803_412
    assert (signal.window_start, signal.window_end) == (1_795_168_800_000, 1_795_168_805_000)
    assert (signal.unique_wallets, signal.wallets) == (4, ("w1", "w2"))
    assert json.loads(signal.payload)["mood"] == "new field"
    assert signal.source.startswith("127.0.0.1:")
    asked = feed.heads[0].decode().lower()
    assert asked.startswith("get /stream ")
    assert "accept: text/event-stream" in asked
    assert "accept-encoding: identity" in asked
    told_of = source.snapshot()
    assert told_of["signals"] == 1
    assert told_of["ignored"] == 1
    for age in ("last_byte_at", "last_event_at", "last_signal_at"):
        assert abs(clock.now() - int(str(told_of[age]))) < 5_000


async def test_a_source_may_have_a_name(http: Http, clock: RealClock) -> None:
    async with following(http, clock, say(STREAM, event()), source="simulator") as heard:
        signal = await asyncio.wait_for(anext(heard[1]), 5)
    assert signal.source == "simulator"


@pytest.mark.parametrize(
    ("reason", "bad"),
    [
        ("bad_json", b"event: data\ndata: {oops\n\n"),
        ("bad_json", b'event: data\ndata: {"tokenAddress": NaN}\n\n'),
        ("bad_json", b"event: data\ndata: " + b'{"a":' * 10_000 + b"\n\n"),
        ("bad_json", b"data: \xff\xfe\n\n"),
        ("bad_type", b"event: data\ndata: 17\n\n"),
        ("bad_type", b'event: data\ndata: {"a":1}\n\n'),
        ("bad_type", event(uniqueWalletCount=-1)),
        ("bad_type", event(uniqueWalletCount="4")),
        ("bad_type", event(walletAddresses=[1])),
        ("bad_type", event(triggeredAt="yesterday")),
        ("invalid_mint", event("0OIl-not-an-address")),
        ("invalid_mint", event("z" * 44)),
        ("invalid_mint", event(MINTS[0]).replace(b"Dez", b"De\xff")),
        ("duplicate", event(MINTS[1])),
        ("ignored", b"event: weather\ndata: rain\n\n"),
    ],
)
async def test_what_is_no_signal_is_counted_and_skipped(
    http: Http, clock: RealClock, reason: str, bad: bytes
) -> None:
    script = say(STREAM, event(MINTS[1]) + bad + event(MINTS[2]))
    async with following(http, clock, script) as (source, signals, feed):
        assert await first(signals, 2) == MINTS[1:]
        told = source.snapshot()
    assert told[reason] == 1
    assert told["connected"] is True
    assert len(feed.heads) == 1


@pytest.mark.parametrize(
    "parts",
    [
        [event().replace(b"\n", b"\r\n")],
        [event().replace(b"\n", b"\r")],
        [b"\xef\xbb\xbf" + event()],
        [b"id: 7\n\n: keepalive\n\nretry: -5\n\nevent: data\n\n\n\n", event()],
        [b"retry: x\nid: a\0b\nunknown\n: note\ndata:\n\n", event()],
        [bytes([one]) for one in event(note="é")],
        [event().replace(b'"triggeredAt"', b'\ndata: "triggeredAt"')],
        [event().replace(b"event: data\n", b"")],
    ],
    ids=["crlf", "cr", "bom", "empty", "odd fields", "byte by byte", "many lines", "unnamed"],
)
async def test_every_way_to_write_an_event_is_read(
    http: Http, clock: RealClock, parts: list[bytes]
) -> None:
    async with following(http, clock, say(STREAM, *parts)) as (source, signals, feed):
        assert await first(signals) == MINTS[:1]
    assert source.snapshot()["bad_json"] == 0
    assert len(feed.heads) == 1


async def test_latin_is_no_encoding_of_an_event_stream(http: Http, clock: RealClock) -> None:
    latin = head(200, "text/event-stream; charset=iso-8859-1")
    script = say(latin, event(note="é").replace(b"\\u00e9", "é".encode()))
    async with following(http, clock, script) as (_, signals, _feed):
        signal = await asyncio.wait_for(anext(signals), 5)
    assert json.loads(signal.payload)["note"] == "é"


async def test_what_was_told_before_is_not_told_after_a_reconnect(
    http: Http, clock: RealClock
) -> None:
    scripts = say(STREAM, event(), stay=0), say(STREAM, event(), event(MINTS[1]), stay=0)
    async with following(http, clock, *scripts) as (source, signals, _):
        assert await first(signals, 2) == MINTS[:2]
        assert source.snapshot()["duplicate"] == 1


async def test_the_memory_of_what_was_told_is_bounded(http: Http, clock: RealClock) -> None:
    many = b"".join(event(triggeredAt=1_795_000_000 + number) for number in range(300))
    script = say(STREAM, many)
    async with following(http, clock, script, remembered=100) as (source, signals, _):
        await first(signals, 300)
        assert source.snapshot()["remembered"] == 100


async def test_an_endless_feed_of_hostile_size_is_dropped_within_memory(
    http: Http, clock: RealClock
) -> None:
    huge = b"event: data\ndata: {" + b"x" * 10_000_000 + b"\n\n"
    scripts = say(STREAM, huge), say(STREAM, b"y" * 10_000_000), say(STREAM, event())
    async with following(http, clock, *scripts) as (source, signals, feed):
        tracemalloc.start()
        try:
            assert await first(signals) == MINTS[:1]
            peak = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
        assert source.snapshot()["too_large"] == 2
    assert len(feed.heads) == 3
    # The test's own server holds up to what it has not sent; the reader a few times 1 MiB.
    assert peak < 20_000_000


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        (say(STREAM, event(MINTS[1])[:60], stay=0), "cut"),
        (say(STREAM, stay=0), "cut"),
        (say(STREAM.replace(b"connection: close", b"content-length: 99"), b"x", stay=0), "cut"),
        (say(STREAM), "cut"),
        (say(STREAM, *[b":"] * 200, pause=0.01), "cut"),
        (say(STREAM, *[b": ok\n"] * 3, pause=0.01), "cut"),
        (say(), "unreachable"),
        (say(b"nonsense\r\n\r\n", stay=0), "unreachable"),
        (say(head(503, "text/html"), b"<html>", stay=0), "unreachable"),
        (say(head(500, "text/event-stream"), event(MINTS[1]), stay=0), "unreachable"),
        (say(head(429, "text/plain", "retry-after: 0\r\n"), stay=0), "limited"),
        (say(head(200, "text/html"), b"<html>", stay=0), "bad_stream"),
        (say(head(401, "application/json"), b"{}", stay=0), "refused"),
        (say(head(302, "text/plain", "location: http://elsewhere.example/\r\n")), "refused"),
    ],
)
async def test_after_every_fault_the_feed_goes_on(
    http: Http, clock: RealClock, fault: Script, reason: str
) -> None:
    scripts = fault, say(STREAM, event(MINTS[1]))
    async with following(http, clock, *scripts, idle_seconds=0.15) as (source, signals, feed):
        assert await first(signals) == [MINTS[1]]
        told = source.snapshot()
    assert told[reason] == 1
    assert told["reconnects"] == 1
    assert told["last_error"]
    assert len(feed.heads) == 2


async def test_keepalives_keep_a_quiet_feed_open(http: Http, clock: RealClock) -> None:
    script = say(STREAM, *[b": keepalive\n\n"] * 20, event(), pause=0.02)
    async with following(http, clock, script, idle_seconds=0.15) as (source, signals, _):
        assert await first(signals) == MINTS[:1]
        assert source.snapshot()["cut"] == 0


async def test_a_slow_listener_is_no_silence(http: Http, clock: RealClock) -> None:
    script = say(STREAM, event(), event(MINTS[1]))
    async with following(http, clock, script, idle_seconds=0.15) as (source, signals, _):
        await first(signals)
        await asyncio.sleep(0.3)
        assert await first(signals) == [MINTS[1]]
        assert source.snapshot()["cut"] == 0


async def test_waits_double_to_four_seconds_and_an_event_ends_that(
    http: Http, clock: RealClock
) -> None:
    down = say(head(503, "text/plain"), stay=0)
    scripts = [*[down] * 7, say(STREAM, b"data: hello\n\n", stay=0), down, say(STREAM, event())]
    async with following(http, clock, *scripts) as (_, signals, _feed):
        await first(signals)
    assert clock.slept == [1, 2, 4, 4, 4, 4, 4, 1, 2]


async def test_a_refused_feed_is_asked_seldom(http: Http, clock: RealClock) -> None:
    scripts = [*[say(head(403, "text/plain"), stay=0)] * 5, say(STREAM, event())]
    async with following(http, clock, *scripts) as (_, signals, _feed):
        await first(signals)
    assert clock.slept == [30, 60, 120, 240, 300]


async def test_nothing_to_hear_is_asked_every_five_minutes(http: Http, clock: RealClock) -> None:
    quiet = b"HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n"
    scripts = [*[say(quiet, stay=0)] * 2, say(STREAM, event())]
    async with following(http, clock, *scripts) as (source, signals, _):
        await first(signals)
        assert source.snapshot()["unreachable"] == 0
    assert clock.slept == [300, 300]


async def test_the_feed_may_name_the_wait_and_its_place(http: Http, clock: RealClock) -> None:
    named = b"retry: 3000\nid: 41\ndata: hello\n\nid: caf\xc3\xa9\n\nid: 42 \n\n"
    scripts = say(STREAM, named, stay=0), say(STREAM, b"retry: 900000\n\n", event(), stay=0)
    last = say(STREAM, event(MINTS[1]))
    async with following(http, clock, *scripts, last) as (_, signals, feed):
        assert await first(signals, 2) == MINTS[:2]
    assert clock.slept == [3, 30]
    assert b"last-event-id" not in feed.heads[0].lower()
    assert b"last-event-id: 41\r\n" in feed.heads[1].lower()


async def test_leaving_closes_the_connection(http: Http, clock: RealClock) -> None:
    closed = asyncio.Event()

    async def watch(_: bytes, writer: asyncio.StreamWriter) -> None:
        writer.write(STREAM + event())
        try:
            while True:
                await asyncio.sleep(0.01)
                writer.write(b": keepalive\n\n")
                await writer.drain()
        except ConnectionError:
            closed.set()

    async with following(http, clock, watch) as (source, signals, _):
        await first(signals)
        await signals.aclose()
        await asyncio.wait_for(closed.wait(), 5)
        assert source.snapshot()["connected"] is False
