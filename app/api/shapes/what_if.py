"""What other exit plans would have made of a trade, or of all trades of a time."""

from typing import Annotated, Any, Self

from pydantic import AwareDatetime, BeforeValidator, Field, SkipValidation, model_validator

from app.api.shapes.market import TokenOut
from app.api.wire import ExitReason, Id, In, Out, Percent, Price, Ratio, Sol, Time, Tokens
from app.research.plan_grid import MOST_PLANS
from app.trading.plans import ExitPlan


def _listed(value: object) -> object:
    """Refuse what is no list; its plans are read one by one, where nobody waits for it."""
    if value is not None and not isinstance(value, list):
        message = "Input should be a valid list"
        raise ValueError(message)
    return value


class PlansIn(In):
    """Exit plans to try: exactly one of `plan`, `plans` and `grid`.

    Fields that are left out of a plan or a grid have the defaults of an exit plan.
    """

    plan: Annotated[ExitPlan | None, Field(description="One plan.")] = None
    plans: Annotated[
        SkipValidation[list[ExitPlan]] | None,
        BeforeValidator(_listed),
        Field(description=f"At most {MOST_PLANS:,} plans."),
    ] = None
    grid: Annotated[
        dict[str, Any] | None,
        Field(
            description="An exit plan with lists where a value may vary: every combination is "
            f"tried, at most {MOST_PLANS:,}. `take_profit` is one value as a list of tiers, and "
            "several as a list of such lists.",
            examples=[{"stop_loss": [0.05, 0.1, 0.15], "trailing_stop": [0.1, 0.2, None]}],
        ),
    ] = None

    @model_validator(mode="after")
    def _one_of_three(self) -> Self:
        given = [name for name in ("plan", "plans", "grid") if getattr(self, name) is not None]
        if len(given) != 1:
            message = (
                f"give exactly one of plan, plans and grid, not {' and '.join(given) or 'none'}"
            )
            raise ValueError(message)
        return self


class WhatIfIn(PlansIn):
    """Exit plans to try on one trade."""

    path: Annotated[
        bool, Field(description="Answer the prices too, thinned, so that a chart can draw them.")
    ] = False


class PeriodWhatIfIn(PlansIn):
    """Exit plans to try on all trades of a wallet that were opened in a time."""

    since: Annotated[
        AwareDatetime | None, Field(alias="from", description="ISO 8601, inclusive.")
    ] = None
    until: Annotated[
        AwareDatetime | None, Field(alias="to", description="ISO 8601, exclusive.")
    ] = None
    token: Annotated[str | None, Field(max_length=64, description="A mint.")] = None
    strategy: Annotated[str | None, Field(max_length=64)] = None


class LedFillOut(Out):
    """One sale."""

    time: Time
    price: Price
    token_amount: Tokens
    sol_amount: Annotated[Sol, Field(description="Before the fee.")]
    fee_sol: Sol
    reason: ExitReason


class LedOut(Out):
    """What a plan made of the trade; an open one is valued at the last price."""

    plan: ExitPlan
    pnl_sol: Sol
    pnl_percent: Percent
    exit_reason: ExitReason | None
    exit_time: Time | None
    still_open: bool
    fills: Annotated[
        list[LedFillOut] | None, Field(description="Its sales; null for more than 50 plans.")
    ]


class PointOut(Out):
    """A price on the way."""

    time: Annotated[float, Field(description="Unix seconds.", examples=[1795255200.25])]
    price: Price


class WhatIfOut(Out):
    """A trade as it was, and what each plan would have made of it, in the order of the plans."""

    trade_id: Id
    recorded: Annotated[LedOut, Field(description="As it really was, sales by hand included.")]
    plan_changes: Annotated[
        int,
        Field(
            description="How often a person changed its plan while it was open. Under its last "
            "plan every change happens as it did; any other counts from the entry on.",
            examples=[0],
        ),
    ]
    results: list[LedOut]
    seen_until: Annotated[Time, Field(description="The last price that any plan saw.")]
    path: Annotated[
        list[PointOut] | None,
        Field(description="At most 2,000 prices, the first, last, lowest and highest among them."),
    ]


class TotalOut(Out):
    """What a plan made of all trades together."""

    plan: ExitPlan
    trades: Annotated[int, Field(examples=[42])]
    still_open: Annotated[int, Field(description="Valued at their last prices.", examples=[1])]
    pnl_sol: Sol
    win_rate: Annotated[Ratio | None, Field(description="Wins among those that ended.")]
    difference_sol: Annotated[Sol, Field(description="To what they really made.")]


class RecordedTotalOut(Out):
    """What the trades really made."""

    trades: Annotated[int, Field(examples=[42])]
    still_open: Annotated[int, Field(examples=[1])]
    pnl_sol: Sol
    win_rate: Ratio | None


class LedTradeOut(Out):
    """A trade under the one plan that was asked for."""

    trade_id: Id
    token: TokenOut
    entry_time: Time
    recorded_pnl_sol: Sol
    pnl_sol: Sol
    difference_sol: Sol
    exit_reason: ExitReason | None
    exit_time: Time | None
    still_open: bool


class SkippedOut(Out):
    """A trade that could not be led again."""

    trade_id: Id
    reason: Annotated[str, Field(examples=["the prices that this trade saw are no longer there"])]


class PeriodWhatIfOut(Out):
    """What each plan would have made of the trades of a time, entries and sizes as they were."""

    recorded: RecordedTotalOut
    results: list[TotalOut]
    trades: Annotated[list[LedTradeOut] | None, Field(description="Trade by trade, for one plan.")]
    skipped: list[SkippedOut]
