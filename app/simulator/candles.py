"""Candles of any interval, in any currency, as rows of JSON. Knows no route.

Seconds are merged to minutes an hour at a time, minutes to everything longer. Rows that can not
change any more are written once and kept as text, sixty to a page.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np

from app.simulator.blocks import CLOSE, HIGH, LOW, OPEN, VOLUME, Rows
from app.simulator.market import SECONDS_KEPT, Market
from app.simulator.recent import Recent
from app.simulator.tokens import SimToken

Currency = Literal["usd", "token"]
Side = Literal["base", "quote"]

MINUTE = 60
HOUR = 3_600
_PAGE_ROWS = 60
_PAGES_KEPT = 4_000
_HOURS_KEPT = 2_500


@dataclass(frozen=True, slots=True)
class View:
    """Whose price in what: usd, or the other token of the pool."""

    token: SimToken
    currency: Currency
    side: Side

    @property
    def key(self) -> tuple[int, str, str]:
        """Return what tells this view from all others."""
        return (self.token.number, self.currency, self.side)


@dataclass(frozen=True, slots=True)
class Line:
    """One candle as JSON text; `traded` is False where nothing happened in it."""

    text: str
    traded: bool


@dataclass(frozen=True, slots=True)
class _Query:
    """What was asked at the moment `now`, in candles of `step` seconds; bounds are their starts."""

    view: View
    step: int
    newest: int
    earliest: int
    now: float


class Candles:
    """Reads candles of a market."""

    def __init__(self, market: Market) -> None:
        self._market = market
        self._pages: Recent[tuple[tuple[int, str, str], int, int], tuple[Line, ...]] = Recent(
            _PAGES_KEPT
        )
        self._hours: Recent[tuple[tuple[int, str, str], int], Rows] = Recent(_HOURS_KEPT)

    def lines(
        self, view: View, step: int, limit: int, before: int | None, *, empty: bool
    ) -> list[str]:
        """Return at most `limit` candles of `step` seconds as JSON rows, newest first.

        The newest is still forming, unless `before` (Unix seconds) asks for what started before
        it. Without `empty`, intervals in which nobody traded are left out.
        """
        query = self._query(view, step, before)
        found: list[str] = []
        size = step * _PAGE_ROWS
        page = query.newest // size
        while (page + 1) * size > query.earliest and len(found) < limit:
            found += [line.text for line in self._page(query, page) if empty or line.traded]
            page -= 1
        return found[:limit]

    def warm(self, view: View, step: int, limit: int, before: int | None) -> Iterator[None]:
        """Prepare what `lines` will need, an hour of the market at each step of the iterator.

        Old hours take milliseconds each; whoever shares a thread with others rests in between.
        """
        if step < MINUTE:
            return
        query = self._query(view, step, before)
        first = max(query.earliest, query.newest - limit * step) // HOUR
        for hour in range(first, min(query.newest + step, int(query.now)) // HOUR):
            self._hour(view, hour)
            yield

    def _query(self, view: View, step: int, before: int | None) -> _Query:
        now = self._market.now()
        newest = int(now) // step * step
        if before is not None:
            newest = min(newest, (before - 1) // step * step)
        return _Query(view, step, newest, self._earliest(view.token, step, now), now)

    def _page(self, query: _Query, page: int) -> list[Line]:
        """Return the candles of a page that a query may see, newest first."""
        view, step, newest, now = query.view, query.step, query.newest, query.now
        start, end = page * step * _PAGE_ROWS, (page + 1) * step * _PAGE_ROWS
        if start >= query.earliest and end <= int(now):
            key = (view.key, step, page)
            lines = self._pages.get(
                key, lambda: _write(self._closed(view, step, start, end), start, step)
            )
            return list(reversed(lines[: (newest - start) // step + 1]))
        start = max(start, query.earliest)
        closed_end = min(end, newest + step, int(now) // step * step)
        lines = _write(self._closed(view, step, start, closed_end), start, step)
        if newest + step > now and newest < end:
            lines += _write(self._forming(view, newest, now), newest, step)
        return list(reversed(lines))

    def _earliest(self, token: SimToken, step: int, now: float) -> int:
        start = int(now) - SECONDS_KEPT if step < MINUTE else self._market.history_start(token, now)
        return -(-start // step) * step

    def _closed(self, view: View, step: int, start: int, end: int) -> Rows:
        """Return the candles of [start, end), both multiples of step, all of it in the past."""
        if end <= start:
            return np.empty((0, 5))
        if step == 1:
            return self._seconds(view, start, end)
        if step < MINUTE:
            return merge(self._seconds(view, start, end), step)
        return merge(self._minutes(view, start, end), step // MINUTE)

    def _forming(self, view: View, start: int, now: float) -> Rows:
        """Return one candle: what happened from start up to now."""
        second = int(now)
        minute = second // MINUTE * MINUTE
        parts = [self._minutes(view, start, minute)] if minute > start else []
        parts.append(self._seconds(view, max(start, minute), second))
        base = self._market.forming(view.token, now)
        parts.append(self._seen(view, base, self._market.forming(self._market.universe.index, now)))
        rows = np.concatenate(parts)
        return merge(rows, len(rows))

    def _minutes(self, view: View, start: int, end: int) -> Rows:
        """Return candles of one minute in [start, end), multiples of 60, all of it in the past."""
        parts: list[Rows] = []
        for hour in range(start // HOUR, -(-end // HOUR)):
            opened = hour * HOUR
            first, last = max(start, opened), min(end, opened + HOUR)
            if opened + HOUR <= int(self._market.now()):
                rows = self._hour(view, hour)
                parts.append(rows[(first - opened) // MINUTE : (last - opened) // MINUTE])
            else:
                parts.append(merge(self._seconds(view, first, last), MINUTE))
        return np.concatenate(parts)

    def _hour(self, view: View, hour: int) -> Rows:
        """Return the minutes of an hour that is over."""
        start, end = hour * HOUR, hour * HOUR + HOUR
        return self._hours.get(
            (view.key, hour), lambda: merge(self._seconds(view, start, end), MINUTE)
        )

    def _seconds(self, view: View, start: int, end: int) -> Rows:
        rows = self._market.seconds(view.token, start, end)
        index = self._market.universe.index
        needs_index = view.currency == "usd" and not view.token.is_index
        return self._seen(
            view, rows, self._market.seconds(index, start, end) if needs_index else rows
        )

    def _seen(self, view: View, rows: Rows, index: Rows) -> Rows:
        """Turn prices of a pool (base token in its quote) into prices of a view."""
        if view.currency == "token":
            return rows if view.side == "base" else _inverted(rows)
        if view.token.is_index:
            return rows if view.side == "base" else _dollars(rows)
        return _priced(rows, index) if view.side == "base" else _traded_quote(rows, index)


def merge(rows: Rows, size: int) -> Rows:
    """Merge each `size` rows to one; the number of rows is a multiple of size."""
    groups = rows.reshape(-1, size, 5)
    merged = np.empty((len(groups), 5))
    merged[:, OPEN] = groups[:, 0, OPEN]
    merged[:, HIGH] = groups[:, :, HIGH].max(axis=1)
    merged[:, LOW] = groups[:, :, LOW].min(axis=1)
    merged[:, CLOSE] = groups[:, -1, CLOSE]
    merged[:, VOLUME] = groups[:, :, VOLUME].sum(axis=1)
    return merged


def _inverted(rows: Rows) -> Rows:
    turned = np.empty_like(rows)
    turned[:, OPEN], turned[:, CLOSE] = 1 / rows[:, OPEN], 1 / rows[:, CLOSE]
    turned[:, HIGH], turned[:, LOW] = 1 / rows[:, LOW], 1 / rows[:, HIGH]
    turned[:, VOLUME] = rows[:, VOLUME] * rows[:, CLOSE]
    return turned


def _priced(rows: Rows, index: Rows) -> Rows:
    """Price rows in dollars, volume too."""
    priced = rows * index
    priced[:, HIGH] = priced[:, :VOLUME].max(axis=1)
    priced[:, LOW] = priced[:, :VOLUME].min(axis=1)
    priced[:, VOLUME] = rows[:, VOLUME] * priced[:, CLOSE]
    return priced


def _traded_quote(rows: Rows, index: Rows) -> Rows:
    """Price the quote token (SOL) in dollars, with this pool's volume in dollars."""
    quoted = index.copy()
    quoted[:, VOLUME] = rows[:, VOLUME] * rows[:, CLOSE] * index[:, CLOSE]
    return quoted


def _dollars(rows: Rows) -> Rows:
    """Price USDC in dollars."""
    flat = np.ones_like(rows)
    flat[:, VOLUME] = rows[:, VOLUME] * rows[:, CLOSE]
    return flat


def _write(rows: Rows, start: int, step: int) -> tuple[Line, ...]:
    return tuple(
        Line(
            f"[{start + number * step},{opened:.10g},{high:.10g},{low:.10g},{close:.10g},"
            f"{volume:.10g}]",
            volume > 0,
        )
        for number, (opened, high, low, close, volume) in enumerate(rows.tolist())
    )
