"""A market inside a running loop starts, stays out of the way and stops in time."""

import asyncio
import logging
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest

from app.simulator import SimulatorConfig, create_simulator, run_embedded
from app.simulator.tokens import INDEX_POOL

ROOT = Path(__file__).parents[2]


async def read_forever(url: str, connected: asyncio.Event) -> int:
    seen = 0
    async with (
        httpx.AsyncClient(timeout=5) as client,
        client.stream("GET", f"{url}/stream") as response,
    ):
        async for chunk in response.aiter_bytes():
            seen += len(chunk)
            connected.set()
    return seen


async def test_stopping_ends_open_streams_within_a_second() -> None:
    simulator = await run_embedded(SimulatorConfig(seed=1))
    connected = [asyncio.Event() for _ in range(5)]
    readers = [asyncio.create_task(read_forever(simulator.base_url, event)) for event in connected]
    for event in connected:
        await event.wait()
    started = time.monotonic()
    await simulator.stop()
    assert time.monotonic() - started < 1.0
    assert all(size > 0 for size in await asyncio.gather(*readers))
    await simulator.stop()
    async with httpx.AsyncClient() as client:
        with pytest.raises(httpx.ConnectError):
            await client.get(simulator.base_url)


async def test_stopping_does_not_wait_for_a_reader_who_does_not_read() -> None:
    simulator = await run_embedded(SimulatorConfig(seed=1, faults=("huge_event",)))
    port = int(simulator.base_url.rsplit(":", maxsplit=1)[1])
    with socket.create_connection(("127.0.0.1", port)) as stalled:
        stalled.sendall(b"GET /stream HTTP/1.1\r\nhost: localhost\r\n\r\n")
        await asyncio.sleep(0.3)
        started = time.monotonic()
        await simulator.stop()
        assert time.monotonic() - started < 1.0


async def test_two_markets_live_side_by_side() -> None:
    one, other = await run_embedded(SimulatorConfig(seed=1)), await run_embedded()
    assert one.base_url != other.base_url
    await asyncio.gather(one.stop(), other.stop())


async def test_embedding_leaves_signals_and_logs_alone(caplog: pytest.LogCaptureFixture) -> None:
    handlers = [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)]
    access = logging.getLogger("uvicorn.access")
    before = (list(access.handlers), access.propagate, access.level)
    with caplog.at_level(logging.INFO):
        simulator = await run_embedded(SimulatorConfig(seed=1))
        async with httpx.AsyncClient() as client:
            await client.get(f"{simulator.base_url}/token/nobody")
        during = [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)]
        await simulator.stop()
    assert during == handlers
    assert (list(access.handlers), access.propagate, access.level) == before
    assert not [record for record in caplog.records if record.name.startswith("uvicorn")]


async def test_polling_ten_tokens_a_second_costs_little() -> None:
    """Sixty rounds of what a second asks for, client included, in under two seconds of one core."""
    simulator = await run_embedded(SimulatorConfig(seed=1))
    pools = [token.pool for token in simulator.app.state.market.universe.tokens[:10]]
    async with httpx.AsyncClient(base_url=simulator.base_url) as client:
        started = time.process_time()
        for _ in range(60):
            for pool in pools:
                path = f"/networks/solana/pools/{pool}/ohlcv/second?limit=5&currency=token"
                assert (await client.get(path)).status_code == 200
        spent = time.process_time() - started
    await simulator.stop()
    assert spent / 60 < 0.06


async def test_old_hours_do_not_hold_up_the_loop() -> None:
    simulator = await run_embedded(SimulatorConfig(seed=1))
    longest, began = 0.0, time.perf_counter()
    async with httpx.AsyncClient(base_url=simulator.base_url, timeout=30) as client:
        path = f"/networks/solana/pools/{INDEX_POOL}/ohlcv/hour?limit=1000"
        answer = asyncio.create_task(client.get(path))
        while not answer.done():
            started = time.perf_counter()
            await asyncio.sleep(0)
            longest = max(longest, time.perf_counter() - started)
    whole = time.perf_counter() - began
    await simulator.stop()
    assert (await answer).status_code == 200
    assert longest < whole / 2, "it was computed in one go"


def test_a_simulator_can_be_made_outside_a_loop() -> None:
    assert create_simulator().state.market.universe.tokens


def test_a_standalone_market_ends_on_a_signal() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    code = f"from app.simulator import run_standalone; run_standalone(port={port})"
    process = subprocess.Popen(
        [sys.executable, "-c", code], cwd=ROOT, env=os.environ, stderr=subprocess.DEVNULL
    )
    try:
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            try:
                with httpx.stream("GET", f"http://127.0.0.1:{port}/stream") as response:
                    assert response.status_code == 200
                    process.send_signal(signal.SIGTERM)
                    for _ in response.iter_bytes():
                        pass
                break
            except httpx.ConnectError:
                time.sleep(0.1)
        process.wait(timeout=5)
    finally:
        process.kill()
        process.wait()
    assert process.returncode in {0, -signal.SIGTERM}
