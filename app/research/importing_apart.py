"""A stranger's file, read in a process of its own.

A few kilobytes of Parquet can unpack to more memory than there is, and that ends a process without
an exception. The one that trades must not be it: this one may take only so much memory and time,
and knows no setting and no address. `python -m app.research.importing_apart` is its command line.
"""

import json
import os
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

import polars as pl

import app
from app.research.importing import BadRow, BadRowsError, Options, read_file
from app.research.importing_names import ImportFailedError
from app.research.importing_report import report
from app.store.history_errors import HistoryError

try:
    import resource
except ImportError:  # pragma: no cover  # Windows bounds only the time
    resource = None  # type: ignore[assignment]

MOST_MEMORY = 3 * 1024**3
MOST_SECONDS = 60
NICE = 10
FRUGAL = {"POLARS_MAX_THREADS": "1", "TOKIO_WORKER_THREADS": "1", "MALLOC_ARENA_MAX": "2"}
"""Threads and their memory pools would count against the memory on machines with many cores."""
KEPT = ("PATH", "SYSTEMROOT", "LD_LIBRARY_PATH", "TMPDIR", "TEMP")
"""Of the environment the reader gets what a program needs to start, and no secret."""


class Apart(NamedTuple):
    """The candles of a file, and what its import has to say (`importing_report.report`)."""

    frame: pl.DataFrame
    report: dict[str, Any]


def read_apart(
    source: Path,
    options: Options,
    *,
    seconds: float = MOST_SECONDS,
    memory: int = MOST_MEMORY,
) -> Apart:
    """Read candles from a file as `importing.read_file` does, in a process of its own.

    Raises what that raises, and ImportFailedError when the reader takes more than so many seconds
    or bytes of memory.
    """
    with TemporaryDirectory(prefix="autotrader-") as folder:
        target = Path(folder) / "candles.parquet"
        words = (str(memory), str(source.resolve()), str(target), json.dumps(asdict(options)))
        try:
            done = subprocess.run(  # noqa: S603  # our own module, and paths that we made
                [sys.executable, "-m", __spec__.name, *words],
                cwd=Path(app.__file__).parents[1],
                env=FRUGAL | {name: os.environ[name] for name in KEPT if name in os.environ},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                timeout=seconds,
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            raise ImportFailedError(f"the file takes longer than {seconds:g} s to read") from error
        if done.returncode:
            raise ImportFailedError("the file cannot be read: it takes more memory than it may")
        told: dict[str, Any] = json.loads(done.stdout)
        if "error" in told:
            raise _error(told)
        return Apart(pl.read_parquet(target, memory_map=False), told)


def _error(told: dict[str, Any]) -> HistoryError:
    if "bad" not in told:
        return ImportFailedError(told["error"])
    return BadRowsError([BadRow(**one) for one in told["bad"]], told["count"], told["rows"])


def read_here(source: Path, target: Path, options: Options) -> dict[str, Any]:
    """Read a file, leave its candles in another, and tell how it went as plain values."""
    try:
        read = read_file(source, options)
    except BadRowsError as error:
        bad = [one._asdict() for one in error.bad]
        return {"error": str(error), "bad": bad, "count": error.count, "rows": error.rows}
    except HistoryError as error:
        return {"error": str(error)}
    read.frame.write_parquet(target)
    return report(read)


def main(words: list[str]) -> None:
    """Do what `read_apart` asks for."""
    memory, source, target, options = words
    if resource is not None:
        resource.setrlimit(resource.RLIMIT_AS, (int(memory), int(memory)))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        os.nice(NICE)
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    told = read_here(Path(source), Path(target), Options(**json.loads(options)))
    sys.stdout.write(json.dumps(told))


if __name__ == "__main__":
    main(sys.argv[1:])
