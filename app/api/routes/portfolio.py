"""How a wallet's value went."""

from typing import Annotated, Literal

from fastapi import Query
from starlette.responses import Response

from app.api import equity
from app.api.deps import From, Own, Platform, To, span
from app.api.nouns import Noun
from app.api.shapes.wallets import SnapshotOut
from app.api.wire import encoded
from app.store.deposits import deposits_of
from app.store.snapshots import RESOLUTIONS
from app.store.types import SMALLEST

router = Noun()
MOST = 10_000


@router.get("/history/{wallet}", response_model=list[SnapshotOut])
async def get_portfolio_history(
    parts: Platform,
    me: Own,
    *,
    resolution: Literal["1m", "1h", "1d"] = "1m",
    since: From = None,
    until: To = None,
    limit: Annotated[int, Query(ge=1, le=MOST, description="The newest so many.")] = 1_000,
) -> Response:
    """Show the wallet's value over time, oldest first.

    A point is the last mark of its minute, hour or day; minutes are kept for a while, hours longer,
    days for good. A range that spans a reset begins with it. The drawdown is counted from the
    highest value since the wallet began; what was paid in or out is neither a peak nor a fall.
    """
    first, last = span(since, until)
    every = await equity.marks(parts.database, me.wallet_id, SMALLEST, last)
    points = equity.points(every, await deposits_of(parts.database, me.wallet_id))
    thinned = equity.last_of_each(points, RESOLUTIONS[resolution])
    shown = [point for point in thinned if point.mark.timestamp >= first][-limit:]
    return encoded(equity.written(shown))
