"""Closed trades in columns, kept by wallet: they never change, so only new ones are read."""

import asyncio
from collections import OrderedDict, defaultdict
from typing import Any, NamedTuple

import polars as pl

from app.store.database import Database
from app.store.outcomes import FIRST, Outcome, Place, closed_outcomes, count_closed
from app.trading.statistics import TRADE_SCHEMA

MOST_ROWS = 500_000
"""So many trades of all wallets together, some hundred bytes each."""

COLUMNS: dict[str, Any] = {
    "id": pl.Int64,
    **TRADE_SCHEMA,
    "token": pl.String,
    "symbol": pl.String,
    "source": pl.String,
    "strategy": pl.String,
    "exit_reason": pl.String,
    "signal": pl.Int64,
    "pnl_percent": pl.Float64,
}


class Known(NamedTuple):
    """The closed trades of a wallet in the order of their ends, and the place of the last."""

    trades: pl.DataFrame
    last: Place


NOTHING = Known(pl.DataFrame(schema=COLUMNS), FIRST)


class Past:
    """The closed trades of one database's wallets."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._known: OrderedDict[int, Known] = OrderedDict()
        self._turns: defaultdict[int, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def of(self, wallet: int) -> pl.DataFrame:
        """Return a wallet's closed trades in columns (COLUMNS), in the order of their ends.

        What is known counts only while the record has as many trades up to the same place: one
        that ended out of order, or is no longer kept, lets all of them be read again.
        """
        async with self._turns[wallet]:
            known = self._known.get(wallet, NOTHING)
            if len(known.trades) != await count_closed(self._database, wallet, known.last):
                known = NOTHING
            known = await self._further(wallet, known)
            self._keep(wallet, known)
        return known.trades

    async def _further(self, wallet: int, known: Known) -> Known:
        frames, last = [known.trades], known.last
        async for page in closed_outcomes(self._database, wallet, after=last):
            frames.append(await asyncio.to_thread(frame, page))
            last = (page[-1].exit_time or 0, page[-1].id)
        if len(frames) == 1:
            return known
        return Known(await asyncio.to_thread(pl.concat, frames), last)

    def _keep(self, wallet: int, known: Known) -> None:
        self._known[wallet] = known
        self._known.move_to_end(wallet)
        rows = sum(len(one.trades) for one in self._known.values())
        while rows > MOST_ROWS and len(self._known) > 1:
            _, oldest = self._known.popitem(last=False)
            rows -= len(oldest.trades)


def frame(page: list[Outcome]) -> pl.DataFrame:
    """Lay trades in columns."""
    rows = [
        (
            one.id,
            one.entry_time,
            one.exit_time,
            one.sol_invested,
            one.pnl_sol,
            one.mint,
            one.symbol,
            one.source,
            one.strategy,
            one.exit_reason,
            one.signal_id,
            one.pnl_percent,
        )
        for one in page
    ]
    return pl.DataFrame(rows, schema=COLUMNS, orient="row")
