"""The simulator as one ASGI app. Knows no server."""

import asyncio

from fastapi import FastAPI

from app.simulator.config import SimulatorConfig
from app.simulator.gecko import GeckoProblem, RateLimited, gecko_routes, problem_response
from app.simulator.jupiter import jupiter_routes
from app.simulator.market import Market
from app.simulator.provider import provider_routes


def create_simulator(config: SimulatorConfig | None = None) -> FastAPI:
    """Build a market that speaks the wire contracts of the real providers.

    `app.state.stopping` is an asyncio.Event: set it and open signal streams end at once, which
    whoever serves the app must do before waiting for connections to close (embed does).
    """
    market = Market(config or SimulatorConfig())
    stopping = asyncio.Event()
    app = FastAPI(title="A small Solana market", docs_url=None, redoc_url=None, openapi_url=None)
    app.state.market = market
    app.state.stopping = stopping
    app.include_router(provider_routes(market, stopping))
    app.include_router(gecko_routes(market))
    app.include_router(jupiter_routes(market))
    app.add_exception_handler(GeckoProblem, problem_response)
    app.add_exception_handler(RateLimited, problem_response)
    return app
