"""Stored events: facts told once, each kind with its own data."""

from typing import Annotated, Literal

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


class WalletPausedOut(Out):
    """No new entries until somebody resumes."""

    kind: Literal["WalletPaused"]
    reason: Annotated[str, Field(examples=["drawdown"])]


class WalletResumedOut(Out):
    """New entries are allowed again."""

    kind: Literal["WalletResumed"]


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


class PriceRefusedOut(Out):
    """A price that cannot be one never reached the rules."""

    kind: Literal["PriceRefused"]
    token: TokenOut
    price: Annotated[str, Field(description="As it came.", examples=["nan"])]


FactOut = Annotated[
    WalletRegisteredOut
    | TradeOpenedOut
    | TierTakenOut
    | TradeClosedOut
    | WalletPausedOut
    | WalletResumedOut
    | SettingsChangedOut
    | ReplayDifferedOut
    | PriceRefusedOut,
    Field(discriminator="kind"),
]


class EventOut(Out):
    """A stored event."""

    seq: Seq
    at: Time
    kind: Annotated[str, Field(examples=["TradeOpened"])]
    trade_id: Id | None
    data: FactOut
