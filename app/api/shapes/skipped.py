"""What a wallet did not buy, and what it would have made."""

from typing import Annotated, Literal

from pydantic import Field

from app.api.shapes.market import TokenOut
from app.api.wire import Out, Percent, Price, Seconds, Sol, Time

StageName = Annotated[
    Literal["screening", "confirmation", "risk"],
    Field(description="The step that ended it.", examples=["risk"]),
]
Filter = Annotated[str, Field(description="The reason.", examples=["open_positions"])]
Count = Annotated[int, Field(examples=[17])]


class WouldHaveOut(Out):
    """What buying would have come to; null where nothing is known, and `note` says why."""

    status: Annotated[
        Literal["closed", "open", "unpriced"],
        Field(
            description="`open`: prices end before the plan sold all; `unpriced`: there are none."
        ),
    ]
    note: Annotated[str | None, Field(examples=["still open, valued at the last recorded price"])]
    entry_time: Time | None
    entry_price: Price | None
    exit_time: Time | None
    exit_reason: Annotated[str | None, Field(examples=["trailing_stop"])]
    pnl_percent: Annotated[Percent | None, Field(description="Of the cost.")]
    pnl_sol: Annotated[Sol | None, Field(description="At the size of `spend_sol`.")]
    last_price_time: Time | None
    time_to_peak_seconds: Seconds | None


class SkipOut(Out):
    """A signal that was not bought."""

    at: Time
    token: TokenOut | None
    signal_id: Annotated[int | None, Field(examples=[42])]
    source: Annotated[str | None, Field(description="Of the signal.", examples=["sse"])]
    strategy: Annotated[str | None, Field(examples=["breakout"])]
    stage: StageName
    filter: Filter
    value: Annotated[float | None, Field(description="What was seen.", examples=[11])]
    limit: Annotated[float | None, Field(description="What it met.", examples=[10])]
    spend_sol: Annotated[Sol, Field(description="What the wallet would have spent.")]
    would_have: WouldHaveOut


class SavingsOut(Out):
    """What a filter saved or cost."""

    stage: StageName | None
    filter: Annotated[str | None, Field(examples=["open_positions"])]
    skipped: Count
    unpriced: Count
    open: Count
    won: Count
    lost: Count
    drew: Count
    average_pnl_percent: Percent | None
    total_pnl_percent: Percent | None
    average_pnl_sol: Sol | None
    total_pnl_sol: Sol
    saved_sol: Annotated[Sol, Field(description="Negative where the filter cost SOL.")]
    nulls: Annotated[
        dict[str, str],
        Field(
            description="Why each figure that is null does not exist.",
            examples=[{"average_pnl_percent": "no prices are recorded after any of them"}],
        ),
    ]


class SkippedSummaryOut(Out):
    """What all filters saved or cost together, and each of them."""

    total: SavingsOut
    filters: list[SavingsOut]
    complete: Annotated[
        bool, Field(description="false: only the newest 5,000 decisions of the range are counted.")
    ]
