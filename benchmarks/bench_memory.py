"""What a wallet with one open position takes in the books, and what the running platform takes."""

import gc
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import tracemalloc
import urllib.request
from pathlib import Path

from app.trading.ledger import TradeRow
from benchmarks.markets import closed, engine, watched
from benchmarks.result import Result

SIZES = (1_000, 10_000, 30_000)
MOST_BYTES = 2_048.0
MOST_MEGABYTES = 250.0
SETTLE_SECONDS = 60.0


def per_wallet(wallets: int) -> float:
    """Return the bytes in the engine's memory for each wallet with one open position."""
    empty, _ = engine(1)
    token, _ = watched(empty, 1)
    empty.handle([closed(token, 1, 1e-5), closed(token, 2, 1.05e-5)])
    gc.collect()
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    made, joined = engine(wallets)
    del joined
    token, _ = watched(made, 1)
    made.handle([closed(token, 1, 1e-5)])
    changes = made.handle([closed(token, 2, 1.05e-5)]).changes
    assert len(changes.of(TradeRow)) == wallets
    del changes
    gc.collect()
    taken = tracemalloc.get_traced_memory()[0] - before
    tracemalloc.stop()
    assert made.state.wallets.count == wallets + 1
    return taken / wallets


def resident_megabytes(pid: int) -> float:
    """Read a process's resident memory."""
    for line in Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmRSS"):
            return float(line.split()[1]) / 1024
    raise RuntimeError("this system does not tell a process's memory")


def free_port() -> int:
    """Find a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def running() -> float:
    """Start the platform with its defaults, let it trade a minute, return its megabytes."""
    port = free_port()
    with tempfile.TemporaryDirectory() as folder:
        environment = os.environ | {
            "AUTOTRADER_DATA_DIR": folder,
            "AUTOTRADER_DATABASE_URL": f"sqlite+aiosqlite:///{folder}/autotrader.db",
        }
        options = "--ws websockets-sansio --ws-per-message-deflate false --log-level warning"
        command = [sys.executable, "-m", "uvicorn", "app.main:app", "--port", str(port)]
        process = subprocess.Popen(  # noqa: S603  our own server
            [*command, *options.split()], env=environment, stderr=subprocess.DEVNULL
        )
        try:
            register(port)
            time.sleep(SETTLE_SECONDS)
            return resident_megabytes(process.pid)
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(10)


def register(port: int) -> None:
    """Make a paper wallet as soon as the platform answers."""
    request = urllib.request.Request(f"http://127.0.0.1:{port}/api/register", method="POST")
    for _ in range(100):
        try:
            urllib.request.urlopen(request, timeout=5).close()  # noqa: S310  our own server
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError("the platform did not answer within ten seconds")


def run() -> list[Result]:
    """Measure three sizes and the running platform."""
    results = [
        Result(
            "memory of a wallet with one open position",
            many,
            per_wallet(many),
            MOST_BYTES,
            1.0,
            "the limit",
            "bytes",
        )
        for many in SIZES
    ]
    results.append(
        Result(
            "the running platform after a minute of trading",
            1,
            running(),
            MOST_MEGABYTES,
            1.0,
            "the limit",
            "MB",
        )
    )
    return results
