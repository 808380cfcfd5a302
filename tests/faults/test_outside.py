"""Everything outside breaks in every way: the platform says so, and is well soon after."""

import asyncio
import random
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from app.simulator import SimulatorConfig, run_embedded
from tests.api.stage import Person, Stage, running
from tests.faults.feeds import numbered, watched_memory
from tests.faults.proxy import (
    Fault,
    Proxy,
    black_hole,
    clean,
    cut_after,
    drip,
    garbage,
    latency,
    proxied,
)
from tests.logs import heard

LINES_A_MINUTE = 60
MEMORY = 20_000_000
SETTLE = 60.0


@asynccontextmanager
async def market() -> AsyncIterator[Proxy]:
    """Serve the built-in market behind a proxy."""
    config = SimulatorConfig(seed=7, signal_every=1.0, sentiment_latency=(0.0, 0.0))
    simulator = await run_embedded(config)
    try:
        async with proxied(simulator.base_url) as proxy:
            yield proxy
    finally:
        await simulator.stop()


async def status(stage: Stage, person: Person) -> dict[str, Any]:
    told: dict[str, Any] = await stage.get(person, "/api/status")
    return told


def signals_of(told: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = next(one for one in told["services"] if one["name"] == "signals")
    return found


async def wait_for(
    stage: Stage, person: Person, holds: Callable[[dict[str, Any]], object]
) -> dict[str, Any]:
    """Ask for the status until it says something."""
    async with asyncio.timeout(SETTLE):
        while not holds(told := await status(stage, person)):  # noqa: ASYNC110 - it tells nobody
            await asyncio.sleep(0.1)
    return told


async def metrics(stage: Stage) -> str:
    return (await stage.client.get("/metrics")).text


async def test_events_that_are_none_are_counted_where_people_look(tmp_path: Path) -> None:
    async with numbered(20) as (_, url), proxied(url) as proxy:
        proxy.fault = garbage(random.Random(3))
        async with running(tmp_path, signals_url=proxy.url) as stage:
            person = await stage.register()
            told = await wait_for(
                stage, person, lambda it: signals_of(it)["counts"]["signals"] == 20
            )
            counts = signals_of(told)["counts"]
            assert counts["bad_json"] >= 19
            assert "not JSON" in signals_of(told)["last_error"]
            told_too = await metrics(stage)
            assert 'autotrader_signal_events_total{kind="bad_json"}' in told_too
            assert 'autotrader_signal_events_total{kind="signals"} 20.0' in told_too
            assert (await stage.client.get("/readyz")).status_code == 200


async def test_a_feed_that_falls_silent_is_visible(tmp_path: Path) -> None:
    """It lives and says nothing: its last signal grows old. It is gone: that is said too."""
    async with numbered(3) as (_, url), proxied(url) as proxy:
        fed = running(tmp_path, signals_url=proxy.url)
        async with fed as stage:
            person = await stage.register()
            await wait_for(stage, person, lambda it: signals_of(it)["counts"]["signals"] == 3)
            young = await age(stage)
            await asyncio.sleep(1.0)  # time in which nothing is said
            quiet = signals_of(await status(stage, person))
            assert quiet["connected"]
            assert quiet["last_byte_at"] > quiet["last_signal_at"]
            assert await age(stage) >= young + 1.0
            assert 'autotrader_age_seconds{of="signal"}' in await metrics(stage)
            proxy.down = True
            gone = await wait_for(stage, person, lambda it: not signals_of(it)["connected"])
            assert signals_of(gone)["counts"]["cut"] >= 1
            assert "autotrader_signals_connected 0.0" in await metrics(stage)
            proxy.down = False
            await wait_for(stage, person, lambda it: signals_of(it)["connected"])


async def age(stage: Stage) -> float:
    """Ask how old the last signal is."""
    told = (await stage.client.get("/readyz")).json()["age_seconds"]["signal"]
    assert told is not None
    return float(told)


@pytest.mark.timeout(300)
@pytest.mark.parametrize(
    ("seconds", "rounds"), [(0.5, 1), pytest.param(10.0, 1, marks=pytest.mark.slow)]
)
async def test_everything_outside_breaks(tmp_path: Path, seconds: float, rounds: int) -> None:
    """Signals, tokens, sentiment and candles, all of them in every way, one after another."""
    chance = random.Random(11)
    faults: list[Fault | None] = [latency(0.2), drip(0.0, 3), black_hole, cut_after(500)]
    faults += [garbage(chance), None]
    async with market() as proxy:
        addresses: dict[str, Any] = {
            "sentiment_url": proxy.url,
            "candles_url": proxy.url,
            "tokens_url": proxy.url,
        }
        async with running(tmp_path, signals_url=proxy.url, **addresses) as stage:
            person = await stage.register()
            before = await wait_for(stage, person, lambda it: it["prices"]["heard"] > 0)
            async with watched_memory() as memory:
                with heard() as lines:
                    for fault in faults * rounds:
                        proxy.fault, proxy.down = fault or clean, fault is None
                        proxy.drop()
                        await asyncio.sleep(seconds)
                        assert (await stage.client.get("/healthz")).status_code == 200
                    proxy.fault, proxy.down = clean, False
                    took = await recovery(stage, person)
            told = await status(stage, person)
    trouble = [line for line in lines if line["log_level"] not in {"debug", "info"}]
    names = f"signals after {took[0]:.2f} s, prices after {took[1]:.2f} s"
    print(f"{names}, memory +{memory.most / 1e6:.1f} MB, {len(trouble)} lines")  # noqa: T201
    assert memory.most < MEMORY
    assert len(trouble) <= LINES_A_MINUTE * (1 + seconds * len(faults) * rounds / 60)
    assert {task["restarts"] for task in told["tasks"]} == {0}
    after, first = signals_of(told)["counts"], signals_of(before)["counts"]
    assert after["cut"] > first["cut"]


async def recovery(stage: Stage, person: Person) -> tuple[float, float]:
    """Measure how long it takes until a signal and a price come again."""
    loop = asyncio.get_running_loop()
    healed, now = loop.time(), (await status(stage, person))["at"]
    await wait_for(stage, person, lambda it: (signals_of(it)["last_signal_at"] or "") > now)
    signals = loop.time() - healed
    await wait_for(stage, person, lambda it: it["prices"]["oldest"]["at"] > now)
    return signals, loop.time() - healed
