"""A loop that stands still is seen while it does, with the place where it stands."""

import asyncio
import os
import time
from collections.abc import AsyncIterator, MutableMapping
from pathlib import Path
from typing import Any

import pytest

from app.engine import watchdog as watching
from app.engine.clock import SystemClock
from app.engine.watchdog import Watchdog
from app.trading.inputs import PriceSeen
from tests.api.stage import running, until
from tests.logs import heard

STALL_SECONDS = float(os.environ.get("STALL_SECONDS", "1"))
"""The full figure: STALL_SECONDS=5."""


@pytest.fixture
async def dog() -> AsyncIterator[Watchdog]:
    watchdog = Watchdog(SystemClock())
    watchdog.start()
    yield watchdog
    await watchdog.stop()


def careless(lines: list[MutableMapping[str, Any]], during: list[Any]) -> None:
    """Hold the loop, and note what the log said before it was let go."""
    time.sleep(STALL_SECONDS)
    during += [line for line in lines if line["event"] == "loop stalled"]


async def test_the_culprit_is_named_while_it_holds_the_loop(dog: Watchdog) -> None:
    during: list[Any] = []
    with heard() as lines:
        await asyncio.sleep(0.3)
        careless(lines, during)
        await until(lambda: any(line["event"] == "loop goes on" for line in lines))
    (line,) = during
    assert line["where"].endswith(" careless")
    assert line["where"].startswith("tests/engine/test_watchdog.py:")
    assert any("test_the_culprit_is_named" in place for place in line["calls"])
    assert sum(line["event"] == "loop stalled" for line in lines) == 1
    told = dog.snapshot()
    assert told["stalls"] == 1
    assert dog.longest >= 0.7 * STALL_SECONDS
    assert told["last_stall"] == line["where"]
    assert dog.last_at is not None


async def test_a_loop_that_runs_is_left_alone(dog: Watchdog) -> None:
    with heard() as lines:
        for _ in range(20):
            time.sleep(0.02)  # noqa: ASYNC251  # busy, and yet it answers
            await asyncio.sleep(0)
        await asyncio.sleep(0.3)
    assert not lines
    assert dog.stalls == 0


async def test_a_process_that_stood_still_itself_is_not_the_loops_fault(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    dog = Watchdog(SystemClock())
    times = iter([10.0])
    monkeypatch.setattr(watching, "perf_counter", lambda: next(times))
    waits = iter([False, True])
    monkeypatch.setattr(dog._alive, "wait", lambda _: next(waits))
    assert dog._comes_in_time(0.0)


async def test_it_can_be_stopped_while_the_loop_is_held() -> None:
    dog = Watchdog(SystemClock())
    dog.start()
    time.sleep(0.6)  # noqa: ASYNC251  # that is what it watches for
    await dog.stop()
    await dog.stop()
    assert dog.stalls == 1


async def test_exits_see_the_first_price_after_a_stall(tmp_path: Path) -> None:
    async with running(tmp_path) as stage:
        person = await stage.register()
        token = await stage.bought("HELD")
        seen: list[Any] = []
        careless([], seen)
        wish = PriceSeen(at=stage.now(), token=token.id, price=0.00102 * 0.8)
        await stage.live.submit(wish)
        (trade,) = (await stage.get(person, "/api/trades/{}"))["items"]
        assert trade["status"] == "finished"
        await until(lambda: stage.app.state.platform.watchdog.stalls >= 1)
        told = await stage.get(person, "/api/status")
        stalls = told["engine"]["loop_stalls"]
        assert stalls["count"] >= 1
        assert stalls["longest_ms"] >= 500 * STALL_SECONDS
        assert stalls["last_place"] is not None
        metrics = (await stage.client.get("/metrics")).text
        assert "stall" in metrics
