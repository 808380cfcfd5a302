"""The market: candles of one second for every token at any time up to now, and the one forming.

A price depends on seed, token and Unix second only, so two requests always agree and a market that
was killed goes on where the clock stands. Knows no route and no wire format.
"""

from collections.abc import Callable

import numpy as np

from app.simulator.blocks import CLOSE, HIGH, LOW, OPEN, VOLUME, Rows, make_block
from app.simulator.config import SimulatorConfig
from app.simulator.recent import Recent
from app.simulator.tokens import EPISODE_SECONDS, SimToken, Universe

SECONDS_KEPT = 7_200
"""How far candles shorter than a minute reach back."""
HOURS_KEPT = 48
INDEX_HOURS_KEPT = 168

_STAGES = (0.0, 0.2, 0.4, 0.6, 1.0)
"""Parts of a second at which its price stands at open, first extreme, other one, close, close."""
_LATE = (0.0, 0.92, 0.94, 0.97, 1.0)
_EARLY = (0.0, 0.01, 0.02, 0.04, 1.0)
_SUDDEN = 0.2
"""A single buyer or seller who moves the price by this much: a rise comes at the end of its second
and a fall at the start, so that whoever looks once a second sees a wick rise and fall at once."""


class Market:
    """Prices of a universe of tokens. Memory is bounded: old episodes are made anew if needed."""

    def __init__(self, config: SimulatorConfig) -> None:
        self.config = config
        self.universe = Universe(config)
        self.now: Callable[[], float] = config.clock()
        episodes = SECONDS_KEPT // EPISODE_SECONDS + 3
        self._blocks: Recent[tuple[int, int], Rows] = Recent(
            episodes * len(self.universe.everything)
        )

    def seconds(self, token: SimToken, start: int, end: int) -> Rows:
        """Return the candles of the Unix seconds from start (inclusive) to end, oldest first.

        It is the caller who must not look into the future.
        """
        if end <= start:
            return np.empty((0, 5))
        parts: list[Rows] = []
        for episode in range(token.episode(start), token.episode(end - 1) + 1):
            first = token.episode_start(episode)
            block = self._block(token, episode)
            parts.append(block[max(0, start - first) : end - first])
        return parts[0] if len(parts) == 1 else np.concatenate(parts)

    def forming(self, token: SimToken, now: float) -> Rows:
        """Return the candle of the second that `now` is in, as far as it has come: one row."""
        second = int(now)
        passed = now - second
        row = self.seconds(token, second, second + 1)[0]
        opened, closed = float(row[OPEN]), float(row[CLOSE])
        extremes = [float(row[LOW]), float(row[HIGH])]
        if closed < opened:
            extremes.reverse()
        stations = [opened, *extremes, closed, closed]
        stages = _stages(closed / opened)
        price = float(np.interp(passed, stages, stations))
        seen = [price]
        seen += [at for stage, at in zip(stages, stations, strict=True) if stage <= passed]
        volume = np.floor(row[VOLUME] * passed)
        return np.array([[opened, max(seen), min(seen), price, volume]])

    def price(self, token: SimToken, now: float) -> float:
        """Return the last price in the token's quote (SOL; the index: USDC)."""
        return float(self.forming(token, now)[0, CLOSE])

    def close(self, token: SimToken, second: int) -> float:
        """Return the price at which a Unix second closed."""
        return float(self.seconds(token, second, second + 1)[0, CLOSE])

    def usd(self, token: SimToken, now: float) -> float:
        """Return the last price in US dollars."""
        price = self.price(token, now)
        return price if token.is_index else price * self.price(self.universe.index, now)

    def history_start(self, token: SimToken, now: float) -> int:
        """Return the Unix second, a full hour, before which nothing is told about a token."""
        kept = INDEX_HOURS_KEPT if token.is_index else HOURS_KEPT
        return (int(now) // 3600 - kept) * 3600

    def created(self, token: SimToken) -> int:
        """Return when a pool says it was made: the midnight (Unix) before its history starts."""
        return (self.history_start(token, self.now()) - 86_400) // 86_400 * 86_400

    def _block(self, token: SimToken, episode: int) -> Rows:
        key = (token.number, episode)
        return self._blocks.get(key, lambda: make_block(self.config, token, episode))


def _stages(ratio: float) -> tuple[float, ...]:
    if ratio > 1 + _SUDDEN:
        return _LATE
    return _EARLY if ratio < 1 - _SUDDEN else _STAGES
