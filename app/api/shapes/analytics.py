"""Figures of trades and of equity; the definitions are in METRICS."""

from typing import Annotated

from pydantic import Field

from app.api.wire import Out, Ratio, Seconds, Sol, Time

Count = Annotated[int, Field(examples=[42])]
Figure = Annotated[float, Field(examples=[1.86])]
Holding = Seconds | None


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
    """What one UTC day's finished trades came to."""

    day: Annotated[str, Field(examples=["2026-11-21"])]
    trades: Count
    wins: Count
    losses: Count
    net_pnl_sol: Sol
    volume_sol: Sol


class CalendarOut(Out):
    """Profit by day, by hour of the day and by day of the week, in UTC."""

    days: list[DayOut]
    hours: Annotated[list[GroupOut], Field(description="Keys 0 to 23.")]
    weekdays: Annotated[list[GroupOut], Field(description="Keys 1 (Monday) to 7.")]
