"""Signals, how they were screened, and what each wallet decided on them."""

from typing import Annotated, Literal

from pydantic import Field

from app.api.shapes.market import TokenOut
from app.api.shapes.trades import StepOut
from app.api.wire import Id, Out, StrategyName, Time
from app.trading.entry import Parameter

SignalStatus = Literal["Screening", "Monitoring", "Finished", "Failed"]


class SignalOut(Out):
    """A signal and how it went on for the whole platform."""

    id: Id
    token: TokenOut
    source: Annotated[str, Field(examples=["sse"])]
    triggered_at: Time
    received_at: Time
    unique_wallets: Annotated[int, Field(examples=[5])]
    status: SignalStatus
    reason: Annotated[str | None, Field(examples=["sentiment_low"])]
    sentiment_score: Annotated[float | None, Field(examples=[78.5])]
    mention_count: Annotated[int | None, Field(examples=[14])]
    screened_at: Time | None
    ended_at: Time | None


class EvaluationOut(Out):
    """One answer that was the same for every wallet with the same settings."""

    id: Id
    at: Time
    strategy: StrategyName | None
    verdict: Annotated[str, Field(description="`taken`, `refused` or `failed`.")]
    reason: Annotated[str | None, Field(examples=["met: fast > slow"])]
    parameters: Annotated[dict[str, Parameter], Field(examples=[{"fast": 10, "slow": 30}])]
    numbers: Annotated[
        dict[str, float | None],
        Field(description="What was seen.", examples=[{"fast": 0.012, "slow": 0.011}]),
    ]
    limits: Annotated[dict[str, float | None], Field(examples=[{"open_positions": 10.0}])]


class SignalDetailOut(SignalOut):
    """A signal with its screening and every answer that was given on it."""

    screening: Annotated[
        list[StepOut], Field(description="What it was screened for, each value beside its limit.")
    ]
    evaluations: list[EvaluationOut]


class DecisionOut(Out):
    """What a wallet did with a signal or a confirmation, or why it had nothing to decide."""

    evaluation_id: Id
    trade_id: Annotated[int | None, Field(description="When it was taken.", examples=[42])]
    at: Time
    token: TokenOut | None
    signal_id: Id | None
    strategy: StrategyName | None
    verdict: Annotated[
        Literal["taken", "refused", "failed", "skipped"],
        Field(
            description="`failed`: the signal ended for everybody; `skipped`: confirmed, but the "
            "wallet had acted on it or was refused for the same reason before."
        ),
    ]
    reason: Annotated[
        str | None, Field(description="The step that ended it.", examples=["open_positions"])
    ]
    why: list[StepOut]
