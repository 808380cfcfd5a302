"""The first backtest of a fresh process against the second: what loading the compiler costs.

Kernels and modules are compiled before, as they are once any process has run; what is left is
loading numba, its tables of types, and the kernels out of its cache.
"""

from statistics import median
from typing import NamedTuple

from benchmarks import fresh, past
from benchmarks.fresh import Fresh
from benchmarks.past import Seconds
from benchmarks.peers import work
from benchmarks.result import Result

ROUNDS = 7
CALLS = 4
MOST_SECONDS = 1.0


class Calls(NamedTuple):
    """Median seconds of importing research, of the first call, and of a later one."""

    imports: Seconds
    first: Seconds
    later: Seconds


def measured(rounds: int = ROUNDS) -> Calls:
    """Start fresh processes; one before them fills the caches."""
    with past.stored(list(work.one())) as sources, fresh.with_bytecode():
        fresh.measure("backtest", sources.data_dir, 1)
        found = [fresh.measure("backtest", sources.data_dir, CALLS) for _ in range(rounds)]
    return Calls(
        Seconds(*(median(column) for column in zip(*(one.imports for one in found), strict=True))),
        Seconds(*(median(column) for column in zip(*(one.calls[0] for one in found), strict=True))),
        Seconds(*(median(column) for column in zip(*map(_later, found), strict=True))),
    )


def _later(one: Fresh) -> tuple[float, float]:
    walls, cpus = zip(*one.calls[1:], strict=True)
    return median(walls), median(cpus)


def rows(found: Calls) -> list[Result]:
    """Write rows of the results page."""
    name = "backtest: the first call of a process, beyond a later one"
    limit = "the limit"
    return [
        Result(name, 100_000, found.first.wall - found.later.wall, MOST_SECONDS, 1.0, limit),
        Result(
            f"{name} (CPU)",
            100_000,
            found.first.cpu - found.later.cpu,
            MOST_SECONDS,
            1.0,
            limit,
        ),
    ]


def run() -> list[Result]:
    """Measure fresh processes."""
    return rows(measured())
