"""Candles from files: read, cleaned, and told what was wrong with them.

    read_file -> rows as they stand there (`importing_files`)
              -> times and numbers; what is no candle is a bad row, refused or left out
              -> sorted; of several with one time the last row counts
              -> gaps counted, and filled when asked

Nothing is corrected in silence: whatever was not as it should be is in the answer.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, NamedTuple

import polars as pl

from app.research.importing_files import MOST_ROWS, Table, read_table
from app.research.importing_names import ImportFailedError, shown
from app.research.importing_times import EXPECTED, read_times
from app.store.history_candles import PRICES, Fault, Holes, faults, holes, width_of
from app.trading.entry import CANDLE_SCHEMA
from app.trading.market import TIMEFRAMES

SHOWN = 20
"""Bad rows, conflicts and gaps that are named one by one."""

Fill = Literal["none", "previous_close"]


class BadRow(NamedTuple):
    """What is wrong with a row: `row` counts from 1, of a CSV it is the line."""

    row: int
    column: str
    found: str
    expected: str


class Gap(NamedTuple):
    """Candles that are missing: when the first and the last would have opened (Unix ms)."""

    first: int
    last: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How a file is read.

    `timeframe` None = the most frequent distance of rows. `fill` "previous_close" puts a flat
    candle without volume wherever one is missing. `skip_bad` leaves rows out that are no candles;
    otherwise one of them refuses the file.
    """

    timeframe: str | None = None
    fill: Fill = "none"
    skip_bad: bool = False
    most_rows: int = MOST_ROWS


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """Candles of a file (`CANDLE_SCHEMA`) and what was done to them.

    `columns` tells what the file calls each column ("" = it has no names). `unordered` counts rows
    that stood before an earlier one, `duplicates` rows that said the same again, `conflicts` rows
    that a later one with the same time overruled; `bad`, `conflict_times` and `gaps` name the
    first 20. `holes` counts what was missing before `filled` candles were put there.
    """

    frame: pl.DataFrame
    timeframe: str
    columns: dict[str, str]
    rows: int
    bad: Sequence[BadRow]
    bad_rows: int
    unordered: int
    duplicates: int
    conflicts: int
    conflict_times: Sequence[int]
    gaps: Sequence[Gap]
    holes: Holes
    filled: int


class BadRowsError(ImportFailedError):
    """Rows that are no candles; `bad` has the first 20 of `count` among `rows`."""

    def __init__(self, bad: Sequence[BadRow], count: int, rows: int) -> None:
        self.bad = bad
        self.count = count
        self.rows = rows
        noun = "row is no candle" if count == 1 else "rows are no candles"
        lines = [f"{count:,} of {rows:,} {noun}, nothing was imported:"]
        lines += [f"  {sentence(one)}" for one in bad]
        named = len({one.row for one in bad})
        lines += [f"  and {count - named:,} more"] if count > named else []
        super().__init__("\n".join(lines))


def sentence(bad: BadRow) -> str:
    """Say what is wrong with a row."""
    return f"row {bad.row}, {bad.column}: found {bad.found}, expected {bad.expected}"


def read_file(source: Path | bytes, options: Options | None = None) -> Imported:
    """Read candles from a file, or from the bytes of one.

    Raises ImportFailedError (BadRowsError where single rows are at fault) or UnknownTimeframeError.
    """
    chosen = options or Options()
    if chosen.timeframe is not None:
        width_of(chosen.timeframe)
    table = read_table(source, chosen.most_rows)
    typed = _typed(table.frame)
    sound, bad, bad_rows = _judged(table, typed, chosen)
    timeframe = chosen.timeframe or _distance(sound)
    if chosen.timeframe is None:
        sound, bad, bad_rows = _judged(table, typed, chosen, timeframe)
    frame, counts = _cleaned(sound)
    width = width_of(timeframe)
    missing = holes(frame, width)
    filled = _filled(frame, missing, width, chosen) if chosen.fill != "none" else frame
    return Imported(
        frame=filled,
        timeframe=timeframe,
        columns=table.names,
        rows=typed.height + len(table.ragged),
        bad=bad,
        bad_rows=bad_rows,
        unordered=counts.unordered,
        duplicates=counts.duplicates,
        conflicts=counts.conflicts,
        conflict_times=counts.conflict_times,
        gaps=_gaps(frame, width),
        holes=missing,
        filled=filled.height - frame.height,
    )


def _typed(raw: pl.DataFrame) -> pl.DataFrame:
    """Read times and numbers; what cannot be read is null."""
    numbers = {name: raw[name].cast(pl.Float64, strict=False) for name in (*PRICES, "volume")}
    return pl.DataFrame({"row": raw["row"], "time": read_times(raw["time"]), **numbers})


def _judged(
    table: Table, typed: pl.DataFrame, options: Options, timeframe: str | None = None
) -> tuple[pl.DataFrame, list[BadRow], int]:
    """Part rows that are candles from those that are not: the candles, the first bad, how many."""
    tests = _tests(timeframe or options.timeframe)
    marked = typed.with_columns(**{f"bad {n}": test.broken for n, test in enumerate(tests)})
    broken = pl.any_horizontal(pl.col("^bad .*$"))
    at_fault = marked.filter(broken)
    count = at_fault.height + len(table.ragged)
    bad = _named(table, at_fault, tests)
    if count and not options.skip_bad:
        raise BadRowsError(bad, count, typed.height + len(table.ragged))
    sound = marked.filter(~broken).select(typed.columns)
    if sound.is_empty():
        raise (
            BadRowsError(bad, count, count)
            if count
            else ImportFailedError("the file holds no rows")
        )
    return sound, bad, count


def _tests(timeframe: str | None) -> list[Fault]:
    unread = Fault("time", EXPECTED, pl.col("time").is_null())
    known = pl.col("time").is_not_null()
    return [unread] + [
        one._replace(broken=one.broken & known) if one.column == "time" else one
        for one in faults(timeframe)
    ]


def _named(table: Table, at_fault: pl.DataFrame, tests: Sequence[Fault]) -> list[BadRow]:
    """Say what is wrong with the first bad rows."""
    bad = [
        BadRow(one.row, "the row", f"{one.columns} columns", str(table.width))
        for one in table.ragged[:SHOWN]
    ]
    rows = at_fault.head(SHOWN)
    texts = table.frame.filter(pl.col("row").is_in(rows["row"].implode()))
    for one, raw in zip(rows.rows(named=True), texts.rows(named=True), strict=True):
        bad += [
            BadRow(one["row"], test.column, _found(raw[test.column]), test.expected)
            for number, test in enumerate(tests)
            if one[f"bad {number}"]
        ]
    return sorted(bad, key=lambda one: one.row)[:SHOWN]


def _found(value: object) -> str:
    return "nothing" if value is None or value == "" else shown(value)


def _distance(sound: pl.DataFrame) -> str:
    """Take the most frequent distance between rows for the timeframe."""
    steps = sound["time"].unique().sort().diff().drop_nulls()
    if steps.is_empty():
        raise ImportFailedError("one candle does not say how long it is: name the timeframe")
    often = int(steps.mode().sort()[0])
    for timeframe, width in TIMEFRAMES.items():
        if width == often:
            return timeframe
    raise ImportFailedError(
        f"most rows are {often / 1000:g} s apart, expected one of {', '.join(TIMEFRAMES)}; "
        "if candles are only missing, name the timeframe"
    )


class _Counts(NamedTuple):
    unordered: int
    duplicates: int
    conflicts: int
    conflict_times: list[int]


def _cleaned(sound: pl.DataFrame) -> tuple[pl.DataFrame, _Counts]:
    """Sort rows by time; of several with one time keep the last."""
    unordered = int((sound["time"].diff() < 0).sum())
    ordered = sound.sort("time", "row") if unordered else sound
    columns = list(CANDLE_SCHEMA)
    if not (ordered["time"].diff() == 0).any():
        return ordered.select(columns), _Counts(unordered, 0, 0, [])
    different = ordered.unique(columns, keep="last", maintain_order=True)
    last = different.unique("time", keep="last", maintain_order=True)
    again = different.filter(pl.col("time").is_duplicated())["time"].unique().sort()
    counts = _Counts(
        unordered,
        ordered.height - different.height,
        different.height - last.height,
        again.head(SHOWN).to_list(),
    )
    return last.select(columns), counts


def _gaps(frame: pl.DataFrame, width: int) -> list[Gap]:
    ends = frame.select("time", step=pl.col("time").diff()).filter(pl.col("step") > width)
    return [Gap(at - step + width, at - width) for at, step in ends.head(SHOWN).rows()]


def _filled(frame: pl.DataFrame, missing: Holes, width: int, options: Options) -> pl.DataFrame:
    """Put a flat candle at the previous close, without volume, where one is missing."""
    total = frame.height + missing.missing
    if total > options.most_rows:
        raise ImportFailedError(
            f"with its gaps filled the file would have {total:,} candles, "
            f"{options.most_rows:,} are the most: import it unfilled, or split it"
        )
    every = pl.int_range(frame["time"][0], frame["time"][-1] + 1, width, eager=True)
    joined = pl.DataFrame({"time": every}).join(frame, "time", how="left", maintain_order="left")
    close = pl.col("close").forward_fill()
    flat = [pl.col(name).fill_null(close) for name in PRICES]
    return joined.with_columns(*flat, pl.col("volume").fill_null(0.0))
