"""Trades, their fills, and the positions that are open."""

from typing import Annotated, Literal

from pydantic import Field

from app.api.shapes.market import TokenOut
from app.api.shapes.replays import ReplayOut
from app.api.wire import (
    ExitReason,
    Id,
    In,
    Out,
    Percent,
    Price,
    Ratio,
    Seconds,
    Sol,
    StrategyName,
    Time,
    Tokens,
)
from app.trading.plans import ExitPlan

TradeStatus = Literal["active", "finished", "failed"]
Side = Literal["BUY", "SELL"]
Phase = Annotated[str, Field(description="`INITIAL`, `BREAKEVEN` or `TRAILING`.")]


class TradeOut(Out):
    """A trade; exit fields are null while it is open."""

    id: Id
    token: TokenOut
    strategy: StrategyName
    source: Annotated[str, Field(description="`signal` or `named`.", examples=["signal"])]
    signal_id: Id | None
    status: TradeStatus
    entry_time: Time
    entry_price: Price
    quantity: Tokens
    sol_invested: Annotated[Sol, Field(description="With its fee.")]
    exit_time: Time | None
    exit_price: Price | None
    sol_returned: Annotated[Sol, Field(description="By all sales so far, without their fees.")]
    pnl_sol: Sol | None
    pnl_percent: Percent | None
    exit_reason: ExitReason | None
    stop_loss_price: Price
    highest_price_seen: Price
    initial_sentiment_score: Annotated[float | None, Field(examples=[78.5])]
    initial_mention_count: Annotated[int | None, Field(examples=[14])]


class TierOut(Out):
    """A take-profit tier; the portion is of the initial quantity."""

    price: Price
    portion: Ratio
    taken: bool


class FillOut(Out):
    """Tokens and SOL that changed hands."""

    id: Id
    side: Side
    time: Time
    price: Price
    token_amount: Tokens
    sol_amount: Annotated[Sol, Field(description="Before the fee.")]
    fee_sol: Sol
    reason: Annotated[str, Field(examples=["take_profit_1"])]


class ExitStateOut(Out):
    """Where the exit state machine stands, or stood when the trade ended."""

    phase: Phase
    stop_loss_price: Price
    highest_price_seen: Price
    tokens_left: Tokens
    tiers: list[TierOut]
    deadline: Annotated[Time | None, Field(description="When all is sold at the latest.")]


class StepOut(Out):
    """One step of a decision: the value seen beside its limit, and the verdict."""

    step: Literal["signal", "sentiment", "confirmation", "risk", "order"]
    name: Annotated[str, Field(examples=["open_positions"])]
    value: Annotated[float | str | None, Field(examples=[3.0])]
    limit: Annotated[float | None, Field(examples=[10.0])]
    verdict: Annotated[
        Literal["passed", "failed", "skipped"],
        Field(description="`skipped`: not asked, because a step before failed."),
    ]


class PlanChangeOut(Out):
    """A person changed the exit plan of a trade while it was open, and so moved its stop."""

    at: Time
    plan_before: ExitPlan
    plan_after: ExitPlan
    stop_before: Price
    stop_after: Price


class TradeDetailOut(TradeOut):
    """A trade with everything that happened to it, and why it was opened."""

    exit_plan: Annotated[ExitPlan, Field(description="The last one, see `plan_changes`.")]
    plan_changes: Annotated[list[PlanChangeOut], Field(description="Oldest first.")]
    exit_state: ExitStateOut | None
    fills: list[FillOut]
    why: list[StepOut]
    replay: ReplayOut


class PositionOut(Out):
    """An open position with its mark."""

    trade_id: Id
    token: TokenOut
    strategy: StrategyName
    side: Literal["LONG"]
    tokens: Tokens
    initial_tokens: Tokens
    cost_basis: Annotated[Sol, Field(description="What was paid, with the fee.")]
    sol_returned: Sol
    entry_price: Price
    entry_time: Time
    price: Annotated[Price, Field(description="The mark: the last price that was seen.")]
    price_age_seconds: Seconds
    price_state: Annotated[
        Literal["fresh", "stale", "rugged"],
        Field(
            description="stale: no fresh price for a minute or three candles; rugged: no price for "
            "sure, worth nothing until one comes back.",
            examples=["fresh"],
        ),
    ]
    value: Sol
    unrealised_pnl: Annotated[Sol, Field(description="Value and sales so far, less the cost.")]
    unrealised_pnl_percent: Percent
    stop_loss_price: Price
    stop_distance_percent: Annotated[
        Percent, Field(description="How far the price may fall until the stop.")
    ]
    next_tier: TierOut | None
    tiers: list[TierOut]
    highest_price_seen: Price
    phase: Phase
    deadline: Time | None


class PlanIn(In):
    """The exit plan by which a trade shall go on, whole: what is left out has its default."""

    exit: ExitPlan


class PlanPreviewOut(Out):
    """How an open trade would stand under another exit plan; nothing was changed."""

    trade_id: Id
    token: TokenOut
    strategy: StrategyName
    price: Price
    stop_now: Price
    stop_then: Price
    effect: Annotated[
        Literal["none", "moves", "closes"],
        Field(description="`closes`: the price is at or below the stop of the new plan."),
    ]
    targets_due: Annotated[
        int, Field(description="Targets at or below the price, to be taken next.", examples=[0])
    ]
    detail: Annotated[str, Field(description="The effect in words.")]


class PositionsOut(Out):
    """Open positions in the order of their trades."""

    items: list[PositionOut]


class CloseIn(In):
    """How much to sell."""

    portion: Annotated[
        float, Field(gt=0, le=1, description="Of what is left: 1 sells all.", examples=[1.0])
    ] = 1.0
    strategy: Annotated[
        str | None,
        Field(max_length=64, description="Only the trade of this strategy; all without it."),
    ] = None


class SoldOut(Out):
    """What one trade sold."""

    trade_id: Id
    fill: FillOut


class ClosedOut(Out):
    """What a wish to sell did."""

    token: TokenOut
    portion: Ratio
    sold: list[SoldOut]
