"""Whatever is sent over a socket, it ends in a clean close, and nobody else notices.

The fast lane sends two thousand frames, the slow one a hundred thousand:
`FUZZ_FRAMES=100000 pytest -s -m slow tests/load/test_bad_frames.py`. The seed is printed;
`FUZZ_SEED=…` sends the same frames again.
"""

import asyncio
import contextlib
import json
import os
import time
from collections import Counter
from collections.abc import AsyncIterator, Coroutine
from dataclasses import dataclass, field
from pathlib import Path
from random import Random, SystemRandom
from typing import Any

import pytest
import uvloop

from app.api.transports import GRACE_SECONDS
from tests.load.clients import CLOSE, PING, TEXT, Client, Frames, connect, frame, said, upgrade
from tests.load.fuzz import CASES
from tests.load.loaded import BULK, Running, serving
from tests.load.test_crowd import ask, register

FEW_FRAMES, MANY_FRAMES = 2_000, 100_000
AT_ONCE, MOST_CASES = 8, 5
SIGNED_IN, HASTY = 0.7, 0.1
"""The shares of connections that sign in first, and that do not wait for the upgrade."""

PATIENCE_SECONDS, ANSWER_SECONDS = 30.0, 0.5
CLEAN = {1000, 1002, 1003, 1007, 1008, 1009, 4400, 4401, 4429}
ECHOED = {3000, 4999}
"""Codes that a client may close with; the answer repeats them."""

MOST_GROWTH = 64 * 2**20
FLOOD_FRAMES = 150_000
WRONG_UPGRADES = (
    b"GET /ws HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n",
    b"GET /ws HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Key: short\r\nSec-WebSocket-Version: 13\r\n\r\n",
    b"GET /ws HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 8\r\n\r\n",
    b"POST /ws HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n\r\n",
)


@dataclass(slots=True)
class Told:
    """What came of the frames."""

    frames: int = 0
    endings: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)


class Wire:
    """One connection, byte by byte."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer
        self._frames = Frames()
        self._waiting: list[tuple[int, bytes]] = []

    async def next(self) -> tuple[int, bytes] | None:
        """Wait for a frame of the server; None at the end."""
        while not self._waiting:
            data = await self.reader.read(65_536)
            if not data:
                return None
            self._waiting += self._frames.feed(data)
        return self._waiting.pop(0)

    async def until(self, opcode: int, beginning: bytes) -> bytes | None:
        """Wait for a frame that begins so, or a close; None at the end."""
        while (found := await self.next()) is not None:
            if found[0] == CLOSE or (found[0] == opcode and found[1].startswith(beginning)):
                return found[1]
        return None


@contextlib.asynccontextmanager
async def opened(port: int, source: str, hasty: bytes = b"") -> AsyncIterator[Wire]:
    """Open a WebSocket from an address of this machine; `hasty` comes with the request for it."""
    reader, writer = await asyncio.open_connection(
        "127.0.0.1", port, local_addr=(source, 0), limit=2**20
    )
    try:
        writer.write(upgrade() + hasty)
        head = await reader.readuntil(b"\r\n\r\n")
        assert hasty or head.startswith(b"HTTP/1.1 101"), head
        yield Wire(reader, writer)
    finally:
        writer.transport.abort()


class Fuzz:
    """Sends cases until there were enough frames."""

    def __init__(self, port: int, seed: int, wallets: list[tuple[str, str]]) -> None:
        self._port = port
        self._seed = seed
        self._wallets = wallets
        self.told = Told()

    async def run(self, frames: int) -> Told:
        """Send so many frames, some connections at a time."""

        async def one(worker: int) -> None:
            turn = 0
            while self.told.frames < frames:
                number = worker + AT_ONCE * turn
                turn += 1
                await self._talk(number, Random(f"{self._seed}/{number}"))

        await asyncio.gather(*(one(worker) for worker in range(AT_ONCE)))
        return self.told

    async def _talk(self, number: int, random: Random) -> None:
        """Open a connection, sign in or not, send some cases, and see how it ends."""
        names: list[str] = []
        source = f"127.2.{number // 250 % 250}.{1 + number % 250}"
        hasty = b""
        if random.random() < HASTY:
            hasty, frames = random.choice(CASES)(random)
            self.told.frames += frames
        try:
            async with (
                asyncio.timeout(PATIENCE_SECONDS),
                opened(self._port, source, hasty) as wire,
            ):
                if random.random() < SIGNED_IN:
                    token, wallet = self._wallets[number % len(self._wallets)]
                    wire.writer.write(said("AUTH", {"token": token, "wallet_address": wallet}))
                    await wire.until(TEXT, b'{"type":"NEW_TRADE_STARTING"')
                for _ in range(random.randrange(1, MOST_CASES + 1)):
                    case = random.choice(CASES)
                    names.append(case.__name__)
                    data, frames = case(random)
                    self.told.frames += frames
                    wire.writer.write(data)
                ending = await self._ending(wire)
        except TimeoutError:
            ending = "hangs"
        except (ConnectionError, asyncio.IncompleteReadError) as error:
            ending = type(error).__name__
        self._judge(ending, number, names)

    async def _ending(self, wire: Wire) -> str:
        """Ask whether we are still understood; who left a frame unfinished says goodbye."""
        with contextlib.suppress(ConnectionError):
            wire.writer.write(said("PING"))
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                return await self._answer(wire)
        except TimeoutError:
            with contextlib.suppress(ConnectionError):
                wire.writer.write_eof()
        return await self._answer(wire)

    async def _answer(self, wire: Wire) -> str:
        """Wait for the answer to our PING, for a close, or for the end."""
        while (found := await wire.next()) is not None:
            if found[0] == CLOSE:
                return str(int.from_bytes(found[1][:2]) if found[1] else 1000)
            if found[1] == b'{"type":"PONG"}':
                return "open"
        return "end"

    def _judge(self, ending: str, number: int, names: list[str]) -> None:
        told = self.told
        told.endings[ending] += 1
        clean = ending in {"open", "end", "ConnectionResetError", "BrokenPipeError"}
        if not clean and not (ending.isdecimal() and int(ending) in CLEAN | ECHOED):
            told.faults.append(f"connection {number} ({', '.join(names)}): {ending}")


async def witness(port: int, wallet: tuple[str, str]) -> Client:
    """Let somebody in who does nothing wrong."""
    client = Client("healthy", *wallet, BULK)
    await connect(port, client, "127.3.0.1")
    return client


async def send_frames(running: Running, seed: int, frames: int) -> dict[str, Any]:
    """Send bad frames while somebody watches the market; answers what came of it."""
    port = running.port
    wallets = await register(port, 9, 3)
    honest = await witness(port, wallets[0])
    await ask(port, "/load/market?10")
    await Fuzz(port, seed + 1, wallets[1:]).run(frames // 10)
    before = (await ask(port, "/load/figures"))["rss"]
    began = time.monotonic()
    told = await Fuzz(port, seed, wallets[1:]).run(frames)
    for request in WRONG_UPGRADES:
        await refused_upgrade(port, request)
    await asyncio.sleep(2)
    heard = len(honest.delays)
    await asyncio.sleep(2 if frames <= FEW_FRAMES else GRACE_SECONDS + 1)
    after = await ask(port, "/load/figures")
    figures = {
        "frames": told.frames,
        "seconds": time.monotonic() - began,
        "endings": dict(told.endings.most_common()),
        "faults": told.faults[:20],
        "grown": after["rss"] - before,
        "witness_lost": honest.lost,
        "witness_heard": heard,
        "witness_hears_still": len(honest.delays) > heard,
        "witness_latest": max(honest.delays),
    }
    honest.close()
    return figures


async def refused_upgrade(port: int, request: bytes) -> None:
    """Ask for an upgrade in a wrong way: the answer is an error, and an end."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(request)
    async with asyncio.timeout(PATIENCE_SECONDS):
        head = await reader.readuntil(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 4"), head
    writer.close()


def played(coroutine: Coroutine[Any, Any, dict[str, Any]]) -> dict[str, Any]:
    """Run on a quick loop."""
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(coroutine)


def fuzzed(folder: Path, frames: int) -> None:
    """Send so many bad frames, tell what came of them, and check it."""
    seed = int(os.environ.get("FUZZ_SEED") or SystemRandom().randrange(2**32))
    print(f"FUZZ_SEED={seed}")  # noqa: T201  # with it the same frames are sent again
    with serving(folder, sockets_per_wallet=100) as running:
        figures = played(send_frames(running, seed, frames))
        log = running.faults()
    print(json.dumps(figures, indent=1))  # noqa: T201
    assert not figures["faults"]
    assert not log
    assert figures["frames"] >= frames
    assert not figures["witness_lost"]
    assert figures["witness_hears_still"]
    assert figures["grown"] < MOST_GROWTH


def test_bad_frames_end_in_clean_closes(tmp_path: Path) -> None:
    fuzzed(tmp_path, FEW_FRAMES)


@pytest.mark.slow
@pytest.mark.timeout(3_600)
def test_a_hundred_thousand_bad_frames(tmp_path: Path) -> None:
    fuzzed(tmp_path, int(os.environ.get("FUZZ_FRAMES", str(MANY_FRAMES))))


async def flood(running: Running) -> dict[str, Any]:
    """Send pings without reading the answers, and a message in pieces that never ends."""
    port = running.port
    wallets = await register(port, 2, 3)
    honest = await witness(port, wallets[0])
    await ask(port, "/load/market?10")
    before = (await ask(port, "/load/figures"))["rss"]
    most, cut = 0, []
    start = frame(TEXT, b"{", fin=False)
    for first, flood_of in ((b"", frame(PING, b"x" * 125)), (start, frame(0, b"", fin=False))):
        reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=1024)
        writer.write(upgrade() + first)
        with contextlib.suppress(ConnectionError):
            for _ in range(FLOOD_FRAMES // 1_000):
                writer.write(flood_of * 1_000)
                await writer.drain()
                if reader.at_eof():
                    break
        most = max(most, (await ask(port, "/load/figures"))["rss"] - before)
        cut.append(await ends(reader))
        writer.transport.abort()
    await asyncio.sleep(1.5)
    found = await ask(port, "/load/figures")
    figures = {"cut": cut, "grown_at_most": most, "witness_lost": honest.lost, "found": found}
    honest.close()
    return figures


async def ends(reader: asyncio.StreamReader) -> bool:
    """Tell whether the platform ends a connection."""
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            while await reader.read(65_536):
                pass
    except TimeoutError:
        return False
    except ConnectionError:
        return True
    return True


def test_floods_are_cut_off(tmp_path: Path) -> None:
    with serving(tmp_path) as running:
        figures = played(flood(running))
        log = running.faults()
    assert figures["cut"] == [True, True]
    assert figures["grown_at_most"] < MOST_GROWTH
    assert figures["found"]["connections"] == 1
    assert not figures["witness_lost"]
    assert not log
