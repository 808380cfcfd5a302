"""Requests of runs: strict, bounded, and judged before they wait."""

import json
from typing import Any

import httpx
import pytest

from tests.api.runs import backtest, done, post, rows
from tests.api.stage import Person, Stage

BAD: dict[str, tuple[dict[str, Any], str, str]] = {
    "no candles": ({}, "/candles", "Field required"),
    "no token": ({"candles": {"source": "stored"}}, "/candles", "need 'token'"),
    "an unknown token": (
        {"candles": {"source": "stored", "token": "NOPE"}},
        "/candles/token",
        "there are no candles of NOPE",
    ),
    "a second unknown token": (
        {"candles": [{"source": "inline", "rows": rows(50)}, {"token": "NOPE"}]},
        "/candles/1/token",
        "there are no candles of NOPE",
    ),
    "a file elsewhere": (
        {"candles": {"source": "file", "path": "../../etc/passwd"}},
        "/candles/path",
        "no file below the data folder",
    ),
    "rows out of order": (
        {"candles": {"source": "inline", "rows": [*rows(50), rows(50)[3]]}},
        "/candles/rows/50/0",
        "times must rise",
    ),
    "a negative price": (
        {
            "candles": {
                "source": "inline",
                "rows": [[*rows(1)[0][:3], -1, *rows(1)[0][4:]], *rows(9)[1:]],
            }
        },
        "/candles/rows/0/3",
        "must be",
    ),
    "a short row": ({"candles": {"source": "inline", "rows": [[1, 2]]}}, "/candles/rows/0/2", ""),
    "no timeframe": (
        {"candles": {"source": "inline", "rows": [[7 * n, 1, 1, 1, 1, 1] for n in range(9)]}},
        "/candles/timeframe",
        "no timeframe",
    ),
    "an unknown strategy": (backtest(50, entry={"strategy": "x"}), "/entry/strategy", "known: br"),
    "an unknown template": (
        backtest(50, entry={"template": "bold"}),
        "/entry/template",
        "no template",
    ),
    "fast above slow": (
        backtest(50, entry={"params": {"fast": 50, "slow": 10}}),
        "/entry/params",
        "fast must be below slow",
    ),
    "an impossible stop": (backtest(50, exit={"stop_loss": 1.5}), "/exit", ""),
    "an unknown field": (backtest(50, colour="red"), "/colour", "not permitted"),
    "both costs": (backtest(50, preset="jupiter", fees_bps=5), "", "not both"),
    "an end before the start": (
        {
            "candles": {
                "token": "X",
                "from": "2026-01-02T00:00:00Z",
                "to": "2026-01-01T00:00:00Z",
            }
        },
        "/candles",
        "'from' must be before 'to'",
    ),
}


@pytest.mark.parametrize("noun", ["backtests", "sweeps"])
@pytest.mark.parametrize("name", BAD)
async def test_what_cannot_be_run_is_pointed_at(
    stage: Stage, person: Person, noun: str, name: str
) -> None:
    body, place, words = BAD[name]
    response = await post(stage, person, noun, body)
    assert response.status_code == 422, response.text
    problem = response.json()
    assert problem["type"] == "/problems/invalid-request"
    pointers = [one["pointer"] for one in problem["errors"]]
    assert any(one.startswith(place) for one in pointers), problem
    assert words in problem["detail"]
    assert (await stage.get(person, f"/api/{noun}"))["items"] == []


RAW = {
    "NaN": b'{"initial_sol": NaN}',
    "half": b'{"initial_sol": 1',
    "a name twice": b'{"decimals": 1, "decimals": 2}',
    "no UTF-8": b'{"name": "\xff"}',
    "a list": b"[]",
    "nothing": b"",
    "deep": b"[" * 40 + b"]" * 40,
    "large and broken": b'{"candles": [' + b"1," * 50_000,
    "large and NaN": b'{"initial_sol": NaN, "x": "' + b"x" * 100_000 + b'"}',
}


@pytest.mark.parametrize("name", RAW)
async def test_only_strict_json_is_read(stage: Stage, person: Person, name: str) -> None:
    headers = {**person.headers, "Content-Type": "application/json"}
    answer = await stage.client.post("/api/backtests", content=RAW[name], headers=headers)
    assert answer.status_code == 422, answer.text
    assert answer.json()["errors"][0]["location"] == "body"
    headers["Content-Type"] = "text/plain"
    other = await stage.client.post("/api/backtests", content=b"{}", headers=headers)
    assert other.status_code == 415


async def test_many_candles_may_come_along(stage: Stage, person: Person) -> None:
    body = backtest(20_000)
    assert len(json.dumps(body)) > 1_000_000
    found = await done(stage, person, "backtests", body)
    assert found["status"] == "finished", found["error"]
    assert found["candles"] == 20_000
    body["candles"]["rows"][19_000][3] = 5.0
    broken = await post(stage, person, "backtests", body)
    assert broken.status_code == 422
    assert broken.json()["errors"][0]["pointer"].startswith("/candles/rows/19000/")
    assert stage.app.state.checks.foreman.pid is not None


async def test_a_body_has_an_end(stage: Stage, person: Person) -> None:
    headers = {**person.headers, "Content-Type": "application/json"}

    async def endless() -> Any:
        for _ in range(33):
            yield b" " * 1024**2

    try:
        told = await stage.client.post("/api/sweeps", content=endless(), headers=headers)
    except httpx.WriteError:  # the answer came before all was sent
        return
    assert told.status_code == 413
    assert "32 MiB" in told.json()["detail"]


async def test_a_stranger_sends_nothing_large(stage: Stage) -> None:
    answer = await stage.client.post("/api/backtests", json={"x": "x" * 1_000_000})
    assert answer.status_code == 401
