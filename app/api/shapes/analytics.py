"""Figures of trades and of equity; the definitions are in METRICS."""

from typing import Annotated, Literal

from pydantic import Field

from app.api.shapes.market import TokenOut
from app.api.wire import (
    ExitReason,
    Id,
    Out,
    Percent,
    Ratio,
    Seconds,
    Sol,
    StrategyName,
    Time,
)

Count = Annotated[int, Field(examples=[42])]
Figure = Annotated[float, Field(examples=[1.86])]
Holding = Seconds | None
Moved = Percent | None


class MeasuresOut(Out):
    """Figures of trades. A figure that does not exist is null."""

    trades: Annotated[Count, Field(description="Finished trades.")]
    open_trades: Count
    wins: Count
    losses: Count
    draws: Count
    win_rate: Ratio | None
    net_pnl_sol: Sol
    gross_win_sol: Sol
    gross_loss_sol: Annotated[Sol, Field(description="As a positive amount.")]
    profit_factor: Annotated[Figure | None, Field(description="null without a loss.")]
    expectancy_sol: Sol | None
    expectancy_ratio: Figure | None
    average_win_sol: Sol | None
    average_loss_sol: Annotated[Sol | None, Field(description="As a positive amount.")]
    best_sol: Sol | None
    worst_sol: Sol | None
    sqn: Figure | None
    volume_sol: Sol
    average_size_sol: Sol | None
    longest_wins: Count
    longest_losses: Count
    median_holding_seconds: Holding
    mean_holding_seconds: Holding
    median_holding_wins_seconds: Holding
    mean_holding_wins_seconds: Holding
    median_holding_losses_seconds: Holding
    mean_holding_losses_seconds: Holding
    excursions: Annotated[
        Count, Field(description="Finished trades whose prices while open are known.")
    ]
    average_mfe_percent: Moved
    average_mae_percent: Moved
    median_mfe_percent: Moved
    median_mae_percent: Moved
    median_time_to_peak_seconds: Holding
    nulls: Annotated[
        dict[str, str],
        Field(
            description="Why each figure that is null does not exist.",
            examples=[{"profit_factor": "no losing trade yet"}],
        ),
    ]


class DefinitionOut(Out):
    """What a figure means and how it is computed."""

    name: Annotated[str, Field(examples=["profit_factor"])]
    title: Annotated[str, Field(examples=["Profit factor"])]
    unit: Annotated[
        Literal[
            "count", "SOL", "percent", "fraction", "ratio", "seconds", "ISO 8601", "days", "flag"
        ],
        Field(examples=["ratio"]),
    ]
    topic: Annotated[
        Literal["trades", "equity", "excursions", "skipped", "scorecards"],
        Field(examples=["trades"]),
    ]
    definition: Annotated[str, Field(examples=["Gross win ÷ gross loss."])]


class DefinitionsOut(Out):
    """Every figure that the platform shows."""

    items: list[DefinitionOut]


class ExcursionOut(Out):
    """How far the price went while a trade was open."""

    trade_id: Id
    token: TokenOut
    strategy: StrategyName
    entry_time: Time
    exit_time: Time
    exit_reason: ExitReason
    pnl_percent: Percent
    mfe_percent: Annotated[Percent | None, Field(description="Best unrealised return.")]
    mae_percent: Annotated[Percent | None, Field(description="Worst unrealised return.")]
    time_to_peak_seconds: Holding
    prices: Annotated[int, Field(description="Prices seen while it was open.", examples=[412])]
    note: Annotated[
        str | None, Field(description="Why figures are null.", examples=["no prices are recorded"])
    ]


class IntervalOut(Out):
    """A bootstrap 95 % interval."""

    low: Figure
    high: Figure


class OverallOut(MeasuresOut):
    """Figures of a wallet's whole history: its trades and its equity."""

    days: Count
    total_return_percent: Annotated[float | None, Field(examples=[12.5])]
    exposure: Annotated[Ratio | None, Field(description="Share of time with an open trade.")]
    max_drawdown_percent: Annotated[float | None, Field(examples=[4.9])]
    drawdown_start: Time | None
    drawdown_trough: Time | None
    drawdown_recovery: Time | None
    sharpe: Figure | None
    sortino: Figure | None
    cagr_percent: Annotated[float | None, Field(examples=[31.2])]
    calmar: Figure | None
    annualised_reliable: Annotated[bool, Field(description="30 days of history or more.")]
    intervals: Annotated[
        dict[str, IntervalOut],
        Field(
            description="95 % intervals by figure, from 10 trades on; SOL amounts in SOL.",
            examples=[{"win_rate": {"low": 0.41, "high": 0.66}}],
        ),
    ]


class GroupOut(MeasuresOut):
    """Figures of the trades that share a key."""

    key: Annotated[str | None, Field(examples=["sma_crossover"])]


class TokenGroupOut(GroupOut):
    """Figures of the trades in one token; the key is its address."""

    symbol: Annotated[str, Field(examples=["BONK"])]


class GroupsOut(Out):
    """Groups in the order of their keys."""

    items: list[GroupOut]


class TokenGroupsOut(Out):
    """Tokens in the order of their symbols."""

    items: list[TokenGroupOut]


class DayOut(Out):
    """What the trades came to that ended on one day."""

    day: Annotated[str, Field(examples=["2026-11-21"])]
    trades: Count
    wins: Count
    losses: Count
    net_pnl_sol: Sol
    volume_sol: Sol


class CalendarOut(Out):
    """Profit by day, by hour of the day and by day of the week."""

    days: list[DayOut]
    hours: Annotated[list[GroupOut], Field(description="Keys 0 to 23.")]
    weekdays: Annotated[list[GroupOut], Field(description="Keys 1 (Monday) to 7.")]
