"""What a wallet's watches wait for: which conditions of its strategies hold on the newest closed
candle, and how long each watch still runs. Read only, and asked by people only: no decision passes
here.
"""

import math
from dataclasses import dataclass

import polars as pl

from app.trading.judging import REASONS
from app.trading.market import Token
from app.trading.state import State
from app.trading.watches import Question, Watch


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerView:
    """What a strategy says of the newest closed candle: each condition, and the numbers in it.

    Without conditions it could not say anything yet; `missing` counts the candles it lacks.
    """

    strategy: str
    conditions: dict[str, bool]
    numbers: dict[str, float]
    missing: int


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchView:
    """A signal's token under watch; times in Unix ms. `refused` is the limit in the way, if any."""

    signal: int
    token: Token
    since: int
    candles: int
    candles_left: int
    ends_at: int
    refused: str | None
    answers: list[AnswerView]


def watches(state: State, wallet: int, signal: int | None = None) -> list[WatchView]:
    """Show what a wallet still waits for, the longest watched first; of one signal, or of all."""
    found = [
        _view(state, watch, watch.signal, wallet)
        for own in state.watches.values()
        for watch in own
        if watch.signal is not None
        and signal in {None, watch.signal}
        and not (wallet < len(watch.acted) and watch.acted[wallet])
    ]
    return sorted(found, key=lambda view: view.signal)


def _view(state: State, watch: Watch, signal: int, wallet: int) -> WatchView:
    wishes, window = state.wishes, state.windows.get(watch.token.id)
    base = state.wallets.profile[: state.wallets.count]
    profile = int(wishes.of(watch.token, base)[wallet])
    frame = None if window is None else window.frame()
    code = int(watch.refused[wallet]) if wallet < len(watch.refused) else 0
    width = state.rules.timeframe_ms
    seen = watch.since if window is None else max(watch.since, window.last_time + width)
    wished = wishes.asked_by[profile]
    return WatchView(
        signal=signal,
        token=watch.token,
        since=watch.since,
        candles=state.rules.confirmation_window,
        candles_left=watch.candles_left,
        ends_at=seen + watch.candles_left * width,
        refused=REASONS[code - 1] if code else None,
        answers=[
            _answer(wishes.questions[asked], None if asked in state.broken else frame)
            for asked in wished
        ],
    )


def _answer(question: Question, frame: pl.DataFrame | None) -> AnswerView:
    strategy, height = question.strategy, 0 if frame is None else frame.height
    if frame is None or height < strategy.lookback:
        missing = strategy.lookback - height
        return AnswerView(strategy=question.name, conditions={}, numbers={}, missing=missing)
    conditions, numbers = strategy.evaluate(frame.tail(strategy.lookback))
    known = {name: float(values[-1]) for name, values in numbers.items()}
    return AnswerView(
        strategy=question.name,
        conditions={name: bool(holds[-1]) for name, holds in conditions.items()},
        numbers={name: value for name, value in known.items() if math.isfinite(value)},
        missing=0,
    )
