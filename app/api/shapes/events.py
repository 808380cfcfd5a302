"""Stored events: facts told once, each kind with its own data."""

from typing import Annotated, Any, Literal

from pydantic import Field

from app.api.shapes.market import TokenOut
from app.api.wire import (
    Address,
    ExitReason,
    Id,
    Out,
    Percent,
    Price,
    Sol,
    StrategyName,
    Time,
    Tokens,
)
from app.trading.plans import ExitPlan

Seq = Annotated[int, Field(description="Rises with every event.", examples=[1207])]


class WalletRegisteredOut(Out):
    """A wallet joined with its first balance."""

    kind: Literal["WalletRegistered"]
    wallet_address: Address
    initial_sol_balance: Sol


class TradeOpenedOut(Out):
    """The wallet bought."""

    kind: Literal["TradeOpened"]
    trade_id: Id
    token: TokenOut
    strategy: StrategyName
    price: Price
    token_amount: Tokens
    sol_amount: Sol
    fee_sol: Sol
    stop_loss_price: Price
    signal_id: Id | None


class TierTakenOut(Out):
    """A part of a position was sold."""

    kind: Literal["TierTaken"]
    trade_id: Id
    token: TokenOut
    reason: ExitReason
    price: Price
    token_amount: Tokens
    tokens_left: Tokens
    sol_amount: Sol
    fee_sol: Sol


class TradeClosedOut(Out):
    """The last unit of a trade was sold."""

    kind: Literal["TradeClosed"]
    trade_id: Id
    token: TokenOut
    reason: ExitReason
    price: Price
    token_amount: Tokens
    sol_amount: Sol
    fee_sol: Sol
    pnl_sol: Sol
    pnl_percent: Percent
    price_at: Annotated[
        Time | None,
        Field(description="When the price was seen, where it was the last known and no new one."),
    ]


class PlanChangedOut(Out):
    """A person changed the exit plan of an open trade; the next price was judged by the new one."""

    kind: Literal["PlanChanged"]
    trade_id: Id
    token: TokenOut
    stop_before: Price
    stop_after: Price
    plan_before: ExitPlan
    plan_after: ExitPlan


class WalletPausedOut(Out):
    """No new entries until somebody resumes."""

    kind: Literal["WalletPaused"]
    reason: Annotated[str, Field(examples=["drawdown"])]


class WalletResumedOut(Out):
    """New entries are allowed again."""

    kind: Literal["WalletResumed"]


class BeforeResetOut(Out):
    """How a wallet stood when all was sold and nothing given or taken yet."""

    initial_sol_balance: Sol
    sol_balance: Sol
    overall_pnl: Sol


class WalletResetOut(Out):
    """A paper wallet began again with new play money."""

    kind: Literal["WalletReset"]
    before: BeforeResetOut
    closed: Annotated[int, Field(description="Trades that it ended.", examples=[3])]
    written_off: Annotated[
        int, Field(description="Those of them that had no price and brought nothing.", examples=[0])
    ]
    deposit_sol: Annotated[
        Sol, Field(description="What was given, or (negative) taken.", examples=[4.75])
    ]
    initial_sol_balance: Sol


class SettingsChangedOut(Out):
    """A symbol's settings got a new version."""

    kind: Literal["SettingsChanged"]
    symbol: Annotated[str, Field(examples=["*"])]
    version: Annotated[int, Field(examples=[3])]


class ReplayDifferedOut(Out):
    """A closed trade, run again on its own prices, does not give its record."""

    kind: Literal["ReplayDiffered"]
    trade_id: Id
    token: TokenOut
    differences: Annotated[int, Field(description="How many there are.", examples=[2])]
    fields: Annotated[
        list[str],
        Field(description="The first of them.", examples=[["fills/1/price", "pnl_sol"]]),
    ]


class AuditFailedOut(Out):
    """The record was added up again, and somewhere says something else; everybody is told."""

    kind: Literal["AuditFailed"]
    faults: Annotated[int, Field(description="How many there are.", examples=[2])]
    fields: Annotated[
        list[str],
        Field(description="The first of them.", examples=[["wallet balance", "event chain"]]),
    ]
    chain_ok: Annotated[bool, Field(description="Whether the events follow from each other.")]


class PriceRefusedOut(Out):
    """A price that cannot be one never reached the rules."""

    kind: Literal["PriceRefused"]
    token: TokenOut
    price: Annotated[str, Field(description="As it came.", examples=["nan"])]


class _TradeNotice(Out):
    """Something that concerns an open trade."""

    trade_id: Id
    token: TokenOut


class PriceStaleOut(_TradeNotice):
    """A held token had no fresh price for too long."""

    kind: Literal["PriceStale"]
    price: Annotated[Price, Field(description="The last one known.")]
    price_at: Time


class PriceLostOut(_TradeNotice):
    """A held token has no price for sure: it is worth nothing until one comes back."""

    kind: Literal["PriceLost"]
    reason: Annotated[str, Field(description="`no_pool` or `worthless`.", examples=["no_pool"])]
    price: Annotated[Price, Field(description="The last one known.")]
    price_at: Time


class PriceBackOut(_TradeNotice):
    """A held token that was stale or lost has a price again."""

    kind: Literal["PriceBack"]
    price: Price


class PositionSetAsideOut(_TradeNotice):
    """A position whose record is not sound is not led any more; the others go on without it."""

    kind: Literal["PositionSetAside"]
    reason: Annotated[str, Field(examples=["its exit plan cannot be read"])]


class StrategyFailedOut(Out):
    """A strategy failed and is not asked any more until the engine is built anew."""

    kind: Literal["StrategyFailed"]
    token: TokenOut
    strategy: StrategyName
    parameters: dict[str, Any]
    reason: Annotated[str, Field(examples=["ZeroDivisionError: division by zero"])]


FactOut = Annotated[
    WalletRegisteredOut
    | TradeOpenedOut
    | TierTakenOut
    | TradeClosedOut
    | PlanChangedOut
    | WalletPausedOut
    | WalletResumedOut
    | WalletResetOut
    | SettingsChangedOut
    | ReplayDifferedOut
    | AuditFailedOut
    | PriceRefusedOut
    | PriceStaleOut
    | PriceLostOut
    | PriceBackOut
    | PositionSetAsideOut
    | StrategyFailedOut,
    Field(discriminator="kind"),
]


class EventOut(Out):
    """A stored event."""

    seq: Seq
    at: Time
    kind: Annotated[str, Field(examples=["TradeOpened"])]
    trade_id: Id | None
    data: FactOut
