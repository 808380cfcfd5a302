"""A small Solana market over HTTP, with the wire contracts of the real providers."""

from app.simulator.app import create_simulator
from app.simulator.config import Fault, SimulatorConfig
from app.simulator.embed import (
    EmbeddedSimulator,
    embed,
    run_alone,
    run_embedded,
    run_standalone,
)
from app.simulator.recorded import create_recorded_market
from app.simulator.recordings import NotARecording, RecordedConfig, first_start
from app.simulator.tokens import INDEX_MINT, INDEX_POOL

__all__ = [
    "INDEX_MINT",
    "INDEX_POOL",
    "EmbeddedSimulator",
    "Fault",
    "NotARecording",
    "RecordedConfig",
    "SimulatorConfig",
    "create_recorded_market",
    "create_simulator",
    "embed",
    "first_start",
    "run_alone",
    "run_embedded",
    "run_standalone",
]
