"""A wallet's trades in columns, as figures take them."""

import asyncio

import polars as pl

from app.api.beginnings import reset_before
from app.api.deps import Parts
from app.api.kept import Kept
from app.api.past import Past, frame
from app.api.sessions import Session
from app.research.excursions import Excursion, Excursions, Held
from app.store.outcomes import Outcome, newest_outcomes, open_outcomes
from app.trading.statistics import SEEN_SCHEMA

Range = tuple[int, int]

MEASURED = 500
"""The newest closed trades whose excursions are shown: each must be followed down its prices."""

PAST = Kept(lambda parts: Past(parts.database))
EXCURSIONS = Kept(lambda parts: Excursions(parts.database, parts.settings.data_dir))


async def trades_of(
    parts: Parts, me: Session, within: Range, *, opened: bool = True
) -> pl.DataFrame:
    """Load the trades that ended in a range, and with `opened` those open that began in it.

    Of a range that spans a reset, only those that were opened after it.
    Columns of `past.COLUMNS`, and of SEEN_SCHEMA for the newest closed trades.
    """
    since, until = within
    reset = await reset_before(parts.database, me.wallet_id, until)
    if reset is not None and not reset.trade:
        since = max(since, reset.at + 1)
    ended = pl.col("exit_time").is_between(since, until, closed="left")
    if reset is not None:
        ended &= pl.col("id") > reset.trade
    closed = await PAST.of(parts).of(me.wallet_id)
    frames = [await asyncio.to_thread(closed.filter, ended)]
    if opened:
        pages = open_outcomes(parts.database, me.wallet_id, since=since, until=until)
        frames += [await asyncio.to_thread(frame, page) async for page in pages]
    newest = await newest_outcomes(
        parts.database, me.wallet_id, since=since, until=until, limit=MEASURED
    )
    found = await excursions_of(parts, newest)
    return await asyncio.to_thread(_with_excursions, pl.concat(frames), found)


async def excursions_of(parts: Parts, trades: list[Outcome]) -> dict[int, Excursion]:
    """Measure how far prices went while closed trades were open."""
    held = [Held(one.id, one.token_id, one.mint, one.entry_price, one.entry_time) for one in trades]
    return await EXCURSIONS.of(parts).of(held)


def _with_excursions(trades: pl.DataFrame, found: dict[int, Excursion]) -> pl.DataFrame:
    rows = [(number, one.mfe, one.mae, one.time_to_peak) for number, one in found.items()]
    seen = pl.DataFrame(rows, schema={"id": pl.Int64, **SEEN_SCHEMA}, orient="row")
    return trades.join(seen, on="id", how="left", maintain_order="left")
