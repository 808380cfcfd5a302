"""Everything about the speed of the dashboard, measured in one go: rewrites DASHBOARD.md.

python -m benchmarks.dashboard
"""

import os
import platform
import statistics
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

from benchmarks import bench_page_frames, bench_page_load, bench_page_memory, bench_page_scores
from benchmarks.__main__ import row, shown
from benchmarks.bench_page_frames import Rated
from benchmarks.bench_page_load import Load
from benchmarks.bench_page_memory import Reading
from benchmarks.bench_page_scores import Score
from benchmarks.browsing import POSITIONS, missing, trading

T = TypeVar("T")
PAGE = Path(__file__).parent / "DASHBOARD.md"

HEAD = """# The speed of the dashboard

Rewritten by `python -m benchmarks.dashboard`, which measures everything here in one go, in a real
browser on the real platform. Only the market is played: signals, candles and trades are handed to
the engine at a set rate ([crowded.py](crowded.py)). Whoever is signed in holds {positions}
positions.

{when}, Python {python}, {machine}, {cores} cores, Chromium {chromium} without a graphics card; the
load when it began was {load:.1f}. The browser, the platform and what measures share the machine.

## Against limits

| what | size | ours | limit | ratio | wanted | met | the limit is |
|---|---|---|---|---|---|---|---|
{rows}
"""

LOADS = """
## The first load

`/` is opened signed in, {count} times, each by a browser whose cache is empty; the platform has
served the page before. Sizes are what the browser's network log says went over the wire, heads
included. *Drawn*: the chart shows candles and the positions are listed. *Interactive*: a click on
the third position has then been answered and painted, and no task over 50 ms is running any more.

| | median | fastest | slowest |
|---|---|---|---|
{times}

JavaScript {scripts:,.0f} kB as brotli, {gzip:,.0f} kB as gzip; with everything else
{everything:,.0f} kB in {requests} requests. The layout shifted by at most {shift:.3f}.
"""

FRAMES = """
## While prices come in

An update is a closed candle of one position's token. It reaches the page as a candle, a trade of
somebody, the position, and four times a second the portfolio. The browser's own trace of
{seconds:.0f} s says how long the main thread ran tasks (top level only), the longest of them, and
how long frames took from when the compositor began them until they were on the screen. CPU is the
processor's time of the same.

| a second | came | main thread busy | CPU | longest task | CPU | frames | median | longest |
|---|---|---|---|---|---|---|---|---|
{rows}
"""

MEMORY = """
## Memory

The platform's time runs {speed:.0f} times as fast, so that an hour of {rate:.0f} updates a second
comes in {minutes:.0f} minutes; every {churn:.0f} s of it a trade ends and another opens. Before
each reading updates stop until what was on its way is drawn, and the browser collects its garbage.

| minutes | updates | frames of the socket | JavaScript's memory | nodes | listeners |
|---|---|---|---|---|---|
{rows}
"""

SCORES = """
## Lighthouse

Lighthouse {version} with its own presets: a phone on a slow line, its processor four times slower,
and a laptop; the middle one of {runs} runs. The cache is empty; the trading page's positions move
meanwhile. Its largest words are the name that stands there while the page is made: how long its own
content takes is *drawn* in the first load.

| page | form | performance | access | practices | SEO | first paint | largest | blocked | shift |
|---|---|---|---|---|---|---|---|---|---|
{rows}
"""


def main() -> None:
    """Measure and write the page."""
    if missing():
        sys.exit(missing())
    load = os.getloadavg()[0]
    with trading() as trader:
        chromium = trader.browser.version
        loads = tell("loads", bench_page_load.measured(trader))
        rates = tell("frames", bench_page_frames.measured(trader))
    with trading(speed=bench_page_memory.SPEED) as trader:
        readings = tell("memory", bench_page_memory.measured(trader))
    found = bench_page_scores.measured() if bench_page_scores.installed() else []
    scores = tell("scores", found)
    results = [
        *bench_page_load.rows(loads),
        *bench_page_frames.rows(rates),
        *bench_page_memory.rows(readings),
        *bench_page_scores.rows(scores),
    ]
    head = HEAD.format(
        positions=POSITIONS,
        when=f"{datetime.now(UTC):%Y-%m-%d}",
        python=platform.python_version(),
        machine=platform.machine(),
        cores=os.cpu_count(),
        chromium=chromium,
        load=load,
        rows="\n".join(map(row, results)),
    )
    parts = (loads_text(loads), frames_text(rates), memory_text(readings), scores_text(scores))
    PAGE.write_text(head + "".join(parts), encoding="utf-8")


def tell(name: str, found: list[T]) -> list[T]:
    """Print what was found."""
    print(name, *found, sep="\n  ", flush=True)
    return found


def table(rows: Sequence[Sequence[str]]) -> str:
    """Write rows."""
    return "\n".join(f"| {' | '.join(cells)} |" for cells in rows)


def loads_text(loads: Sequence[Load]) -> str:
    """Write the part about the first load."""
    names = {"largest paint": "largest_paint", "drawn": "ready", "interactive": "interactive"}
    times = []
    for title, name in names.items():
        values = [getattr(one, name) for one in loads]
        found = (statistics.median(values), min(values), max(values))
        times.append((title, *(shown(value, "s") for value in found)))
    return LOADS.format(
        count=len(loads),
        times=table(times),
        scripts=max(one.scripts for one in loads) / bench_page_load.KILOBYTE,
        gzip=max(one.scripts_gzip for one in loads) / bench_page_load.KILOBYTE,
        everything=max(one.everything for one in loads) / bench_page_load.KILOBYTE,
        requests=max(one.requests for one in loads),
        shift=max(one.shift for one in loads),
    )


def frames_text(rates: Sequence[Rated]) -> str:
    """Write the part about frames."""
    rows = [
        (
            str(one.rate),
            f"{one.came:.1f}",
            f"{one.trace.busy:.1%}",
            f"{one.trace.busy_cpu:.1%}",
            shown(one.trace.longest_task, "s"),
            shown(one.trace.longest_task_cpu, "s"),
            f"{len(one.trace.frames):,}",
            shown(statistics.median(one.trace.frames), "s"),
            shown(one.trace.longest_frame, "s"),
        )
        for one in rates
    ]
    return FRAMES.format(seconds=bench_page_frames.SECONDS, rows=table(rows))


def memory_text(readings: Sequence[Reading]) -> str:
    """Write the part about memory."""
    rows = [
        (
            f"{one.minutes:g}",
            f"{one.updates:,}",
            f"{one.frames:,}",
            f"{one.heap / bench_page_memory.MEGABYTE:.1f} MB",
            f"{one.nodes:,}",
            f"{one.listeners:,}",
        )
        for one in readings
    ]
    return MEMORY.format(
        speed=bench_page_memory.SPEED,
        rate=bench_page_memory.RATE,
        minutes=60 / bench_page_memory.SPEED,
        churn=bench_page_memory.CHURN_SECONDS,
        rows=table(rows),
    )


def scores_text(scores: Sequence[Score]) -> str:
    """Write the part about Lighthouse, or that it was not there."""
    if not scores:
        return "\n## Lighthouse\n\nIt could not be fetched.\n"
    rows = [
        (
            one.page,
            one.form,
            *map(str, one.scores.values()),
            *(shown(one.values[name] / 1000, "s") for name in ("paint", "largest", "blocked")),
            f"{one.values['shift']:.3f}",
        )
        for one in scores
    ]
    return SCORES.format(version=scores[0].version, runs=bench_page_scores.RUNS, rows=table(rows))


if __name__ == "__main__":
    main()
