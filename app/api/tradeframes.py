"""A wallet's trades in columns, as figures take them: page by page, a hundred bytes a trade."""

import asyncio
from typing import Any

import polars as pl

from app.api.deps import Parts
from app.api.kept import Kept
from app.api.sessions import Session
from app.research.excursions import Excursion, Excursions, Held
from app.store.outcomes import Outcome, closed_outcomes, open_outcomes
from app.trading.statistics import SEEN_SCHEMA, TRADE_SCHEMA

Range = tuple[int, int]

MEASURED = 500
"""The newest closed trades whose excursions are shown: each must be followed down its prices."""

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
EXCURSIONS = Kept(lambda parts: Excursions(parts.database, parts.settings.data_dir))


async def trades_of(
    parts: Parts, me: Session, within: Range, *, opened: bool = True
) -> pl.DataFrame:
    """Load the trades that ended in a range, and with `opened` those open that began in it.

    Columns of TRADE_SCHEMA, of the groupings, and of SEEN_SCHEMA for the newest closed trades.
    """
    since, until = within
    frames = [pl.DataFrame(schema=COLUMNS)]
    newest: list[Outcome] = []
    async for page in closed_outcomes(parts.database, me.wallet_id, since=since, until=until):
        frames.append(await asyncio.to_thread(_frame, page))
        newest = [*newest, *page][-MEASURED:]
    if opened:
        pages = open_outcomes(parts.database, me.wallet_id, since=since, until=until)
        frames += [await asyncio.to_thread(_frame, page) async for page in pages]
    found = await excursions_of(parts, newest)
    return await asyncio.to_thread(_with_excursions, pl.concat(frames), found)


async def excursions_of(parts: Parts, trades: list[Outcome]) -> dict[int, Excursion]:
    """Measure how far prices went while closed trades were open."""
    held = [Held(one.id, one.token_id, one.mint, one.entry_price, one.entry_time) for one in trades]
    return await EXCURSIONS.of(parts).of(held)


def _frame(page: list[Outcome]) -> pl.DataFrame:
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


def _with_excursions(trades: pl.DataFrame, found: dict[int, Excursion]) -> pl.DataFrame:
    rows = [(number, one.mfe, one.mae, one.time_to_peak) for number, one in found.items()]
    seen = pl.DataFrame(rows, schema={"id": pl.Int64, **SEEN_SCHEMA}, orient="row")
    return trades.join(seen, on="id", how="left", maintain_order="left")
