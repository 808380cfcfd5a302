"""A token's prices from a trade's entry on, laid out so that many plans can be led over them.

Those of a few trades are kept, because a person asks about one trade many times; only what came
since is read then.
"""

from collections import OrderedDict
from contextlib import aclosing
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
import polars as pl

from app.store.archive import Idle
from app.store.database import Database
from app.store.prices import Prices, recorded_prices
from app.trading.leap import Path as Laid
from app.trading.leap import lay_out

HORIZON = 100_000
"""Prices that a plan sees at most, unless its trade itself saw more."""

MOST_PRICES = 3_000_000
TOO_MANY = f"more than {MOST_PRICES:,} prices were seen meanwhile: ask for a shorter time"
KEPT_PRICES = 1_000_000
NOTHING = Prices(np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0))


class UnplayableError(Exception):
    """A trade that cannot be led again; the message says why."""


class TooManyPricesError(Exception):
    """More prices than are read for one question."""


@dataclass(frozen=True, slots=True)
class Seen:
    """Prices by number, and the same laid out; `whole` where nothing newer was left out."""

    prices: Prices
    path: Laid
    whole: bool

    def place(self, seq: int) -> int:
        """Find the place of a number. Raises UnplayableError when it is not there."""
        place = int(np.searchsorted(self.prices.seq, seq))
        if place == len(self.prices.seq) or int(self.prices.seq[place]) != seq:
            message = "the prices that this trade saw are no longer there"
            raise UnplayableError(message)
        return place


class Span(NamedTuple):
    """Which prices: from number `first` on, HORIZON of them from number `newest` on, and through
    number `last`.
    """

    first: int
    newest: int
    last: int


class SeenPrices:
    """Reads prices; `folder` is the data folder, where old ones are files."""

    def __init__(self, database: Database, folder: Path) -> None:
        self._database = database
        self._folder = folder
        self._kept: OrderedDict[tuple[int, int], Seen] = OrderedDict()

    async def after(self, token: Idle, first: int, last: int) -> Seen:
        """Read a token's prices from a trade's entry, number `first`, through its end, number
        `last`, and up to HORIZON in all; newer ones are read each time, the rest is kept.

        Raises UnplayableError, TooManyPricesError and what the store raises.
        """
        key = (token.id, first)
        known = self._kept.pop(key, None)
        if known is None or known.whole:
            known = await self.read(token, Span(first, first, last), known)
        self._kept[key] = known
        total = sum(len(one.prices.seq) for one in self._kept.values())
        while total > KEPT_PRICES and len(self._kept) > 1:
            total -= len(self._kept.popitem(last=False)[1].prices.seq)
        return known

    async def read(self, token: Idle, span: Span, known: Seen | None = None) -> Seen:
        """Read what a span asks for, on top of what is known. Raises as `after` does."""
        parts = [] if known is None else [known.prices]
        many = sum(len(part.seq) for part in parts)
        later = sum(int(np.sum(part.seq >= span.newest)) for part in parts)
        after = int(parts[-1].seq[-1]) if many else span.first - 1
        whole = True
        pages = recorded_prices(self._database, self._folder, token, after=after)
        try:
            async with aclosing(pages):
                async for page in pages:
                    parts.append(page)
                    many += len(page.seq)
                    later += int(np.sum(page.seq >= span.newest))
                    if later >= HORIZON and int(page.seq[-1]) >= span.last:
                        whole = False
                        break
                    if many > MOST_PRICES:
                        raise TooManyPricesError(TOO_MANY)
        except (OSError, ValueError, pl.exceptions.PolarsError) as error:
            message = f"the prices of this trade cannot be read: {type(error).__name__}"
            raise UnplayableError(message) from error
        if known is not None and len(parts) == 1:
            return known
        columns = zip(*(parts or [NOTHING]), strict=True)
        prices = Prices(*(np.concatenate(column) for column in columns))
        return Seen(prices, lay_out(prices.price, prices.at), whole)
