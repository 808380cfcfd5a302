"""Backtests and sweeps over a real server, computed by the real process."""

import asyncio
import json
import os
import signal
from pathlib import Path
from typing import Any

import httpx
import pytest

from app.research import runs as taking
from app.trading.amounts import LAMPORTS_PER_SOL
from tests.api.runs import backtest, become, begun, done, post, rows, sweep
from tests.api.stage import Person, Stage, running

KEY = {"Idempotency-Key": "4b1d2c55-6f0e-4f0a-9a71-1f9d8a3c5b20"}


def long() -> dict[str, Any]:
    """Ask for a sweep that takes a while."""
    return sweep(
        30_000,
        search={"method": "random", "samples": 2_000},
        walk_forward=20,
        exit={"stop_loss": {"min": 0.01, "max": 0.5}, "trailing_stop": {"min": 0.01, "max": 0.5}},
    )


async def finishes(stage: Stage, person: Person) -> None:
    """Check that a run can be computed now."""
    found = await done(stage, person, "backtests", backtest(100))
    assert found["status"] == "finished", found["error"]


async def test_a_backtest_from_the_question_to_the_figures(stage: Stage, person: Person) -> None:
    body = backtest(preset="jupiter", price_path="ohlc")
    found = await done(stage, person, "backtests", body, params={"name": "waves"})
    assert (found["status"], found["progress"], found["name"]) == ("finished", 1.0, "waves")
    assert found["request"]["candles"] == {"source": "inline", "symbol": "WAVE"}
    assert found["code_version"]
    assert found["data_hash"] == found["tokens"][0]["data_hash"]
    assert found["statistics"]["trades"] == found["summary"]["figures"]["trades"] > 10
    finished = [one for one in found["trades"] if one["pnl_sol"] is not None]
    total = sum(round(one["pnl_sol"] * LAMPORTS_PER_SOL) for one in finished)
    assert total == round(found["statistics"]["net_pnl_sol"] * LAMPORTS_PER_SOL)
    for one in finished:
        returned = sum(part["sol"] - part["fee_sol"] for part in one["fills"])
        assert returned - one["sol_invested"] == pytest.approx(one["pnl_sol"], abs=1e-8)
        assert sum(part["quantity"] for part in one["fills"]) == pytest.approx(one["quantity"])
        assert one["fills"][-1]["time"] == one["exit_time"] > one["entry_time"]
    times = [at for at, _ in found["equity"]]
    assert times == sorted(times)
    assert found["equity"][0][1] == 10.0
    assert found["candles"] == 2_000
    assert found["candles_per_second"] > 0


async def test_a_backtest_keeps_its_rows_in_lists(stage: Stage, person: Person) -> None:
    numbers = [await begun(stage, person, "backtests", backtest(100)) for _ in range(3)]
    for number in numbers:
        await become(stage, person, "backtests", number)
    first = await stage.get(person, "/api/backtests", limit=2)
    rest = await stage.get(person, "/api/backtests", limit=2, cursor=first["next_cursor"])
    listed = [one["id"] for one in (*first["items"], *rest["items"])]
    assert sorted(listed) == sorted(numbers)
    assert rest["next_cursor"] is None
    assert "rows" not in json.dumps(first)
    assert (await stage.get(person, "/api/sweeps"))["items"] == []


async def test_a_sweep_is_sorted_as_one_likes(stage: Stage, person: Person) -> None:
    found = await done(stage, person, "sweeps", sweep())
    assert found["status"] == "finished", found["error"]
    assert found["combinations"] == len(found["rows"]) == 12
    assert set(found["varied"]) == {"entry.fast", "exit.stop_loss", "exit.trailing_stop"}
    best = [one["inside"]["net_pnl_sol"] for one in found["rows"]]
    assert best == sorted(best, reverse=True)
    assert found["split"] is not None
    assert found["luck"]["combinations"] == 12
    assert found["summary"]["best"] == found["rows"][0]["params"]
    path = f"/api/sweeps/{found['id']}"
    asked = {"sort": "max_drawdown", "sample": "outside", "order": "asc", "limit": 5}
    some = (await stage.get(person, path, **asked))["rows"]
    falls = [one["outside"]["max_drawdown_percent"] for one in some]
    assert len(falls) == 5
    assert falls == sorted(falls)
    numbered = (await stage.get(person, path, sort="number", order="asc"))["rows"]
    assert [one["number"] for one in numbered] == sorted(one["number"] for one in found["rows"])
    worst = (await stage.get(person, path, order="asc", limit=1))["rows"]
    assert worst == found["rows"][-1:]


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


async def test_cancelled_while_it_runs(stage: Stage, person: Person) -> None:
    number = await begun(stage, person, "sweeps", long())
    running_now = await become(stage, person, "sweeps", number, {"running"})
    assert running_now["rows"] == []
    assert running_now["code_version"]
    path = f"/api/sweeps/{number}/cancel"
    answer = await stage.client.post(path, headers=person.headers)
    assert answer.json()["status"] == "cancelled"
    again = await stage.client.post(path, headers=person.headers)
    assert again.status_code == 409
    assert again.json()["type"] == "/problems/already-ended"
    await finishes(stage, person)
    found = await stage.get(person, f"/api/sweeps/{number}")
    assert (found["status"], found["rows"], found["summary"]) == ("cancelled", [], None)
    adopted = await stage.client.post(
        f"/api/sweeps/{number}/adopt", json={"symbol": "WAVE", "number": 1}, headers=person.headers
    )
    assert adopted.status_code == 409


async def test_a_killed_process_fails_its_run_only(stage: Stage, person: Person) -> None:
    number = await begun(stage, person, "sweeps", long())
    await become(stage, person, "sweeps", number, {"running"})
    async with asyncio.timeout(20):
        while stage.app.state.runs.progress_of(number) is None:  # noqa: ASYNC110  # nobody tells
            await asyncio.sleep(0.02)
    os.kill(stage.app.state.runs.foreman.pid, signal.SIGKILL)
    failed = await become(stage, person, "sweeps", number)
    assert failed["status"] == "failed"
    assert "ended unexpectedly" in failed["error"]["detail"]
    await finishes(stage, person)


async def test_progress_rises(stage: Stage, person: Person) -> None:
    number = await begun(stage, person, "sweeps", long())
    seen: list[float] = []
    async with asyncio.timeout(60):
        while len(set(seen)) < 3:
            found = await stage.get(person, f"/api/sweeps/{number}")
            assert found["status"] in {"queued", "running"}, "a longer run is needed here"
            seen.append(found["progress"])
            await asyncio.sleep(0.1)
    assert seen == sorted(seen)
    gone = await stage.client.delete(f"/api/sweeps/{number}", headers=person.headers)
    assert gone.status_code == 204
    again = await stage.client.get(f"/api/sweeps/{number}", headers=person.headers)
    assert again.status_code == 404


async def test_the_same_question_twice_is_one_run(stage: Stage, person: Person) -> None:
    body = backtest(100)
    first = await post(stage, person, "backtests", body, headers=KEY)
    second = await post(stage, person, "backtests", body, headers=KEY)
    assert (first.status_code, second.status_code) == (202, 202)
    assert first.content == second.content
    assert second.headers["idempotency-replayed"] == "true"
    assert second.headers["location"] == first.headers["location"]
    other = await post(stage, person, "backtests", backtest(101), headers=KEY)
    assert other.json()["type"] == "/problems/key-reused"
    assert len((await stage.get(person, "/api/backtests"))["items"]) == 1


async def test_a_run_is_its_owners(stage: Stage, person: Person) -> None:
    mine = await done(stage, person, "backtests", backtest(100))
    swept = await done(stage, person, "sweeps", sweep(200))
    other = await stage.register()
    unknown = 999_999
    asks = [
        ("get", "/api/backtests/{}", None, mine["id"]),
        ("get", "/api/backtests/compare?ids={}", None, mine["id"]),
        ("get", "/api/backtests/{}/report.html", None, mine["id"]),
        ("get", "/api/sweeps/{}", None, swept["id"]),
        ("get", "/api/sweeps/{}/report.html", None, swept["id"]),
        ("post", "/api/backtests/{}/cancel", None, mine["id"]),
        ("post", "/api/sweeps/{}/cancel", None, swept["id"]),
        ("post", "/api/backtests/{}/adopt", {"symbol": "X"}, mine["id"]),
        ("post", "/api/sweeps/{}/adopt", {"symbol": "X", "number": 1}, swept["id"]),
        ("delete", "/api/backtests/{}", None, mine["id"]),
        ("delete", "/api/sweeps/{}", None, swept["id"]),
    ]
    for method, path, body, number in asks:
        theirs, nothing = [
            await stage.client.request(method, path.format(one), json=body, headers=other.headers)
            for one in (number, unknown)
        ]
        assert theirs.status_code == nothing.status_code == 404, path
        assert theirs.content == nothing.content, path
    crossed = await stage.client.get(f"/api/sweeps/{mine['id']}", headers=person.headers)
    assert crossed.status_code == 404
    assert (await stage.get(person, f"/api/backtests/{mine['id']}"))["status"] == "finished"


async def test_runs_are_compared_day_by_day(stage: Stage, person: Person) -> None:
    first = await done(stage, person, "backtests", backtest(2_000))
    second = await done(stage, person, "backtests", backtest(1_000, risk_per_trade=0.1))
    ids = f"{first['id']},{second['id']}"
    found = await stage.get(person, "/api/backtests/compare", ids=ids)
    days = found["days"]
    assert len(days) in {7, 8}
    assert all(day % 86_400 == 0 for day in days)
    assert [len(one["equity"]) for one in found["items"]] == [len(days)] * 2
    assert found["items"][0]["equity"][-1] == first["equity"][-1][1]
    assert found["items"][1]["equity"][-1] is None
    assert found["items"][1]["statistics"] == second["statistics"]
    for bad in (f"{first['id']},{first['id']}", "1,2,3,4,5", "x", ""):
        answer = await stage.client.get(
            "/api/backtests/compare", params={"ids": bad}, headers=person.headers
        )
        assert answer.status_code == 422, bad


async def test_a_wallets_queue_has_an_end(
    stage: Stage, person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(taking, "MOST_PER_WALLET", 2)
    numbers = [await begun(stage, person, "sweeps", long()) for _ in range(2)]
    refused = await post(stage, person, "backtests", backtest(100))
    assert refused.status_code == 429
    assert refused.json()["type"] == "/problems/too-many-runs"
    assert refused.headers["retry-after"]
    for number in numbers:
        await stage.client.delete(f"/api/sweeps/{number}", headers=person.headers)
    monkeypatch.setattr(taking, "MOST_BYTES", -1)
    full = await post(stage, person, "backtests", backtest(100))
    assert full.json()["type"] == "/problems/too-much-kept"


async def test_a_restart_fails_what_ran_and_goes_on_with_the_rest(tmp_path: Path) -> None:
    async with running(tmp_path) as stage:
        person = await stage.register()
        interrupted = await begun(stage, person, "sweeps", long())
        waiting = await begun(stage, person, "backtests", backtest(100))
        await become(stage, person, "sweeps", interrupted, {"running"})
        worker = stage.app.state.runs.foreman.pid
    with pytest.raises(ProcessLookupError):
        os.kill(worker, 0)
    async with running(tmp_path) as stage:
        failed = await become(stage, person, "sweeps", interrupted)
        assert failed["error"]["detail"].startswith("interrupted by a restart")
        assert (await become(stage, person, "backtests", waiting))["status"] == "finished"


@pytest.mark.parametrize("noun", ["backtests", "sweeps"])
async def test_a_report_is_a_file_that_may_do_nothing(
    stage: Stage, person: Person, noun: str
) -> None:
    body = backtest(300) if noun == "backtests" else sweep(300)
    body["candles"]["symbol"] = "<b>BOLD</b>"
    name = {"name": "<script>alert(1)</script>"}
    found = await done(stage, person, noun, body, params=name)
    path = f"/api/{noun}/{found['id']}/report.html"
    answer = await stage.client.get(path, headers=person.headers)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    kept = f'attachment; filename="{noun.removesuffix("s")}-{found["id"]}.html"'
    assert answer.headers["content-disposition"] == kept
    assert answer.headers.get_list("content-security-policy") == [
        "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:"
    ]
    assert "<script" not in answer.text
    assert "<b>BOLD" not in answer.text
    assert "&lt;b&gt;BOLD&lt;/b&gt;" in answer.text
    assert found["code_digest"] in answer.text
    assert found["data_hash"] in answer.text
    failed = await begun(stage, person, noun, long() if noun == "sweeps" else backtest(2_000))
    await stage.client.post(f"/api/{noun}/{failed}/cancel", headers=person.headers)
    answer = await stage.client.get(f"/api/{noun}/{failed}/report.html", headers=person.headers)
    assert answer.status_code in ({409} if noun == "sweeps" else {200, 409})


async def test_a_backtest_becomes_settings(stage: Stage, person: Person) -> None:
    asked = backtest(
        300,
        entry={"strategy": "ma_crossover", "params": {"fast_ma": 5, "slow_ma": 15}},
        exit={"stop_loss": 0.07, "trailing_stop": None, "take_profit": []},
        risk={"max_open_positions": 3},
        risk_per_trade=0.04,
    )
    found = await done(stage, person, "backtests", asked)
    path = f"/api/backtests/{found['id']}/adopt"
    for version in (1, 2):
        answer = await stage.client.post(path, json={"symbol": "WAVE"}, headers=person.headers)
        assert answer.status_code == 200, answer.text
        assert answer.json()["version"] == version
    kept = await stage.get(person, "/api/settings/{}/WAVE")
    assert kept == answer.json()
    effective = kept["effective"]
    assert effective["entries"][0]["strategy"] == "sma_crossover"
    assert effective["entries"][0]["parameters"]["fast"] == 5
    assert effective["exit"]["stop_loss"] == 0.07
    assert effective["exit"]["trailing_stop"] is None
    assert effective["exit"]["take_profit"] == []
    assert effective["sizing"]["risk_per_trade"] == 0.04
    assert effective["limits"]["max_open_positions"] == 3
    again = await stage.get(person, f"/api/backtests/{found['id']}")
    assert again["adopted_symbol"] == "WAVE"
    assert again["adopted_at"] is not None
    wrong: list[Any] = [{}, {"symbol": "a b"}, {"symbol": "X", "number": 1}, []]
    for bad in wrong:
        answer = await stage.client.post(path, json=bad, headers=person.headers)
        assert answer.status_code == 422, bad


async def test_several_strategies_become_settings_where_they_fit(
    stage: Stage, person: Person
) -> None:
    entries = [
        {"strategy": "sma_crossover", "template": "aggressive"},
        {"strategy": "breakout", "params": {}},
    ]
    found = await done(stage, person, "backtests", backtest(300, entry=entries))
    assert found["status"] == "finished", found["error"]
    answer = await stage.client.post(
        f"/api/backtests/{found['id']}/adopt", json={"symbol": "*"}, headers=person.headers
    )
    assert answer.status_code == 200, answer.text
    names = [one["strategy"] for one in answer.json()["effective"]["entries"]]
    assert names == ["sma_crossover", "breakout"]
    limits = answer.json()["effective"]["limits"]
    assert limits["max_open_positions"] == 10


async def test_a_combination_becomes_settings(stage: Stage, person: Person) -> None:
    found = await done(stage, person, "sweeps", sweep(600))
    chosen = found["rows"][3]
    path = f"/api/sweeps/{found['id']}/adopt"
    body = {"symbol": "WAVE", "number": chosen["number"]}
    answer = await stage.client.post(path, json=body, headers=person.headers)
    assert answer.status_code == 200, answer.text
    effective = answer.json()["effective"]
    assert effective["entries"][0]["parameters"]["fast"] == chosen["params"]["entry.fast"]
    assert effective["exit"]["stop_loss"] == chosen["params"]["exit.stop_loss"]
    assert effective["exit"]["trailing_stop"] == chosen["params"]["exit.trailing_stop"]
    missing = {"symbol": "WAVE", "number": 999}
    answer = await stage.client.post(path, json=missing, headers=person.headers)
    assert answer.json()["errors"][0]["pointer"] == "/number"
