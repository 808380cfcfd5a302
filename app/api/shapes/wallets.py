"""A wallet and what it is worth."""

from typing import Annotated

from pydantic import Field

from app.api.wire import Address, Out, Percent, Sol, Time


class WalletOut(Out):
    """A wallet and what it is worth now."""

    wallet_address: Address
    created_at: Time
    initial_sol_balance: Sol
    sol_balance: Annotated[Sol, Field(description="Free SOL.")]
    total_value: Annotated[Sol, Field(description="Free SOL and open positions at last prices.")]
    overall_pnl: Annotated[Sol, Field(description="Total value less what was paid in.")]
    trade_pnl: Annotated[Sol, Field(description="Profit of the trades that are open.")]
    paused: Annotated[bool, Field(description="No new entries; exits go on.")]
    pause_reason: Annotated[str | None, Field(examples=["drawdown"])]


class PauseOut(Out):
    """Whether a wallet enters trades."""

    wallet_address: Address
    paused: bool
    pause_reason: Annotated[str | None, Field(examples=["paused"])]


class SnapshotOut(Out):
    """A mark of a wallet's worth."""

    timestamp: Time
    sol_balance: Sol
    total_value: Sol
    overall_pnl: Sol
    drawdown_percent: Annotated[Percent, Field(description="Below the highest value so far.")]
