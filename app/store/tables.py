"""The whole schema, one class per table, columns as the rows of the record have them.

Times are Unix milliseconds, SOL is lamports, tokens are base units: exact 64-bit integers. Prices
are float64. Columns that JSON text stands in say so. Ids come from the engine or follow from other
ids, never from the database.
"""

from sqlalchemy import UniqueConstraint, text

from app.store.columns import (
    CLUSTERED,
    STRICT,
    Kept,
    blob,
    exact,
    flag,
    index,
    key,
    real,
    refers,
    words,
)

OPEN = text("tokens > 0")
"""A position is open while it holds a unit; written out, so that the partial index serves it."""


class User(Kept, table=True):
    """A wallet that trades here; at the end what another's shadow has, and one that was reset."""

    __tablename__ = "users"
    __table_args__ = (index("owner_id"), STRICT)
    id: int = key()
    wallet_address: str = words(unique=True)
    kind: str = words()
    created_at: int = exact()
    initial_sol_balance: int = exact()
    sol_balance: int = exact()
    deposits: int = exact()
    peak_value: int = exact()
    day: int = exact()
    day_start_value: int = exact()
    day_low_value: int = exact()
    paused: bool = flag()
    pause_reason: str | None = words()
    owner_id: int | None = refers("users.id")
    owner_value: int | None = exact()
    name: str | None = words()
    retired_at: int | None = exact()
    reset_at: int | None = exact()
    reset_sol_balance: int | None = exact()
    reset_deposits: int | None = exact()
    reset_trade: int | None = exact()


class Session(Kept, table=True):
    """A signed-in browser or program; only the SHA-256 of its token is kept."""

    __tablename__ = "sessions"
    __table_args__ = (index("wallet_id", "created_at"), index("expires_at"), STRICT)
    id: int = key()
    wallet_id: int = refers("users.id")
    token_digest: str = words(unique=True)
    created_at: int = exact()
    expires_at: int = exact()
    absolute_expires_at: int = exact()
    last_seen_at: int = exact()
    revoked_at: int | None = exact()
    user_agent: str | None = words()


class Challenge(Kept, table=True):
    """A message to sign in with; it is deleted by the one sign-in that uses it."""

    __tablename__ = "challenges"
    __table_args__ = (index("expires_at"), STRICT)
    nonce: str = key(text=True)
    wallet_address: str = words()
    message: str = words()
    expires_at: int = exact()


class IdempotencyKey(Kept, table=True):
    """What a write with an Idempotency-Key was answered; wallet 0 is a request without session."""

    __tablename__ = "idempotency_keys"
    __table_args__ = (index("created_at"), STRICT)
    wallet_id: int = key()
    key: str = key(text=True)
    request_digest: str = words()
    status: int | None = exact()
    body: str | None = words()
    created_at: int = exact()


class Token(Kept, table=True):
    """A tradable token."""

    __tablename__ = "tokens"
    __table_args__ = (index("symbol"), STRICT)
    id: int = key()
    mint: str = words(unique=True)
    symbol: str = words()
    decimals: int = exact()
    pool_address: str | None = words()
    logo_url: str | None = words()
    first_seen: int = exact()


class Candle(Kept, table=True):
    """A closed candle."""

    __tablename__ = "candles"
    __table_args__ = (CLUSTERED,)
    token_id: int = key("tokens.id")
    timeframe: str = key(text=True)
    timestamp: int = key()
    symbol: str = words()
    open: float = real()
    high: float = real()
    low: float = real()
    close: float = real()
    volume: float = real()


class Tick(Kept, table=True):
    """A price that reached the engine; `seq` is the one order of all of them."""

    __tablename__ = "ticks"
    __table_args__ = (index("token_id", "seq"), STRICT)
    seq: int = key()
    token_id: int = refers("tokens.id")
    at: int = exact()
    price: float = real()


class Signal(Kept, table=True):
    """A signal and how it went on; the feed has no ids, so (mint, triggered_at) is its identity."""

    __tablename__ = "signals"
    __table_args__ = (
        UniqueConstraint("mint", "triggered_at"),
        index("token_id", "triggered_at"),
        index("status", "triggered_at"),
        index("triggered_at"),
        STRICT,
    )
    id: int = key()
    mint: str = words()
    triggered_at: int = exact()
    received_at: int = exact()
    unique_wallets: int = exact()
    source: str = words()
    payload: str = words()
    status: str = words()
    token_id: int | None = refers("tokens.id")
    reason: str | None = words()
    sentiment_score: float | None = real()
    mention_count: int | None = exact()
    screened_at: int | None = exact()
    ended_at: int | None = exact()


class Evaluation(Kept, table=True):
    """One answer shared by wallets with the same settings; `numbers`, `limits` are JSON objects."""

    __tablename__ = "evaluations"
    __table_args__ = (index("signal_id"), index("token_id", "at"), index("at"), STRICT)
    id: int = key()
    signal_id: int | None = refers("signals.id")
    token_id: int | None = refers("tokens.id")
    strategy: str | None = words()
    profile: int | None = exact()
    at: int = exact()
    verdict: str = words()
    reason: str | None = words()
    numbers: str = words()
    limits: str = words()


class Decision(Kept, table=True):
    """What one wallet did with an evaluation; `seen` is a JSON list, one value per limit of it."""

    __tablename__ = "decisions"
    __table_args__ = (
        index("evaluation_id", "wallet_id"),
        index("wallet_id", "at"),
        index("token_id", "at"),
        index("signal_id"),
        STRICT,
    )
    id: int = key()
    evaluation_id: int = refers("evaluations.id")
    wallet_id: int = refers("users.id")
    token_id: int = refers("tokens.id")
    signal_id: int | None = refers("signals.id")
    strategy: str = words()
    at: int = exact()
    verdict: str = words()
    reason: str | None = words()
    value: float | None = real()
    limit_value: float | None = real()
    seen: str = words()


class Trade(Kept, table=True):
    """A trade; exit columns are null while it is open, `exit_plan` and the tiers are JSON."""

    __tablename__ = "trades"
    __table_args__ = (
        index("wallet_id", "entry_time"),
        index("wallet_id", "exit_time"),
        index("token_id", "entry_time"),
        index("signal_id"),
        index("exit_time"),
        STRICT,
    )
    id: int = key()
    wallet_id: int = refers("users.id")
    token_id: int = refers("tokens.id")
    strategy: str = words()
    signal_id: int | None = refers("signals.id")
    source: str = words()
    status: str = words()
    entry_time: int = exact()
    entry_price: float = real()
    quantity: int = exact()
    sol_invested: int = exact()
    stop_loss_price: float = real()
    take_profit_tiers: str = words()
    exit_plan: str = words()
    initial_sentiment_score: float | None = real()
    initial_mention_count: int | None = exact()
    sol_returned: int = exact()
    highest_price_seen: float = real()
    exit_time: int | None = exact()
    exit_price: float | None = real()
    exit_reason: str | None = words()
    pnl_sol: int | None = exact()
    pnl_percent: float | None = real()


class Order(Kept, table=True):
    """An intent to trade; it may be there before its trade is, so `trade_id` is no reference."""

    __tablename__ = "orders"
    __table_args__ = (
        index("trade_id"),
        index("wallet_id", "created_at"),
        index("token_id", "created_at"),
        STRICT,
    )
    id: int = key()
    trade_id: int = exact()
    wallet_id: int = refers("users.id")
    token_id: int = refers("tokens.id")
    strategy: str = words()
    side: str = words()
    type: str = words()
    reason: str = words()
    lamports: int | None = exact()
    units: int | None = exact()
    status: str = words()
    created_at: int = exact()


class Fill(Kept, table=True):
    """Units and lamports that changed hands; `tick_seq` outlives its tick, so it is a number."""

    __tablename__ = "fills"
    __table_args__ = (
        index("order_id"),
        index("trade_id"),
        index("wallet_id", "timestamp"),
        index("token_id", "timestamp"),
        STRICT,
    )
    id: int = key()
    order_id: int = refers("orders.id")
    trade_id: int = refers("trades.id")
    wallet_id: int = refers("users.id")
    token_id: int = refers("tokens.id")
    strategy: str = words()
    side: str = words()
    price: float = real()
    size: int = exact()
    sol: int = exact()
    fee: int = exact()
    timestamp: int = exact()
    reason: str = words()
    tick_seq: int = exact()


class Position(Kept, table=True):
    """The exit state of a trade after the tick `tick_seq`; a closed one stays, with no units."""

    __tablename__ = "positions"
    __table_args__ = (
        index("wallet_id"),
        index("token_id"),
        index("wallet_id", "token_id", sqlite_where=OPEN, postgresql_where=OPEN),
        STRICT,
    )
    trade_id: int = key("trades.id")
    wallet_id: int = refers("users.id")
    token_id: int = refers("tokens.id")
    strategy: str = words()
    side: str = words()
    status: str = words()
    tokens: int = exact()
    initial_tokens: int = exact()
    cost_basis: int = exact()
    entry_price: float = real()
    entry_time: int = exact()
    current_price: float = real()
    stop_loss: float = real()
    highest_price: float = real()
    phase: int = exact()
    tiers_taken: int = exact()
    orders: int = exact()
    deadline: int = exact()
    tick_seq: int = exact()
    last_updated: int = exact()


class PortfolioSnapshot(Kept, table=True):
    """A mark of a wallet, one per resolution and time."""

    __tablename__ = "portfolio_snapshots"
    __table_args__ = (index("resolution", "timestamp"), CLUSTERED)
    wallet_id: int = key("users.id")
    resolution: str = key(text=True)
    timestamp: int = key()
    sol_balance: int = exact()
    total_value: int = exact()
    overall_pnl: int = exact()


class Setting(Kept, table=True):
    """A version of a wallet's settings for a symbol: `body` as written, `resolved` as meant, JSON.

    Both are null in a version that removes them.
    """

    __tablename__ = "settings"
    __table_args__ = (STRICT,)
    wallet_id: int = key("users.id")
    symbol: str = key(text=True)
    version: int = key()
    body: str | None = words()
    resolved: str | None = words()
    profile: int | None = exact()
    created_at: int = exact()


class Event(Kept, table=True):
    """A fact told once; without a wallet it concerns everybody. `data` is JSON, `chain` its seal.

    Both databases refuse to change or delete one: see `chain`.
    """

    __tablename__ = "events"
    __table_args__ = (index("wallet_id", "seq"), index("trade_id"), STRICT)
    seq: int = key()
    wallet_id: int | None = refers("users.id")
    at: int = exact()
    kind: str = words()
    trade_id: int | None = refers("trades.id")
    data: str = words()
    chain: bytes = blob()


class Replay(Kept, table=True):
    """What came of running a closed trade again: `status` is equal, different or unchecked.

    `reason` says why it was not checked; `differences` is a JSON list, null without any.
    """

    __tablename__ = "replays"
    __table_args__ = (index("wallet_id"), index("status"), STRICT)
    trade_id: int = key("trades.id")
    wallet_id: int = refers("users.id")
    checked_at: int = exact()
    status: str = words()
    reason: str | None = words()
    differences: str | None = words()


class EngineLease(Kept, table=True):
    """Who may write as the engine: one row. `batch` numbers the last committed batch of inputs."""

    __tablename__ = "engine_lease"
    __table_args__ = (STRICT,)
    id: int = key()
    owner: str = words()
    epoch: int = exact()
    expires_at: int = exact()
    batch: int = exact()
