"""A wallet's marks over time, put together from every resolution that is kept."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from app.api.wire import iso, sol
from app.store.database import Database
from app.store.snapshots import RESOLUTIONS, portfolio_history
from app.store.types import LARGEST, SMALLEST
from app.trading.ledger import SnapshotRow
from app.trading.returns import Marks

MOST_MARKS = 50_000


async def marks(
    database: Database, wallet: int, since: int = SMALLEST, until: int = LARGEST
) -> list[SnapshotRow]:
    """Load a wallet's marks in [since, until), oldest first; old ones are kept more thinly.

    A coarse mark bears the start of its hour or day, so it counts only before the finer ones begin.
    """
    found: list[SnapshotRow] = []
    for resolution, width in RESOLUTIONS.items():
        begins = found[0].timestamp if found else LARGEST
        coarser = await portfolio_history(
            database, wallet, resolution, since=since, until=until, limit=MOST_MARKS
        )
        found = [row for row in coarser if row.timestamp <= begins - width] + found
    return found


def last_of_each(rows: Sequence[SnapshotRow], width_ms: int) -> list[SnapshotRow]:
    """Keep the last mark of each step of `width_ms`."""
    kept = {row.timestamp // width_ms: row for row in rows}
    return list(kept.values())


def columns(rows: Sequence[SnapshotRow]) -> Marks:
    """Lay marks in columns, as statistics take them.

    Value less profit is what was paid in so far: the first balance, and deposits less withdrawals.
    """
    return Marks(
        time=np.array([row.timestamp for row in rows], np.int64),
        value=np.array([row.total_value for row in rows], np.int64),
        deposited=np.array([row.total_value - row.overall_pnl for row in rows], np.int64),
    )


def written(rows: Sequence[SnapshotRow], peak: int) -> list[dict[str, Any]]:
    """Write marks with how far each is below the highest value so far, `peak` before them."""
    shown = []
    for row in rows:
        peak = max(peak, row.total_value)
        fall = 100.0 * (peak - row.total_value) / peak if peak > 0 else 0.0
        shown.append(
            {
                "timestamp": iso(row.timestamp),
                "sol_balance": sol(row.sol_balance),
                "total_value": sol(row.total_value),
                "overall_pnl": sol(row.overall_pnl),
                "drawdown_percent": fall,
            }
        )
    return shown
