"""The work that every peer does, and how it says what it did. NumPy and the standard library only.

A candle opens where the one before closed, so who decides on a closed candle may fill at its close
or at the next one's open: the price is the same. Candles get one more row that repeats the last
close, at which an order of the last candle can fill.

    prices   geometric Brownian motion, 1 % a candle, 8 steps in each, seed 42; 8 decimals, which
             every peer can hold
    entry    SMA 10 rises above SMA 30 times (1 + 10^-12), no position, not on the candle of an exit
    size     100 SOL, in whole billionths of a token, rounded down; 0.1 % fee a side
    exits    judged on closes: see `Position`

A driver is called with a file of candles (tokens × candles × [open, high, low, close, volume]), the
file to write to, and how often to do the work.
"""

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

FAST, SLOW, MARGIN = 10, 30, 1.0 + 1e-12
SPEND, CASH, FEE = 100.0, 1_000_000.0, 0.001
DECIMALS = 9
SCALE = 10**DECIMALS
STOP_LOSS, TRAILING = 0.15, 0.20
TIERS = ((0.30, 0.33), (0.75, 0.33))
START_MS, WIDTH_MS = 1_704_067_200_000, 300_000

OPEN, HIGH, LOW, CLOSE, VOLUME = range(5)
Candles = NDArray[np.float64]


def gbm(candles: int, seed: int = 42, sigma: float = 0.01, steps: int = 8) -> Candles:
    """Draw candles: rows of open, high, low, close, volume."""
    rng = np.random.default_rng(seed)
    drawn = rng.normal(0.0, sigma / np.sqrt(steps), size=candles * steps)
    path = np.exp(np.concatenate([[0.0], np.cumsum(drawn)]))
    windows = np.lib.stride_tricks.sliding_window_view(path, steps + 1)[::steps]
    columns = (windows[:, 0], windows.max(axis=1), windows.min(axis=1), windows[:, -1])
    volume = rng.lognormal(8, 1, candles)
    return np.round(np.column_stack([*columns, volume]), 8)


def one() -> Candles:
    """Make one token of 100,000 candles."""
    return gbm(100_000)[None]


def many() -> Candles:
    """Make 50 tokens of 10,000 candles."""
    return np.stack([gbm(10_000, 42 + token) for token in range(50)])


def with_last_open(candles: Candles) -> Candles:
    """Add the row at which an order of the last candle fills."""
    last = candles[-1, CLOSE]
    return np.vstack([candles, [last, last, last, last, 1.0]])


def units_bought(price: float) -> int:
    """Count the billionths of a token that a buy gets."""
    return int(np.floor(SPEND * 1e9 * SCALE / (price * 1e9)))


class Position:
    """The rules of an exit in plain Python, for peers that ask after each candle."""

    __slots__ = ("entry", "highest", "initial", "left", "stop", "tiers")

    def __init__(self, price: float) -> None:
        self.entry = self.highest = price
        self.initial = self.left = units_bought(price)
        self.stop = price * (1.0 - STOP_LOSS)
        self.tiers = 0

    def see(self, price: float) -> int:
        """Show the next close; returns the units that it sells."""
        if price <= self.stop:
            sold, self.left = self.left, 0
            return sold
        sold = 0
        first = self.tiers
        while first <= self.tiers < len(TIERS):
            gain, portion = TIERS[self.tiers]
            if price < self.entry * (1.0 + gain):
                break
            sold += min(int(portion * self.initial), self.left - sold)
            self.tiers += 1
            if self.tiers == 1 and self.entry > self.stop:
                self.stop = self.entry
        self.highest = max(self.highest, price)
        self.left -= sold
        if self.tiers == first and self.tiers >= 1:
            self.stop = max(self.stop, self.highest * (1.0 - TRAILING))
        return sold


class Fill(NamedTuple):
    """What a peer's own record says of a fill; the candle is the one whose close decided it."""

    token: int
    candle: int
    units: float
    """Billionths of a token; negative when sold."""
    price: float


class Done(NamedTuple):
    """One round of the work: its fills, what it did to the cash (SOL), and the seconds it took.

    `others` are seconds of parts that were left out or are of interest, by name.
    """

    fills: list[Fill]
    cash: float
    wall: float
    cpu: float
    others: dict[str, float]


class Clock:
    """Adds up wall and CPU seconds of the parts that are timed."""

    def __init__(self) -> None:
        self.wall = self.cpu = 0.0

    def __enter__(self) -> "Clock":
        self._wall, self._cpu = time.perf_counter(), time.process_time()
        return self

    def __exit__(self, *_: object) -> None:
        self.wall += time.perf_counter() - self._wall
        self.cpu += time.process_time() - self._cpu


def peak_megabytes() -> float:
    """Read the most memory that this process ever held (Linux)."""
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmHWM"):
            return float(line.split()[1]) / 1024
    raise RuntimeError("this system does not tell a process's memory")


def drive(work: Callable[[Candles], Done], version: str, timed: str) -> None:
    """Do the work as often as asked, and write down what came of it; `timed` says what counts."""
    candles, out, rounds = np.load(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
    done = [work(candles) for _ in range(rounds)]
    last = done[-1]
    found: dict[str, Any] = {
        "version": version,
        "timed": timed,
        "wall": [one.wall for one in done],
        "cpu": [one.cpu for one in done],
        "others": last.others,
        "cash": last.cash,
        "fills": sorted(last.fills),
        "peak_mb": peak_megabytes(),
    }
    out.write_text(json.dumps(found, default=float), encoding="utf-8")
