"""Runs the benchmarks and writes the results page; with names only those, and no page."""

import importlib
import platform
import sys
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.result import Result

HERE = Path(__file__).resolve().parent
PAGE = HERE / "RESULTS.md"
PREFIX = "bench_"


def names() -> list[str]:
    """List the benchmarks by file name."""
    return sorted(path.stem.removeprefix(PREFIX) for path in HERE.glob(f"{PREFIX}*.py"))


def shown(value: float, unit: str) -> str:
    """Write a figure with its unit; seconds in the size that reads best."""
    if unit != "s":
        return f"{value:,.4g} {unit}"
    for factor, name in ((1.0, "s"), (1e3, "ms")):
        if value * factor >= 1:
            return f"{value * factor:,.3g} {name}"
    return f"{value * 1e6:,.3g} µs"


def row(result: Result) -> str:
    """Write a result as a row of the page's table."""
    wanted = "–" if result.wanted is None else f"≤ {result.wanted:g}"
    met = {None: "", True: "yes", False: "**no**"}[result.met]
    ours, peer = shown(result.ours, result.unit), shown(result.peer, result.unit)
    cells = (result.name, f"{result.size:,}", ours, peer, f"{result.ratio:.3g}", wanted, met)
    return f"| {' | '.join((*cells, result.peer_name))} |"


def main() -> None:
    """Run what was asked for; the whole set rewrites the page."""
    asked = sys.argv[1:] or names()
    lines = []
    for name in asked:
        print(f"{name} …", flush=True)
        results: list[Result] = importlib.import_module(f"benchmarks.{PREFIX}{name}").run()
        lines += [row(result) for result in results]
        print("\n".join(lines[-len(results) :]), flush=True)
    if len(sys.argv) > 1:
        return
    head = (
        "# Benchmark results\n\nWritten by `make bench`. Each row compares two things measured in "
        "the same run; ratios carry over to other machines, absolute figures do not.\n\n"
        f"{datetime.now(UTC):%Y-%m-%d}, Python {platform.python_version()}, "
        f"{platform.machine()}.\n\n"
        "| what | size | ours | peer | ratio | wanted | met | the peer is |\n"
        "|---|---|---|---|---|---|---|---|\n"
    )
    PAGE.write_text(head + "\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
