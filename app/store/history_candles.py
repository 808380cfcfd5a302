"""Candles as columns: which rows are none, how many are missing, coarser ones, their fingerprint.

It knows no file. Frames are `CANDLE_SCHEMA`: times in Unix ms, oldest first, each once.
"""

import hashlib
from typing import NamedTuple

import polars as pl

from app.store.history_errors import NoCandlesError, UnknownTimeframeError
from app.trading.entry import CANDLE_SCHEMA
from app.trading.market import TIMEFRAMES

PRICES = ("open", "high", "low", "close")
LATEST = 253_402_300_800_000
"""Unix ms of the year 10000, before which every candle opens."""


class Fault(NamedTuple):
    """One thing that a row of candles may be wrong in: the column, what is expected, the test."""

    column: str
    expected: str
    broken: pl.Expr


class Holes(NamedTuple):
    """What is missing between the first and the last candle: spans, and candles in all of them."""

    gaps: int
    missing: int


def width_of(timeframe: str) -> int:
    """Return the milliseconds of a timeframe. Raises UnknownTimeframeError."""
    if timeframe not in TIMEFRAMES:
        known = ", ".join(TIMEFRAMES)
        raise UnknownTimeframeError(f"there is no timeframe {timeframe!r}, only {known}")
    return TIMEFRAMES[timeframe]


def _not_positive(name: str) -> pl.Expr:
    return (pl.col(name).is_finite() & (pl.col(name) > 0)).fill_null(value=False).not_()


def faults(timeframe: str | None = None) -> list[Fault]:
    """List what `trading.market.is_candle` asks of a candle, as tests of whole columns.

    With a timeframe its time must be a whole number of these. A missing value is a fault too.
    """
    positive = "a finite number above 0"
    least = pl.min_horizontal("open", "close")
    most = pl.max_horizontal("open", "close")
    prices = pl.all_horizontal(~_not_positive(name) for name in PRICES)
    volume = pl.col("volume")
    known = volume.is_finite() & (volume >= 0)
    found = [Fault(name, positive, _not_positive(name)) for name in PRICES]
    found += [
        Fault("high", "at least open and close", prices & (pl.col("high") < most)),
        Fault("low", "at most open and close", prices & (pl.col("low") > least)),
        Fault("volume", "a finite number of at least 0", known.fill_null(value=False).not_()),
    ]
    time = pl.col("time")
    within = time.is_between(0, LATEST, closed="left").fill_null(value=False)
    found.insert(0, Fault("time", "a time from 1970 to 9999", within.not_()))
    if timeframe is not None:
        off = (time % width_of(timeframe) != 0).fill_null(value=False)
        found.insert(1, Fault("time", f"a whole number of {timeframe} since 1970", off))
    return found


def check(frame: pl.DataFrame, timeframe: str) -> None:
    """Raise NoCandlesError unless a frame is candles of a timeframe, oldest first, each once."""
    if dict(frame.schema) != CANDLE_SCHEMA:
        raise NoCandlesError(f"candles have the columns {CANDLE_SCHEMA}, not {dict(frame.schema)}")
    tests = {str(number): one.broken.any() for number, one in enumerate(faults(timeframe))}
    broken = frame.select(**tests).row(0) if frame.height else ()
    for one, holds in zip(faults(timeframe), broken, strict=False):
        if holds:
            raise NoCandlesError(f"a candle's {one.column} is not {one.expected}")
    if not (frame["time"].diff().drop_nulls() > 0).all():
        raise NoCandlesError("candles are not oldest first, each once")


def holes(frame: pl.DataFrame, width: int) -> Holes:
    """Count what is missing between the candles of a frame that are `width` ms long."""
    steps = frame["time"].diff().drop_nulls() // width - 1
    wide = steps.filter(steps > 0)
    return Holes(wide.len(), int(wide.sum()))


def resample(
    frame: pl.DataFrame, finer: str, coarser: str, *, known_until: int | None = None
) -> pl.DataFrame:
    """Join candles of one timeframe into those of a coarser one.

    The first open, the highest high, the lowest low, the last close, the sum of volumes. A gap
    stays a gap. A last candle whose end lies behind `known_until` (Unix ms, exclusive; the end of
    the last one given) is left out, because the rest of it is not known. Raises
    UnknownTimeframeError, also when the coarser one is not a whole number of finer ones.
    """
    narrow, wide = width_of(finer), width_of(coarser)
    if wide < narrow or wide % narrow:
        raise UnknownTimeframeError(f"candles of {coarser} cannot be made of {finer}")
    if wide == narrow or frame.is_empty():
        return frame
    joined = frame.group_by_dynamic("time", every=f"{wide}i").agg(
        pl.col("open").first(),
        pl.col("high").max(),
        pl.col("low").min(),
        pl.col("close").last(),
        pl.col("volume").sum(),
    )
    end = int(frame["time"][-1]) + narrow if known_until is None else known_until
    return joined.filter(pl.col("time") + wide <= end).select(**_typed())


def _typed() -> dict[str, pl.Expr]:
    return {name: pl.col(name).cast(kind) for name, kind in CANDLE_SCHEMA.items()}


def digest(frame: pl.DataFrame) -> str:
    """Fingerprint candles: SHA-256 over their columns as little-endian numbers, as hex.

    It depends on the data only, not on a file, its compression or a library's version.
    """
    found = hashlib.sha256()
    for name in CANDLE_SCHEMA:
        found.update(f"{name}:{frame.height};".encode())
        values = frame[name].to_numpy()
        values = values + values.dtype.type(0)  # -0.0 becomes the 0.0 that it equals
        found.update(values.astype(values.dtype.newbyteorder("<")).tobytes())
    return found.hexdigest()
