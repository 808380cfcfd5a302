"""GeckoTerminal's public API, as much as the platform speaks of it. Knows no price of its own."""

import asyncio
import math
from collections import deque
from uuid import NAMESPACE_URL, uuid5

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse

from app.simulator.candles import Candles, Currency, Side, View
from app.simulator.market import Market
from app.simulator.pools import included, meta, pool_resource
from app.simulator.tokens import SimToken
from app.simulator.trades import TradeFeed

_UNITS = {
    "second": (1, (1, 15, 30)),
    "minute": (60, (1, 5, 15)),
    "hour": (3600, (1, 4, 12)),
    "day": (86_400, (1,)),
}
MOST_ROWS = 1_000
DEFAULT_ROWS = 100
_LAST_PAGE = 10
_MOST_DIGITS = 19
_LATEST_TIMESTAMP = 2**53
_LIMITED = (
    "You've exceeded the Rate Limit. Please visit the pricing page to subscribe to a plan with "
    "higher rate limits."
)


class GeckoProblem(Exception):
    """A request that the service refuses, with its status and title."""

    def __init__(self, status: int, title: str) -> None:
        super().__init__(title)
        self.status = status
        self.title = title


class RateLimited(Exception):
    """Too many requests; `retry_after` in whole seconds."""

    def __init__(self, retry_after: int) -> None:
        super().__init__(_LIMITED)
        self.retry_after = retry_after


def problem_response(request: Request, problem: Exception) -> Response:
    """Write a refusal in the service's two shapes."""
    if isinstance(problem, RateLimited):
        body = {"status": {"error_code": 429, "error_message": _LIMITED}}
        return JSONResponse(body, 429, headers={"retry-after": str(problem.retry_after)})
    if not isinstance(problem, GeckoProblem):
        raise problem
    errors = [{"status": str(problem.status), "title": problem.title}]
    reference = str(uuid5(NAMESPACE_URL, str(request.url)))
    return JSONResponse({"errors": errors, "meta": {"ref_id": reference}}, problem.status)


class _Allowance:
    """Counts requests of the last minute, if the market limits them."""

    def __init__(self, market: Market) -> None:
        self._limit = market.config.requests_per_minute
        self._now = market.config.now
        self._taken: deque[float] = deque()

    def take(self) -> None:
        if self._limit is None:
            return
        now = self._now()
        while self._taken and self._taken[0] <= now - 60:
            self._taken.popleft()
        if len(self._taken) >= self._limit:
            first = self._taken[0] if self._taken else now
            raise RateLimited(math.ceil(first + 60 - now))
        self._taken.append(now)


def gecko_routes(market: Market) -> APIRouter:
    """Return the routes under /networks/solana."""
    router = APIRouter(prefix="/networks/solana")
    feed, allowance = TradeFeed(market), _Allowance(market)
    _add_candles(router, market, allowance)

    @router.get("/tokens/{mint}/pools")
    async def pools(mint: str, page: str = "1", include: str = "") -> Response:
        allowance.take()
        token = _known(market.universe.by_mint.get(mint))
        number = whole_number("page", page, 1, None)
        if number > _LAST_PAGE:
            raise GeckoProblem(401, f"You can only access up to page {_LAST_PAGE} with Public API")
        body: dict[str, object] = {"data": [pool_resource(market, token)] if number == 1 else []}
        if include and number == 1:
            body["included"] = included(market, token, set(include.split(",")))
        return JSONResponse(body)

    @router.get("/pools/{pool}")
    async def pool(pool: str) -> Response:
        allowance.take()
        token = _known(market.universe.by_pool.get(pool))
        return JSONResponse({"data": pool_resource(market, token)})

    @router.get("/pools/{pool}/trades")
    async def trades(pool: str, trade_volume_in_usd_greater_than: str = "0") -> Response:
        allowance.take()
        token = _known(market.universe.by_pool.get(pool))
        least = _number("trade_volume_in_usd_greater_than", trade_volume_in_usd_greater_than)
        return _json(f'{{"data":[{",".join(feed.newest(token, least))}]}}')

    return router


def _add_candles(router: APIRouter, market: Market, allowance: _Allowance) -> None:
    candles, doubled = Candles(market), "duplicate_candle" in market.config.faults

    @router.get("/pools/{pool}/ohlcv/{unit}")
    async def ohlcv(
        pool: str,
        unit: str,
        *,
        aggregate: str = "1",
        before_timestamp: str = "",
        limit: str = str(DEFAULT_ROWS),
        currency: str = "usd",
        token: str = "base",  # noqa: S107 - a token is a coin here, not a secret
        include_empty_intervals: str = "false",
    ) -> Response:
        allowance.take()
        found = _known(market.universe.by_pool.get(pool))
        step = step_seconds(unit, aggregate)
        before = None
        if before_timestamp:
            before = whole_number("before_timestamp", before_timestamp, 0, _LATEST_TIMESTAMP)
        count = whole_number("limit", limit, 1, MOST_ROWS)
        view = View(found, _currency(currency), _side(found, token))
        for _ in candles.warm(view, step, count, before):
            await asyncio.sleep(0)
        empty = include_empty_intervals.lower() == "true"
        rows = candles.lines(view, step, count, before, empty=empty)
        return _ohlcv(found, rows[:1] + rows if doubled else rows)


def _known(token: SimToken | None) -> SimToken:
    if token is None:
        raise GeckoProblem(404, "Not Found")
    return token


def step_seconds(unit: str, aggregate: str) -> int:
    """Read how many seconds a candle is asked to last. Raises GeckoProblem."""
    if unit not in _UNITS:
        raise GeckoProblem(400, f"Invalid timeframe. Allowed values: {', '.join(_UNITS)}")
    seconds, allowed = _UNITS[unit]
    if aggregate not in {str(value) for value in allowed}:
        listed = ", ".join(str(value) for value in allowed)
        raise GeckoProblem(400, f"Invalid aggregate. Allowed values: {listed}")
    return seconds * int(aggregate)


def _currency(currency: str) -> Currency:
    if currency == "usd":
        return "usd"
    if currency == "token":
        return "token"
    raise GeckoProblem(400, "Invalid currency. Allowed values: usd, token")


def _side(token: SimToken, side: str) -> Side:
    if side in {"base", token.mint}:
        return "base"
    if side in {"quote", token.quote_mint}:
        return "quote"
    raise GeckoProblem(400, "Invalid token. Allowed values: base, quote, or a token of this pool")


def whole_number(name: str, text: str, least: int, most: int | None) -> int:
    """Read a parameter that is a whole number within bounds. Raises GeckoProblem."""
    value = int(text) if text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS else -1
    if value < least or (most is not None and value > most):
        bounds = f"from {least}" if most is None else f"from {least} to {most}"
        raise GeckoProblem(400, f"Invalid {name}. Allowed values: {bounds}")
    return value


def _number(name: str, text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise GeckoProblem(400, f"Invalid {name}. Allowed values: a number")
    return value


def _ohlcv(token: SimToken, rows: list[str]) -> Response:
    described = JSONResponse(meta(token)).body
    identity = uuid5(NAMESPACE_URL, token.pool)
    return _json(
        f'{{"data":{{"id":"{identity}","type":"ohlcv_request_response",'
        f'"attributes":{{"ohlcv_list":[{",".join(rows)}]}}}},'
        f'"meta":{bytes(described).decode()}}}'
    )


def _json(text: str) -> Response:
    return Response(text, media_type="application/json")
