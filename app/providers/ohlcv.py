"""Rows of candles as services send them, made into pages the platform can stand on.

Whatever the order and however often a candle is repeated, a page is oldest first with each opening
time once; what cannot be a candle is refused and counted. It knows no service and no clock.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import pairwise

from app.ports import CandlePage
from app.providers.payloads import MILLISECONDS_FROM, float_or_nan
from app.trading.market import Candle, is_candle

COLUMNS = 6
CLOSE = 4
SHOWN = 80


def read_rows(rows: Iterable[object], timeframe_ms: int, counts: Counter[str]) -> list[Candle]:
    """Read `[seconds, open, high, low, close, volume]` rows, newest or oldest first, as candles.

    Of two rows with one time the first counts. Adds to `counts` under refused, duplicates and
    out_of_order (a time that does not continue the direction; it is sorted in, not lost).
    """
    read: dict[int, Candle] = {}
    times: list[int] = []
    for row in rows:
        candle = _candle(row, timeframe_ms)
        if candle is None:
            counts["refused"] += 1
        elif candle.time in read:
            counts["duplicates"] += 1
        else:
            read[candle.time] = candle
            times.append(candle.time)
    counts["out_of_order"] += _turns(times)
    return sorted(read.values())


def refused_row(rows: Iterable[object], timeframe_ms: int) -> str | None:
    """Show one of the rows that cannot be candles, cut short; None without any."""
    found = (row for row in rows if _candle(row, timeframe_ms) is None)
    return next((repr(row)[:SHOWN] for row in found), None)


def is_worthless(rows: Iterable[object]) -> bool:
    """Tell whether the newest of rows like those that `read_rows` takes closed at zero."""
    listed = [row for row in rows if isinstance(row, list) and len(row) >= COLUMNS]
    timed = [row for row in listed if float_or_nan(row[0]) < MILLISECONDS_FROM]
    newest = max(timed, key=lambda row: float_or_nan(row[0]), default=None)
    return newest is not None and float_or_nan(newest[CLOSE]) == 0.0


def page(
    candles: Sequence[Candle], timeframe_ms: int, now: int, counts: Counter[str]
) -> CandlePage:
    """Split candles, oldest first, by a time (Unix ms) into closed ones and the one still open.

    A candle that opens after `now` is refused. Gaps stay gaps; adds to `counts` under missing.
    """
    started = [one for one in candles if one.time <= now]
    counts["refused"] += len(candles) - len(started)
    is_open = bool(started) and started[-1].time + timeframe_ms > now
    closed = started[:-1] if is_open else started
    if closed:
        span = (closed[-1].time - closed[0].time) // timeframe_ms + 1
        counts["missing"] += span - len(closed)
    return CandlePage(
        closed=closed, forming=started[-1] if is_open else None, refused=counts["refused"]
    )


def _candle(row: object, timeframe_ms: int) -> Candle | None:
    if not isinstance(row, list) or len(row) < COLUMNS:
        return None
    seconds, *numbers = (float_or_nan(value) for value in row[:COLUMNS])
    if not seconds.is_integer() or not 0 < seconds < MILLISECONDS_FROM:
        return None
    candle = Candle(int(seconds) * 1_000, *numbers)
    return candle if candle.time % timeframe_ms == 0 and is_candle(candle) else None


def _turns(times: Sequence[int]) -> int:
    falls = times[0] > times[-1] if times else False
    return sum(1 for before, after in pairwise(times) if (before > after) != falls)
