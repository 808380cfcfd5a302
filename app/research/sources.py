"""Scorecards of signal sources: of the whole platform, and of one wallet.

The platform's are made of signals and prices alone: each signal is followed from the first price
after its screening under the platform's default exit plan, whoever bought it. So they say nothing
about any wallet, even where there is only one. A wallet's are made of its own trades, and of what
it skipped.
"""

import asyncio
from collections.abc import Iterable, Mapping
from typing import Any

import polars as pl

from app.research.followed import Followed, Key, Wanted
from app.research.skipped import SCREENING, Skip
from app.research.would_have import WouldHave
from app.store.archive import Idle
from app.store.scorecards import SignalPath, signal_paths
from app.store.skipped import Reached
from app.trading.amounts import LAMPORTS_PER_SOL
from app.trading.plans import ExitPlan, Profile
from app.trading.scorecards import SIGNAL_SCHEMA
from app.trading.signals import SignalStatus

MOST = 5_000
"""Signals that one scorecard looks at: the newest of the range."""

EVERYBODY = 0
BOUGHT = SignalStatus.FINISHED.value
WAITING = SignalStatus.SCREENING.value
Row = tuple[Any, ...]


async def platform_signals(
    followed: Followed, default: Profile, *, since: int, until: int, now: int
) -> pl.DataFrame:
    """Lay the platform's signals in columns (SIGNAL_SCHEMA), results as if each were bought."""
    rows = await newest_signals(followed, default, since=since, until=until)
    wanted = await asyncio.to_thread(_all_wanted, rows, default.exit)
    found = await followed.of(list(wanted.values()), now)
    return await asyncio.to_thread(_columns, rows, wanted, found)


def _all_wanted(rows: list[SignalPath], plan: ExitPlan) -> dict[int, Wanted]:
    return {row.id: want for row in rows if (want := _wanted(row, plan)) is not None}


def _columns(
    rows: list[SignalPath], wanted: Mapping[int, Wanted], found: Mapping[Key, WouldHave]
) -> pl.DataFrame:
    made: list[Row] = []
    for row in rows:
        want = wanted.get(row.id)
        seen = None if want is None else found[want.key]
        ended = seen is not None and seen.status == "closed"
        share, peak = (seen.share, seen.peak_after) if seen is not None and ended else (None, None)
        bought = row.status == BOUGHT
        stages = (*_screening(row), bought or bool(row.confirmed), bought)
        made.append((row.source, *stages, row.sentiment_score, share, peak, share, peak))
    return pl.DataFrame(made, schema=SIGNAL_SCHEMA, orient="row")


async def newest_signals(
    followed: Followed, default: Profile, *, since: int, until: int
) -> list[SignalPath]:
    """Load the newest signals of a range."""
    database = followed.market.where.database
    return await signal_paths(database, default.key(), since=since, until=until, limit=MOST)


def wallet_signals(
    signals: Iterable[SignalPath],
    reached: Mapping[int, Reached],
    trades: pl.DataFrame,
    skips: Iterable[Skip],
) -> pl.DataFrame:
    """Lay a wallet's signals in columns (SIGNAL_SCHEMA): what it bought, and what it skipped.

    `trades` hold `signal`, `pnl_percent` and `time_to_peak`; open ones have no result yet.
    """
    ended = trades.filter(pl.col("pnl_percent").is_not_null() & pl.col("signal").is_not_null())
    own = {
        number: (percent / 100, peak)
        for number, percent, peak in ended.select(
            "signal", "pnl_percent", "time_to_peak"
        ).iter_rows()
    }
    would = {
        skip.signal_id: (skip.outcome.share, skip.outcome.peak_after)
        for skip in skips
        if skip.outcome.status == "closed"
    }
    nothing = (None, None)
    made: list[Row] = []
    for row in signals:
        how = reached.get(row.id)
        stages = (*_screening(row), how is not None, how is not None and bool(how.taken))
        results = (*own.get(row.id, nothing), *would.get(row.id, nothing))
        made.append((row.source, *stages, row.sentiment_score, *results))
    return pl.DataFrame(made, schema=SIGNAL_SCHEMA, orient="row")


def _screening(row: SignalPath) -> tuple[bool, bool]:
    """Tell whether its screening ended, and whether it passed."""
    judged = row.status != WAITING
    return judged, judged and row.reason not in SCREENING


def _wanted(row: SignalPath, plan: ExitPlan) -> Wanted | None:
    if row.token_id is None or row.decimals is None or row.screened_at is None:
        return None
    key, token = (EVERYBODY, row.id), Idle(row.token_id, row.mint)
    return Wanted(key, token, plan, None, row.screened_at, LAMPORTS_PER_SOL, row.decimals)
