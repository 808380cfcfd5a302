"""Times as files write them, as Unix ms: numbers of any unit, ISO 8601, columns of dates.

What cannot be read is null. A text or a date without a zone is UTC.
"""

import polars as pl

EXPECTED = "Unix seconds, ms, µs or ns (all rows alike), or ISO 8601 with the year first"

UNITS = (
    (0, 10**11, 1_000_000),
    (10**11, 10**14, 1_000),
    (10**14, 10**17, 1),
    (10**17, 2**63 - 1, 0),
)
"""From, to (exclusive) and microseconds of seconds, ms, µs and ns: today's times in each."""
NANOSECONDS = 1_000

ISO = "%Y-%m-%d %H:%M:%S%.f%:z"
REWRITTEN = (
    (r"^(\d{4})/(\d{2})/(\d{2})", "${1}-${2}-${3}"),
    (r"^(\d{4}-\d{2}-\d{2})$", "${1} 00:00:00"),
    (r"^(\d{4}-\d{2}-\d{2})[Tt ]+", "${1} "),
    (r"\s*(?:[zZ]|UTC|GMT)$", "+00:00"),
    (r"\s*([+-]\d{2}):?(\d{2})$", "${1}:${2}"),
    (r":(\d{2}(?:\.\d+)?)\s*([+-]\d{2})$", ":${1}${2}:00"),
    (r"( \d{2}:\d{2})(?:$|([+-]))", "${1}:00${2}"),
    (r"( \d{2}:\d{2}:\d{2}(?:\.\d+)?)$", "${1}+00:00"),
)
"""What brings the ways to write a time to the one of `ISO`."""


def read_times(raw: pl.Series) -> pl.Series:
    """Read a column of times as Unix ms (Int64), null where one cannot be read."""
    if isinstance(raw.dtype, pl.Datetime):
        micros = raw.dt.timestamp("us")
    elif raw.dtype == pl.Date:
        micros = raw.cast(pl.Datetime("us")).dt.timestamp("us")
    elif raw.dtype.is_numeric():
        micros = _from_numbers(_whole(raw))
    elif raw.dtype == pl.String:
        numbers = _whole(raw.str.strip_chars())
        few = numbers.null_count() > raw.len() // 2
        micros = _from_texts(raw) if few else _from_numbers(numbers)
    else:
        micros = pl.Series([None] * raw.len(), dtype=pl.Int64)
    return _only(micros, micros % 1_000 == 0) // 1_000


def _whole(raw: pl.Series) -> pl.Series:
    """Read whole numbers, also those that are written with a point."""
    nothing = pl.Series([None] * raw.len(), dtype=pl.Int64)
    exact = nothing if raw.dtype.is_float() else raw.cast(pl.Int64, strict=False)
    near = raw.cast(pl.Float64, strict=False)
    near = _only(near, (near % 1 == 0) & (near.abs() < 2**53))
    return exact.zip_with(exact.is_not_null(), near.cast(pl.Int64, strict=False))


def _from_numbers(numbers: pl.Series) -> pl.Series:
    middle = numbers.median()
    if not isinstance(middle, int | float):
        return numbers
    for first, end, micros in UNITS:
        if first <= middle < end:
            kept = _only(numbers, (numbers >= first) & (numbers < end))
            return kept * micros if micros else _only(kept, kept % NANOSECONDS == 0) // NANOSECONDS
    return _only(numbers, numbers.is_null())


def _from_texts(raw: pl.Series) -> pl.Series:
    texts = raw.str.strip_chars()
    for pattern, written in REWRITTEN:
        texts = texts.str.replace(pattern, written)
    return texts.str.to_datetime(ISO, time_unit="us", strict=False).dt.timestamp("us")


def _only(values: pl.Series, holds: pl.Series) -> pl.Series:
    """Keep values where something holds, null elsewhere."""
    return values.set(~holds.fill_null(value=False), None)
