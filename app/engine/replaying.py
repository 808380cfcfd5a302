"""Every closed trade is run again once, beside trading: its own plan on its own prices must give
its record, bit for bit.

Newest first after a start, then each as it closes. What came of it is kept with the trade; a
difference is an event of its wallet.
"""

import asyncio
from collections import Counter, deque
from collections.abc import Sequence
from contextlib import aclosing
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import polars as pl
import structlog
from pydantic import ValidationError

from app.engine.live import Live
from app.ports import Clock
from app.store.archive import Idle
from app.store.database import Database
from app.store.journal import Journal
from app.store.plan_changes import plan_changes_of
from app.store.prices import recorded_prices
from app.store.replays import (
    FINISHED,
    PlayedTrade,
    find_replay,
    past_trades,
    played_trade,
    replay_counts,
)
from app.store.trades import fills_of
from app.trading.doubts import DIFFERENT
from app.trading.fills import Costs
from app.trading.ids import WalletId
from app.trading.inputs import ReplayDiffers
from app.trading.ledger import Changes, FillRow, ReplayRow, TradeUpdate
from app.trading.plan_changes import PlanChangeRow
from app.trading.plans import ExitPlan
from app.trading.replay import (
    CAUSED_OUTSIDE,
    Difference,
    Recorded,
    Replay,
    begin,
    changes_of,
    charged,
    differences,
)
from app.trading.state import to_json

log = structlog.get_logger(__name__)

EQUAL, UNCHECKED = "equal", "unchecked"
SHARE = 0.2
"""How much of its time the job works at most."""

LEAST_PAUSE = 0.05
IDLE_SECONDS = 1.0
TOGETHER = 10
"""Results that are written at once while much waits."""

NO_FILLS = "its fills are not kept"
NO_PLAN = "its exit plan cannot be read"
NO_PRICES = "its prices are no longer there"


class Checked(NamedTuple):
    """What came of running a trade again; `reason` says why it could not be."""

    status: str
    reason: str | None = None
    differences: Sequence[Difference] = ()


@dataclass(frozen=True, slots=True)
class Checking:
    """What checking needs; `folder` is the data folder, where old prices are files."""

    database: Database
    journal: Journal
    folder: Path
    costs: Costs


def recorded(
    trade: PlayedTrade, fills: Sequence[FillRow], changes: Sequence[PlanChangeRow]
) -> Recorded:
    """Put together what is recorded of a trade. Raises ValidationError for a broken plan."""
    return Recorded(
        plan=ExitPlan.model_validate_json(trade.exit_plan),
        decimals=trade.decimals,
        deadline=trade.deadline,
        fills=fills,
        entry_time=trade.entry_time,
        entry_price=trade.entry_price,
        quantity=trade.quantity,
        sol_invested=trade.sol_invested,
        sol_returned=trade.sol_returned,
        highest=trade.highest_price_seen,
        stop=trade.stop_loss_price,
        exit_time=trade.exit_time,
        exit_price=trade.exit_price,
        exit_reason=trade.exit_reason,
        pnl=trade.pnl_sol,
        pnl_percent=trade.pnl_percent,
        phase=trade.phase,
        tiers=trade.tiers_taken,
        left=trade.tokens,
        changes=changes_of(changes),
    )


async def check_trade(
    database: Database, folder: Path, trade: PlayedTrade, costs: Costs
) -> Checked:
    """Run a closed trade again on its own prices. Raises what the store raises."""
    fills = await fills_of(database, trade.id)
    if not fills or fills[0].side != "BUY":
        return Checked(UNCHECKED, NO_FILLS)
    try:
        record = recorded(trade, fills, await plan_changes_of(database, trade.id))
    except ValidationError:
        return Checked(UNCHECKED, NO_PLAN)
    try:
        replay, market = await _run(database, folder, trade, record)
    except (OSError, ValueError, pl.exceptions.PolarsError) as error:
        log.warning("prices cannot be read", trade=trade.id, error=str(error))
        return Checked(UNCHECKED, f"its prices cannot be read: {type(error).__name__}")
    if replay is None:
        return Checked(UNCHECKED, NO_PRICES)
    then = charged(fills[0], market, costs)
    found = differences(record, replay, market, [then, costs])
    return Checked(DIFFERENT if found else EQUAL, None, found)


async def _run(
    database: Database, folder: Path, trade: PlayedTrade, record: Recorded
) -> tuple[Replay | None, float]:
    """Show a trade its prices; without a replay where those of its fills are not all there."""
    first, last = record.fills[0].tick_seq, record.fills[-1].tick_seq
    needed = {fill.tick_seq for fill in record.fills if fill.reason not in CAUSED_OUTSIDE}
    token = Idle(trade.token_id, trade.mint)
    replay, market = None, 0.0
    pages = recorded_prices(database, folder, token, after=first - 1, through=last)
    async with aclosing(pages):
        async for page in pages:
            needed.difference_update(page.seq.tolist())
            seen = page
            if replay is None:
                if int(page.seq[0]) != first:
                    return None, market
                market = float(page.price[0])
                replay = begin(
                    record.plan,
                    record.changes,
                    record.fills,
                    deadline=record.deadline,
                    market=market,
                )
                seen = page.part(1, len(page.seq))
            await asyncio.to_thread(replay.see, seen.seq, seen.at, seen.price)
    if replay is None or needed:
        return None, market
    replay.end()
    return replay, market


class Checker:
    """Checks what closed and what was never checked, within a share of the time."""

    def __init__(self, checking: Checking, live: Live, clock: Clock) -> None:
        self._checking = checking
        self._live = live
        self._clock = clock
        self._closed: deque[int] = deque()
        self._counts: Counter[str] = Counter()

    def snapshot(self) -> dict[str, int]:
        """Count the closed trades that came out equal, different and could not be checked, and
        those that wait.
        """
        counts = {status: self._counts[status] for status in (EQUAL, DIFFERENT, UNCHECKED)}
        return {**counts, "waiting": len(self._closed)}

    async def run(self) -> None:
        """Check for ever."""
        leave = self._live.bus.subscribe(self._hear)
        try:
            database = self._checking.database
            self._counts = Counter(await replay_counts(database))
            async for page in past_trades(database):
                unchecked = [trade.id for trade in page if trade.status is None]
                for first in range(0, len(unchecked), TOGETHER):
                    await self._check(unchecked[first : first + TOGETHER])
                    await self._check_closed()
            while True:
                await self._check_closed()
                await self._clock.sleep(IDLE_SECONDS)
        finally:
            leave()

    def _hear(self, changes: Changes) -> None:
        self._closed.extend(row.id for row in changes.of(TradeUpdate) if row.status == FINISHED)

    async def _check_closed(self) -> None:
        while self._closed:
            many = min(len(self._closed), TOGETHER)
            await self._check([self._closed.popleft() for _ in range(many)])

    async def _check(self, trades: Sequence[int]) -> None:
        """Check some trades and keep what came of it, and rest after each."""
        rows: list[ReplayRow] = []
        for number in trades:
            began = self._clock.monotonic()
            row = await self._row(number)
            if row is not None:
                rows.append(row)
            took = self._clock.monotonic() - began
            await self._clock.sleep(max(LEAST_PAUSE, took * (1 / SHARE - 1)))
        if rows:
            await self._checking.journal.write(rows)
        self._counts.update(row.status for row in rows)

    async def _row(self, number: int) -> ReplayRow | None:
        """Check a trade; a difference is the engine's to keep, because it tells the wallet."""
        checking = self._checking
        trade = await played_trade(checking.database, number)
        if trade is None or await find_replay(checking.database, number) is not None:
            return None
        checked = await check_trade(checking.database, checking.folder, trade, checking.costs)
        now = self._clock.now()
        if checked.status != DIFFERENT:
            return ReplayRow(number, trade.wallet_id, now, checked.status, checked.reason, None)
        fields = [difference.field for difference in checked.differences]
        log.error("a trade's replay differs from its record", trade=number, fields=fields)
        await self._live.submit(
            ReplayDiffers(
                at=now,
                trade=number,
                wallet=WalletId(trade.wallet_id),
                mint=trade.mint,
                symbol=trade.symbol,
                fields=fields,
                differences=to_json(checked.differences),
            )
        )
        self._counts[DIFFERENT] += 1
        return None
