"""The record held to its promises, from its rows alone: money, units, stops, ids."""

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from typing import TypeVar, cast

from app.trading.deposits import DepositRow, ResetRow
from app.trading.ids import ORDERS_PER_TRADE
from app.trading.ledger import (
    BalanceRow,
    CandleRow,
    DecisionRow,
    EvaluationRow,
    EventRow,
    FillRow,
    OrderRow,
    PositionRow,
    Row,
    SettingsRow,
    ShadowRow,
    SignalUpdate,
    SnapshotRow,
    TickRow,
    TradeRow,
    TradeUpdate,
    WalletRow,
)
from app.trading.market import Candle, is_candle
from app.trading.plan_changes import PlanChangeRow, TradePlan
from app.trading.plans import ExitPlan
from app.trading.state import State

R = TypeVar("R", bound=Row)
BY_WISH = {"manual", "max_holding", "reset"}
"""Sales that the last tick, which may be another token's, did not cause."""


class Audit:
    """Reads rows in the order in which they were written and believes nothing else."""

    def __init__(self) -> None:
        self.cash: dict[int, int] = {}
        self.wallets: dict[int, WalletRow] = {}
        self.deposits: Counter[int] = Counter()
        self.resets: dict[int, ResetRow] = {}
        self.before: set[int] = set()
        self.balances: dict[int, BalanceRow] = {}
        self.units: Counter[int] = Counter()
        self.gained: Counter[int] = Counter()
        self.trades: dict[int, TradeRow] = {}
        self.finished: set[int] = set()
        self.retired: set[int] = set()
        self.positions: dict[int, PositionRow] = {}
        self.plans: dict[int, str] = {}
        self.moved: dict[int, PlanChangeRow] = {}
        self.ticks: dict[int, TickRow] = {}
        self.taken: set[int] = set()
        self.fills: dict[int, FillRow] = {}
        self.orders: dict[int, OrderRow] = {}
        self.bought: set[tuple[int, int]] = set()
        self.ended: set[int] = set()
        self.versions: Counter[tuple[int, str]] = Counter()
        self.seqs: Counter[type] = Counter()
        self.readers: dict[type, Callable[[Row], None]] = {}
        self._on(WalletRow, self._wallet)
        self._on(TickRow, self._tick)
        self._on(CandleRow, self._candle)
        self._on(EvaluationRow, lambda row: self._next(EvaluationRow, row.id))
        self._on(EventRow, lambda row: self._next(EventRow, row.seq))
        self._on(DecisionRow, self._decision)
        self._on(TradeRow, self._trade)
        self._on(OrderRow, self._order)
        self._on(FillRow, self._fill)
        self._on(DepositRow, self._deposit)
        self._on(ResetRow, self._reset)
        self._on(BalanceRow, self._balance)
        self._on(PlanChangeRow, self._plan_change)
        self._on(TradePlan, self._plan)
        self._on(PositionRow, self._position)
        self._on(TradeUpdate, self._update)
        self._on(SnapshotRow, self._snapshot)
        self._on(SettingsRow, self._settings)
        self._on(SignalUpdate, self._signal)
        self._on(ShadowRow, self._shadow)

    def _on(self, kind: type[R], reader: Callable[[R], None]) -> None:
        self.readers[kind] = cast("Callable[[Row], None]", reader)

    def take(self, rows: Iterable[Row]) -> None:
        """Read the rows of one input."""
        before = dict(self.balances)
        self.moved.clear()
        by_kind: defaultdict[type, list[Row]] = defaultdict(list)
        for row in rows:
            by_kind[type(row)].append(row)
        for kind, reader in self.readers.items():
            for row in by_kind[kind]:
                reader(row)
        for row in by_kind[TradeRow]:
            assert isinstance(row, TradeRow)
            known = before.get(row.wallet_id)
            assert known is None or not known.paused

    def check(self, state: State) -> None:
        """Compare what the rows say with what the engine holds."""
        assert self.cash == {
            wallet: int(state.wallets.cash[wallet]) for wallet in range(1, state.wallets.count)
        }
        for wallet, row in self.balances.items():
            assert row.sol_balance == self.cash[wallet]
        held = {}
        for book in state.books.values():
            for slot in range(book.count):
                held[int(book.trade[slot])] = int(book.columns.left[slot])
        assert held == {trade: units for trade, units in self.units.items() if units}
        assert self.finished == {trade for trade in self.trades if not self.units[trade]}
        assert set(self.trades) == self.taken
        entries = {order.trade_id for order in self.orders.values() if order.side == "BUY"}
        assert entries == self.taken
        assert set(self.orders) == set(self.fills)

    def _next(self, kind: type, number: int) -> None:
        self.seqs[kind] += 1
        assert number == self.seqs[kind]

    def _wallet(self, row: WalletRow) -> None:
        self._next(WalletRow, row.id)
        assert row.owner_id is None or self.wallets[row.owner_id].owner_id is None
        self.wallets[row.id] = row
        self.cash[row.id] = row.initial_sol_balance

    def _balance(self, row: BalanceRow) -> None:
        assert row.deposits == self.deposits[row.id]
        assert row.sol_balance == self.cash[row.id]
        assert row.peak_value >= 0
        self.balances[row.id] = row

    def _deposit(self, row: DepositRow) -> None:
        assert row.kind == "reset"
        self.cash[row.wallet_id] += row.lamports
        self.deposits[row.wallet_id] += row.lamports

    def _reset(self, row: ResetRow) -> None:
        """Whoever begins again holds nothing, and owns what it begins with to the lamport."""
        assert self.wallets[row.id].kind == "synthetic"
        assert row.reset_sol_balance == self.cash[row.id]
        assert row.reset_deposits == self.deposits[row.id]
        mine = {trade for trade, one in self.trades.items() if one.wallet_id == row.id}
        assert not any(self.units[trade] for trade in mine)
        assert all(trade <= row.reset_trade for trade in mine)
        self.before |= mine
        self.resets[row.id] = row

    def _tick(self, row: TickRow) -> None:
        self._next(TickRow, row.seq)
        assert math.isfinite(row.price)
        assert row.price > 0
        self.ticks[row.seq] = row

    def _candle(self, row: CandleRow) -> None:
        assert is_candle(Candle(row.timestamp, row.open, row.high, row.low, row.close, row.volume))

    def _decision(self, row: DecisionRow) -> None:
        self._next(DecisionRow, row.id)
        assert (row.verdict == "refused") == (row.reason is not None)
        if row.verdict == "refused":
            assert row.value is not None
            assert row.limit_value is not None
            below = row.reason == "min_spend"
            assert below or row.value > row.limit_value
        else:
            self.taken.add(row.id)

    def _trade(self, row: TradeRow) -> None:
        assert row.id in self.taken
        assert row.id not in self.trades
        assert row.wallet_id not in self.retired
        began = self.resets.get(row.wallet_id)
        assert began is None or row.entry_time > began.reset_at
        for trade, units in self.units.items():
            other = self.trades[trade]
            same = (other.wallet_id, other.token_id, other.strategy)
            assert not units or same != (row.wallet_id, row.token_id, row.strategy)
        if row.signal_id is not None:
            assert (row.wallet_id, row.signal_id) not in self.bought
            self.bought.add((row.wallet_id, row.signal_id))
        self.trades[row.id], self.plans[row.id] = row, row.exit_plan

    def _plan_change(self, row: PlanChangeRow) -> None:
        """Whoever moves a stop or a target sells nothing by it, and what is over stays."""
        assert row.wallet_id == self.trades[row.trade_id].wallet_id
        assert self.units[row.trade_id] > 0
        assert row.id == self.seqs[EventRow]
        assert row.tick_seq == self.seqs[TickRow]
        assert row.plan_before == self.plans[row.trade_id] != row.plan_after
        plans = (row.plan_before, row.plan_after)
        before, after = (ExitPlan.model_validate_json(plan) for plan in plans)
        assert before.max_holding_candles == after.max_holding_candles
        taken = self.positions[row.trade_id].tiers_taken
        assert before.take_profit[:taken] == after.take_profit[:taken]
        self.plans[row.trade_id] = row.plan_after
        self.moved[row.trade_id] = row

    def _plan(self, row: TradePlan) -> None:
        assert row.exit_plan == self.plans[row.id] == self.moved[row.id].plan_after

    def _order(self, row: OrderRow) -> None:
        assert row.id not in self.orders
        assert row.id // ORDERS_PER_TRADE == row.trade_id
        assert (row.id % ORDERS_PER_TRADE == 0) == (row.side == "BUY") == (row.reason == "entry")
        self.orders[row.id] = row

    def _fill(self, row: FillRow) -> None:
        assert row.id == row.order_id
        assert row.id not in self.fills
        assert row.size > 0
        assert row.fee >= 0
        assert row.trade_id in self.trades
        assert row.trade_id not in self.before
        self.fills[row.id] = row
        tick = self.ticks[row.tick_seq]
        assert row.reason in BY_WISH or tick.token_id == row.token_id
        if row.side == "BUY":
            assert row.price >= tick.price
            assert self._closed_on(row) == []
            money, units = -row.sol - row.fee, row.size
        else:
            assert row.reason in BY_WISH or row.price <= tick.price
            assert row.fee <= row.sol
            money, units = row.sol - row.fee, -row.size
        self.cash[row.wallet_id] += money
        self.gained[row.trade_id] += money
        self.units[row.trade_id] += units
        assert self.cash[row.wallet_id] >= 0
        assert self.units[row.trade_id] >= 0

    def _closed_on(self, row: FillRow) -> list[int]:
        """List what closed on the very price on which the same strategy of a wallet bought."""
        return [
            fill.trade_id
            for fill in self.fills.values()
            if fill.tick_seq == row.tick_seq
            and fill.side == "SELL"
            and (fill.wallet_id, fill.token_id, fill.strategy)
            == (row.wallet_id, row.token_id, row.strategy)
        ]

    def _position(self, row: PositionRow) -> None:
        assert row.tokens == self.units[row.trade_id]
        assert (row.status == "closed") == (row.tokens == 0)
        before, moved = self.positions.get(row.trade_id), self.moved.get(row.trade_id)
        if before is not None and moved is not None:
            assert (moved.stop_before >= before.stop_loss, row.stop_loss) == (
                True,
                moved.stop_after,
            )
            same = ("tokens", "entry_price", "initial_tokens", "orders", "deadline", "cost_basis")
            assert [getattr(row, one) for one in same] == [getattr(before, one) for one in same]
            assert row.highest_price >= before.highest_price
            assert row.tiers_taken >= before.tiers_taken
        elif before is not None:
            assert row.stop_loss >= before.stop_loss
            assert row.highest_price >= before.highest_price
            assert row.tiers_taken >= before.tiers_taken
            assert row.orders > before.orders
        self.positions[row.trade_id] = row

    def _update(self, row: TradeUpdate) -> None:
        trade = self.trades[row.id]
        assert row.sol_returned == self.gained[row.id] + trade.sol_invested
        assert row.id not in self.finished
        if row.status == "finished":
            assert self.units[row.id] == 0
            assert row.pnl_sol == self.gained[row.id]
            self.finished.add(row.id)
        else:
            assert self.units[row.id] > 0
            assert row.pnl_sol is None

    def _snapshot(self, row: SnapshotRow) -> None:
        assert row.sol_balance == self.cash[row.wallet_id]
        assert row.total_value >= row.sol_balance
        began = self.resets.get(row.wallet_id)
        initial = self.wallets[row.wallet_id].initial_sol_balance
        initial = initial if began is None else began.reset_sol_balance
        assert row.overall_pnl == row.total_value - initial

    def _settings(self, row: SettingsRow) -> None:
        self.versions[row.wallet_id, row.symbol] += 1
        assert row.version == self.versions[row.wallet_id, row.symbol]

    def _shadow(self, row: ShadowRow) -> None:
        assert self.wallets[row.id].owner_id is not None
        assert row.id not in self.retired
        if row.retired_at is not None:
            self.retired.add(row.id)

    def _signal(self, row: SignalUpdate) -> None:
        assert row.id not in self.ended
        if row.ended_at is not None:
            self.ended.add(row.id)
