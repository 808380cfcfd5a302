"""Ten thousand sockets on one process: some slow, some stalled, and nobody else notices.

The fast lane has two hundred, with the same shape. The full figure:
`CROWD_CLIENTS=10000 pytest -s -m slow tests/load/test_crowd.py`; figures are printed, and kept as
JSON in the file that CROWD_FIGURES names.
"""

import asyncio
import json
import os
import re
import statistics
import subprocess
import time
from collections.abc import Coroutine
from dataclasses import dataclass, field
from pathlib import Path
from shutil import which
from typing import Any

import httpx
import pytest
import uvloop

from app.api.sockets import MOST_WAITING
from tests.load.clients import HEALTHY, SLOW, STALLED, Client, connect
from tests.load.loaded import BULK, Running, raise_file_limit, serving

FEW = 200
PER_WALLET, PER_ADDRESS = 10, 50
REGISTRATIONS_PER_ADDRESS = 100
BULK_CHARACTERS = 32_000
AT_ONCE = 100
CALM_SECONDS = 3.0
LEAST_SECONDS = 15.0
FEW_SECONDS = 6.0
MOST_SECONDS = 60.0
COUNTED = {"r", "w", "f"}
"""What `ss` says of a socket's memory: received, to be sent, reserved."""


def kind(number: int) -> str:
    """Make one in a hundred stalled and one in ten slow."""
    if number % 100 == 99:
        return STALLED
    return SLOW if number % 10 == 5 else HEALTHY


def percentile(values: list[float], share: float) -> float:
    """Return the value below which a share of all lies."""
    return sorted(values)[min(len(values) - 1, int(share * len(values)))] if values else 0.0


@dataclass(slots=True)
class Crowd:
    """The clients, and how long they took to come in."""

    clients: list[Client] = field(default_factory=list)
    seconds: float = 0.0

    def of(self, wanted: str) -> list[Client]:
        """List the clients of a kind."""
        return [one for one in self.clients if one.kind == wanted]


async def ask(port: int, path: str) -> Any:
    """Ask the platform's test entrance."""
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=120) as client:
        return (await client.get(path)).raise_for_status().json()


async def register(port: int, many: int, net: int) -> list[tuple[str, str]]:
    """Register wallets from many addresses: one may not have them all. Answers their tokens."""

    async def some(address: str, count: int) -> list[tuple[str, str]]:
        transport = httpx.AsyncHTTPTransport(local_address=address)
        base = f"http://127.0.0.1:{port}"
        found = []
        async with httpx.AsyncClient(transport=transport, base_url=base, timeout=60) as client:
            for _ in range(count):
                made = (await client.post("/api/register")).raise_for_status().json()
                found.append((made["token"], made["wallet_address"]))
        return found

    shares = [
        some(f"127.0.{net}.{1 + start // REGISTRATIONS_PER_ADDRESS}", min(many - start, 100))
        for start in range(0, many, REGISTRATIONS_PER_ADDRESS)
    ]
    return [one for share in await asyncio.gather(*shares) for one in share]


async def gather(port: int, wallets: list[tuple[str, str]], many: int) -> Crowd:
    """Let so many clients in, ten of a wallet, fifty of an address."""
    crowd, room = Crowd(), asyncio.Semaphore(AT_ONCE)
    began = time.perf_counter()

    async def enter(number: int) -> None:
        token, wallet = wallets[number // PER_WALLET]
        client = Client(kind(number), token, wallet, BULK)
        crowd.clients.append(client)
        place = number // PER_ADDRESS
        async with room:
            await connect(port, client, f"127.1.{place // 200}.{1 + place % 200}")

    try:
        async with asyncio.TaskGroup() as group:
            for number in range(many):
                group.create_task(enter(number))
    except BaseException:
        for client in crowd.clients:
            client.close()
        raise
    crowd.seconds = time.perf_counter() - began
    return crowd


def kernel_bytes(port: int) -> list[int]:
    """Return what the kernel keeps for each connection of the server that has something to send."""
    if which("ss") is None:
        return []
    command = ["ss", "-tmnHO", "state", "established", "sport", "=", f":{port}"]
    lines = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    sizes = [
        sum(int(size) for name, size in re.findall(r"([a-z]+)(\d+)", skmem) if name in COUNTED)
        for skmem in re.findall(r"skmem:\((.*?)\)", lines)
    ]
    return [size for size in sizes if size > 0]


async def run(running: Running, many: int) -> dict[str, Any]:
    """Let the crowd in, let the market tick until all who stall are gone; answers the figures."""
    port = running.port
    await register(port, 1, 2)
    await ask(port, "/load/hold")
    await ask(port, "/load/prices")
    wallets = await register(port, -(-many // PER_WALLET), 3)
    await ask(port, "/load/prices")
    await asyncio.sleep(CALM_SECONDS)
    calm = await ask(port, "/load/figures")
    crowd = await gather(port, wallets, many)
    await asyncio.sleep(CALM_SECONDS)
    full = await ask(port, "/load/figures")
    await ask(port, f"/load/market?{BULK_CHARACTERS}")
    await ask(port, "/load/prices")
    for client in crowd.clients:
        client.begin()
    kernel = await until_evicted(port, crowd)
    found = await ask(port, "/load/figures")
    delays = [delay for client in crowd.of(HEALTHY) for delay in client.delays]
    figures = {
        "clients": many,
        "connect_seconds": crowd.seconds,
        "signed_in": full["sockets"],
        "rss_per_client": (full["rss"] - calm["rss"]) / many,
        "kernel_per_slow_client": statistics.fmean(kernel) if kernel else None,
        "kernel_of_the_largest": max(kernel, default=None),
        "healthy_p50": percentile(delays, 0.5),
        "healthy_p99": percentile(delays, 0.99),
        "healthy_frames": len(delays),
        "tick_lag_p50_calm": percentile(calm["lags"], 0.5),
        "tick_lag_p99_calm": percentile(calm["lags"], 0.99),
        "looked_at_after_p99_calm": percentile(calm["looked_after"], 0.99),
        "tick_lag_p50": percentile(found["lags"], 0.5),
        "tick_lag_p99": percentile(found["lags"], 0.99),
        "looked_at_after_p50": percentile(found["looked_after"], 0.5),
        "looked_at_after_p99": percentile(found["looked_after"], 0.99),
        "looked_at_after_p99_computing": percentile(found["busy_before"], 0.99),
        "loop_lag_p99": percentile(found["loop_lags"], 0.99),
        "computed_per_tick": (found["computed"] - full["computed"]) / max(1, found["ticks"]),
        "evicted": found["evicted"],
        "evicted_after_at_most": max(found["evicted_after"], default=None),
        "connections": found["connections"],
        "ticks": found["ticks"],
        "most_waiting": found["most_waiting"],
        "most_characters": found["most_characters"],
        "healthy_lost": sum(one.lost for one in crowd.of(HEALTHY)),
        "slow_lost": sum(one.lost for one in crowd.of(SLOW)),
        "fewest_frames": min((len(one.delays) for one in crowd.of(HEALTHY)), default=0),
    }
    for client in crowd.clients:
        client.close()
    await asyncio.sleep(1)
    return figures


async def until_evicted(port: int, crowd: Crowd) -> list[int]:
    """Wait until the platform has no connection of a stalled client; answers the kernel's most."""
    stalled = len(crowd.of(STALLED))
    most: list[int] = []
    began = time.monotonic()
    while time.monotonic() < began + MOST_SECONDS:
        await asyncio.sleep(1)
        found = await ask(port, "/load/figures")
        sizes = await asyncio.to_thread(kernel_bytes, port)
        most = sizes if sum(sizes) > sum(most) else most
        gone = found["connections"] <= len(crowd.clients) - stalled
        least = FEW_SECONDS if len(crowd.clients) <= FEW else LEAST_SECONDS
        if gone and time.monotonic() > began + least:
            return most
    return most


def played(coroutine: Coroutine[Any, Any, dict[str, Any]]) -> dict[str, Any]:
    """Run on a loop that is quick enough to be ten thousand clients."""
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(coroutine)


def crowded(folder: Path, many: int) -> None:
    """Measure, tell, and check what must never happen."""
    assert raise_file_limit() > many + 200, "this machine allows too few open files"
    with serving(folder, most_sockets=max(many, FEW)) as running:
        figures = played(run(running, many))
        faults = running.faults()
    print(json.dumps(figures, indent=1))  # noqa: T201  # figures are what this is for
    if "CROWD_FIGURES" in os.environ:
        Path(os.environ["CROWD_FIGURES"]).write_text(json.dumps(figures, indent=1))
    stalled = sum(kind(number) == STALLED for number in range(many))
    assert figures["signed_in"] == many
    assert figures["healthy_lost"] == figures["slow_lost"] == 0
    assert figures["evicted"] == stalled
    assert figures["connections"] == many - stalled
    assert figures["most_waiting"] <= MOST_WAITING
    assert figures["fewest_frames"] > 0
    assert not faults


def test_a_crowd_with_slow_and_stalled_clients(tmp_path: Path) -> None:
    crowded(tmp_path, FEW)


@pytest.mark.slow
@pytest.mark.timeout(1_200)
def test_ten_thousand_clients(tmp_path: Path) -> None:
    crowded(tmp_path, int(os.environ.get("CROWD_CLIENTS", "10000")))
