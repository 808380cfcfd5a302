"""The candles of the past as Parquet files: what backtests stand on.

    <folder>/<token>/<timeframe>/<part>.parquet     see `history_series`

A token is named by its mint, or by what whoever imported it called it (`BONK-SOL`). A timeframe
that is not stored is made of the coarsest finer one that is. It knows no database and no network.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import polars as pl

from app.store.history_candles import check, resample, width_of
from app.store.history_errors import HistoryNotFoundError, UnsafeNameError
from app.store.history_names import LONGEST_SYMBOL, plain_symbol, safe_name
from app.store.history_series import About, Series, locked
from app.store.history_spans import Span, union
from app.trading.market import TIMEFRAMES

SHOWN = 12
"""Stored candles that an error names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryEntry:
    """One token's candles in one timeframe: when the first and the last open (Unix ms).

    `gaps` counts the spans without candles between them, `missing` the candles of these spans.
    """

    token: str
    symbol: str
    timeframe: str
    first: int
    last: int
    candles: int
    gaps: int
    missing: int
    source: str


class Merged(NamedTuple):
    """How many candles are new, how many say something else than before, and the gaps there are."""

    added: int
    replaced: int
    gaps: int


class History:
    """The candles below one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def entries(self) -> list[HistoryEntry]:
        """List what is stored, by token and timeframe. Raises HistoryDamagedError."""
        found = (self._entry(series) for series in self._all())
        return [entry for entry in found if entry is not None]

    def read(
        self, token: str, timeframe: str, since: int | None = None, until: int | None = None
    ) -> pl.DataFrame:
        """Read the candles that open in [since, until), Unix ms, as `CANDLE_SCHEMA`, oldest first.

        A token may be given by its symbol where only one has it. Raises HistoryNotFoundError,
        UnknownTimeframeError, UnsafeNameError or HistoryDamagedError.
        """
        width = width_of(timeframe)
        series = self._nearest(token, timeframe)
        if series.timeframe == timeframe:
            return series.read(since, until)
        known_until = series.last() + series.width
        fine = series.read(_up(since, width), _up(until, width))
        return resample(fine, series.timeframe, timeframe, known_until=known_until)

    def entry(self, token: str, timeframe: str) -> HistoryEntry:
        """Describe what is stored of a token in exactly this timeframe.

        Raises HistoryNotFoundError.
        """
        width_of(timeframe)
        entry = self._entry(self._series(token, timeframe))
        if entry is None:
            raise self._not_found(token, timeframe)
        return entry

    def merge(
        self,
        token: str,
        symbol: str,
        timeframe: str,
        frame: pl.DataFrame,
        source: str,
        *,
        replace: bool = True,
        progress: Callable[[int], None] = lambda _: None,
    ) -> Merged:
        """Add candles (`CANDLE_SCHEMA`, oldest first, each once) to what is stored.

        Of two with one time the new one stays, unless `replace` is false. Parts that are written
        stay when a later one fails, and the same call again does the rest. `progress` hears of
        candles done. Raises NoCandlesError, UnsafeNameError, UnknownTimeframeError or StoreError.
        """
        width_of(timeframe)
        check(frame, timeframe)
        series = self._series(token, timeframe)
        if frame.is_empty():
            entry = self._entry(series)
            return Merged(0, 0, entry.gaps if entry else 0)
        with locked(self.folder):
            self._describe(series, token, symbol, source)
            changed = series.merge(frame, replace=replace, progress=progress)
            entry = self._entry(series)
        return Merged(*changed, entry.gaps if entry else 0)

    def covered(self, token: str, timeframe: str) -> list[Span]:
        """List the spans (Unix ms) of which a download has brought everything there is."""
        about = self._series(token, timeframe).about()
        return list(about.covered) if about else []

    def cover(self, token: str, symbol: str, timeframe: str, span: Span, source: str) -> None:
        """Note that a download has brought everything there is of a span (Unix ms)."""
        series = self._series(token, timeframe)
        with locked(self.folder):
            about = self._describe(series, token, symbol, source)
            spans = tuple(union([*about.covered, span]))
            series.describe(
                About(
                    token=token,
                    symbol=about.symbol,
                    timeframe=timeframe,
                    sources=about.sources,
                    covered=spans,
                )
            )

    def delete(self, token: str, timeframe: str) -> None:
        """Delete what is stored of a token in a timeframe. Raises HistoryNotFoundError."""
        width_of(timeframe)
        series = self._series(token, timeframe)
        with locked(self.folder):
            if not series.folder.is_dir():
                raise self._not_found(token, timeframe)
            series.delete()
            if not any(series.folder.parent.iterdir()):
                series.folder.parent.rmdir()

    def stored_bytes(self) -> int:
        """Add up the sizes of all files."""
        return sum(path.stat().st_size for path in self.folder.glob("*/*/*.*") if path.is_file())

    def has(self, token: str, timeframe: str) -> bool:
        """Tell whether `read` has something to answer from."""
        try:
            self._nearest(token, timeframe)
        except HistoryNotFoundError:
            return False
        return True

    def _series(self, token: str, timeframe: str) -> Series:
        return Series(self.folder / safe_name(token) / timeframe, timeframe)

    def _all(self) -> Iterator[Series]:
        for folder in sorted(self.folder.glob("[!.]*")):
            for timeframe in TIMEFRAMES:
                if (folder / timeframe).is_dir():
                    yield Series(folder / timeframe, timeframe)

    def _entry(self, series: Series) -> HistoryEntry | None:
        about, sums = series.about(), series.sums()
        if about is None or sums is None:
            return None
        return HistoryEntry(
            token=about.token,
            symbol=about.symbol,
            timeframe=series.timeframe,
            first=sums.first,
            last=sums.last,
            candles=sums.candles,
            gaps=sums.gaps,
            missing=sums.missing,
            source=", ".join(about.sources),
        )

    def _nearest(self, token: str, timeframe: str) -> Series:
        """Find the coarsest stored timeframe that the wanted one can be made of."""
        wanted = width_of(timeframe)
        name = self._named(safe_name(token))
        for finer, width in sorted(TIMEFRAMES.items(), key=lambda one: -one[1]):
            series = self._series(name, finer)
            if width <= wanted and wanted % width == 0 and series.parts():
                return series
        raise self._not_found(token, timeframe)

    def _named(self, token: str) -> str:
        """Take a symbol for the token that has it, where only one does."""
        if (self.folder / token).is_dir():
            return token
        abouts = (series.about() for series in self._all())
        named = {one.token for one in abouts if one and one.symbol == token}
        return named.pop() if len(named) == 1 else token

    def _describe(self, series: Series, token: str, symbol: str, source: str) -> About:
        known = series.about()
        if known is not None and known.token != token:
            raise UnsafeNameError(f"this disk takes {token} for {known.token}: choose another name")
        sources = dict.fromkeys([*(known.sources if known else ()), source])
        about = About(
            token=token,
            symbol=plain_symbol(symbol) or token[:LONGEST_SYMBOL],
            timeframe=series.timeframe,
            sources=tuple(sources),
            covered=known.covered if known else (),
        )
        if about != known:
            series.describe(about)
        return about

    def _not_found(self, token: str, timeframe: str) -> HistoryNotFoundError:
        names = [f"{one.folder.parent.name} {one.timeframe}" for one in self._all()]
        more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
        stored = ", ".join(names[:SHOWN]) + more if names else "nothing"
        return HistoryNotFoundError(
            f"there are no candles of {token} in {timeframe}; stored: {stored}"
        )


def _up(time: int | None, width: int) -> int | None:
    return None if time is None else -(-time // width) * width
