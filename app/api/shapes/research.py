"""Backtests and sweeps: how they stand, and what came of them."""

from typing import Annotated, Any, Literal

from pydantic import Field

from app.api.shapes.analytics import Count, Figure, OverallOut
from app.api.shapes.market import TokenOut
from app.api.shapes.settings import SymbolKey
from app.api.wire import (
    ChartTime,
    ExitReason,
    Id,
    In,
    Out,
    PageOut,
    Percent,
    Price,
    Ratio,
    Seconds,
    Sol,
    StrategyName,
    Time,
    Tokens,
)

RunStatus = Literal["queued", "running", "finished", "failed", "cancelled"]
Sample = Literal["inside", "outside"]
RunId = Annotated[int, Field(examples=[5629384756123])]
Params = Annotated[
    dict[str, Any],
    Field(
        description="What varies, by its path.",
        examples=[{"entry.fast": 10, "exit.stop_loss": 0.1}],
    ),
]
Settings = Annotated[
    dict[str, Any],
    Field(
        description="The request as it was given, without candles that stood in it.",
        examples=[{"candles": {"source": "stored", "token": "BONK"}}],
    ),
]


class CreatedOut(Out):
    """A run that waits in the queue."""

    id: RunId


class ScoreOut(Out):
    """The figures by which combinations are held against each other; null where there is none."""

    trades: Count
    open_trades: Count
    wins: Count
    losses: Count
    net_pnl_sol: Sol
    volume_sol: Sol
    total_return_percent: Percent | None
    win_rate: Ratio | None
    profit_factor: Figure | None
    expectancy_sol: Sol | None
    sqn: Figure | None
    max_drawdown_percent: Percent | None
    sharpe: Figure | None
    sortino: Figure | None
    cagr_percent: Percent | None
    calmar: Figure | None


class BriefOut(Out):
    """A few figures of a run, for a list."""

    trades: Count
    net_pnl_sol: Sol
    total_return_percent: Percent | None
    max_drawdown_percent: Percent | None
    win_rate: Ratio | None
    profit_factor: Figure | None
    sharpe: Figure | None


class SummaryOut(Out):
    """What a run came to; of a sweep its best combination, out of the sample where there is one."""

    tokens: Annotated[list[str], Field(examples=[["BONK"]])]
    candles: Count
    figures: BriefOut | None
    combinations: Count | None
    best: Params | None


class RunErrorOut(Out):
    """Why a run failed."""

    detail: Annotated[str, Field(examples=["there are no candles of BONK in 5m"])]
    pointer: Annotated[
        str | None, Field(description="JSON pointer into the request.", examples=["/candles/token"])
    ]


class RunOut(Out):
    """How a run stands."""

    id: RunId
    name: Annotated[str | None, Field(examples=["wider stop"])]
    status: RunStatus
    progress: Annotated[Ratio, Field(description="0 to 1.", examples=[0.4])]
    created_at: Time
    started_at: Time | None
    finished_at: Time | None
    seconds: Annotated[Seconds | None, Field(description="Time that it took to compute.")]
    error: RunErrorOut | None
    request: Settings
    code_version: Annotated[str | None, Field(examples=["0.1.0 (80841c8)"])]
    code_digest: Annotated[
        str | None,
        Field(
            description="Hash of the rules' and strategies' sources: equal ones decide equally.",
            examples=["9f0c2a77d1e41b30"],
        ),
    ]
    data_hash: Annotated[
        str | None, Field(description="Hash of the candles.", examples=["5c1b9d0e"])
    ]
    adopted_at: Time | None
    adopted_symbol: Annotated[
        str | None, Field(description="Its settings are the wallet's for this symbol since then.")
    ]
    summary: SummaryOut | None


class RunsOut(PageOut[RunOut]):
    """Runs, newest first."""


class UsedTokenOut(Out):
    """Which candles of a token a run used."""

    token: TokenOut
    decimals: Count
    timeframe: Annotated[str, Field(examples=["5m"])]
    candles: Count
    first: Time
    last: Time
    gaps: Annotated[Count, Field(description="Spans without candles.")]
    data_hash: Annotated[str, Field(examples=["5c1b9d0e"])]


class RunFillOut(Out):
    """One sale of a trade."""

    time: Time
    price: Price
    quantity: Tokens
    sol: Annotated[Sol, Field(description="Before the fee.")]
    fee_sol: Sol
    reason: ExitReason


class RunTradeOut(Out):
    """A trade of a backtest; exit fields are null while it is open at the end."""

    token: TokenOut
    strategy: StrategyName
    entry_time: Time
    entry_price: Price
    quantity: Tokens
    sol_invested: Annotated[Sol, Field(description="With its fee.")]
    fee_sol: Sol
    fills: list[RunFillOut]
    exit_time: Time | None
    exit_price: Price | None
    exit_reason: ExitReason | None
    pnl_sol: Sol | None
    pnl_percent: Percent | None
    open_quantity: Tokens
    open_value_sol: Annotated[Sol, Field(description="Of what is left, at the last close.")]


Point = Annotated[
    tuple[int, float],
    Field(description="Unix seconds and SOL.", examples=[[1795255200, 10.25]]),
]


class BacktestOut(RunOut):
    """A backtest; what it came to is empty or null until it is finished."""

    tokens: list[UsedTokenOut]
    trades: list[RunTradeOut]
    equity: Annotated[list[Point], Field(examples=[[[1795255200, 10.25]]])]
    statistics: OverallOut | None
    refusals: Annotated[
        dict[str, int],
        Field(
            description="Entries that were confirmed, by the limit that forbade them.",
            examples=[{"max_open_positions": 3}],
        ),
    ]
    driver: Annotated[
        str | None,
        Field(
            description="`walk`: one compiled pass; `engine`: the live engine fed with history.",
            examples=["walk"],
        ),
    ]
    candles: Count | None
    candles_per_second: Annotated[float | None, Field(examples=[1.5e6])]


class ComparedRunOut(RunOut):
    """One of them: its figures, and its equity at the end of each day."""

    statistics: OverallOut
    equity: Annotated[
        list[Sol | None], Field(description="null before it began and after it ended.")
    ]


class ComparedOut(Out):
    """Backtests side by side."""

    items: list[ComparedRunOut]
    days: Annotated[list[ChartTime], Field(description="Ends of UTC days, the same for all.")]


class SweepRowOut(Out):
    """One combination, in the sample that chooses and out of it."""

    number: Annotated[int, Field(description="Names it in this sweep.", examples=[17])]
    params: Params
    inside: ScoreOut
    outside: ScoreOut | None


class FoldOut(Out):
    """A step of a walk forward: the best of what came before, and how it did afterwards."""

    since: Time
    until: Time
    chosen: Annotated[int, Field(description="Number of the combination.", examples=[17])]
    inside: Annotated[Figure | None, Field(description="The objective before the fold.")]
    outside: Annotated[Figure | None, Field(description="The objective in the fold.")]


class LuckOut(Out):
    """How likely the best combination is luck."""

    combinations: Count
    days: Count
    best_sharpe: Figure | None
    expected_best_sharpe: Annotated[
        Figure | None,
        Field(description="What the best of so many combinations without any skill would show."),
    ]
    deflated_sharpe: Annotated[
        Ratio | None,
        Field(description="Probability that the best one's true Sharpe is above zero."),
    ]
    beaten_by_chance: Annotated[
        Ratio | None,
        Field(description="Share of worlds without skill whose best is at least as good."),
    ]


class SweepOut(RunOut):
    """A sweep; what it came to is empty or null until it is finished."""

    tokens: list[UsedTokenOut]
    objective: Annotated[str | None, Field(examples=["net_pnl"])]
    varied: Annotated[list[str], Field(examples=[["entry.fast", "exit.stop_loss"]])]
    rows: Annotated[list[SweepRowOut], Field(description="As `sort` and `limit` ask.")]
    combinations: Annotated[Count | None, Field(description="How many were tried.")]
    impossible: Annotated[
        Count | None, Field(description="Combinations that a strategy or a plan refuses.")
    ]
    split: Annotated[Time | None, Field(description="Where the sample that chooses ends.")]
    folds: list[FoldOut]
    luck: LuckOut | None
    candles: Count | None
    candles_per_second: Annotated[
        float | None, Field(description="Of all combinations.", examples=[2e8])
    ]


class AdoptIn(In):
    """Which symbol a backtest's settings become the wallet's for; `*` is every signalled token."""

    symbol: SymbolKey = Field(examples=["BONK"])


class AdoptRowIn(AdoptIn):
    """The same, with the combination of a sweep."""

    number: Id
