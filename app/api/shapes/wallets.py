"""A wallet and what it is worth."""

from typing import Annotated

from pydantic import Field

from app.api.wire import Address, Id, In, Out, Percent, Sol, Time


class WalletOut(Out):
    """A wallet and what it is worth now."""

    wallet_address: Address
    created_at: Time
    reset_at: Annotated[Time | None, Field(description="When it last began again.")]
    initial_sol_balance: Annotated[
        Sol, Field(description="What it began with, at its last reset if there was one.")
    ]
    sol_balance: Annotated[Sol, Field(description="Free SOL.")]
    total_value: Annotated[Sol, Field(description="Free SOL and open positions at last prices.")]
    overall_pnl: Annotated[
        Sol, Field(description="Total value less what was paid in, since the last reset.")
    ]
    trade_pnl: Annotated[Sol, Field(description="Profit of the trades that are open.")]
    paused: Annotated[bool, Field(description="No new entries; exits go on.")]
    pause_reason: Annotated[str | None, Field(examples=["drawdown"])]


class PauseOut(Out):
    """Whether a wallet enters trades."""

    wallet_address: Address
    paused: bool
    pause_reason: Annotated[str | None, Field(examples=["paused"])]


class ResetIn(In):
    """What a paper wallet begins again with."""

    initial_sol: Annotated[
        float | None,
        Field(description="1 to 1,000 SOL; null draws as at registration.", examples=[15.0]),
    ] = None


class ResetPlanOut(Out):
    """What a reset would end, and the bounds of what it may begin with."""

    allowed: Annotated[bool, Field(description="Only paper wallets can be reset.")]
    reset_at: Annotated[Time | None, Field(description="When it last began again.")]
    open_positions: Annotated[int, Field(description="They would be sold.", examples=[3])]
    positions_value: Annotated[Sol, Field(description="At last prices, before costs.")]
    sol_balance: Sol
    total_value: Sol
    initial_sol_balance: Sol
    overall_pnl: Sol
    shadows: Annotated[int, Field(description="They go on as they are.", examples=[1])]
    least_sol: Annotated[Sol, Field(examples=[1.0])]
    most_sol: Annotated[Sol, Field(examples=[1000.0])]
    drawn_from_sol: Annotated[
        Sol, Field(description="Without an amount it is drawn from here on.", examples=[10.0])
    ]
    drawn_to_sol: Annotated[Sol, Field(examples=[20.0])]


class ResetOut(Out):
    """A paper wallet that began again."""

    wallet_address: Address
    reset_at: Time
    initial_sol_balance: Sol
    closed: Annotated[list[Id], Field(description="The trades that it ended.")]


class SnapshotOut(Out):
    """A mark of a wallet's worth."""

    timestamp: Time
    sol_balance: Sol
    total_value: Sol
    overall_pnl: Sol
    drawdown_percent: Annotated[
        Percent, Field(description="Below the highest value so far, deposits left out.")
    ]
