"""Candles from a candle source into history, page by page from the newest to the oldest.

    what is wanted, less what is stored and what was brought before = spans still to fetch
    newest span first: ask for a page before its end -> keep it -> note what it covered -> go on

Each page is on the disk before the next is asked for, so a download that ends early, for whatever
reason, goes on where it stopped. An interval that the source has no candle of is noted as covered
and not asked for again. How often a host is asked is up to the source's own limit.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import NamedTuple

import polars as pl

from app.ports import CandlePage, CandleSource, Clock, ProviderError, UnavailableError
from app.store.history import History
from app.store.history_candles import width_of
from app.store.history_errors import HistoryError, HistoryNotFoundError
from app.store.history_spans import Span, subtract
from app.trading.entry import CANDLE_SCHEMA
from app.trading.market import Candle

PAGE = 1_000
ATTEMPTS = 6
WAIT_SECONDS = 5.0
LONGEST_WAIT = 60.0
CACHED_MS = 120_000
"""Answers may be a minute old, and a candle in them half done; what closed since waits."""


class DownloadStopped(HistoryError):
    """The source would not go on; what came before is kept, and the message says up to where."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which candles: those of a mint, read in a pool, that open in [since, until), Unix ms."""

    mint: str
    pool: str
    symbol: str
    timeframe: str
    since: int
    until: int
    source: str = "GeckoTerminal"

    @property
    def width(self) -> int:
        """Return the milliseconds of a candle."""
        return width_of(self.timeframe)


class Progress(NamedTuple):
    """How far a download is: intervals dealt with, of all that were to be fetched; new candles.

    `waiting` is the last failure while it is being waited out, None otherwise.
    """

    done: int
    total: int
    added: int
    waiting: str | None = None


class Downloaded(NamedTuple):
    """What a download brought: pages asked for, candles new to history, rows that were none."""

    pages: int
    added: int
    refused: int


class _Page(NamedTuple):
    candles: list[Candle]
    covered: Span


async def download(
    source: CandleSource,
    history: History,
    clock: Clock,
    wanted: Wanted,
    progress: Callable[[Progress], None] = lambda _: None,
) -> Downloaded:
    """Bring what is wanted and not stored yet; what is stored stays as it is.

    Raises DownloadStopped when the source fails for good, UnsafeNameError, UnknownTimeframeError
    or StoreError. Cancelling it loses nothing but the page under way.
    """
    width = wanted.width
    newest = (clock.now() - CACHED_MS) // width * width
    whole = (-(-wanted.since // width) * width, min(-(-wanted.until // width) * width, newest))
    todo = await asyncio.to_thread(missing, history, wanted, whole)
    total = _length(todo) // width
    pages = added = refused = 0
    while todo:
        now = Progress(total - _length(todo) // width, total, added)
        progress(now)
        span = (todo[0][0], todo[-1][1])
        answer = await _ask(source, clock, wanted, span, _teller(progress, now))
        page = _read(answer, wanted, span)
        added += await asyncio.to_thread(_keep, history, wanted, page)
        pages, refused = pages + 1, refused + answer.refused
        todo = [left for span in todo for left in subtract(span, [page.covered])]
    progress(Progress(total, total, added))
    return Downloaded(pages, added, refused)


def missing(history: History, wanted: Wanted, whole: Span) -> list[Span]:
    """Find what neither stored candles nor earlier downloads cover, oldest first."""
    covered = history.covered(wanted.mint, wanted.timeframe)
    try:
        history.entry(wanted.mint, wanted.timeframe)
    except HistoryNotFoundError:
        return subtract(whole, covered)
    stored = history.read(wanted.mint, wanted.timeframe, *whole)
    return subtract(whole, covered + runs(stored["time"], wanted.width))


def runs(times: pl.Series, width: int) -> list[Span]:
    """Join opening times, oldest first, that follow each other without a gap to spans."""
    if times.is_empty():
        return []
    begins = (times.diff() != width).fill_null(value=True)
    starts = times.filter(begins)
    ends = times.filter(begins.shift(-1, fill_value=True)) + width
    return list(zip(starts.to_list(), ends.to_list(), strict=True))


def _length(spans: list[Span]) -> int:
    return sum(until - since for since, until in spans)


def _limit(wanted: Wanted, span: Span) -> int:
    return min(PAGE, (span[1] - span[0]) // wanted.width)


def _teller(progress: Callable[[Progress], None], now: Progress) -> Callable[[str], None]:
    return lambda text: progress(now._replace(waiting=text))


async def _ask(
    source: CandleSource, clock: Clock, wanted: Wanted, span: Span, tell: Callable[[str], None]
) -> CandlePage:
    """Ask for the newest page of a span; wait and ask again while that may help."""
    limit, end = _limit(wanted, span), span[1]
    failures = 0
    while True:
        try:
            return await source.candles(
                wanted.mint, wanted.pool, wanted.timeframe, limit, before=end
            )
        except UnavailableError as error:
            failures += 1
            if failures == ATTEMPTS:
                raise _stopped(end, str(error)) from error
            tell(str(error))
            await clock.sleep(min(WAIT_SECONDS * 2.0 ** (failures - 1), LONGEST_WAIT))
        except ProviderError as error:
            raise _stopped(end, str(error)) from error


def _stopped(end: int, why: str) -> DownloadStopped:
    at = datetime.fromtimestamp(end / 1_000, UTC)
    return DownloadStopped(
        f"stopped at {at:%Y-%m-%d %H:%M:%S} UTC; what is newer is kept, and the same download goes "
        f"on from there: {why}"
    )


def _read(answer: CandlePage, wanted: Wanted, span: Span) -> _Page:
    """Read what a page says: everything from its oldest candle on; all there is, when it is empty.

    What lies behind the intervals asked for is left for a later page: a pool against dollars is
    priced in SOL by SOL's own candles, and those came for these intervals only.
    """
    since, end = span
    if not answer.closed:
        if answer.refused:
            raise _stopped(end, f"none of the {answer.refused} rows that came is a candle")
        return _Page([], span)
    reach = end - _limit(wanted, span) * wanted.width
    near = [one for one in answer.closed if one.time >= reach]
    behind = [one.time for one in answer.closed if one.time < reach]
    reached = behind[-1] + wanted.width if behind else near[0].time
    kept = [one for one in near if one.time >= since]
    return _Page(kept, (max(reached, since), end))


def _keep(history: History, wanted: Wanted, page: _Page) -> int:
    """Store a page, then note what it covered; returns how many candles are new."""
    frame = pl.DataFrame(page.candles, CANDLE_SCHEMA, orient="row")
    words = (wanted.mint, wanted.symbol, wanted.timeframe)
    merged = history.merge(*words, frame, wanted.source, replace=False)
    history.cover(*words, page.covered, wanted.source)
    return merged.added
