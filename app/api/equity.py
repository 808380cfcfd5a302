"""A wallet's marks over time, put together from every resolution that is kept."""

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np

from app.api.beginnings import EVER, reset_before
from app.api.wire import iso, sol
from app.store.database import Database
from app.store.snapshots import RESOLUTIONS, portfolio_history
from app.store.types import LARGEST, SMALLEST
from app.trading.amounts import Ints
from app.trading.books import Flags
from app.trading.deposits import RESET_KIND, DepositRow
from app.trading.ledger import SnapshotRow
from app.trading.returns import Marks, growth

MOST_MARKS = 50_000


class Point(NamedTuple):
    """A mark, and how far it stands below the highest value so far, in percent."""

    mark: SnapshotRow
    drawdown: float


async def marks(
    database: Database, wallet: int, since: int = SMALLEST, until: int = LARGEST
) -> list[SnapshotRow]:
    """Load a wallet's marks in [since, until), oldest first; old ones are kept more thinly.

    They begin with the reset that the range spans, unless it begins with EVER. A coarse mark bears
    the start of its hour or day, so it counts only before the finer ones begin.
    """
    reset = None if since == EVER else await reset_before(database, wallet, until)
    found: list[SnapshotRow] = []
    for resolution, width in RESOLUTIONS.items():
        begins = found[0].timestamp if found else LARGEST
        first = since if reset is None else max(since, reset.at // width * width)
        coarser = await portfolio_history(
            database, wallet, resolution, since=first, until=until, limit=MOST_MARKS
        )
        found = [row for row in coarser if row.timestamp <= begins - width] + found
    return found


def last_of_each(points: Iterable[Point], width_ms: int) -> list[Point]:
    """Keep the last mark of each step of `width_ms`."""
    return list({point.mark.timestamp // width_ms: point for point in points}.values())


def columns(rows: Sequence[SnapshotRow], deposits: Iterable[DepositRow] = ()) -> Marks:
    """Lay marks in columns, as statistics take them, with what came or went beside trading."""
    time = np.array([row.timestamp for row in rows], np.int64)
    paid, width = np.zeros(len(rows), np.int64), _widths(rows)
    for one in deposits:
        paid[_later(one, time, width)] += one.lamports
    value = np.array([row.total_value for row in rows], np.int64)
    return Marks(time=time, value=value, deposited=paid)


def _widths(rows: Sequence[SnapshotRow]) -> Ints:
    return np.array([RESOLUTIONS.get(row.resolution, 1) for row in rows], np.int64)


def _later(deposit: DepositRow, time: Ints, width: Ints) -> Flags:
    """Tell which marks were made after a deposit: one bears the start of its minute, hour, day."""
    later: Flags = deposit.at // width * width <= time
    return later


def points(rows: Sequence[SnapshotRow], deposits: Sequence[DepositRow] = ()) -> list[Point]:
    """Measure how far each mark is below the highest before it; a reset begins anew.

    What was paid in is no new peak, and what was taken out is no fall.
    """
    laid_out, width = columns(rows, deposits), _widths(rows)
    resets = [one for one in deposits if one.kind == RESET_KIND]
    first_after = {int(np.argmax(_later(one, laid_out.time, width))) for one in resets if rows}
    falls: list[float] = []
    for first, end in pairwise(sorted({0, *first_after, len(rows)})):
        grown = growth(laid_out.part(first, end))
        falls += (100.0 * (1.0 - grown / np.maximum.accumulate(grown))).tolist()
    return list(map(Point, rows, falls))


def written(points: Iterable[Point]) -> list[dict[str, Any]]:
    """Write marks."""
    return [
        {
            "timestamp": iso(row.timestamp),
            "sol_balance": sol(row.sol_balance),
            "total_value": sol(row.total_value),
            "overall_pnl": sol(row.overall_pnl),
            "drawdown_percent": fall,
        }
        for row, fall in points
    ]
