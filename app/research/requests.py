"""What may be asked of the past: a backtest, a sweep. The API and the command line both take these.

Field names and shapes are the public contract's; whatever does not fit is refused with the place
and what was expected.
"""

from typing import Annotated, Any, Literal, Self

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, model_validator

from app.trading.entry import Parameter
from app.trading.fills import PRESETS, Costs
from app.trading.market import TIMEFRAMES
from app.trading.plans import ExitPlan, Limits, Sizing

MAX_TOKENS = 50
MAX_COMBINATIONS = 20_000
MOST_ROWS = 1_000_000

Timeframe = Literal["1s", "1m", "5m", "15m", "1h", "4h", "1d"]
PricePath = Literal["close", "ohlc"]
Preset = Literal["none", "jupiter", "jupiter_new_token"]
Name = Annotated[str, Field(min_length=1, max_length=64)]
CandleRow = tuple[float, float, float, float, float, float]


class Asked(BaseModel):
    """A part of a request: unknown fields are refused."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, allow_inf_nan=False, populate_by_name=True
    )


class CandlesIn(Asked):
    """Where candles come from: what is stored, a file below the data folder, or rows in the
    request.
    """

    source: Literal["stored", "file", "inline"] = "stored"
    token: Annotated[
        Name | None, Field(description="A stored token: its mint, pool or symbol.")
    ] = None
    symbol: Annotated[Name | None, Field(description="How to call it in the result.")] = None
    timeframe: Annotated[
        Timeframe | None, Field(description="Coarser than what is stored is made of it.")
    ] = None
    since: Annotated[
        AwareDatetime | None, Field(alias="from", description="First candle, inclusive.")
    ] = None
    until: Annotated[
        AwareDatetime | None, Field(alias="to", description="Last candle, exclusive.")
    ] = None
    rows: Annotated[
        list[CandleRow] | None,
        Field(
            max_length=MOST_ROWS,
            description="[time, open, high, low, close, volume], oldest first; times in Unix "
            "seconds, or milliseconds from 10¹¹ on.",
        ),
    ] = None
    path: Annotated[
        str | None,
        Field(max_length=512, description="A file below the data folder's `history`."),
    ] = None
    decimals: Annotated[
        int | None, Field(ge=0, le=18, description="Of this token; else the request's.")
    ] = None

    @model_validator(mode="after")
    def _has_its_source(self) -> Self:
        wanted = {"stored": self.token, "file": self.path, "inline": self.rows}
        field = {"stored": "token", "file": "path", "inline": "rows"}[self.source]
        if wanted[self.source] is None:
            message = f"candles of source {self.source!r} need {field!r}"
            raise ValueError(message)
        if self.since is not None and self.until is not None and self.since >= self.until:
            message = "'from' must be before 'to'"
            raise ValueError(message)
        return self


class EntryIn(Asked):
    """A strategy by name or alias, a template, and values that win over it."""

    strategy: Name = "sma_crossover"
    template: Name | None = None
    params: dict[str, Parameter] = Field(default_factory=dict, max_length=32)


class RiskIn(Limits):
    """Every limit of a live wallet; what is left out keeps its default."""


class Market(Asked):
    """What backtests and sweeps have in common: candles, money and costs."""

    candles: CandlesIn | Annotated[list[CandlesIn], Field(min_length=1, max_length=MAX_TOKENS)]
    initial_sol: Annotated[float, Field(gt=0, le=9_000_000)] = 10.0
    risk_per_trade: Annotated[float, Field(gt=0, le=1)] = 0.02
    min_spend_sol: Annotated[float, Field(ge=0, le=1e6)] = 0.01
    max_spend_sol: Annotated[float | None, Field(gt=0, le=1e6)] = None
    reserve_sol: Annotated[float, Field(ge=0, le=1e6)] = 0.0
    risk: Annotated[
        RiskIn | None,
        Field(description="null: only size and free balance decide; {} takes every default."),
    ] = None
    decimals: Annotated[int, Field(ge=0, le=18)] = 6
    preset: Annotated[
        Preset | None, Field(description="Costs of a swap by name, instead of the two below.")
    ] = None
    fees_bps: Annotated[int, Field(ge=0, le=5_000)] = 0
    slippage_bps: Annotated[int, Field(ge=0, le=5_000)] = 0
    price_path: PricePath = "close"

    @model_validator(mode="after")
    def _costs_once(self) -> Self:
        if self.preset is not None and (self.fees_bps or self.slippage_bps):
            message = "give a preset or fees_bps and slippage_bps, not both"
            raise ValueError(message)
        return self

    @property
    def sources(self) -> list[CandlesIn]:
        """The tokens of the run."""
        return self.candles if isinstance(self.candles, list) else [self.candles]

    @property
    def costs(self) -> Costs:
        """What trading costs in this run."""
        if self.preset is not None:
            return PRESETS[self.preset]
        return Costs(self.fees_bps, self.slippage_bps)

    @property
    def sizing(self) -> Sizing:
        """How much one trade spends in this run."""
        return Sizing(
            risk_per_trade=self.risk_per_trade,
            min_spend_sol=self.min_spend_sol,
            max_spend_sol=self.max_spend_sol,
            reserve_sol=self.reserve_sol,
        )


class BacktestRequest(Market):
    """One wallet over history: many tokens share it, any of several strategies confirms."""

    entry: EntryIn | Annotated[list[EntryIn], Field(min_length=1, max_length=8)] = EntryIn()
    exit: ExitPlan = ExitPlan()

    @property
    def entries(self) -> list[EntryIn]:
        """The strategies of the run."""
        return self.entry if isinstance(self.entry, list) else [self.entry]


class VaryingEntryIn(Asked):
    """A strategy whose parameters may each be one value, a list of values to try, or a range
    `{"min": …, "max": …, "step": …}`.
    """

    strategy: Name = "sma_crossover"
    template: Name | None = None
    params: dict[str, Parameter | list[Parameter] | dict[str, float | int]] = Field(
        default_factory=dict, max_length=32
    )


class SearchIn(Asked):
    """Which of the combinations are tried."""

    method: Literal["grid", "random", "optuna"] = "grid"
    samples: Annotated[
        int, Field(ge=1, le=MAX_COMBINATIONS, description="Of random search and optuna.")
    ] = 200
    seed: Annotated[int, Field(ge=0, le=2**32 - 1)] = 0
    study: Annotated[
        Name | None, Field(description="An optuna study to go on with; several may work on one.")
    ] = None


Objective = Literal[
    "net_pnl", "profit_factor", "expectancy", "sharpe", "sortino", "calmar", "sqn", "win_rate"
]


class SweepRequest(Market):
    """Many parameter sets over the same history; a list is values to try.

    `take_profit` is one value as a list of tiers, and several as a list of such lists. A range
    without a step is for random search and optuna.
    """

    entry: VaryingEntryIn = VaryingEntryIn()
    exit: dict[str, Any] = Field(
        default_factory=dict,
        max_length=16,
        description="The fields of an exit plan, each one value or a list of values.",
        examples=[{"stop_loss": [0.05, 0.1, 0.15], "trailing_stop": [0.1, 0.2]}],
    )
    search: SearchIn = SearchIn()
    objective: Objective = "net_pnl"
    out_of_sample: Annotated[
        float,
        Field(ge=0, le=0.9, description="Share of the history, its end, that chooses nothing."),
    ] = 0.3
    walk_forward: Annotated[
        int,
        Field(
            ge=0,
            le=20,
            description="Folds of a walk forward: each chooses on what came before it; 0: none.",
        ),
    ] = 0


def timeframe_ms(timeframe: str) -> int:
    """Return the milliseconds of a timeframe."""
    return TIMEFRAMES[timeframe]
