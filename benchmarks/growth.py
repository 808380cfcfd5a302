"""How time and memory grow with candles and with combinations, each measured in a fresh process."""

from pathlib import Path
from typing import NamedTuple

import numpy as np

from benchmarks import fresh, past
from benchmarks.draw import Panel, Points, megabytes, seconds, svg
from benchmarks.fresh import Fresh
from benchmarks.peers import work
from benchmarks.peers.work import Candles

PLOTS = Path(__file__).parent / "plots"
CANDLES = (10_000, 30_000, 100_000, 300_000, 1_000_000)
COMBINATIONS = tuple(past.GRIDS)
SWEPT = 100_000
BLOCK = 100_000
"""A random walk strays too far in a million steps: the long histories are many walks in a row."""

CALLS = 4


class Growth(NamedTuple):
    """What fresh processes needed, by the number of candles and of combinations."""

    backtests: dict[int, Fresh]
    sweeps: dict[int, Fresh]


def history(candles: int) -> Candles:
    """Make one long history."""
    blocks = -(-candles // BLOCK)
    return np.vstack([work.gbm(BLOCK, 42 + block) for block in range(blocks)])[:candles]


def measured() -> Growth:
    """Measure every size once; caches are filled before."""
    backtests, sweeps = {}, {}
    with fresh.with_bytecode():
        for candles in CANDLES:
            with past.stored([history(candles)]) as sources:
                fresh.measure("backtest", sources.data_dir, 1)
                backtests[candles] = fresh.measure("backtest", sources.data_dir, CALLS)
        with past.stored([history(SWEPT)]) as sources:
            fresh.measure("sweep", sources.data_dir, 1)
            for many in COMBINATIONS:
                sweeps[many] = fresh.measure("sweep", sources.data_dir, CALLS, many)
    return Growth(backtests, sweeps)


def draw(found: Growth) -> None:
    """Write the plots."""
    PLOTS.mkdir(exist_ok=True)
    panels = [
        Panel(
            "Backtest: seconds",
            "candles",
            {
                "whole, with all statistics": _points(found.backtests, "fastest"),
                "compute": _points(found.backtests, "compute"),
            },
            seconds,
        ),
        _memory("Backtest: memory", "candles", found.backtests),
    ]
    told = "Time and peak memory of a backtest from ten thousand to a million candles"
    (PLOTS / "growth_backtest.svg").write_text(svg(panels, told), encoding="utf-8")
    panels = [
        Panel(
            "Sweep of 100,000 candles: seconds",
            "combinations",
            {"whole, with luck": _points(found.sweeps, "fastest")},
            seconds,
        ),
        _memory("Sweep: memory", "combinations", found.sweeps),
    ]
    told = "Time and peak memory of a sweep from one to ten thousand combinations"
    (PLOTS / "growth_sweep.svg").write_text(svg(panels, told), encoding="utf-8")


def _memory(title: str, below: str, found: dict[int, Fresh]) -> Panel:
    lines = {
        "peak": _points(found, "peak_mb"),
        "before the call": _points(found, "start_mb"),
    }
    return Panel(title, below, lines, megabytes)


def _points(found: dict[int, Fresh], name: str) -> Points:
    return [(many, getattr(one, name)) for many, one in found.items()]
