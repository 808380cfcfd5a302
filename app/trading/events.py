"""Facts: what happened, in the past tense, told once to the wallet it concerns.

Each is stored as an event (its tag is the event's kind, its fields the data) and streamed to the
wallet's sockets. Times are Unix milliseconds, SOL is lamports, tokens are base units.
"""

import msgspec


class Fact(msgspec.Struct, frozen=True, kw_only=True, gc=False, tag_field="kind", tag=True):
    """Something that happened."""


class WalletRegistered(Fact, frozen=True, kw_only=True, gc=False):
    """A wallet joined with its first balance."""

    wallet_address: str
    initial_sol_balance: int


class TradeOpened(Fact, frozen=True, kw_only=True, gc=False):
    """A wallet bought."""

    trade: int
    mint: str
    symbol: str
    strategy: str
    price: float
    units: int
    lamports: int
    fee: int
    stop: float
    signal: int | None


class TierTaken(Fact, frozen=True, kw_only=True, gc=False):
    """A part of a position was sold: a take-profit tier or a person's wish."""

    trade: int
    mint: str
    symbol: str
    reason: str
    price: float
    units: int
    units_left: int
    lamports: int
    fee: int


class TradeClosed(Fact, frozen=True, kw_only=True, gc=False):
    """The last unit of a trade was sold."""

    trade: int
    mint: str
    symbol: str
    reason: str
    price: float
    units: int
    lamports: int
    fee: int
    pnl_lamports: int
    pnl_percent: float
    price_at: int | None = None
    """When the price was seen, where it was the last one known and not a new one."""


class PlanChanged(Fact, frozen=True, kw_only=True, gc=False):
    """A person changed the exit plan of an open trade, and with it where its stop stands."""

    trade: int
    mint: str
    symbol: str
    stop_before: float
    stop_after: float
    plan_before: dict[str, object]
    plan_after: dict[str, object]


class WalletPaused(Fact, frozen=True, kw_only=True, gc=False):
    """No new entries until somebody resumes; exits go on."""

    reason: str


class WalletResumed(Fact, frozen=True, kw_only=True, gc=False):
    """New entries are allowed again."""


class WalletReset(Fact, frozen=True, kw_only=True, gc=False):
    """A paper wallet began again: what it came to before, and what it has now.

    `balance_before` is its free SOL once `closed` trades were sold, `written_off` of them for
    nothing; `lamports` is what it was given, or (negative) what was taken from it.
    """

    initial_before: int
    balance_before: int
    pnl_before: int
    closed: int
    written_off: int
    lamports: int
    initial_sol_balance: int


class SettingsChanged(Fact, frozen=True, kw_only=True, gc=False):
    """A wallet's settings for a symbol got a new version."""

    symbol: str
    version: int


class ReplayDiffered(Fact, frozen=True, kw_only=True, gc=False):
    """A closed trade, run again on its own prices, does not give its record; the first fields."""

    trade: int
    mint: str
    symbol: str
    differences: int
    fields: tuple[str, ...]


class AuditFailed(Fact, frozen=True, kw_only=True, gc=False):
    """The record does not add up: how often, and the first fields; told to everybody."""

    faults: int
    fields: tuple[str, ...]
    chain_ok: bool


class PriceRefused(Fact, frozen=True, kw_only=True, gc=False):
    """A price that cannot be one never reached the rules."""

    mint: str
    symbol: str
    price: str


class PriceStale(Fact, frozen=True, kw_only=True, gc=False):
    """A held token had no fresh price for too long; it enters nothing, deadlines go on."""

    trade: int
    mint: str
    symbol: str
    price: float
    price_at: int


class PriceLost(Fact, frozen=True, kw_only=True, gc=False):
    """A held token has no price for sure: it is worth nothing until one comes back."""

    trade: int
    mint: str
    symbol: str
    reason: str
    price: float
    price_at: int


class PriceBack(Fact, frozen=True, kw_only=True, gc=False):
    """A held token that was stale or lost has a price again."""

    trade: int
    mint: str
    symbol: str
    price: float


class PositionSetAside(Fact, frozen=True, kw_only=True, gc=False):
    """A position cannot be led because its record is not sound; the others go on without it."""

    trade: int
    mint: str
    symbol: str
    reason: str


class StrategyFailed(Fact, frozen=True, kw_only=True, gc=False):
    """A strategy failed and is not asked any more until the engine is built anew."""

    strategy: str
    parameters: dict[str, object]
    mint: str
    symbol: str
    reason: str
