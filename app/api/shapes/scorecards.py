"""Scorecards of signal sources."""

from typing import Annotated

from pydantic import Field

from app.api.shapes.analytics import GroupsOut
from app.api.wire import Out, Percent, Ratio, Seconds, Time

Count = Annotated[int, Field(examples=[120])]


class ResultsOut(Out):
    """What signals came to."""

    results: Count
    wins: Count
    losses: Count
    draws: Count
    win_rate: Ratio | None
    win_rate_low: Annotated[Ratio | None, Field(description="95 %, after Wilson.")]
    win_rate_high: Ratio | None
    average_pnl_percent: Percent | None
    median_time_to_peak_seconds: Seconds | None


class BinOut(Out):
    """Signals whose score is from `low` to below `high`, and how many of them won."""

    low: Annotated[float, Field(examples=[70])]
    high: Annotated[float, Field(examples=[80])]
    signals: Count
    wins: Count
    mean_score: Annotated[float, Field(examples=[74.2])]
    win_share: Ratio
    win_share_low: Annotated[Ratio, Field(description="95 %, after Wilson.")]
    win_share_high: Ratio


class CalibrationOut(Out):
    """The sentiment score against what was observed."""

    signals: Annotated[Count, Field(description="Signals with a score and a result.")]
    bins: list[BinOut]
    brier: Annotated[float | None, Field(examples=[0.21])]
    brier_of_base_rate: Annotated[float | None, Field(examples=[0.24])]


class ScorecardOut(Out):
    """How far the signals of a source get, what they come to, and what their score is worth."""

    source: Annotated[
        str | None, Field(description="null: all sources together.", examples=["sse"])
    ]
    signals: Count
    judged: Count
    screened: Count
    confirmed: Count
    bought: Count
    screened_rate: Ratio | None
    confirmed_rate: Ratio | None
    bought_rate: Ratio | None
    made: ResultsOut
    not_bought: ResultsOut
    calibration: CalibrationOut
    nulls: Annotated[
        dict[str, str],
        Field(
            description="Why each figure that is null does not exist.",
            examples=[{"made.win_rate": "no result yet"}],
        ),
    ]


class ScorecardsOut(Out):
    """Scorecards of the whole platform: all sources together, then each of them.

    Results are those of the default exit plan on every signal, never those of wallets.
    """

    since: Time
    at: Annotated[Time, Field(description="When this was worked out.")]
    complete: Annotated[bool, Field(description="false: only the newest 5,000 signals count.")]
    items: list[ScorecardOut]


class SourceGroupsOut(GroupsOut):
    """The figures of each source of trades, and a scorecard of each source of signals."""

    scorecards: Annotated[
        list[ScorecardOut],
        Field(description="All sources of signals together, then each of them."),
    ]
    complete: Annotated[bool, Field(description="false: only the newest 5,000 signals count.")]
