"""The first backtest of a fresh process against the second: what loading the compiler costs.

Kernels and modules are compiled before, as they are once any process has run; what is left is
loading numba, its tables of types, and the kernels out of its cache.
"""

from collections.abc import Sequence
from typing import NamedTuple

from benchmarks import fresh, past
from benchmarks.past import Seconds
from benchmarks.peers import work
from benchmarks.result import Result

ROUNDS = 7
CALLS = 4
MOST_SECONDS = 1.0


class Calls(NamedTuple):
    """Seconds of importing research, of the first call, and of a later one."""

    imports: Seconds
    first: Seconds
    later: Seconds


def measured(rounds: int = ROUNDS) -> Calls:
    """Start fresh processes; one before them fills the caches."""
    with past.stored(list(work.one())) as sources, fresh.with_bytecode():
        fresh.measure("backtest", sources.data_dir, 1)
        found = [fresh.measure("backtest", sources.data_dir, CALLS) for _ in range(rounds)]
    imports = [one.imports for one in found]
    first = [one.calls[0] for one in found]
    later = [call for one in found for call in one.calls[1:]]
    return Calls(fastest(imports), fastest(first), fastest(later))


def fastest(found: Sequence[tuple[float, float]]) -> Seconds:
    """Take the least of wall and of CPU seconds: a busy machine only makes calls slower."""
    walls, cpus = zip(*found, strict=True)
    return Seconds(min(walls), min(cpus))


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
