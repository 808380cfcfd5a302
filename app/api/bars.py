"""A token's candles in any timeframe: from the record, and behind it what is newer than that."""

from dataclasses import dataclass
from typing import NamedTuple

from app.api import charts
from app.api.deps import Parts
from app.api.errors import invalid
from app.api.wire import LARGEST_PAGE
from app.store.bars import bars_up_to
from app.store.candles import newest_candles
from app.store.types import LARGEST, SMALLEST
from app.trading.market import TIMEFRAMES, Candle


@dataclass(frozen=True, slots=True)
class Asked:
    """Which candles: those that open in [since, until), Unix ms, and of them the newest."""

    timeframe: str
    since: int = SMALLEST
    until: int = LARGEST
    limit: int = LARGEST_PAGE

    @property
    def width(self) -> int:
        """Return a candle's length in milliseconds."""
        return charts.WIDTHS[self.timeframe]

    @property
    def open(self) -> bool:
        """Tell whether it has no end: what forms now belongs to it."""
        return self.until == LARGEST


class Bars(NamedTuple):
    """Candles, oldest first, and the newest of the platform's own that the last is made of."""

    candles: list[Candle]
    newest: Candle | None


async def bars_of(parts: Parts, mint: str, token: int | None, asked: Asked) -> Bars:
    """Find a token's candles; one without a number in the record is known to memory only.

    They are joined from the platform's own timeframe, and go on with what is stored of the asked
    one before that. Raises a 422 problem for a timeframe that nothing can be joined into.
    """
    own = parts.settings.timeframe
    joins = asked.width % TIMEFRAMES[own] == 0
    found, newest = await _joined(parts, token, asked) if joins and token else ([], None)
    if token and asked.timeframe in TIMEFRAMES and asked.timeframe != own:
        found = await _and_before(parts, token, found, asked)
    if not joins and not found:
        raise invalid("/timeframe", f"candles here are {own} long", "query")
    if not joins or not asked.open:
        return Bars(found, newest)
    fresh = in_memory(parts, mint, newest, forming=True)
    fresh = [one for one in fresh if one.time >= asked.since]
    candles = charts.coarser([*found, *fresh], asked.width)[-asked.limit :]
    return Bars(candles, fresh[-1] if fresh else newest)


async def _joined(parts: Parts, token: int, asked: Asked) -> tuple[list[Candle], Candle | None]:
    own, since = parts.settings.timeframe, asked.since
    many = asked.limit if asked.timeframe == own else 1
    found = await newest_candles(
        parts.database, token, own, since=since, until=asked.until, limit=many
    )
    if asked.timeframe == own or not found:
        return found, found[-1] if found else None
    joined = await bars_up_to(
        parts.database,
        token,
        own,
        asked.width,
        last=found[-1].time,
        since=since,
        limit=asked.limit,
    )
    return joined, found[-1]


async def _and_before(parts: Parts, token: int, found: list[Candle], asked: Asked) -> list[Candle]:
    """Add what is stored of the asked timeframe itself: of a time when it was the platform's."""
    missing = asked.limit - len(found)
    if missing <= 0:
        return found
    before = await newest_candles(
        parts.database,
        token,
        asked.timeframe,
        since=asked.since,
        until=found[0].time if found else asked.until,
        limit=missing,
    )
    return [*before, *found]


def in_memory(parts: Parts, mint: str, newest: Candle | None, *, forming: bool) -> list[Candle]:
    """List the candles that are newer than the record, with the one that still forms or without."""
    feed = parts.live.feed.of(mint)
    if feed is None:
        return []
    last = SMALLEST if newest is None else newest.time
    fresh = [one for one in feed.candles if one.time > last]
    open_one = feed.forming
    if forming and open_one and open_one.time > (fresh[-1].time if fresh else last):
        fresh.append(open_one)
    return fresh
