"""How far signals got, and what stopped the others."""

from typing import Annotated, Literal

from pydantic import Field

from app.api.wire import Out, Ratio, Time

Count = Annotated[int, Field(examples=[120])]
Name = Literal["received", "screened", "sentiment", "confirmed", "bought", "won"]


class LossOut(Out):
    """Signals that did not reach the next stage, for one reason."""

    reason: Annotated[str, Field(examples=["sentiment_low"])]
    signals: Count
    pending: Annotated[bool, Field(description="Not over yet: they may still reach it.")]


class StageOut(Out):
    """How many signals got this far, and why not all of them got further."""

    stage: Annotated[
        Name,
        Field(
            description="`received`; `screened`: token and pool are known; `sentiment`: passed it; "
            "`confirmed`: a strategy of the wallet said yes; `bought`; `won`: its trades earned.",
        ),
    ]
    signals: Count
    share: Annotated[Ratio | None, Field(description="Of the stage before; null without any.")]
    lost: Annotated[list[LossOut], Field(description="The most frequent first.")]


class FunnelOut(Out):
    """How far the signals of a range got with a wallet, since it joined at the earliest."""

    since: Time
    at: Annotated[Time, Field(description="When this was counted.")]
    source: Annotated[str | None, Field(description="null: all sources.", examples=["sse"])]
    complete: Annotated[bool, Field(description="false: only the newest 50,000 signals count.")]
    stages: list[StageOut]


class SourceCountOut(Out):
    """A source, and how many signals came from it."""

    source: Annotated[str, Field(examples=["sse"])]
    signals: Count


class ReasonCountOut(Out):
    """Why signals ended for everybody, and how many did."""

    reason: Annotated[str, Field(examples=["sentiment_low"])]
    signals: Count


class CountsOut(Out):
    """What signals of a range may be filtered by; the most frequent first."""

    signals: Count
    complete: Annotated[bool, Field(description="false: only the newest 50,000 signals count.")]
    sources: list[SourceCountOut]
    reasons: list[ReasonCountOut]
