"""What comes of runs: reports, settings, comparisons."""

import base64
import hashlib
import io
import re
from collections.abc import Callable
from typing import Any

import polars as pl
import pytest

from tests.api.runs import backtest, begun, done, long, sweep
from tests.api.stage import Person, Stage


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
    (policy,) = answer.headers.get_list("content-security-policy")
    (style,) = re.findall("<style>(.*?)</style>", answer.text, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert policy == f"sandbox; default-src 'none'; style-src 'sha256-{digest}'; img-src data:"
    assert "style=" not in answer.text
    assert "<script" not in answer.text
    assert "<b>BOLD" not in answer.text
    assert "&lt;b&gt;BOLD&lt;/b&gt;" in answer.text
    assert found["code_digest"] in answer.text
    assert found["data_hash"] in answer.text
    failed = await begun(stage, person, noun, long() if noun == "sweeps" else backtest(2_000))
    await stage.client.post(f"/api/{noun}/{failed}/cancel", headers=person.headers)
    answer = await stage.client.get(f"/api/{noun}/{failed}/report.html", headers=person.headers)
    assert answer.status_code in ({409} if noun == "sweeps" else {200, 409})


@pytest.mark.parametrize(("kind", "read"), [("csv", pl.read_csv), ("parquet", pl.read_parquet)])
async def test_what_runs_came_to_is_a_file(
    stage: Stage, person: Person, kind: str, read: Callable[[io.BytesIO], pl.DataFrame]
) -> None:
    async def download(path: str) -> pl.DataFrame:
        answer = await stage.client.get(path, headers=person.headers)
        assert answer.status_code == 200, answer.text
        assert answer.headers["content-disposition"].startswith("attachment; filename=")
        return read(io.BytesIO(answer.content))

    run = await done(stage, person, "backtests", backtest(2_000))
    trades = await download(f"/api/backtests/{run['id']}/trades.{kind}")
    assert len(trades) == len(run["trades"]) > 0
    assert trades["pnl_sol"].to_list() == [one["pnl_sol"] for one in run["trades"]]
    assert trades["number"].to_list() == list(range(1, len(trades) + 1))
    swept = await done(stage, person, "sweeps", sweep(300))
    sets = await download(f"/api/sweeps/{swept['id']}/sets.{kind}")
    assert sets["number"].to_list() == [one["number"] for one in swept["rows"]]
    assert sets["inside_net_pnl_sol"].to_list() == [
        one["inside"]["net_pnl_sol"] for one in swept["rows"]
    ]
    assert set(swept["rows"][0]["params"]) < set(sets.columns)


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
