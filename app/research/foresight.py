"""Strategies asked once about a whole history, instead of candle by candle.

An entry strategy answers every row from the rows of its window alone, so asking about all candles
at once gives what it would have said live; the promises of every strategy test that.
"""

from collections.abc import Sequence

import numpy as np

from app.research.loading import Loaded
from app.trading.amounts import Ints
from app.trading.entry import EntryStrategy, Verdict
from app.trading.market import Candle, Token
from app.trading.watches import Answers, Question, Window

NO = Verdict(confirmed=False, numbers={}, reason="")
YES = Verdict(confirmed=True, numbers={}, reason="")


def confirmed_rows(strategy: EntryStrategy, loaded: Loaded) -> Ints:
    """Find the candles, counted from the first that may be traded, at which a strategy confirms."""
    rows = np.flatnonzero(strategy.evaluate(loaded.frame).confirmed)
    rows = rows[rows >= max(strategy.lookback - 1, loaded.warm)]
    return rows - loaded.warm


class Foreseen(Answers):
    """Answers that are known for a moment: which questions are confirmed at one candle."""

    def __init__(self, confirmed: frozenset[int]) -> None:
        super().__init__(Window(1), ())
        self._confirmed = confirmed

    def of(self, number: int) -> Verdict:
        """Return the verdict of a question by its number."""
        return YES if number in self._confirmed else NO


class Foresight:
    """What every question will answer, by token and candle time."""

    def __init__(self, questions: Sequence[Question], tokens: Sequence[Loaded]) -> None:
        self._at: list[dict[int, frozenset[int]]] = []
        for loaded in tokens:
            times = loaded.frame.get_column("time").to_numpy()[loaded.warm :]
            found: dict[int, set[int]] = {}
            for number, question in enumerate(questions):
                for time in times[confirmed_rows(question.strategy, loaded)].tolist():
                    found.setdefault(time, set()).add(number)
            self._at.append({time: frozenset(numbers) for time, numbers in found.items()})

    def times(self, place: int) -> dict[int, frozenset[int]]:
        """Return the candle times of a token at which anything is confirmed."""
        return self._at[place]

    def answers(self, token: Token, candle: Candle) -> Answers:
        """Answer in the place of a window; token ids follow the places, from 1 on."""
        return Foreseen(self._at[token.id - 1].get(candle.time, frozenset()))
