"""A small Solana market over HTTP, with the wire contracts of the real providers."""

from app.simulator.app import create_simulator
from app.simulator.config import Fault, SimulatorConfig
from app.simulator.embed import EmbeddedSimulator, run_embedded, run_standalone
from app.simulator.tokens import INDEX_MINT, INDEX_POOL

__all__ = [
    "INDEX_MINT",
    "INDEX_POOL",
    "EmbeddedSimulator",
    "Fault",
    "SimulatorConfig",
    "create_simulator",
    "run_embedded",
    "run_standalone",
]
