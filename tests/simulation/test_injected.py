"""What a simulation must own, nobody may take from the machine: the time, chance, threads.

The rules know no clock and no chance at all (import-linter). The shell is given both, and whoever
reads the machine's own stands here with the reason.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

APP = Path(__file__).parents[2] / "app"
MODULES = {"time", "random", "datetime", "uuid", "secrets", "threading"}
MAY = {
    ("engine/clock.py", "time"): "this is the clock that others are given",
    ("engine/live.py", "time.perf_counter"): "measures how long an input waits; decides nothing",
    ("engine/pulse.py", "time.perf_counter"): "measures the machine itself; decides nothing",
    ("engine/pipeline/screen.py", "random"): "the default of a jitter that is given",
    ("trading/books.py", "threading"): "room for each thread's own work",
    ("trading/bootstrap.py", "numpy.random.default_rng"): "seeded by its caller",
}
BESIDE = {
    "backing_up",
    "backups",
    "messenger",
    "proof",
    "restoring",
    "spans",
    "tracing",
    "watchdog",
}
"""Modules of the shell about the machine itself: its files, its threads, how long something took.
Nothing in them reaches the engine.
"""


def shell() -> list[Path]:
    found = sorted([*(APP / "trading").rglob("*.py"), *(APP / "engine").rglob("*.py")])
    return [path for path in found if path.parent.name != "engine" or path.stem not in BESIDE]


def taken(path: Path) -> Iterator[str]:
    """Name what a module takes from the machine's clocks and chances."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if _root(alias.name) in MODULES)
        elif isinstance(node, ast.ImportFrom) and _root(node.module or "") in MODULES:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Attribute) and node.attr in {"default_rng", "RandomState"}:
            yield f"numpy.random.{node.attr}"


def _root(module: str) -> str:
    return module.split(".", maxsplit=1)[0]


@pytest.mark.parametrize("path", shell(), ids=lambda path: str(path.relative_to(APP)))
def test_nobody_reads_a_clock_or_draws_a_number_of_their_own(path: Path) -> None:
    name = str(path.relative_to(APP))
    assert [what for what in taken(path) if (name, what) not in MAY] == []


def test_every_exception_is_needed() -> None:
    needed = {(str(path.relative_to(APP)), what) for path in shell() for what in taken(path)}
    assert MAY.keys() <= needed
