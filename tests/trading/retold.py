"""Closed trades run again from nothing but the rows that an engine wrote."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np

from app.trading.fills import Costs
from app.trading.ledger import FillRow, PositionRow, Row, TickRow, TokenRow, TradeRow, TradeUpdate
from app.trading.plan_changes import PlanChangeRow, TradePlan
from app.trading.plans import ExitPlan
from app.trading.replay import (
    Difference,
    Recorded,
    Replay,
    begin,
    changes_of,
    charged,
    differences,
)

PAGE = 7


class Retold:
    """What rows say of the trades that ended."""

    def __init__(self, rows: Iterable[Row]) -> None:
        by_kind: defaultdict[type[Row], list[Any]] = defaultdict(list)
        for row in rows:
            by_kind[type(row)].append(row)
        self._decimals = {row.id: row.decimals for row in by_kind[TokenRow]}
        self.trades: dict[int, TradeRow] = {row.id: row for row in by_kind[TradeRow]}
        self._positions = {row.trade_id: row for row in by_kind[PositionRow]}
        self.ends: dict[int, TradeUpdate] = {
            row.id: row for row in by_kind[TradeUpdate] if row.status == "finished"
        }
        self._fills: defaultdict[int, list[FillRow]] = defaultdict(list)
        for fill in by_kind[FillRow]:
            self._fills[fill.trade_id].append(fill)
        self._plans = {row.id: row.exit_plan for row in by_kind[TradePlan]}
        self._changes: defaultdict[int, list[PlanChangeRow]] = defaultdict(list)
        for change in by_kind[PlanChangeRow]:
            self._changes[change.trade_id].append(change)
        self._ticks: defaultdict[int, list[TickRow]] = defaultdict(list)
        for tick in by_kind[TickRow]:
            self._ticks[tick.token_id].append(tick)

    def record(self, number: int) -> Recorded:
        """Put together what is recorded of a trade."""
        trade, end = self.trades[number], self.ends[number]
        position: PositionRow = self._positions[number]
        return Recorded(
            plan=ExitPlan.model_validate_json(self._plans.get(number, trade.exit_plan)),
            decimals=self._decimals[trade.token_id],
            deadline=position.deadline,
            fills=self._fills[number],
            entry_time=trade.entry_time,
            entry_price=trade.entry_price,
            quantity=trade.quantity,
            sol_invested=trade.sol_invested,
            sol_returned=end.sol_returned,
            highest=end.highest_price_seen,
            stop=end.stop_loss_price,
            exit_time=end.exit_time,
            exit_price=end.exit_price,
            exit_reason=end.exit_reason,
            pnl=end.pnl_sol,
            pnl_percent=end.pnl_percent,
            phase=position.phase,
            tiers=position.tiers_taken,
            left=position.tokens,
            changes=changes_of(self._changes[number]),
        )

    def replay(self, number: int, record: Recorded | None = None) -> tuple[Replay, float]:
        """Run a trade again; answers the replay and the price on which it was bought."""
        record = record or self.record(number)
        first, last = record.fills[0].tick_seq, record.fills[-1].tick_seq
        ticks = [
            tick for tick in self._ticks[self.trades[number].token_id] if first <= tick.seq <= last
        ]
        assert ticks[0].seq == first
        replay = begin(
            record.plan,
            record.changes,
            record.fills,
            deadline=record.deadline,
            market=ticks[0].price,
        )
        for page in _pages(ticks[1:]):
            seqs, _, times, prices = zip(*page, strict=True)
            replay.see(np.array(seqs), np.array(times), np.array(prices))
        replay.end()
        return replay, ticks[0].price

    def differences(
        self, number: int, costs: Costs, record: Recorded | None = None
    ) -> list[Difference]:
        """Hold a record, or one that was touched, against its replay."""
        record = record or self.record(number)
        replay, market = self.replay(number, record)
        then = charged(record.fills[0], market, costs)
        return differences(record, replay, market, [then, costs])


def _pages(ticks: list[TickRow]) -> Iterator[list[TickRow]]:
    for first in range(0, len(ticks), PAGE):
        yield ticks[first : first + PAGE]
