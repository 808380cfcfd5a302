"""Backtests and sweeps over a real server, computed by the real process."""

import asyncio
import json
import os
import signal
from pathlib import Path

import pytest

from app.research import runs as taking
from app.trading.amounts import LAMPORTS_PER_SOL
from tests.api.runs import backtest, become, begun, done, long, post, sweep
from tests.api.stage import Person, Stage, running

KEY = {"Idempotency-Key": "4b1d2c55-6f0e-4f0a-9a71-1f9d8a3c5b20"}


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


async def test_on_each_database(database_url: str, tmp_path: Path) -> None:
    async with running(tmp_path, database_url=database_url) as stage:
        person = await stage.register()
        swept = await begun(stage, person, "sweeps", sweep(400))
        tested = await begun(stage, person, "backtests", backtest(400))
        for noun, number in (("sweeps", swept), ("backtests", tested)):
            found = await become(stage, person, noun, number)
            assert found["status"] == "finished", found["error"]
            report = f"/api/{noun}/{number}/report.html"
            answer = await stage.client.get(report, headers=person.headers)
            assert answer.status_code == 200
            gone = await stage.client.delete(f"/api/{noun}/{number}", headers=person.headers)
            assert gone.status_code == 204
            assert (await stage.get(person, f"/api/{noun}"))["items"] == []
