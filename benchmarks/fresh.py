"""Research in a fresh process: what loading, the first call and later calls take, and memory.

    python -m benchmarks.fresh backtest FOLDER CALLS
    python -m benchmarks.fresh sweep FOLDER CALLS COMBINATIONS

writes one line of JSON. Nothing but the standard library is imported before the clock runs.
"""

import importlib
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).parents[1]
PREFIX = "PYTHONPYCACHEPREFIX"


class Fresh(NamedTuple):
    """What a fresh process needed; lists hold (wall, CPU) seconds of each call.

    `compute` is the least that a call says of its own part without reading and statistics, wall
    seconds.
    """

    imports: tuple[float, float]
    calls: list[tuple[float, float]]
    compute: float
    start_mb: float
    peak_mb: float

    @property
    def fastest(self) -> float:
        """Wall seconds of the fastest call after the first: a busy machine only slows calls."""
        return min(wall for wall, _ in self.calls[1:])


def timed(do: Callable[[], Any]) -> tuple[Any, tuple[float, float]]:
    """Do something; returns what it gave, and (wall, CPU) seconds."""
    wall, cpu = time.perf_counter(), time.process_time()
    given = do()
    return given, (time.perf_counter() - wall, time.process_time() - cpu)


def memory(name: str) -> float:
    """Read a size of this process in megabytes (Linux)."""
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith(name):
            return float(line.split()[1]) / 1024
    raise RuntimeError("this system does not tell a process's memory")


def main(kind: str, folder: str, calls: int, many: int) -> None:
    """Be the fresh process."""
    module, imports = timed(lambda: importlib.import_module(f"app.research.{kind}"))
    past = importlib.import_module("benchmarks.past")
    sources = past.Sources(Path(folder))
    if kind == "backtest":
        request, run = past.request(), module.run_backtest
    else:
        request, run = past.sweep_request(many), module.run_sweep
    start = memory("VmRSS")
    spent, compute = [], float("inf")
    for _ in range(calls):
        found, seconds = timed(lambda: run(request, sources, past.deaf))
        spent.append(seconds)
        compute = min(compute, found.seconds)
    print(json.dumps(Fresh(imports, spent, compute, start, memory("VmHWM"))._asdict()))


def measure(kind: str, folder: Path, calls: int, many: int = 1) -> Fresh:
    """Start a fresh process and read what it says; `many` are a sweep's combinations."""
    done = subprocess.run(  # noqa: S603  ourselves
        [sys.executable, "-m", "benchmarks.fresh", kind, str(folder), str(calls), str(many)],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    return Fresh(**json.loads(done.stdout))


@contextmanager
def with_bytecode() -> Iterator[None]:
    """Let Python keep compiled modules for a while, as it does on a machine that is not told not
    to: else every start compiles numba's source anew, which takes a second.
    """
    before = {name: os.environ.get(name) for name in (PREFIX, "PYTHONDONTWRITEBYTECODE")}
    with tempfile.TemporaryDirectory() as folder:
        os.environ[PREFIX] = folder
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
        try:
            yield
        finally:
            for name, value in before.items():
                os.environ.pop(name, None)
                if value is not None:
                    os.environ[name] = value


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
