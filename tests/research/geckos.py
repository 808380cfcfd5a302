"""A service on loopback that speaks GeckoTerminal's contract about the candles of one pool."""

import time
from collections.abc import Callable
from typing import Any

import polars as pl
from starlette.requests import Request

from app.providers.gecko import SOL
from tests.providers.gecko_bodies import MINT, POOL, USDC, ohlcv, pool
from tests.research.series import candles

MINUTE = 60_000
Fault = Callable[[int], object | None]
"""What the service answers to its n-th question about candles instead; None = nothing wrong."""


def recent(rows: int, *, ago: int = 10, seed: int = 1) -> pl.DataFrame:
    """Make candles of a minute that ended some minutes ago."""
    end = time.time_ns() // 1_000_000 // MINUTE * MINUTE - ago * MINUTE
    return candles(rows, start=end - rows * MINUTE, seed=seed)


class Gecko:
    """Answers like the service; remembers the `before_timestamp` of each question."""

    def __init__(self, frame: pl.DataFrame, fault: Fault = lambda _: None) -> None:
        self.frame = frame
        self.fault = fault
        self.before: list[int] = []
        self.paths: list[str] = []

    def __call__(self, request: Request) -> object:
        """Answer a question."""
        self.paths.append(request.url.path)
        if "/ohlcv/" in request.url.path:
            return self._candles(dict(request.query_params))
        listed = pool(POOL, SOL, "1000")
        listed["attributes"] = {**_dict(listed["attributes"]), "name": "BONK / SOL 0.3%"}
        if request.url.path.endswith(f"/tokens/{MINT}/pools"):
            return {"data": [pool(USDC, USDC, "1"), listed]}
        if request.url.path.endswith(f"/pools/{POOL}"):
            return {"data": listed}
        return 404, {"errors": [{"status": "404", "title": "Not Found"}]}

    def _candles(self, query: dict[str, str]) -> object:
        before, limit = int(query["before_timestamp"]), int(query["limit"])
        self.before.append(before)
        assert before % 60 == 0
        assert 1 <= limit <= 1_000
        wrong = self.fault(len(self.before))
        if wrong is not None:
            return wrong
        rows = self.frame.filter(pl.col("time") < before * 1_000).tail(limit)
        seconds = rows.with_columns(pl.col("time") // 1_000)
        newest_first = [list(row) for row in seconds.reverse().rows()]
        return ohlcv(newest_first[:1] + newest_first)


def _dict(value: Any) -> dict[str, object]:
    assert isinstance(value, dict)
    return value
