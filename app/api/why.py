"""Why something was done or not: the chain of a decision, each step with its value and limit.

    signal --> sentiment --> confirmation --> risk --> order

Built from the record alone: the evaluation says what the strategy saw and which limits there were,
the decision what each risk rule saw. A step after one that failed was not asked: `skipped`.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import msgspec

from app.config import Settings
from app.engine.waiting import AnswerView
from app.store.decisions import DecisionLine
from app.store.signals import SignalLine
from app.trading.amounts import LAMPORTS_PER_SOL
from app.trading.judging import MIN_SPEND
from app.trading.signals import ScreeningFailure

Step = dict[str, Any]
Verdict = Literal["passed", "failed", "skipped"]

SENTIMENT = {
    ScreeningFailure.SENTIMENT_LOW.value,
    ScreeningFailure.SENTIMENT_NO_DATA.value,
    ScreeningFailure.SENTIMENT_UNAVAILABLE.value,
}
MENTIONS = ScreeningFailure.MENTIONS_LOW.value
SCREENING = {failure.value for failure in ScreeningFailure}
CONDITION = re.compile(
    r"(?P<left>\w+) (?P<sign>[<>]=?) (?P<right>\S+)(?P<before> a candle before)?"
)


@dataclass(frozen=True, slots=True)
class Thresholds:
    """What the screening asks for."""

    sentiment: float
    mentions: int


def thresholds(settings: Settings) -> Thresholds:
    """Read what the screening asks for."""
    return Thresholds(settings.sentiment_threshold, settings.min_mentions)


def _step(
    step: str, name: str, value: object, limit: float | None, verdict: Verdict = "passed"
) -> Step:
    return {"step": step, "name": name, "value": value, "limit": limit, "verdict": verdict}


def chain(
    line: DecisionLine, signal: SignalLine | None, asked: Thresholds, spent: int | None = None
) -> list[Step]:
    """Write the steps of a decision in the order in which they were taken.

    `signal` is the one it was made on, None for a symbol that settings name; `spent` are the
    lamports of the order, where one followed.
    """
    numbers: dict[str, Any] = msgspec.json.decode(line.numbers)
    limits: dict[str, float | None] = msgspec.json.decode(line.limits)
    screening = line.reason in SCREENING
    steps = [] if signal is None else screening_of(signal, asked, line.reason)
    if line.id == 0 and line.strategy is None:
        steps += _ended(line, numbers, limits, screening=screening)
        return [*steps, _step("order", "buy", None, None, "skipped")]
    steps += _confirmation(line, numbers)
    steps += _risk(line, limits)
    value = None if spent is None else spent / LAMPORTS_PER_SOL
    bought: Verdict = "passed" if line.verdict == "taken" and line.id else "skipped"
    return [*steps, _step("order", "buy", value, None, bought)]


def screening_of(signal: SignalLine, asked: Thresholds, reason: str | None) -> list[Step]:
    """Write how a signal came in, and what the crowd felt about it; `reason` is why it ended."""
    steps = [_step("signal", signal.source, float(signal.unique_wallets), None)]
    if reason in SCREENING and reason not in {*SENTIMENT, MENTIONS}:
        return [*steps, _step("sentiment", str(reason), None, None, "failed")]
    low, few = reason in SENTIMENT, reason == MENTIONS
    score, mentions = signal.sentiment_score, signal.mention_count
    few_or_not_asked: Verdict = "skipped" if low else "failed" if few else "passed"
    return [
        *steps,
        _step(
            "sentiment", "sentiment_score", score, asked.sentiment, "failed" if low else "passed"
        ),
        _step("sentiment", "mention_count", mentions, float(asked.mentions), few_or_not_asked),
    ]


def _ended(
    line: DecisionLine,
    numbers: dict[str, Any],
    limits: dict[str, float | None],
    *,
    screening: bool,
) -> list[Step]:
    """Write how a signal ended before any strategy confirmed."""
    if screening:
        return [
            _step("confirmation", "strategy", None, None, "skipped"),
            _step("risk", "limits", None, None, "skipped"),
        ]
    waited = _step(
        "confirmation",
        line.reason or "not_confirmed",
        numbers.get("candles"),
        limits.get("candles"),
        "failed",
    )
    return [waited, _step("risk", "limits", None, None, "skipped")]


def _confirmation(line: DecisionLine, numbers: dict[str, Any]) -> list[Step]:
    """Write each condition that the strategy asked for, with the numbers on its two sides."""
    met, _, conditions = (line.answer or "").partition(": ")
    verdict: Verdict = "passed" if met == "met" else "failed"
    name = line.strategy or "strategy"
    return [
        _step("confirmation", f"{name}: {text}", *_sides(text, numbers), verdict)
        for text in conditions.split(", ")
        if text
    ]


def waiting(answer: AnswerView) -> list[Step]:
    """Write what a strategy asks for, each condition with how it stands now."""
    if answer.missing:
        name = f"{answer.strategy}: more candles"
        return [_step("confirmation", name, None, float(answer.missing), "skipped")]
    return [
        _step(
            "confirmation",
            f"{answer.strategy}: {text}",
            *_sides(text, answer.numbers),
            "passed" if holds else "failed",
        )
        for text, holds in answer.conditions.items()
    ]


def _sides(condition: str, numbers: Mapping[str, Any]) -> tuple[float | None, float | None]:
    found = CONDITION.fullmatch(condition)
    if found is None:
        return None, None
    suffix = "_before" if found["before"] else ""
    return _number(found["left"] + suffix, numbers), _number(found["right"] + suffix, numbers)


def _number(name: str, numbers: Mapping[str, Any]) -> float | None:
    value = numbers.get(name)
    if value is None:
        try:
            return float(name)
        except ValueError:
            return None
    return float(value)


def _risk(line: DecisionLine, limits: dict[str, float | None]) -> list[Step]:
    """Write each risk rule with what it saw; all rules were asked, the first failure decided."""
    seen: list[float | None] = msgspec.json.decode(line.seen) if line.seen else []
    steps = []
    for place, (name, limit) in enumerate(limits.items()):
        value = seen[place] if place < len(seen) else None
        steps.append(_step("risk", name, value, limit, _verdict(name, value, limit, line.reason)))
    return steps


def _verdict(name: str, value: float | None, limit: float | None, reason: str | None) -> Verdict:
    if name == reason:
        return "failed"
    if value is None or limit is None:
        return "skipped"
    holds = value >= limit if name == MIN_SPEND else value <= limit
    return "passed" if holds else "failed"
