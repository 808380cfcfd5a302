"""The record: the rows that a batch of inputs causes, exactly as the store keeps them.

Every row is a named tuple whose fields are columns, so it goes to the database as it is. Times are
Unix milliseconds, SOL is lamports, tokens are base units. `Changes` is everything one batch
causes; it is committed as one transaction.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Literal, NamedTuple, TypeVar, cast

from app.trading.deposits import DepositRow, ResetRow
from app.trading.plan_changes import PlanChangeRow, TradePlan

Side = Literal["BUY", "SELL"]


class WalletRow(NamedTuple):
    """users: a new wallet.

    `owner_id` to `retired_at` are a shadow's: whose it is, what that wallet was worth when the
    shadow began (lamports), its name, and when it was retired. The last fields are of a wallet that
    was reset: see `ResetRow`.
    """

    id: int
    wallet_address: str
    kind: str
    created_at: int
    initial_sol_balance: int
    sol_balance: int
    deposits: int
    peak_value: int
    day: int
    day_start_value: int
    day_low_value: int
    paused: bool
    pause_reason: str | None
    owner_id: int | None = None
    owner_value: int | None = None
    name: str | None = None
    retired_at: int | None = None
    reset_at: int | None = None
    reset_sol_balance: int | None = None
    reset_deposits: int | None = None
    reset_trade: int | None = None

    @property
    def start_balance(self) -> int:
        """What the wallet began with: since it was last reset, if it was."""
        again = self.reset_sol_balance
        return self.initial_sol_balance if again is None else again


class ShadowRow(NamedTuple):
    """users: what changes of a shadow itself (an update by id)."""

    id: int
    name: str | None
    retired_at: int | None


class BalanceRow(NamedTuple):
    """users: what changes of a wallet (an update by id)."""

    id: int
    sol_balance: int
    deposits: int
    peak_value: int
    day: int
    day_start_value: int
    day_low_value: int
    paused: bool
    pause_reason: str | None


class TokenRow(NamedTuple):
    """tokens: inserted or replaced by id."""

    id: int
    mint: str
    symbol: str
    decimals: int
    pool_address: str | None
    logo_url: str | None
    first_seen: int


class TickRow(NamedTuple):
    """ticks: one price that reached the engine, numbered in one global order."""

    seq: int
    token_id: int
    at: int
    price: float


class CandleRow(NamedTuple):
    """candles: a closed candle, inserted or replaced by (token_id, timeframe, timestamp)."""

    token_id: int
    timeframe: str
    timestamp: int
    symbol: str
    open: float
    high: float
    low: float
    close: float
    volume: float


class SignalRow(NamedTuple):
    """signals: what came in."""

    id: int
    mint: str
    triggered_at: int
    received_at: int
    unique_wallets: int
    source: str
    payload: str
    status: str


class SignalUpdate(NamedTuple):
    """signals: how it went on (an update by id)."""

    id: int
    token_id: int | None
    status: str
    reason: str | None
    sentiment_score: float | None
    mention_count: int | None
    screened_at: int | None
    ended_at: int | None


class EvaluationRow(NamedTuple):
    """evaluations: one answer shared by every wallet with the same settings.

    A confirmation that led to decisions, or the end of a signal (screening failed, not confirmed
    in time). `strategy` and `profile` are None when it concerns every wallet. `numbers` are what
    the strategy used and `limits` the risk limits in the order of a decision's `seen`, both JSON
    objects.
    """

    id: int
    signal_id: int | None
    token_id: int | None
    strategy: str | None
    profile: int | None
    at: int
    verdict: str
    reason: str | None
    numbers: str
    limits: str


class DecisionRow(NamedTuple):
    """decisions: what one wallet did with an evaluation; a taken decision's id is its trade's id.

    `seen` is a JSON list: the value each risk rule saw, in the order of the evaluation's limits.
    `value` and `limit_value` are those of the rule that ended it, None when it was taken.
    """

    id: int
    evaluation_id: int
    wallet_id: int
    token_id: int
    signal_id: int | None
    strategy: str
    at: int
    verdict: str
    reason: str | None
    value: float | None
    limit_value: float | None
    seen: str


class OrderRow(NamedTuple):
    """orders: an intent to trade; paper orders are filled in the same transaction."""

    id: int
    trade_id: int
    wallet_id: int
    token_id: int
    strategy: str
    side: Side
    type: str
    reason: str
    lamports: int | None
    units: int | None
    status: str
    created_at: int


class FillRow(NamedTuple):
    """fills: `size` in base units, `sol` the lamports that changed hands before `fee`; `tick_seq`
    the tick it answers.
    """

    id: int
    order_id: int
    trade_id: int
    wallet_id: int
    token_id: int
    strategy: str
    side: Side
    price: float
    size: int
    sol: int
    fee: int
    timestamp: int
    reason: str
    tick_seq: int


class TradeRow(NamedTuple):
    """trades: a trade as it opens. `sol_invested` holds the fee; `exit_plan` and
    `take_profit_tiers` are JSON.
    """

    id: int
    wallet_id: int
    token_id: int
    strategy: str
    signal_id: int | None
    source: str
    status: str
    entry_time: int
    entry_price: float
    quantity: int
    sol_invested: int
    stop_loss_price: float
    take_profit_tiers: str
    exit_plan: str
    initial_sentiment_score: float | None
    initial_mention_count: int | None
    sol_returned: int
    highest_price_seen: float


class TradeUpdate(NamedTuple):
    """trades: what a sale changed (an update by id); exit fields are None while it is open."""

    id: int
    status: str
    sol_returned: int
    highest_price_seen: float
    stop_loss_price: float
    exit_time: int | None
    exit_price: float | None
    exit_reason: str | None
    pnl_sol: int | None
    pnl_percent: float | None


class PositionRow(NamedTuple):
    """positions: the exit state after the tick `tick_seq`, inserted or replaced by trade_id.

    Later ticks that sold nothing are folded over it from the ticks table.
    """

    trade_id: int
    wallet_id: int
    token_id: int
    strategy: str
    side: str
    status: str
    tokens: int
    initial_tokens: int
    cost_basis: int
    entry_price: float
    entry_time: int
    current_price: float
    stop_loss: float
    highest_price: float
    phase: int
    tiers_taken: int
    orders: int
    deadline: int
    tick_seq: int
    last_updated: int


class SnapshotRow(NamedTuple):
    """portfolio_snapshots: one mark of a wallet, inserted or replaced by (wallet_id, resolution,
    timestamp).
    """

    wallet_id: int
    resolution: str
    timestamp: int
    sol_balance: int
    total_value: int
    overall_pnl: int


class SettingsRow(NamedTuple):
    """settings: a version of a wallet's settings for a symbol.

    `body` is what the person wrote, `resolved` the profile it means, both JSON; None: removed.
    """

    wallet_id: int
    symbol: str
    version: int
    body: str | None
    resolved: str | None
    profile: int | None
    created_at: int


class EventRow(NamedTuple):
    """events: a fact told once; `wallet_id` None concerns everybody. `data` is JSON."""

    seq: int
    wallet_id: int | None
    at: int
    kind: str
    trade_id: int | None
    data: str


class ReplayRow(NamedTuple):
    """replays: what came of running a closed trade again, inserted or replaced by trade_id.

    `status` is equal, different or unchecked; `differences` a JSON list of (field, recorded,
    replayed).
    """

    trade_id: int
    wallet_id: int
    checked_at: int
    status: str
    reason: str | None
    differences: str | None


Row = (
    WalletRow
    | ShadowRow
    | ResetRow
    | DepositRow
    | BalanceRow
    | TokenRow
    | TickRow
    | CandleRow
    | SignalRow
    | SignalUpdate
    | EvaluationRow
    | DecisionRow
    | OrderRow
    | FillRow
    | TradeRow
    | TradeUpdate
    | TradePlan
    | PlanChangeRow
    | PositionRow
    | SnapshotRow
    | SettingsRow
    | EventRow
    | ReplayRow
)
"""Whatever may stand in a batch."""

R = TypeVar("R", bound=Row)


class Changes:
    """What a batch causes, grouped by kind in the order of the record; later rows of one key
    replace earlier ones.
    """

    __slots__ = ("rows",)

    def __init__(self) -> None:
        self.rows: defaultdict[type[Row], list[Row]] = defaultdict(list)

    def add(self, row: Row) -> None:
        """Record one row."""
        self.rows[type(row)].append(row)

    def extend(self, kind: type[Row], rows: Iterable[Row]) -> None:
        """Record many rows of one kind."""
        self.rows[kind].extend(rows)

    def of(self, kind: type[R]) -> list[R]:
        """Return the rows of one kind."""
        return [row for row in self.rows.get(cast("type[Row]", kind), ()) if isinstance(row, kind)]

    def __bool__(self) -> bool:
        return any(self.rows.values())

    def __iter__(self) -> Iterator[Row]:
        for rows in self.rows.values():
            yield from rows
