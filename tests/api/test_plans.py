"""The exit plan of one open trade: tried, changed, told, and refused in words."""

from typing import Any

import pytest

from app.api.shapes.events import EventOut
from app.api.shapes.trades import PlanPreviewOut, PositionOut, TradeDetailOut
from app.engine.audit import audit, replay_all
from tests.api.stage import Person, Stage, hear, hear_update

ENTRY = 0.00102
TIERS = [[0.3, 0.33], [0.75, 0.33]]


async def ask(
    stage: Stage,
    person: Person,
    trade: int,
    plan: Any,
    *,
    preview: bool = False,
    key: str | None = None,
) -> Any:
    url = f"/api/positions/{person.wallet}/{trade}/plan" + ("/preview" if preview else "")
    sent = {**person.headers, **({} if key is None else {"Idempotency-Key": key})}
    return await stage.client.request("POST" if preview else "PUT", url, json=plan, headers=sent)


async def changed(stage: Stage, person: Person, trade: int, **plan: Any) -> Any:
    response = await ask(stage, person, trade, {"exit": plan})
    assert response.status_code == 200, response.text
    return PositionOut.model_validate(response.json())


async def tried(stage: Stage, person: Person, trade: int, **plan: Any) -> PlanPreviewOut:
    response = await ask(stage, person, trade, {"exit": plan}, preview=True)
    assert response.status_code == 200, response.text
    return PlanPreviewOut.model_validate(response.json())


async def held(stage: Stage, person: Person) -> Any:
    return (await stage.get(person, "/api/positions/{}"))["items"]


async def test_a_plan_is_changed_and_its_stop_sells(stage: Stage, person: Person) -> None:
    token = await stage.bought("WIF")
    (before,) = await held(stage, person)
    trade = before["trade_id"]
    made = await changed(stage, person, trade, stop_loss=0.05, take_profit=[[0.4, 0.5]])
    (now,) = await held(stage, person)
    assert now["stop_loss_price"] == made.stop_loss_price == ENTRY * 0.95
    assert [tier["price"] for tier in now["tiers"]] == [ENTRY * 1.4]
    assert (now["tokens"], now["entry_price"]) == (before["tokens"], before["entry_price"])
    detail = await stage.get(person, f"/api/trades/{{}}/{trade}")
    TradeDetailOut.model_validate(detail)
    assert detail["exit_plan"]["stop_loss"] == 0.05
    (change,) = detail["plan_changes"]
    assert (change["plan_before"]["stop_loss"], change["stop_after"]) == (0.15, ENTRY * 0.95)
    await stage.close(token, ENTRY * 0.94)
    detail = await stage.get(person, f"/api/trades/{{}}/{trade}")
    assert (detail["status"], detail["exit_reason"]) == ("finished", "stop_loss")
    assert detail["exit_state"]["stop_loss_price"] == ENTRY * 0.95
    led = await stage.client.post(
        f"/api/trades/{person.wallet}/{trade}/what-if",
        json={"plans": [detail["exit_plan"], change["plan_before"]]},
        headers=person.headers,
    )
    own, first = led.json()["results"]
    assert led.json()["plan_changes"] == 1
    assert (own["pnl_sol"], own["exit_reason"]) == (detail["pnl_sol"], "stop_loss")
    assert first["exit_reason"] is None
    database, folder = stage.app.state.database, stage.app.state.settings.data_dir
    assert (await audit(database))[0] == []
    assert (await replay_all(database, folder, stage.live._engine.state.rules.costs)).findings == []


async def test_a_preview_says_what_the_change_would_do(stage: Stage, person: Person) -> None:
    token = await stage.bought("WIF")
    await stage.close(token, ENTRY * 0.9)
    (now,) = await held(stage, person)
    trade = now["trade_id"]
    same = await tried(stage, person, trade)
    assert (same.effect, same.stop_then, same.targets_due) == ("none", same.stop_now, 0)
    moves = await tried(stage, person, trade, stop_loss=0.3)
    assert (moves.effect, moves.stop_then) == ("moves", ENTRY * 0.7)
    closes = await tried(stage, person, trade, stop_loss=0.05, take_profit=[])
    assert closes.effect == "closes"
    assert closes.price == pytest.approx(ENTRY * 0.9)
    assert "sells all that is left" in closes.detail
    await stage.close(token, ENTRY * 1.2)
    due = await tried(stage, person, trade, take_profit=[[0.1, 0.2], [0.15, 0.2], [0.9, 0.2]])
    assert (due.effect, due.targets_due) == ("none", 2)
    assert "2 targets are" in due.detail
    one = await tried(stage, person, trade, take_profit=[[0.1, 0.2]])
    assert "A target is" in one.detail
    assert (await held(stage, person))[0]["stop_loss_price"] == now["stop_loss_price"]


async def test_what_cannot_be_changed_is_refused_in_words(stage: Stage, person: Person) -> None:
    token = await stage.bought("WIF")
    await stage.close(token, ENTRY * 1.35)
    (now,) = await held(stage, person)
    trade, other = now["trade_id"], await stage.register()
    for preview in (False, True):
        for plan, slug in (
            ({"max_holding_candles": 9}, "holding-time-stays"),
            ({"take_profit": [[0.2, 0.33], [0.75, 0.33]]}, "targets-taken-stay"),
            ({"take_profit": []}, "targets-taken-stay"),
        ):
            response = await ask(stage, person, trade, {"exit": plan}, preview=preview)
            assert (response.status_code, response.json()["type"]) == (409, f"/problems/{slug}")
        for body in (
            {},
            {"exit": {"stop_loss": 0}},
            {"exit": {"stop_loss": 0.1, "more": 1}},
            {"exit": {"take_profit": [[0.3, 0.33], [0.2, 0.33]]}},
            {"exit": {"take_profit": [[0.1 * n, 0.01] for n in range(1, 10)]}},
        ):
            response = await ask(stage, person, trade, body, preview=preview)
            assert (response.status_code, bool(response.json()["errors"])) == (422, True)
        for who, number in ((person, trade + 77), (other, trade)):
            response = await ask(stage, who, number, {"exit": {}}, preview=preview)
            assert (response.status_code, response.json()["type"]) == (404, "/problems/no-position")
    assert await held(stage, person) == [now | {"price_age_seconds": pytest.approx(0, abs=60)}]


async def test_a_repeated_request_changes_once(stage: Stage, person: Person) -> None:
    await stage.bought("WIF")
    (now,) = await held(stage, person)
    trade, key = now["trade_id"], "move-the-stop-1"
    body = {"exit": {"stop_loss": 0.1}}
    first = await ask(stage, person, trade, body, key=key)
    await changed(stage, person, trade, stop_loss=0.2)
    again = await ask(stage, person, trade, body, key=key)
    assert (again.json(), again.headers["idempotency-replayed"]) == (first.json(), "true")
    assert (await held(stage, person))[0]["stop_loss_price"] == ENTRY * 0.8
    same = await changed(stage, person, trade, stop_loss=0.2)
    assert same.stop_loss_price == ENTRY * 0.8
    events = (await stage.get(person, "/api/events/{}"))["items"]
    assert [one["kind"] for one in events].count("PlanChanged") == 2


async def test_sockets_hear_of_it_and_see_the_stop(stage: Stage, person: Person) -> None:
    await stage.bought("WIF")
    (now,) = await held(stage, person)
    async with stage.signed_in(person) as socket:
        await hear(socket, "TRADE_SUMMARY_UPDATE")
        await hear_update(socket, "position")
        await changed(stage, person, now["trade_id"], stop_loss=0.1)
        event = (await hear(socket, "EVENT"))["data"]
        EventOut.model_validate(event)
        fact = event["data"]
        assert (event["kind"], event["trade_id"]) == ("PlanChanged", now["trade_id"])
        assert (fact["stop_before"], fact["stop_after"]) == (ENTRY * 0.85, ENTRY * 0.9)
        assert (fact["plan_before"]["stop_loss"], fact["plan_after"]["stop_loss"]) == (0.15, 0.1)
        assert fact["plan_after"]["take_profit"] == TIERS
        seen = await hear_update(socket, "position")
        assert seen["position"]["stop_loss_price"] == ENTRY * 0.9
        assert seen["strategy_state"]["stop_loss_price"] == ENTRY * 0.9
