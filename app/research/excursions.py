"""How far prices went while trades were open: best and worst unrealised return, time to the peak.

Closed trades never change, so what was found is remembered by trade. Prices are read once per token
and stretch of time, page by page, however many trades lie over them.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from contextlib import aclosing
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from typing import NamedTuple

import numpy as np

from app.store.archive import Idle
from app.store.database import Database
from app.store.prices import Prices, recorded_prices
from app.store.spans import spans_of
from app.trading.amounts import Floats, Ints
from app.trading.statistics import excursions

REMEMBERED = 50_000
_token = attrgetter("token_id", "mint")


class Held(NamedTuple):
    """A closed trade: which token, at which price (SOL per token) and when (Unix ms)."""

    id: int
    token_id: int
    mint: str
    entry_price: float
    entry_time: int


class Excursion(NamedTuple):
    """Best and worst unrealised return as fractions, ms to the peak, and how many prices."""

    mfe: float
    mae: float
    time_to_peak: int
    prices: int


class _Open:
    """A trade while its prices are read."""

    def __init__(self, trade: Held, first: int, last: int) -> None:
        self.trade, self.first, self.last = trade, first, last
        self.mfe = self.mae = 0.0
        self.peak_at = trade.entry_time
        self.prices = 0

    def see(self, page: Prices, rows: tuple[int, int], best: float, worst: float) -> None:
        """Take a page's best and worst return over the rows while it was open."""
        begin, end = rows
        self.prices += end - begin
        self.mae = min(self.mae, worst)
        if best > self.mfe:
            self.mfe = best
            self.peak_at = int(page.at[begin + int(np.argmax(page.price[begin:end]))])

    def result(self) -> Excursion:
        """Say how far it went."""
        waited = max(self.peak_at - self.trade.entry_time, 0)
        return Excursion(self.mfe, self.mae, waited, self.prices)


class Excursions:
    """Measures trades of one database, and remembers the newest measured."""

    def __init__(self, database: Database, folder: Path) -> None:
        self._database = database
        self._folder = folder
        self._known: OrderedDict[int, Excursion | None] = OrderedDict()
        self._turn = asyncio.Lock()

    async def of(self, trades: Sequence[Held]) -> dict[int, Excursion]:
        """Measure closed trades, by id; one whose prices are not recorded is left out.

        A trade that was sold before another price came has seen none, and went nowhere.
        """
        async with self._turn:
            new = [trade for trade in trades if trade.id not in self._known]
            for token, held in groupby(sorted(new, key=_token), key=_token):
                await self._measure(Idle(*token), list(held))
            found = {trade.id: self._known.get(trade.id) for trade in trades}
            while len(self._known) > REMEMBERED:
                self._known.popitem(last=False)
        return {number: one for number, one in found.items() if one is not None}

    async def _measure(self, token: Idle, trades: list[Held]) -> None:
        spans = await spans_of(self._database, [trade.id for trade in trades])
        waiting = [
            _Open(trade, spans[trade.id].first, spans[trade.id].last)
            for trade in trades
            if trade.id in spans
        ]
        for first, last, inside in _stretches(waiting):
            prices = recorded_prices(self._database, self._folder, token, after=first, through=last)
            async with aclosing(prices):
                async for page in prices:
                    await asyncio.to_thread(_show, page, inside)
        seen = {
            one.trade.id: one.result() for one in waiting if one.prices or one.first == one.last
        }
        for trade in trades:
            self._known[trade.id] = seen.get(trade.id)


def _stretches(trades: Iterable[_Open]) -> list[tuple[int, int, list[_Open]]]:
    """Join trades whose prices overlap: (number before the first, last number, trades)."""
    found: list[tuple[int, int, list[_Open]]] = []
    for one in sorted(trades, key=attrgetter("first")):
        if found and one.first <= found[-1][1]:
            first, last, inside = found[-1]
            found[-1] = (first, max(last, one.last), [*inside, one])
        else:
            found.append((one.first, one.last, [one]))
    return found


def _show(page: Prices, trades: Sequence[_Open]) -> None:
    """Let trades see a page: prices after the one they were bought at, the one of the exit too."""
    first = np.searchsorted(page.seq, [one.first for one in trades], side="right")
    last = np.searchsorted(page.seq, [one.last for one in trades], side="right")
    entry = np.array([one.trade.entry_price for one in trades])
    best, worst = _returns(page.price, entry, first, last)
    for one, begin, end, up, down in zip(trades, first, last, best, worst, strict=True):
        if end > begin:
            one.see(page, (int(begin), int(end)), float(up), float(down))


def _returns(prices: Floats, entry: Floats, first: Ints, last: Ints) -> tuple[Floats, Floats]:
    return excursions(entry, first, last, prices, prices)
