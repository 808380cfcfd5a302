"""The prices of a token as a path in time: every recorded price, and candles where there are none.

A candle stands for its close, at the time it closed, where no price was seen inside it: history
that was fetched for the time before a token was watched, or for a time that the platform missed.
"""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np

from app.store.archive import Idle
from app.store.candles import candle_series
from app.store.database import Database
from app.store.prices import recorded_prices
from app.store.types import LARGEST
from app.trading.amounts import Floats, Ints

AGES = -(2**62)


class Stretch(NamedTuple):
    """A stretch of prices: times in Unix ms, SOL per token, in the order in which they came."""

    at: Ints
    price: Floats


@dataclass(frozen=True, slots=True)
class Recorded:
    """Where prices are recorded, and the timeframe of the candles."""

    database: Database
    folder: Path
    timeframe: str
    width_ms: int


async def path_of(where: Recorded, token: Idle, since: int) -> AsyncGenerator[Stretch, None]:
    """Read a token's prices from about `since` (Unix ms) on, in stretches; some may be older."""
    seen, until = AGES, since - where.width_ms
    prices = recorded_prices(where.database, where.folder, token, since=since)
    async with aclosing(prices) as pages:
        async for page in pages:
            times = np.maximum.accumulate(np.maximum(page.at, seen))
            closes = await _closes(where, token, until, int(times[-1]))
            yield _joined(Stretch(page.at, page.price), times, closes, (seen, where.width_ms))
            seen = int(times[-1])
            until = max(until, seen)
    rest = await _closes(where, token, until, LARGEST)
    if len(rest.at):
        yield rest


async def _closes(where: Recorded, token: Idle, after: int, through: int) -> Stretch:
    """Read the closes of candles that closed in (after, through]."""
    width = where.width_ms
    last = LARGEST if through == LARGEST else through - width + 1
    candles = await candle_series(
        where.database, token.id, where.timeframe, since=after - width + 1, until=last
    )
    return Stretch(
        np.array([one.time + width for one in candles], np.int64),
        np.array([one.close for one in candles], np.float64),
    )


def _joined(page: Stretch, times: Ints, closes: Stretch, before: tuple[int, int]) -> Stretch:
    """Put closes between prices where no price was seen since their candle opened.

    `times` rise, `before` is the last time of the stretch before and the width of a candle.
    """
    seen, width = before
    place = np.searchsorted(times, closes.at, side="right")
    last = np.concatenate(([seen], times))[place]
    alone = last <= closes.at - width
    place = place[alone]
    return Stretch(
        np.insert(page.at, place, closes.at[alone]),
        np.insert(page.price, place, closes.price[alone]),
    )
