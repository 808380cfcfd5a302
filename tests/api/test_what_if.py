"""What other exit plans would have made: of one trade, and of all trades of a time."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from app.api.shapes.what_if import PeriodWhatIfOut, WhatIfOut
from app.research import what_if
from tests.api.stage import Person, Stage

ENTRY = 0.00102
WIDE: dict[str, Any] = {"take_profit": [], "trailing_stop": None, "stop_loss": 0.5}


async def ask(stage: Stage, person: Person, path: str, body: Any, status: int = 200) -> Any:
    answer = await stage.client.post(path.format(person.wallet), headers=person.headers, json=body)
    assert answer.status_code == status, answer.text
    return answer.json()


async def traded(stage: Stage, person: Person, symbol: str) -> dict[str, Any]:
    """Let a trade take a tier, be sold by hand in part, and stop; prices go on afterwards."""
    token = await stage.bought(symbol)
    for factor in (1.1, 1.35, 1.2):
        await stage.close(token, ENTRY * factor)
    response = await stage.client.post(
        f"/api/positions/{person.wallet}/{token.mint}/close",
        json={"portion": 0.25},
        headers=person.headers,
    )
    assert response.status_code == 200
    for factor in (1.15, 0.9, 1.6):
        await stage.close(token, ENTRY * factor)
    query = {"token_address": token.mint}
    (listed,) = (await stage.get(person, "/api/trades/{}", **query))["items"]
    detail: dict[str, Any] = await stage.get(person, f"/api/trades/{{}}/{listed['id']}")
    return detail


@pytest.fixture(scope="module")
async def asker(stage: Stage) -> tuple[Person, str]:
    """Let one person with one trade ask all that is wrong."""
    person = await stage.register()
    trade = await traded(stage, person, "CAT")
    return person, f"/api/trades/{{}}/{trade['id']}/what-if"


async def test_the_own_plan_gives_the_recorded_sales(stage: Stage, person: Person) -> None:
    trade = await traded(stage, person, "WIF")
    assert [fill["reason"] for fill in trade["fills"]] == [
        *("entry", "take_profit_1", "manual", "trailing_stop")
    ]
    place = f"/api/trades/{{}}/{trade['id']}/what-if"
    found = await ask(stage, person, place, {"plan": trade["exit_plan"], "path": True})
    WhatIfOut.model_validate(found)
    (own,) = found["results"]
    assert own == found["recorded"]
    assert own["plan"] == trade["exit_plan"]
    assert own["pnl_sol"] == trade["pnl_sol"]
    assert own["pnl_percent"] == trade["pnl_percent"]
    assert own["exit_time"] == trade["exit_time"]
    assert not own["still_open"]
    recorded = [
        {name: value for name, value in fill.items() if name not in {"id", "side"}}
        for fill in trade["fills"][1:]
    ]
    assert own["fills"] == recorded
    prices = [point["price"] for point in found["path"]]
    assert prices == pytest.approx([ENTRY * one for one in (1, 1.1, 1.35, 1.2, 1.15, 0.9)])
    times = [point["time"] for point in found["path"]]
    assert times == sorted(set(times))


async def test_another_plan_leaves_out_what_was_sold_by_hand(stage: Stage, person: Person) -> None:
    trade = await traded(stage, person, "BONK")
    place = f"/api/trades/{{}}/{trade['id']}/what-if"
    keep = {"plan": WIDE, "path": True}
    (held,) = (found := await ask(stage, person, place, keep))["results"]
    assert held["still_open"]
    assert held["exit_time"] is held["exit_reason"] is None
    assert held["fills"] == []
    assert held["pnl_percent"] == pytest.approx(60, abs=1e-4)
    assert found["path"][-1]["price"] == pytest.approx(ENTRY * 1.6)
    early = {"plan": {**WIDE, "take_profit": [[0.2, 1.0]]}}
    (sold,) = (await ask(stage, person, place, early))["results"]
    assert [fill["reason"] for fill in sold["fills"]] == ["take_profit_1"]
    assert sold["fills"][0]["price"] == pytest.approx(ENTRY * 1.35)
    assert sold["fills"][0]["token_amount"] == trade["quantity"]
    assert sold["pnl_percent"] == pytest.approx(35, abs=1e-4)
    assert (await ask(stage, person, place, early))["path"] is None


async def test_a_grid_is_every_combination_of_its_values(stage: Stage, person: Person) -> None:
    trade = await traded(stage, person, "BOME")
    place = f"/api/trades/{{}}/{trade['id']}/what-if"
    grid = {
        "stop_loss": [0.05, 0.5],
        "take_profit": [[], [[0.2, 0.5]], [[0.1, 0.5], [0.3, 0.5]]],
        "trailing_stop": [None, 0.1],
        "trailing_after_tier": 0,
    }
    found = (await ask(stage, person, place, {"grid": grid}))["results"]
    assert len(found) == 12
    assert found[0]["plan"]["stop_loss"] == 0.05
    assert [one["plan"]["trailing_stop"] for one in found[:4]] == [None, 0.1, None, 0.1]
    assert found[11]["plan"]["take_profit"] == [[0.1, 0.5], [0.3, 0.5]]
    alone = [
        (await ask(stage, person, place, {"plan": one["plan"]}))["results"][0] for one in found
    ]
    assert alone == found
    plans = [one["plan"] for one in found]
    assert (await ask(stage, person, place, {"plans": plans}))["results"] == found
    many = {"stop_loss": [0.01 + 0.001 * step for step in range(250)], "trailing_stop": [0.1, 0.2]}
    rows = (await ask(stage, person, place, {"grid": many}))["results"]
    assert len(rows) == 500
    assert rows[0]["fills"] is None
    one = {"plan": rows[77]["plan"]}
    assert (await ask(stage, person, place, one))["results"][0] == {
        **rows[77],
        "fills": (await ask(stage, person, place, one))["results"][0]["fills"],
    }


async def test_an_open_trade_is_valued_at_its_last_price(stage: Stage, person: Person) -> None:
    token = await stage.bought("MEW")
    await stage.close(token, ENTRY * 1.1)
    (listed,) = (await stage.get(person, "/api/trades/{}", token_address=token.mint))["items"]
    place = f"/api/trades/{{}}/{listed['id']}/what-if"
    found = await ask(stage, person, place, {"plans": [{}, {"stop_loss": 0.2}]})
    assert found["recorded"]["still_open"]
    assert found["recorded"]["pnl_percent"] == pytest.approx(10, abs=1e-4)
    assert [one["pnl_sol"] for one in found["results"]] == [found["recorded"]["pnl_sol"]] * 2
    await stage.close(token, ENTRY * 1.2)
    later = await ask(stage, person, place, {"plan": {}})
    assert later["results"][0]["pnl_percent"] == pytest.approx(20, abs=1e-4)


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({}, ""),
        ({"plan": {}, "grid": {}}, ""),
        ({"plan": {"stop_loss": 2}}, "/plan/stop_loss"),
        ({"plan": {"stop": 0.1}}, "/plan/stop"),
        ({"plans": []}, "/plans"),
        ({"plans": [{}, {"trailing_stop": 0}]}, "/plans/1/trailing_stop"),
        ({"plans": [{}, 7]}, "/plans/1"),
        ({"plans": [{}] * 5001}, "/plans"),
        ({"grid": {"stop_loss": []}}, "/grid/stop_loss"),
        ({"grid": {"stop_loss": [0.1, -1]}}, "/grid/stop_loss/1"),
        ({"grid": {"stop": [0.1]}}, "/grid/stop"),
        ({"grid": {"take_profit": [[[0.3, 0.5]], [[0.2, 2]]]}}, "/grid/take_profit/1"),
        ({"grid": {"stop_loss": [0.1] * 80, "trailing_stop": [0.1] * 80}}, "/grid"),
        ({"plan": {}, "path": "perhaps"}, "/path"),
        ({"plan": {}, "more": 1}, "/more"),
    ],
)
async def test_a_bad_question_is_pointed_at(
    stage: Stage, asker: tuple[Person, str], body: Any, pointer: str
) -> None:
    person, place = asker
    told = await ask(stage, person, place, body, 422)
    assert told["errors"][0]["pointer"] == pointer, told
    assert told["errors"][0]["location"] == "body"
    if "path" not in body:
        told = await ask(stage, person, "/api/what-if/{}", body, 422)
        assert told["errors"][0]["pointer"] == pointer


async def test_a_trade_of_somebody_else_is_not_there(stage: Stage, person: Person) -> None:
    other = await stage.register()
    token = await stage.bought("DOG")
    (listed,) = (await stage.get(other, "/api/trades/{}", token_address=token.mint))["items"]
    place = f"/api/trades/{{}}/{listed['id']}/what-if"
    told = await ask(stage, person, place, {"plan": {}}, 404)
    assert told == await ask(stage, person, "/api/trades/{}/99999/what-if", {"plan": {}}, 404)


async def test_all_trades_of_a_time(stage: Stage, person: Person) -> None:
    trades = [await traded(stage, person, symbol) for symbol in ("ONE", "TWO", "THREE")]
    place = "/api/what-if/{}"
    own = await ask(stage, person, place, {"plan": trades[0]["exit_plan"]})
    PeriodWhatIfOut.model_validate(own)
    (total,) = own["results"]
    made = sum(trade["pnl_sol"] for trade in trades)
    assert total["pnl_sol"] == own["recorded"]["pnl_sol"] == pytest.approx(made, abs=1e-9)
    assert total["difference_sol"] == 0
    assert own["recorded"] == {
        "trades": 3,
        "still_open": 0,
        "win_rate": 1.0,
        "pnl_sol": own["recorded"]["pnl_sol"],
    }
    assert [one["trade_id"] for one in own["trades"]] == [trade["id"] for trade in trades]
    grid = {**WIDE, "take_profit": [[], [[0.2, 1.0]]]}
    several = await ask(stage, person, place, {"grid": grid})
    assert several["trades"] is None
    held, sold = several["results"]
    assert (held["still_open"], held["win_rate"]) == (3, None)
    assert (sold["still_open"], sold["win_rate"]) == (0, 1.0)
    assert sold["difference_sol"] == pytest.approx(sold["pnl_sol"] - total["pnl_sol"], abs=1e-9)
    (alone,) = (await ask(stage, person, place, {"plan": sold["plan"]}))["results"]
    assert alone == sold
    mint = trades[1]["token"]["address"]
    one = await ask(stage, person, place, {"plan": {}, "token": mint})
    assert [trade["token"]["symbol"] for trade in one["trades"]] == ["TWO"]
    strategy = trades[0]["strategy"]
    assert len((await ask(stage, person, place, {"plan": {}, "strategy": strategy}))["trades"]) == 3
    nobody = await ask(stage, person, place, {"plan": {}, "strategy": "nobody"})
    assert nobody["recorded"]["trades"] == 0
    assert nobody["results"][0]["win_rate"] is None


async def test_a_time_is_bounded(
    stage: Stage, person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    for symbol in ("AA", "BB", "CC"):
        await traded(stage, person, symbol)
    now = datetime.now(UTC)
    ahead = {"plan": {}, "from": (now + timedelta(days=1)).isoformat()}
    assert (await ask(stage, person, "/api/what-if/{}", ahead))["trades"] == []
    wrong = {**ahead, "to": now.isoformat()}
    told = await ask(stage, person, "/api/what-if/{}", wrong, 422)
    assert told["errors"][0]["pointer"] == "/from"
    monkeypatch.setattr(what_if, "MOST_TRADES", 2)
    told = await ask(stage, person, "/api/what-if/{}", {"plan": {}}, 422)
    assert "more than 2 trades" in told["detail"]
    monkeypatch.setattr(what_if, "MOST_TRADES", 3)
    monkeypatch.setattr(what_if, "MOST_RUNS", 5)
    told = await ask(stage, person, "/api/what-if/{}", {"plans": [{}, {}]}, 422)
    assert "3 trades with 2 plans" in told["detail"]


async def test_a_closed_trade_tells_whether_its_replay_agrees(stage: Stage, person: Person) -> None:
    trade = await traded(stage, person, "CHECK")
    for _ in range(100):
        detail = await stage.get(person, f"/api/trades/{{}}/{trade['id']}")
        if detail["replay"]["status"] != "unchecked":
            break
        await stage.app.state.clock.sleep(0.1)
    assert detail["replay"]["status"] == "equal"
    assert detail["replay"]["checked_at"]
    assert detail["replay"]["differences"] == []
    ready = (await stage.client.get("/readyz")).json()
    assert ready["engine"]["replays"]["equal"] >= 1
    assert ready["engine"]["replays"]["different"] == 0
    await stage.bought("OPEN")
    (listed,) = (await stage.get(person, "/api/trades/{}", status="active"))["items"]
    detail = await stage.get(person, f"/api/trades/{{}}/{listed['id']}")
    assert detail["replay"] == {
        "status": "unchecked",
        "checked_at": None,
        "reason": "it is open",
        "differences": [],
    }
