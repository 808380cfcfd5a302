"""Many combinations over the same history: each is a wallet of its own, all in one pass.

The history may be cut into spans, each begun with fresh wallets; strategies were asked about the
whole of it, so that a span's first candles are warmed up by those before.
"""

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import numpy as np

from app.research.loading import Loaded
from app.research.outcome import ends_of_days
from app.research.requests import SweepRequest
from app.research.space import Combination
from app.research.walked import Path, entry_places, held_ms, kernels, path_of
from app.trading import exits, walk
from app.trading.amounts import Ints, to_lamports
from app.trading.exits import Plans
from app.trading.follow import MOST_SALES
from app.trading.walk import Combinations, Questions, Room, Terms

AT_ONCE = 64
"""Combinations that a thread takes at a time."""

KEPT_ROWS = 100_000


class Span(NamedTuple):
    """Candles [first, last) of those that may be traded."""

    first: int
    last: int


class Played(NamedTuple):
    """What a span gave: a row for each trade, and equity by combination and day.

    `trades` has the columns combination, entry time, exit time (−1 while open), cost, P&L (of what
    was sold); `equity` one more column than `times`' first, the start.
    """

    trades: Ints
    times: Ints
    equity: Ints


class TooLarge(Exception):
    """A price is too large for a pass: the engine must lead these wallets."""


class Passes:
    """The history of one token, laid out for passes."""

    def __init__(
        self, request: SweepRequest, loaded: Loaded, chosen: Sequence[Combination]
    ) -> None:
        self._path = path_of(loaded, request.price_path)
        self._width = loaded.width
        costs, sizing = request.costs, request.sizing
        cash = to_lamports(request.initial_sol)
        self._terms = walk.terms(cash, sizing, costs, loaded.run.decimals)
        strategies = list(dict.fromkeys(one.strategy for one in chosen))
        plans = list(dict.fromkeys(one.exit for one in chosen))
        per_candle = self._path.per_candle
        self._entries = [entry_places(one, loaded, per_candle) for one in strategies]
        self._plans = exits.plans(plans)
        questions = {one: number for number, one in enumerate(strategies)}
        numbers = {one: number for number, one in enumerate(plans)}
        self._all = Combinations(
            np.array([questions[one.strategy] for one in chosen], np.int64),
            np.array([numbers[one.exit] for one in chosen], np.int64),
            np.array([held_ms(one.exit, loaded.width) for one in chosen], np.int64),
        )

    def play(self, span: Span) -> Played:
        """Lead every combination through a span, on all cores. Raises TooLarge."""
        work = _Work(self._plans, self._terms, self._cut(span), self._questions(span))
        many = len(self._all.plan)
        parts = [
            Combinations(*(column[first : first + AT_ONCE] for column in self._all))
            for first in range(0, many, AT_ONCE)
        ]
        with ThreadPoolExecutor(os.cpu_count()) as threads:
            done = list(threads.map(work.play, parts))
        kept = []
        for first, (rows, _) in zip(range(0, many, AT_ONCE), done, strict=True):
            rows[:, 0] += first
            kept.append(rows)
        trades = np.concatenate(kept) if kept else np.zeros((0, walk.KEPT_WIDTH), np.int64)
        times = work.path.times
        trades[:, 1] = times[trades[:, 1]]
        trades[:, 2] = np.where(trades[:, 2] >= 0, times[trades[:, 2]], -1)
        start = np.full((many, 1), self._terms.cash)
        equity = np.hstack((start, np.vstack([part for _, part in done])))
        opened = int(times[work.path.per_candle - 1]) - self._width
        return Played(trades, np.concatenate(([opened], times[work.marks])), equity)

    def _cut(self, span: Span) -> Path:
        per = self._path.per_candle
        part = slice(span.first * per, span.last * per)
        return Path(self._path.prices[part], self._path.times[part], per)

    def _questions(self, span: Span) -> Questions:
        first, last = (edge * self._path.per_candle for edge in span)
        cut = [one[(one >= first) & (one < last)] - first for one in self._entries]
        bounds = np.cumsum([0, *(len(one) for one in cut)])
        return Questions(np.concatenate(cut), bounds.astype(np.int64))


class _Work:
    """One span with what all threads share of it."""

    def __init__(self, plans: Plans, terms: Terms, path: Path, questions: Questions) -> None:
        self.path = path
        self._plans, self._terms, self._questions = plans, terms, questions
        closes = np.arange(path.per_candle - 1, len(path.prices), path.per_candle)
        self.marks = closes[ends_of_days(path.times[closes])]
        self._kernels = kernels()

    def play(self, part: Combinations) -> tuple[Ints, Ints]:
        """Lead some combinations; returns their rows of trades, and of equity."""
        most = int(np.diff(self._questions.bounds).max(initial=0))
        many = len(part.plan)
        room = Room(
            np.zeros((most, walk.TRADE_WIDTH), np.int64),
            np.zeros((most * MOST_SALES, walk.SALE_WIDTH), np.int64),
            np.zeros((max(most, KEPT_ROWS), walk.KEPT_WIDTH), np.int64),
            np.zeros((many, len(self.marks)), np.int64),
        )
        kept, done = [], 0
        while done < many:
            done, rows = self._kernels.walk_each(
                self._plans,
                self._terms,
                self.path.prices,
                self.path.times,
                self.path.per_candle,
                self._questions,
                part,
                self.marks,
                room,
                done,
            )
            if rows < 0:
                raise TooLarge
            kept.append(room.kept[:rows].copy())
        return np.concatenate(kept), room.equity
