"""Candles to run on, and how tests ask for runs and wait for them."""

import asyncio
import math
from itertools import pairwise
from typing import Any

import httpx
from pydantic import TypeAdapter

from app.api.shapes.research import BacktestOut, SweepOut
from tests.api.stage import Person, Stage

MINUTE = 60
START = 1_700_000_040 // 300 * 300
ENDED = {"finished", "failed", "cancelled"}
SHAPES: dict[str, TypeAdapter[Any]] = {
    "backtests": TypeAdapter(BacktestOut),
    "sweeps": TypeAdapter(SweepOut),
}


def rows(many: int = 2_000) -> list[list[float]]:
    """Make candles of five minutes that rise and fall: averages cross again and again."""
    waves = (1 + 0.3 * math.sin(n / 20) + 0.05 * math.sin(n / 3) for n in range(many + 1))
    closes = [1e-6 * wave for wave in waves]
    pairs = pairwise(closes)
    return [
        [START + 300 * number, first, max(first, last), min(first, last), last, 1e3 + number % 7]
        for number, (first, last) in enumerate(pairs)
    ]


def backtest(many: int = 2_000, **changes: Any) -> dict[str, Any]:
    """Ask for a backtest on them."""
    candles = {"source": "inline", "symbol": "WAVE", "rows": rows(many)}
    entry = {"strategy": "sma_crossover", "params": {"fast": 5, "slow": 15}}
    return {"candles": candles, "entry": entry, **changes}


def sweep(many: int = 2_000, **changes: Any) -> dict[str, Any]:
    """Ask for a sweep on them."""
    entry = {"strategy": "sma_crossover", "params": {"fast": [3, 5, 8], "slow": 15}}
    exits = {"stop_loss": [0.05, 0.1], "trailing_stop": [0.1, 0.2]}
    return {**backtest(many), "entry": entry, "exit": exits, **changes}


def long() -> dict[str, Any]:
    """Ask for a sweep that takes a while."""
    return sweep(
        30_000,
        search={"method": "random", "samples": 2_000},
        walk_forward=20,
        exit={"stop_loss": {"min": 0.01, "max": 0.5}, "trailing_stop": {"min": 0.01, "max": 0.5}},
    )


async def post(stage: Stage, person: Person, noun: str, body: Any, **more: Any) -> httpx.Response:
    """Ask for a run."""
    headers = {**person.headers, **more.pop("headers", {})}
    return await stage.client.post(f"/api/{noun}", json=body, headers=headers, **more)


async def begun(stage: Stage, person: Person, noun: str, body: Any, **more: Any) -> int:
    """Ask for a run that is taken; answers its number."""
    response = await post(stage, person, noun, body, **more)
    assert response.status_code == 202, response.text
    number = response.json()["id"]
    assert response.headers["location"] == f"/api/{noun}/{number}"
    return int(number)


async def become(
    stage: Stage, person: Person, noun: str, number: int, states: set[str] = ENDED, **params: Any
) -> Any:
    """Wait until a run is in one of some states."""
    async with asyncio.timeout(60):
        while True:
            found = await stage.get(person, f"/api/{noun}/{number}", **params)
            SHAPES[noun].validate_python(found)
            if found["status"] in states:
                return found
            await asyncio.sleep(0.05)


async def done(stage: Stage, person: Person, noun: str, body: Any, **more: Any) -> Any:
    """Ask for a run and wait for its end."""
    return await become(stage, person, noun, await begun(stage, person, noun, body, **more))
