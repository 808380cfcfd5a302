"""Everything about the speed of research, measured in one go: rewrites RESEARCH.md and its plots.

python -m benchmarks.research
"""

import os
import platform
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from benchmarks import bench_backtest, bench_first_call, bench_sweep, growth, peer_runs
from benchmarks.__main__ import row, shown
from benchmarks.bench_backtest import Parts, Peers
from benchmarks.bench_first_call import Calls
from benchmarks.growth import Growth
from benchmarks.peers import work
from benchmarks.result import Result

PAGE = Path(__file__).parent / "RESEARCH.md"

HEAD = """# The speed of research

Rewritten by `python -m benchmarks.research`, which measures everything here in one go. Times are
seconds of the processor (CPU) unless a row says otherwise: a busy machine moves those least.
Ratios carry over to other machines, absolute figures do not.

{when}, Python {python}, {machine}, {cores} cores; the load when it began was {load:.1f}.

## The work

Candles are geometric Brownian motion, 1 % a candle, seed 42; each opens where the one before
closed. Entry: SMA 10 rises above SMA 30 × (1 + 10⁻¹²), at that close. Each trade spends 100 SOL,
units rounded down, 0.1 % fee a side rounded up. Exits are the platform's own, judged on closes:
stop 15 %, tiers at 30 % and 75 % that sell 33 % each, break-even after the first tier, from then
on a stop 20 % below the peak. Nobody enters on the candle that closed a trade. One token of
100,000 candles, or 50 of 10,000.
"""

LIMITS = """
## Against limits

The bare loops ([bare_exits.py](bare_exits.py)) know these rules and nothing else, and end with
the same lamports. Compute is the part that a run's `seconds` covers: the strategy, the pass,
equity at every close, the list of trades. The platform's averages are summed for each window
alone, so that an answer never depends on where history starts; a loop whose sums run along does
less, and is shown for comparison.

| what | size | ours | limit | ratio | wanted | met | the limit is |
|---|---|---|---|---|---|---|---|
{rows}

The parts of those {compute}, each measured alone and warm: the strategy's averages and
comparisons {strategy}, the prices laid out {path}, the pass {walk}, equity at 100,000 closes
{equity}, the list of trades {trades}. In turns with other work they find their memory cold.
"""

PEERS = """
## Against peers

Each peer runs in an environment of its own ([setup.sh](peers/setup.sh)) through its public
interface ([peers/](peers)), and its fills are held against ours one by one: token, candle, units,
price. What is timed is compute alone; imports, reading and laying out data, compiling, and
statistics at the end are left out on both sides. (With the file read, checked and hashed and
every statistic worked out, intervals included, ours takes {whole} for the one token.)
{tables}
"""

TABLE = """
{title}: ours {ours}, {runs}.

| peer | timed | CPU | × ours | wanted | met | fills that agree | peak MB |
|---|---|---|---|---|---|---|---|
{rows}
"""

CALLS = """
## The first call of a process

Modules and kernels were compiled before, as after any earlier run; what is left is loading numba,
its tables of types, and the kernels from their cache.

| | wall | CPU |
|---|---|---|
| importing research | {imports} |
| the first backtest | {first} |
| a later one | {later} |
"""

GROWTH = """
## How it grows

Fresh processes each; the fastest of three calls after the first. Most of the memory before a
million candles is numba's.

![Time and memory of a backtest, ten thousand to a million candles](plots/growth_backtest.svg)

![Time and memory of a sweep, one to ten thousand combinations](plots/growth_sweep.svg)

| candles | compute | whole | peak MB | | combinations × 100,000 candles | whole | peak MB |
|---|---|---|---|---|---|---|---|
{rows}
"""


def main() -> None:
    """Measure and write the page."""
    load = os.getloadavg()[0]
    one, many = work.one(), work.many()
    limits = bench_backtest.limits(one[0])
    parts = bench_backtest.parts(one[0])
    sweeps = bench_sweep.measured()
    calls = bench_first_call.measured()
    results = [
        *bench_backtest.limit_rows(limits, one.shape[1]),
        *bench_sweep.rows(sweeps),
        *bench_first_call.rows(calls),
    ]
    tell(results)
    grown = growth.measured()
    growth.draw(grown)
    tables = []
    works = (("One token", one), ("50 tokens, a run each", many))
    for title, candles in works if peer_runs.installed() else ():
        found = bench_backtest.against_peers(candles, many=len(candles) > 1)
        tables.append(table(title, found))
        print(tables[-1], flush=True)
    head = HEAD.format(
        when=f"{datetime.now(UTC):%Y-%m-%d}",
        python=platform.python_version(),
        machine=platform.machine(),
        cores=os.cpu_count(),
        load=load,
    )
    text = head + limits_text(results, limits.ours, parts) + peers_text(tables, limits.whole)
    PAGE.write_text(text + calls_text(calls) + growth_text(grown), encoding="utf-8")


def tell(results: Sequence[Result]) -> None:
    """Print rows."""
    print("\n".join(map(row, results)), flush=True)


def limits_text(results: Sequence[Result], compute: float, parts: Parts) -> str:
    """Write the part about limits."""
    named = {name: shown(value, "s") for name, value in parts._asdict().items()}
    rows = "\n".join(map(row, results))
    return LIMITS.format(rows=rows, compute=shown(compute, "s"), **named)


def table(title: str, found: Peers) -> str:
    """Write the table of peers for one work."""
    rows = []
    for run in found.runs:
        times, wanted = run.cpu / found.ours, run.peer.wanted
        met = "" if wanted is None else "yes" if times >= wanted else "**no**"
        cells = (
            f"{run.peer.name} {run.version}",
            run.timed,
            shown(run.cpu, "s"),
            f"{times:,.4g}",
            "–" if wanted is None else f"≥ {wanted:,g}",
            met,
            run.agreement,
            f"{run.peak_mb:,.0f}",
        )
        rows.append(f"| {' | '.join(cells)} |")
    runs = "peers' medians of one to nine rounds"
    return TABLE.format(title=title, ours=shown(found.ours, "s"), runs=runs, rows="\n".join(rows))


def peers_text(tables: Sequence[str], whole: float) -> str:
    """Write the part about peers, or why there is none."""
    if not peer_runs.installed():
        return f"\n## Against peers\n\n{peer_runs.missing()}.\n"
    note = f"\n{peer_runs.missing()}.\n" if peer_runs.missing() else ""
    return PEERS.format(tables="".join(tables).rstrip(), whole=shown(whole, "s")) + note


def calls_text(found: Calls) -> str:
    """Write the part about first calls."""
    cells = {
        name: f"{shown(one.wall, 's')} | {shown(one.cpu, 's')}"
        for name, one in found._asdict().items()
    }
    return CALLS.format(**cells)


def growth_text(found: Growth) -> str:
    """Write the part about growth."""
    rows = []
    pairs = zip(found.backtests.items(), found.sweeps.items(), strict=True)
    for (candles, backtest), (many, sweep) in pairs:
        cells = (
            f"{candles:,}",
            shown(backtest.compute, "s"),
            shown(backtest.fastest, "s"),
            f"{backtest.peak_mb:,.0f}",
            "",
            f"{many:,}",
            shown(sweep.fastest, "s"),
            f"{sweep.peak_mb:,.0f}",
        )
        rows.append(f"| {' | '.join(cells)} |")
    return GROWTH.format(rows="\n".join(rows))


if __name__ == "__main__":
    main()
