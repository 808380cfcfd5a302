"""Shadows over REST: begun, changed, compared, adopted, retired, and noticed by nobody else."""

import asyncio
from typing import Any

import httpx
import pytest

from app.trading.shadows import MOST_SHADOWS
from tests.api.stage import Person, Stage, hear, until

TIGHT = {"*": {"risk_settings": {"stop_loss": 0.03}}}
KEY = {"Idempotency-Key": "a-shadow-once"}


async def post(stage: Stage, person: Person, body: Any, **headers: str) -> httpx.Response:
    url = f"/api/shadows/{person.wallet}"
    return await stage.client.post(url, json=body, headers={**person.headers, **headers})


async def begun(stage: Stage, person: Person, **body: Any) -> Any:
    wish = {"name": "tight", "settings": TIGHT, **body}
    response = await post(stage, person, wish)
    assert response.status_code == 201, response.text
    return response.json()


async def change(stage: Stage, person: Person, number: int, body: Any) -> httpx.Response:
    url = f"/api/shadows/{person.wallet}/{number}"
    return await stage.client.put(url, json=body, headers=person.headers)


async def listed(stage: Stage, person: Person) -> list[Any]:
    items: list[Any] = (await stage.get(person, "/api/shadows/{}"))["items"]
    return items


async def test_a_shadow_begins_level(stage: Stage, person: Person) -> None:
    assert await listed(stage, person) == []
    made = await begun(stage, person)
    worth = (await stage.get(person, "/api/user/{}"))["total_value"]
    assert (made["number"], made["name"], made["settings"]) == (1, "tight", TIGHT)
    assert made["initial_sol_balance"] == made["total_value"] == worth
    assert (made["open_positions"], made["paused"], made["retired_at"]) == (0, False, None)
    poor = await begun(stage, person, name="poor", settings={}, initial_sol=0.5)
    assert (poor["number"], poor["total_value"], poor["settings"]) == (2, 0.5, {})
    assert await listed(stage, person) == [made, poor]


async def test_the_same_wish_twice_makes_one(stage: Stage, person: Person) -> None:
    body = {"name": "once", "settings": {}}
    first, second = [await post(stage, person, body, **KEY) for _ in range(2)]
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.content == second.content
    assert second.headers["idempotency-replayed"] == "true"
    assert len(await listed(stage, person)) == 1
    other = await post(stage, person, {**body, "name": "twice"}, **KEY)
    assert other.json()["type"] == "/problems/key-reused"


async def test_there_is_room_for_twenty_at_once(stage: Stage, person: Person) -> None:
    wishes = [begun(stage, person, settings={}) for _ in range(MOST_SHADOWS)]
    made = await asyncio.gather(*wishes)
    assert sorted(one["number"] for one in made) == list(range(1, MOST_SHADOWS + 1))
    full = await post(stage, person, {"name": "more", "settings": {}})
    assert (full.status_code, full.json()["type"]) == (409, "/problems/too-many-shadows")
    url = f"/api/shadows/{person.wallet}/7"
    assert (await stage.client.delete(url, headers=person.headers)).status_code == 204
    assert (await begun(stage, person))["number"] == MOST_SHADOWS + 1
    assert [one["number"] for one in await listed(stage, person)] == [
        number for number in range(1, MOST_SHADOWS + 2) if number != 7
    ]


TWO_SIZES = {"position_size": 1, "max_spend_sol": 2}
REFUSED: dict[str, tuple[Any, str]] = {
    "no name": ({"settings": {}}, "/name"),
    "an empty name": ({"name": "", "settings": {}}, "/name"),
    "a name that cannot be seen": ({"name": "\u202e\u200b \t", "settings": {}}, "/name"),
    "a long name": ({"name": "x" * 61, "settings": {}}, "/name"),
    "no settings": ({"name": "one"}, "/settings"),
    "an unknown strategy": (
        {"name": "one", "settings": {"A~/B": {}, "*": {"active_strategy": "moon"}}},
        "/settings",
    ),
    "an unknown parameter": (
        {"name": "one", "settings": {"BONK": {"parameters": {"custom_params": {"speed": 3}}}}},
        "/settings/BONK/parameters/custom_params/speed",
    ),
    "out of range": (
        {"name": "one", "settings": {"*": {"risk_settings": {"stop_loss": 1.5}}}},
        "/settings/*/risk_settings/stop_loss",
    ),
    "two sizes": (
        {"name": "a", "settings": {"*": {"risk_settings": TWO_SIZES}}},
        "/settings/*/risk_settings/position_size",
    ),
    "a negative balance": ({"name": "one", "settings": {}, "initial_sol": -1}, "/initial_sol"),
    "an unknown field": ({"name": "one", "settings": {}, "owner": 3}, "/owner"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
async def test_what_does_not_fit_is_pointed_at(stage: Stage, person: Person, name: str) -> None:
    body, pointer = REFUSED[name]
    response = await post(stage, person, body)
    assert response.status_code == 422, response.text
    assert any(one["pointer"].startswith(pointer) for one in response.json()["errors"])
    assert await listed(stage, person) == []


async def test_a_balance_out_of_all_proportion_is_refused(stage: Stage, person: Person) -> None:
    answer = await post(stage, person, {"name": "rich", "settings": {}, "initial_sol": 1e6})
    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/invalid-balance")


async def test_a_name_is_text(stage: Stage, person: Person) -> None:
    made = await begun(stage, person, name=" <b>\u202egnp\u200b.x</b>\n1 ")
    assert made["name"] == "<b>gnp.x</b> 1"
    changed = await change(stage, person, 1, {"name": "\u2066other\u2069"})
    assert changed.json()["name"] == "other"
    assert (await change(stage, person, 1, {"name": "\u2066"})).status_code == 422


async def test_a_shadow_is_changed(stage: Stage, person: Person) -> None:
    made = await begun(stage, person)
    wide = {"BONK": {"active_strategy": "breakout"}, **TIGHT}
    changed = (await change(stage, person, 1, {"settings": wide, "paused": True})).json()
    assert changed == {**made, "settings": wide, "paused": True, "pause_reason": "paused"}
    bad = {"name": "bad", "settings": {"*": {"active_strategy": "moon"}}}
    assert (await change(stage, person, 1, bad)).status_code == 422
    back = (await change(stage, person, 1, {"settings": {}, "paused": False})).json()
    assert back == {**made, "settings": {}}
    assert (await change(stage, person, 2, {"name": "nobody"})).status_code == 404


async def test_it_trades_differently_and_adopting_it_changes_the_owners_next_trade(
    stage: Stage, person: Person
) -> None:
    await begun(stage, person)
    token = await stage.bought("FIRST")
    (shadow,) = await listed(stage, person)
    assert shadow["open_positions"] == 1
    await stage.close(token, 0.00102 * 0.96)
    (shadow,) = await listed(stage, person)
    assert shadow["open_positions"] == 0
    assert shadow["overall_pnl"] < 0
    (open_trade,) = (await stage.get(person, "/api/trades/{}"))["items"]
    assert open_trade["status"] == "active"
    detail = await stage.get(person, "/api/shadows/{}/1")
    (trade,) = detail["trades"]
    assert (trade["exit_reason"], trade["status"]) == ("stop_loss", "finished")
    assert detail["statistics"]["losses"] == 1
    assert detail["statistics"]["net_pnl_sol"] == pytest.approx(shadow["overall_pnl"])
    assert detail["effective"]["*"]["exit"]["stop_loss"] == 0.03
    assert detail["history"][0]["total_value"] == shadow["initial_sol_balance"]
    url = f"/api/shadows/{person.wallet}/1/adopt"
    adopted = await stage.client.post(url, headers=person.headers)
    assert adopted.json() == {"changed": ["*"], "removed": [], "kept": []}
    written = await stage.get(person, "/api/settings/{}/*")
    assert (written["version"], written["settings"]) == (1, TIGHT["*"])
    second = await stage.bought("SECOND")
    (bought,) = (await stage.get(person, "/api/trades/{}", token_address=second.mint))["items"]
    assert bought["stop_loss_price"] == pytest.approx(0.00102 * 0.97)


async def test_adopting_keeps_or_replaces_what_only_the_wallet_names(
    stage: Stage, person: Person
) -> None:
    for symbol in ("*", "MINE"):
        url = f"/api/settings/{person.wallet}/{symbol}"
        body = {"active_strategy": "breakout"}
        await stage.client.put(url, json=body, headers=person.headers)
    await begun(stage, person, settings={"BONK": {"active_strategy": "breakout"}})
    url = f"/api/shadows/{person.wallet}/1/adopt"
    first = (await stage.client.post(url, headers=person.headers)).json()
    assert first == {"changed": ["*", "BONK"], "removed": [], "kept": ["MINE"]}
    every = await stage.get(person, "/api/settings/{}")
    assert every.keys() == {"*", "BONK", "MINE"}
    assert (every["*"]["settings"], every["*"]["version"]) == (None, 2)
    versions = (await stage.get(person, "/api/settings/{}/*/versions"))["items"]
    assert versions[1]["settings"] == {"active_strategy": "breakout"}
    again = (await stage.client.post(url, json={}, headers=person.headers)).json()
    assert again == {"changed": [], "removed": [], "kept": ["MINE"]}
    whole = await stage.client.post(url, json={"replace": True}, headers=person.headers)
    assert whole.json() == {"changed": [], "removed": ["MINE"], "kept": []}


async def test_a_retired_shadow_stays_until_it_holds_nothing(stage: Stage, person: Person) -> None:
    await begun(stage, person)
    token = await stage.bought("LAST")
    url = f"/api/shadows/{person.wallet}/1"
    assert (await stage.client.delete(url, headers=person.headers)).status_code == 204
    (shadow,) = await listed(stage, person)
    assert (shadow["open_positions"], shadow["settings"]) == (1, {})
    assert shadow["retired_at"] is not None
    assert (await stage.get(person, "/api/shadows/{}/1"))["effective"].keys() == {"*"}
    assert (await stage.client.delete(url, headers=person.headers)).status_code == 404
    assert (await change(stage, person, 1, {"name": "new"})).status_code == 404
    assert (await stage.client.post(f"{url}/adopt", headers=person.headers)).status_code == 404
    later = await stage.bought("LATER")
    await stage.close(token, 0.0005)
    assert await listed(stage, person) == []
    assert (await stage.client.get(url, headers=person.headers)).status_code == 404
    mine = (await stage.get(person, "/api/trades/{}", token_address=later.mint))["items"]
    assert len(mine) == 1


async def test_nobody_notices_a_shadow(stage: Stage, person: Person) -> None:
    """Not its owner's events, sockets, trades, figures, positions, files or worth."""
    other = await stage.register()
    before = (await stage.get(person, "/api/user/{}"))["total_value"]
    async with stage.signed_in(person) as socket:
        await hear(socket, "AUTH_SUCCESS")
        await begun(stage, person)
        token = await stage.bought("QUIET")
        await stage.close(token, 0.00102 * 0.9)
        await stage.close(token, 0.0005)
        told = [await hear(socket, "EVENT") for _ in range(2)]
    kinds = [frame["data"]["kind"] for frame in told]
    assert kinds == ["TradeOpened", "TradeClosed"]
    events = (await stage.get(person, "/api/events/{}"))["items"]
    assert [one["kind"] for one in events] == ["WalletRegistered", "TradeOpened", "TradeClosed"]
    (trade,) = (await stage.get(person, "/api/trades/{}"))["items"]
    overall = await stage.get(person, "/api/analytics/overall/{}")
    assert (overall["trades"], overall["net_pnl_sol"]) == (1, trade["pnl_sol"])
    worth = (await stage.get(person, "/api/user/{}"))["total_value"]
    assert worth == pytest.approx(before + trade["pnl_sol"])
    theirs = await stage.get(other, "/api/shadows/{}")
    assert theirs["items"] == []
    (shadow,) = await listed(stage, person)
    answer = await stage.client.post(
        "/api/auth/challenge", json={"wallet_address": shadow["wallet_address"]}
    )
    assert answer.status_code == 422


async def test_shadows_are_compared_with_their_wallet(stage: Stage, person: Person) -> None:
    assert await stage.get(person, "/api/shadows/{}/compare") == {"compared": 0, "items": []}
    before = await stage.bought("BEFORE")
    ahead = stage.now() + 2_000  # the candle that was bought on closes a little later than now
    await until(lambda: stage.now() > ahead)
    await begun(stage, person)
    await begun(stage, person, settings={}, initial_sol=1)
    token = await stage.bought("BOTH")
    await stage.close(token, 0.00102 * 0.9)
    await stage.close(before, 0.0005)
    found = await stage.get(person, "/api/shadows/{}/compare")
    assert found["compared"] == 2
    tight, same = found["items"]
    assert (tight["number"], tight["name"], tight["days"]) == (1, "tight", 1)
    assert (tight["shadow"]["losses"], tight["shadow"]["open_trades"]) == (1, 0)
    assert (tight["wallet"]["losses"], tight["wallet"]["open_trades"]) == (0, 1)
    assert tight["wallet"]["volume_sol"] == same["wallet"]["volume_sol"]
    assert same["shadow"]["total_return_percent"] < 0
    for pair in (tight, same):
        assert pair["verdict"] == "cannot tell yet"
        assert pair["daily_return_percent"] is pair["trade_pnl_sol"] is None
