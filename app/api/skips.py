"""What a wallet did not buy, asked of the record and written for the wire."""

import numpy as np

from app.api import equity
from app.api.beginnings import EVER, since_reset
from app.api.deps import Parts
from app.api.figures import Written
from app.api.kept import Kept
from app.api.sessions import Session
from app.api.wire import iso, iso_or_none, percent, seconds, sol, sol_or_none
from app.research.followed import Followed, Market
from app.research.paths import Recorded
from app.research.savings import Savings
from app.research.skipped import MOST, Skip, Skipped, Skips, Wallet
from app.research.would_have import WouldHave
from app.store.skipped import NEWEST, Place
from app.trading.fills import Costs
from app.trading.market import TIMEFRAMES

SHARES = {"average_share": "average_pnl_percent", "total_share": "total_pnl_percent"}
AMOUNTS = {"average_pnl": "average_pnl_sol", "total_pnl": "total_pnl_sol", "saved": "saved_sol"}
NAMES = {**SHARES, **AMOUNTS}


def _followed(parts: Parts) -> Followed:
    settings = parts.settings
    width = TIMEFRAMES[settings.timeframe]
    where = Recorded(parts.database, settings.data_dir, settings.timeframe, width)
    return Followed(Market(where, Costs(settings.fees_bps, settings.slippage_bps)))


FOLLOWED = Kept(_followed)


async def skipped(
    parts: Parts,
    me: Session,
    within: tuple[int, int],
    *,
    after: Place | None = None,
    limit: int = MOST,
) -> Skips:
    """List what a wallet did not buy in a range, newest first; needs the engine for its wishes.

    A range that spans a reset begins with it.
    """
    views = await parts.live.settled()
    since, until = await since_reset(parts.database, me.wallet_id, within)
    rows = await equity.marks(parts.database, me.wallet_id, EVER)
    wallet = Wallet(
        id=me.wallet_id,
        joined_at=views.wallet(me.wallet_id).created_at,
        time=np.array([row.timestamp for row in rows], np.int64),
        equity=np.array([row.total_value for row in rows], np.int64),
        cash=np.array([row.sol_balance for row in rows], np.int64),
    )
    return await Skipped(FOLLOWED.of(parts)).page(
        wallet,
        views.default_profile,
        since=since,
        until=until,
        now=parts.clock.now(),
        after=NEWEST if after is None else after,
        limit=limit,
    )


def written(skip: Skip) -> Written:
    """Write what was not bought."""
    mint = skip.mint
    return {
        "at": iso(skip.place[0]),
        "token": None if mint is None else {"address": mint, "symbol": skip.symbol},
        "signal_id": skip.signal_id,
        "source": skip.source,
        "strategy": skip.strategy,
        "stage": skip.stage,
        "filter": skip.filter,
        "value": skip.value,
        "limit": skip.limit,
        "spend_sol": sol(skip.spend),
        "would_have": _would_have(skip.outcome),
    }


def _would_have(seen: WouldHave) -> Written:
    return {
        "status": seen.status,
        "note": seen.note,
        "entry_time": iso_or_none(seen.entry_at),
        "entry_price": seen.entry_price,
        "exit_time": iso_or_none(seen.exit_at),
        "exit_reason": seen.exit_reason,
        "pnl_percent": percent(seen.share),
        "pnl_sol": sol_or_none(seen.pnl),
        "last_price_time": iso_or_none(seen.last_at),
        "time_to_peak_seconds": seconds(seen.peak_after),
    }


def saved(one: Savings) -> Written:
    """Write what a filter saved or cost."""
    found = one._asdict()
    shares = {shown: percent(found.pop(name)) for name, shown in SHARES.items()}
    amounts = {shown: sol_or_none(found.pop(name)) for name, shown in AMOUNTS.items()}
    nulls = {NAMES[name]: why for name, why in found.pop("nulls").items()}
    return {**found, **shares, **amounts, "nulls": nulls}
