"""A wallet beside its shadows: what each did over the time that they have in common.

Twenty pairs of long histories take seconds of a thread, so one wallet is served after another.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace

import polars as pl

from app.api import equity
from app.api.deps import Parts
from app.api.kept import Kept
from app.api.sessions import Session
from app.api.tradeframes import trades_of
from app.engine.views import ShadowView, WalletView
from app.store.snapshots import RESOLUTIONS
from app.store.types import LARGEST, SMALLEST
from app.trading.comparison import Comparison, Side, Span, compare
from app.trading.ids import WalletId
from app.trading.ledger import SnapshotRow
from app.trading.returns import DAY_MS
from app.trading.risk import MINUTE_MS
from app.trading.statistics import Statistics, summarise

SEED = 1
TURN = Kept(lambda _: asyncio.Lock())


@dataclass(frozen=True, slots=True)
class History:
    """A wallet's trades and marks since a time."""

    trades: pl.DataFrame
    marks: Sequence[SnapshotRow]


def seen_as(me: Session, view: ShadowView) -> Session:
    """Look at what is a shadow's, as its owner."""
    return replace(
        me, wallet_id=WalletId(view.wallet.id), wallet_address=view.wallet.wallet_address
    )


async def history_of(parts: Parts, me: Session, since: int) -> History:
    """Load what a wallet did since a time, and its marks of that whole day."""
    trades = await trades_of(parts, me, (since, LARGEST))
    first = since // DAY_MS * DAY_MS
    return History(trades, await equity.marks(parts.database, me.wallet_id, first))


async def compared(
    parts: Parts, me: Session, mine: WalletView, shadows: Sequence[ShadowView], now: int
) -> list[tuple[Span, Comparison]]:
    """Hold every shadow against its wallet (`mine`), both as they stood at one moment.

    Where the wallet began again after a shadow began, they are level at that time.
    """
    if not shadows:
        return []
    reset_at = SMALLEST if mine.reset_at is None else mine.reset_at
    began = max(min(view.wallet.created_at for view in shadows), reset_at)
    found = []
    async with TURN.of(parts):
        own = await history_of(parts, me, began)
        for view in shadows:
            since = max(view.wallet.created_at, reset_at)
            span, is_younger = Span(since, max(now, since)), since == view.wallet.created_at
            start = view.owner_value if is_younger else mine.initial_sol_balance
            theirs = side_of(own, start, mine.total_value, span)
            other = await history_of(parts, seen_as(me, view), since)
            start = view.wallet.initial_sol_balance if is_younger else worth_at(other, since, view)
            side = side_of(other, start, view.wallet.total_value, span)
            pair = await asyncio.to_thread(compare, side, theirs, span, SEED, len(shadows))
            found.append((span, pair))
    return found


async def figures_of(parts: Parts, me: Session, view: ShadowView, now: int) -> Statistics:
    """Work out every figure of a shadow."""
    history = await history_of(parts, seen_as(me, view), view.wallet.created_at)
    wallet = view.wallet
    values = wallet.sol_balance, wallet.total_value, wallet.overall_pnl
    marks = equity.columns([*history.marks, SnapshotRow(wallet.id, "now", now, *values)])
    return await asyncio.to_thread(summarise, history.trades, marks, SEED)


def side_of(history: History, start: int, end: int, span: Span) -> Side:
    """Cut marks to those made in the common time; worth `start` and `end` lamports at its ends."""
    marks = [row for row in history.marks if _is_since(row, span.since)]
    return Side(start, end, history.trades, equity.columns(marks))


def worth_at(history: History, since: int, view: ShadowView) -> int:
    """Find what a shadow was worth when its wallet began again: it was marked in that minute."""
    minute = since // MINUTE_MS * MINUTE_MS
    values = (row.total_value for row in history.marks if _is_since(row, minute))
    return next(values, view.wallet.total_value)


def _is_since(row: SnapshotRow, since: int) -> bool:
    """Tell whether a mark was made since a time; an hour's or a day's bears its beginning and was
    made at its end.
    """
    width = RESOLUTIONS[row.resolution] if row.resolution != "1m" else 0
    return row.timestamp + width >= since
