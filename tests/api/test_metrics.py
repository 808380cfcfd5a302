"""Nothing hidden: every stage is counted, and readiness says what does not work."""

import asyncio
from collections.abc import Mapping
from typing import Any

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from app.api import readiness
from app.store.errors import StoreBusyError
from app.trading.inputs import Beat
from tests.api.stage import Stage, running


async def scraped(stage: Stage) -> Mapping[str, float]:
    """Return every sample by its name and labels."""
    text = (await stage.client.get("/metrics")).raise_for_status().text
    families = list(text_string_to_metric_families(text))
    names = [family.name for family in families]
    assert len(names) == len(set(names))
    return {
        one.name + "".join(f"|{name}={value}" for name, value in sorted(one.labels.items())): (
            one.value
        )
        for family in families
        for one in family.samples
    }


async def readyz(stage: Stage) -> tuple[int, Mapping[str, Any]]:
    response = await stage.client.get("/readyz")
    return response.status_code, response.json()


async def until(stage: Stage, wanted: int) -> Mapping[str, Any]:
    """Ask until it is as wanted."""
    async with asyncio.timeout(10):
        while True:
            status, told = await readyz(stage)
            if status == wanted:
                return told
            await asyncio.sleep(0.05)


async def test_every_stage_of_a_trade_is_counted(stage: Stage) -> None:
    before = await scraped(stage)
    person = await stage.register()
    token = await stage.bought()
    await stage.close(token, 0.0001)
    after = await scraped(stage)
    grew = {name for name in after if after[name] > before.get(name, 0)}
    assert grew >= {
        "autotrader_signals_received_total|source=test",
        "autotrader_decisions_total|reason=|verdict=taken",
        "autotrader_trades_opened_total",
        "autotrader_ticks_total",
        "autotrader_batch_inputs_count",
        "autotrader_pass_seconds_sum",
        "autotrader_commit_seconds_count",
        "autotrader_input_lag_seconds_bucket|le=+Inf",
        "autotrader_http_requests_total|method=POST|route=register|status=2xx",
        "autotrader_trades_closed_total|reason=stop_loss",
    }
    assert after["autotrader_engine_up"] == after["autotrader_engine_wanted"] == 1
    assert after["autotrader_database_bytes"] > 4096
    assert after["process_resident_memory_bytes"] > 1e6
    assert person.wallet not in str(after)
    assert (await readyz(stage))[1]["age_seconds"]["decision"] < 60


async def test_names_and_units_follow_the_conventions(stage: Stage) -> None:
    text = (await stage.client.get("/metrics")).text
    for family in text_string_to_metric_families(text):
        if family.name.startswith(("process_", "python_")):
            continue
        assert family.documentation.endswith("."), family.name
        assert family.name.startswith("autotrader_")
        assert not family.name.endswith(("_ms", "_milliseconds", "_count", "_total")), family.name
        for sample in family.samples:
            assert sample.name.endswith("_total") == (family.type == "counter"), sample.name


async def test_a_working_platform_is_ready(stage: Stage) -> None:
    status, told = await readyz(stage)
    assert (status, told["ready"]) == (200, True)
    assert told["checks"].keys() == {"database", "engine", "commits", "tasks"}
    assert told["age_seconds"].keys() == {"signal", "price", "decision", "commit"}
    assert told["engine"]["tasks"]["beat"]["state"] == "running"


async def test_commits_that_fail_for_long_are_not_ready(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(readiness, "COMMIT_SECONDS", 0.2)
    commit = stage.app.state.journal.commit

    async def busy(*_: object, **__: object) -> None:
        message = "locked"
        raise StoreBusyError(message)

    monkeypatch.setattr(stage.app.state.journal, "commit", busy)
    await stage.live.post(Beat(at=stage.now()))
    registering = asyncio.create_task(stage.client.post("/api/register"))
    told = await until(stage, 503)
    assert told["checks"]["commits"]["detail"].startswith("nothing was committed for ")
    counted = await scraped(stage)
    assert counted["autotrader_commits_failing_seconds"] > 0
    assert counted["autotrader_commit_failures_total"] > 0
    monkeypatch.setattr(stage.app.state.journal, "commit", commit)
    await until(stage, 200)
    await registering


async def test_a_task_that_is_down_is_named(stage: Stage) -> None:
    states = stage.app.state.platform._inner.states
    states["listen"].state = "waiting"
    try:
        status, told = await readyz(stage)
        assert status == 503
        assert told["checks"]["tasks"] == {"ok": False, "detail": "not running: listen"}
        assert (await scraped(stage))["autotrader_task_up|task=listen"] == 0
    finally:
        states["listen"].state = "running"
    states["index"].state, before = "waiting", states["index"].state
    assert (await readyz(stage))[0] == 200, "the index decides nothing"
    states["index"].state = before


async def test_a_process_without_an_engine_is_ready(tmp_path: Any) -> None:
    async with running(tmp_path, engine=False) as stage:
        status, told = await readyz(stage)
        assert status == 200
        assert told["checks"].keys() == {"database", "engine"}
        assert (await scraped(stage))["autotrader_engine_wanted"] == 0


async def test_strangers_see_neither_hosts_nor_tasks(stage: Stage) -> None:
    transport = httpx.ASGITransport(stage.app, client=("192.0.2.7", 5))
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as outside:
        told = (await outside.get("/readyz")).json()
        assert told["engine"] == {}
        assert told["ready"] is True
        assert (await outside.get("/metrics")).status_code == 404
