"""A wallet's signals, put together for the scorecards of their sources."""

import asyncio

import polars as pl

from app.api import skips
from app.api.beginnings import since_reset
from app.api.deps import Parts
from app.api.sessions import Session
from app.api.tradeframes import Range, trades_of
from app.research.sources import newest_signals, wallet_signals
from app.store.skipped import reached
from app.store.types import LARGEST


async def wallet_board(parts: Parts, me: Session, within: Range) -> pl.DataFrame:
    """Lay the signals of a range since the wallet joined in columns, as scorecards take them.

    A range that spans a reset begins with it.
    """
    views = await parts.live.settled()
    joined = views.wallet(me.wallet_id).created_at
    since, until = await since_reset(parts.database, me.wallet_id, within)
    since = max(since, joined)
    signals = await newest_signals(
        skips.FOLLOWED.of(parts), views.default_profile, since=since, until=until
    )
    decided = await reached(parts.database, me.wallet_id, since=since)
    trades = await trades_of(parts, me, (since, LARGEST))
    missed = await skips.skipped(parts, me, (since, LARGEST))
    return await asyncio.to_thread(wallet_signals, signals, decided, trades, missed.items)
