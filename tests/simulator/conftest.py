"""A market on loopback, and a clock that a test turns by hand."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

import httpx
import pytest

from app.simulator import EmbeddedSimulator, SimulatorConfig, run_embedded
from app.simulator.market import Market

NOON = 1_795_262_400.0
"""21 November 2026, 12:00 UTC."""


@dataclass
class HandClock:
    """A clock that stands still until it is set."""

    time: float = NOON + 17.5

    def __call__(self) -> float:
        return self.time


@dataclass(frozen=True)
class Served:
    """A running market with a client that talks to it."""

    simulator: EmbeddedSimulator
    client: httpx.AsyncClient
    clock: HandClock

    @property
    def market(self) -> Market:
        market: Market = self.simulator.app.state.market
        return market


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def config(clock: HandClock) -> SimulatorConfig:
    return SimulatorConfig(seed=7, now=clock, sentiment_latency=(0.0, 0.0), sentiment_failures=0.0)


@pytest.fixture
async def served(config: SimulatorConfig, clock: HandClock) -> AsyncIterator[Served]:
    simulator = await run_embedded(config)
    async with httpx.AsyncClient(base_url=simulator.base_url, timeout=10) as client:
        yield Served(simulator, client, clock)
    await simulator.stop()
