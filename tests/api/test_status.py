"""How the platform tells that it is well: one answer for the page, measured and typed."""

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from app.engine import pulse as measuring
from app.store.errors import StoreBusyError, StoreUnavailableError
from app.store.version import known_fault
from tests.api.stage import Person, Stage, running


async def status(stage: Stage, person: Person) -> Mapping[str, Any]:
    told: Mapping[str, Any] = await stage.get(person, "/api/status")
    return told


def named(told: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    services: Mapping[str, Any] = {one["name"]: one for one in told["services"]}
    service: Mapping[str, Any] = services[name]
    return service


async def until(stage: Stage, person: Person, holds: Any) -> Mapping[str, Any]:
    """Ask until something holds; the test's own time limit ends it."""
    while not holds(told := await status(stage, person)):  # noqa: ASYNC110  # nobody tells
        await asyncio.sleep(0.05)
    return told


async def test_it_needs_a_session(stage: Stage) -> None:
    for path in ("/api/status", "/api/status/pulse"):
        response = await stage.client.get(path)
        assert response.status_code == 401
        assert response.json()["type"] == "/problems/not-signed-in"


async def test_every_part_is_told(stage: Stage, person: Person) -> None:
    told = await status(stage, person)
    assert told["engine"]["state"] == "running"
    assert told["engine"]["detail"] is None
    assert told["engine"]["since"] >= told["process"]["started_at"]
    tasks = {task["name"]: task for task in told["tasks"]}
    assert {"pulse", "engine", "engine loop", "listen", "screen", "watch", "beat"} <= tasks.keys()
    assert tasks["beat"] == {
        "name": "beat",
        "state": "running",
        "since": tasks["beat"]["since"],
        "restarts": 0,
        "last_error": None,
    }
    assert [one["name"] for one in told["services"]] == [
        "signals",
        "candles",
        "sentiment",
        "tokens",
    ]
    assert told["database"]["ok"]
    assert told["database"]["title"] in {"SQLite", "PostgreSQL"}
    assert told["database"]["version"].split(".")[0].isdigit()
    assert told["database"]["round_trip_ms"] > 0
    assert told["bus"] == {"kind": "memory", "redis_configured": False}
    assert told["replays"]["different"] == 0
    assert told["clock"].keys() == {"skew_ms", "within_ms", "hosts", "off", "set_by_ms"}
    assert told["process"]["memory_bytes"] is None or told["process"]["memory_bytes"] > 2**20
    ready = (await stage.client.get("/readyz")).json()["checks"]["database"]
    assert ready == {
        "ok": True,
        "detail": f"{told['database']['title']} {told['database']['version']}",
    }


async def test_a_feed_that_cannot_be_reached_says_so(stage: Stage, person: Person) -> None:
    """Nobody listens at the address of this platform's feeds."""
    told = await until(stage, person, lambda it: named(it, "signals")["last_error"])
    signals = named(told, "signals")
    assert signals["kind"] == "stream"
    assert signals["connected"] is False
    assert signals["connected_since"] is not None
    assert signals["hosts"] == ["127.0.0.1:9"]
    assert signals["counts"]["unreachable"] >= 1
    assert signals["errors"]["UnavailableError"] >= 1
    assert signals["last_error_at"] is not None
    assert signals["last_answer_at"] is None
    assert named(told, "sentiment")["kind"] == "requests"
    assert named(told, "sentiment")["connected"] is None
    (host,) = (one for one in told["hosts"] if one["host"] == "127.0.0.1:9")
    assert host["errors"]["UnavailableError"] >= 1


async def test_what_the_engine_does_moves_its_numbers(stage: Stage, person: Person) -> None:
    before = await status(stage, person)
    await stage.bought()
    after = await status(stage, person)
    assert after["engine"]["commits"] > before["engine"]["commits"]
    assert after["engine"]["lag"]["inputs"] > before["engine"]["lag"]["inputs"]
    lag = after["engine"]["lag"]
    assert 0 < lag["mean_ms"] <= lag["longest_ms"]
    assert after["engine"]["last_commit_at"] > before["engine"]["since"]
    watched = await until(stage, person, lambda it: it["prices"]["tokens"] >= 1)
    assert watched["prices"]["heard"] == 0
    assert watched["prices"]["oldest"] is None


async def test_a_batch_that_is_not_kept_shows(stage: Stage, person: Person) -> None:
    """While commits fail the engine is failing, and what waits counts as long as it waits."""
    live = stage.live
    kept = live._journal.commit
    full = True

    async def refuse(*given: Any, **named: Any) -> None:
        if full:
            raise StoreBusyError("the disk is full")
        await kept(*given, **named)

    live._journal.commit = refuse
    try:
        asked = asyncio.create_task(stage.token("SLOW"))
        told = await until(stage, person, lambda it: it["engine"]["state"] == "failing")
        assert told["engine"]["last_failure"] == "StoreBusyError: the disk is full"
        first = told["engine"]["lag"]["longest_ms"]
        later = await until(
            stage, person, lambda it: it["engine"]["lag"]["longest_ms"] > first + 100
        )
        assert later["engine"]["lag"]["longest_ms"] > first
    finally:
        full = False
        live._journal.commit = kept
    await asked
    told = await until(stage, person, lambda it: it["engine"]["state"] == "running")
    assert told["engine"]["failures"] >= 1
    assert told["engine"]["last_failure"] is not None


async def test_a_database_that_does_not_answer_is_a_fact(
    stage: Stage, person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def gone(*_: object, **__: object) -> None:
        raise StoreUnavailableError("the file is gone")

    await status(stage, person)
    monkeypatch.setattr(stage.app.state.database, "rows", gone)
    told = await status(stage, person)
    assert told["database"]["ok"] is False
    assert told["database"]["detail"] == "StoreUnavailableError: the file is gone"
    assert told["database"]["version"] is None


async def test_a_database_elsewhere_that_does_not_prove_itself_is_told(
    stage: Stage, person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "another host" not in str((await status(stage, person))["database"]["warning"])
    monkeypatch.setattr("app.api.statuslines.known_fault", lambda *_: None)
    elsewhere = {"database_url": "postgresql+asyncpg://me:hidden@db.example/record"}
    settings = stage.app.state.settings.model_copy(update=elsewhere)
    monkeypatch.setattr(stage.app.state, "settings", settings)
    told = (await status(stage, person))["database"]["warning"]
    assert told.startswith("AUTOTRADER_DATABASE_URL names another host without sslmode=verify-full")
    assert "hidden" not in told


async def test_the_past_is_kept_in_samples(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(measuring, "SAMPLE_SECONDS", 0.05)
    monkeypatch.setattr(measuring, "TICK_SECONDS", 0.01)
    async with running(tmp_path) as stage:
        person = await stage.register()
        samples: list[Mapping[str, Any]] = []
        while len(samples) < 4 or not any(one["commits"] for one in samples):
            await stage.register()
            samples = (await stage.get(person, "/api/status/pulse"))["samples"]
    assert [one["time"] for one in samples] == sorted(one["time"] for one in samples)
    assert all(one["longest_ms"] >= (one["lag_ms"] or 0) for one in samples)
    assert all(one["loop_lag_ms"] >= 0 for one in samples)
    assert any(one["lag_ms"] for one in samples)
    assert {"signals", "candles", "sentiment", "tokens"} <= samples[-1]["answers"].keys()


@pytest.mark.parametrize(
    ("version", "warned"),
    [("3.40.1", True), ("3.51.2", True), ("3.51.3", False), ("3.52", False), ("4.0.0", False)],
)
def test_an_old_sqlite_is_warned_of(version: str, warned: bool) -> None:
    text = known_fault("sqlite", version)
    assert (text is not None) == warned
    assert text is None or version in text


def test_no_fault_is_known_of_postgresql() -> None:
    assert known_fault("postgresql", "15.4") is None
