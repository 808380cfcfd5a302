"""How a wallet's value went."""

from typing import NamedTuple

from sqlalchemy import bindparam, func, select

from app.store.database import Database
from app.store.query import LIMIT, Query, picked, table_of
from app.store.tables import PortfolioSnapshot
from app.store.types import LARGEST, SMALLEST
from app.trading.ledger import SnapshotRow

RESOLUTIONS = {"1m": 60_000, "1h": 3_600_000, "1d": 86_400_000}
"""Milliseconds between two snapshots of each resolution."""

_S = table_of(PortfolioSnapshot).c
_HISTORY = Query(
    select(*picked(PortfolioSnapshot, SnapshotRow))
    .where(
        _S.wallet_id == bindparam("wallet"),
        _S.resolution == bindparam("resolution"),
        _S.timestamp >= bindparam("since"),
        _S.timestamp < bindparam("until"),
    )
    .order_by(_S.timestamp.desc())
    .limit(LIMIT),
    SnapshotRow,
)


class Moment(NamedTuple):
    """A time, None when there is none."""

    at: int | None


_NEWEST = Query(
    select(func.max(_S.timestamp).label("at")).where(_S.resolution == bindparam("resolution")),
    Moment,
)


async def newest_snapshot(database: Database, resolution: str = "1m") -> int | None:
    """Tell when the last snapshot of any wallet was taken."""
    found = await database.one(_NEWEST, resolution=resolution)
    return None if found is None else found.at


async def portfolio_history(
    database: Database,
    wallet_id: int,
    resolution: str,
    *,
    since: int = SMALLEST,
    until: int = LARGEST,
    limit: int = 5_000,
) -> list[SnapshotRow]:
    """Load the newest snapshots in [since, until), oldest first."""
    found = await database.rows(
        _HISTORY, wallet=wallet_id, resolution=resolution, since=since, until=until, limit=limit
    )
    return found[::-1]
