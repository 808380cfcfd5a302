"""The platform's own provider: the signal stream, token info and sentiment. Knows no candle."""

import asyncio
from itertools import count

from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse, StreamingResponse

from app.simulator.keys import draw
from app.simulator.market import Market
from app.simulator.sentiment import explain
from app.simulator.stream import SignalStream

_DEFAULT_TEXTS = 300


def provider_routes(market: Market, stopping: asyncio.Event) -> APIRouter:
    """Return /stream, /token and /rag/explain; streams end when `stopping` is set."""
    router = APIRouter()
    signals = SignalStream(market, stopping)
    config = market.config
    asked = count()

    @router.get("/stream")
    async def stream() -> Response:
        headers = {"cache-control": "no-cache", "x-accel-buffering": "no"}
        return StreamingResponse(signals.frames(), 200, headers, "text/event-stream")

    @router.get("/token/{mint}")
    async def token(mint: str) -> Response:
        found = market.universe.by_mint.get(mint)
        if found is None:
            return JSONResponse({"error": "unknown token"}, 404)
        body = {
            "symbol": found.symbol,
            "logo_url": None,
            "pair_address": found.pool,
            "decimals": found.decimals,
        }
        return JSONResponse(body)

    @router.get("/rag/explain")
    async def sentiment(coin: str, max_results: int = _DEFAULT_TEXTS) -> Response:
        request = next(asked)
        shortest, longest = config.sentiment_latency
        wait = shortest + (longest - shortest) * draw(config.seed, 46, request)
        await asyncio.sleep(wait)
        if draw(config.seed, 47, request) < config.sentiment_failures:
            return JSONResponse({"error": "the answer took too long"}, 503)
        found = market.universe.named(coin)
        return JSONResponse(explain(config.seed, found, market.now(), max_results))

    return router
