"""What an import has to say: as plain values for programs, as lines for people."""

from datetime import UTC, datetime
from typing import Any

from app.research.importing import Imported, sentence


def report(read: Imported) -> dict[str, Any]:
    """Tell everything about an import but its candles as plain values; times are Unix ms."""
    return {
        "timeframe": read.timeframe,
        "columns": read.columns,
        "rows": read.rows,
        "candles": read.frame.height,
        "bad_rows": read.bad_rows,
        "bad": [one._asdict() for one in read.bad],
        "unordered": read.unordered,
        "duplicates": read.duplicates,
        "conflicts": read.conflicts,
        "conflict_times": list(read.conflict_times),
        "gaps_found": read.holes.gaps,
        "missing": read.holes.missing,
        "gaps_shown": [one._asdict() for one in read.gaps],
        "filled": read.filled,
    }


def remarks(read: Imported) -> list[str]:
    """Say in lines what was not as it should be, and what was done about it."""
    lines = []
    if read.bad_rows:
        lines.append(f"{read.bad_rows:,} rows are no candles and were left out:")
        lines += [f"  {sentence(one)}" for one in read.bad]
    if read.unordered:
        lines.append(f"{read.unordered:,} rows were out of order and were sorted in")
    if read.duplicates:
        lines.append(f"{read.duplicates:,} rows said the same again and were dropped")
    if read.conflicts:
        at = ", ".join(map(_time, read.conflict_times))
        lines.append(f"{read.conflicts:,} rows were overruled by later ones of the same time: {at}")
    if read.holes.gaps:
        done = f", {read.filled:,} flat candles were put there" if read.filled else ""
        lines.append(f"{read.holes.gaps:,} gaps, {read.holes.missing:,} candles missing{done}:")
        lines += [f"  {_time(one.first)} to {_time(one.last)}" for one in read.gaps]
        rest = read.holes.gaps - len(read.gaps)
        lines += [f"  and {rest:,} more"] if rest else []
    return lines


def _time(at: int) -> str:
    return f"{datetime.fromtimestamp(at / 1000, UTC):%Y-%m-%d %H:%M:%S}"
