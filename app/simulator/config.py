"""The settings of a simulated market, and its clock. Knows no route and no price."""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

Fault = Literal["bad_json", "missing_mint", "invalid_mint", "huge_event", "cut", "duplicate_candle"]
"""What a market may do wrong when a test asks: each stream fault happens once per market."""

_BOUNDS = {
    "seed": (0, 2**63 - 1),
    "token_count": (1, 64),
    "volatility": (0.0, 0.5),
    "drift": (-0.01, 0.01),
    "sentiment_failures": (0.0, 1.0),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class SimulatorConfig:
    """What a market is made of. The same seed gives the same market, whenever it is started.

    `speed` is simulated seconds per real second. At speed 1 simulated time is the clock's own, so
    a restarted market goes on where the clock stands. At other speeds it runs from `anchor` (Unix
    seconds; the moment of creation unless given), and only a fixed anchor survives a restart.

    `initial_price` is the price of the first token in SOL; the others stand up to five orders of
    magnitude below it. `volatility` scales the noise and `drift` the height of the moves, where
    0.02 and 0.001 are the usual strength. `weak_signal_every` is how many seconds pass between
    signals for a token that is about to fall, after the two that a market opens with. Sentiment
    answers after `sentiment_latency` real seconds and fails with 503 at `sentiment_failures` (a
    share of requests). `requests_per_minute` limits the candle routes. Raises ValueError.
    """

    seed: int = 1
    speed: float = 1.0
    anchor: float | None = None
    initial_price: float = 0.01
    drift: float = 0.001
    volatility: float = 0.02
    token_count: int = 12
    signal_every: float = 10.0
    weak_signal_every: float = 1800.0
    keepalive_every: float = 2.0
    sentiment_latency: tuple[float, float] = (0.15, 0.8)
    sentiment_failures: float = 0.03
    requests_per_minute: int | None = None
    faults: tuple[Fault, ...] = ()
    now: Callable[[], float] = time.time

    def __post_init__(self) -> None:
        positive = {
            "speed": self.speed,
            "initial_price": self.initial_price,
            "signal_every": self.signal_every,
            "weak_signal_every": self.weak_signal_every,
            "keepalive_every": self.keepalive_every,
        }
        for name, value in positive.items():
            if not (math.isfinite(value) and value > 0):
                raise ValueError(f"{name} must be a positive number, not {value}")
        for name, (least, most) in _BOUNDS.items():
            if not least <= getattr(self, name) <= most:
                raise ValueError(
                    f"{name} must be from {least} to {most}, not {getattr(self, name)}"
                )

    def clock(self) -> Callable[[], float]:
        """Return the simulated clock, in Unix seconds."""
        now, speed = self.now, self.speed
        if speed == 1.0:
            return now
        anchor = now() if self.anchor is None else self.anchor
        return lambda: anchor + (now() - anchor) * speed
