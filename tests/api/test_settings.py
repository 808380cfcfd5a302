"""What people wish per symbol: written, read back, resolved, refused, previewed."""

from typing import Any

import httpx
import pytest

from tests.api.stage import Person, Stage

ORIGINAL = {
    "active_strategy": "ma_crossover",
    "parameters": {"template": "aggressive", "custom_params": {"fast_ma": 10, "slow_ma": 21}},
    "risk_settings": {
        "position_size": 100,
        "stop_loss": 0.02,
        "trailing_stop": {"active": True, "distance": 0.03},
    },
}


async def put(stage: Stage, person: Person, body: Any, symbol: str = "SOL-USDC") -> httpx.Response:
    url = f"/api/settings/{person.wallet}/{symbol}"
    return await stage.client.put(url, json=body, headers=person.headers)


async def test_the_original_shape_is_understood(stage: Stage, person: Person) -> None:
    response = await put(stage, person, ORIGINAL)
    assert response.status_code == 200, response.text
    written = response.json()
    assert written["settings"] == ORIGINAL
    assert written["version"] == 1
    effective = written["effective"]
    assert effective["entries"] == [
        {
            "strategy": "sma_crossover",
            "parameters": {"fast": 10, "slow": 21, "min_volume": 500_000},
        }
    ]
    assert effective["sizing"]["max_spend_sol"] == 100
    assert effective["sizing"]["risk_per_trade"] == 0.02
    assert effective["exit"]["stop_loss"] == 0.02
    assert effective["exit"]["trailing_stop"] == 0.03
    assert effective["exit"]["take_profit"] == [[0.3, 0.33], [0.75, 0.33]]
    assert effective["limits"]["max_open_positions"] == 10
    read = await stage.get(person, "/api/settings/{}/SOL-USDC")
    assert read == written
    every = await stage.get(person, "/api/settings/{}")
    assert list(every) == ["*", "SOL-USDC"]
    assert every["SOL-USDC"] == written
    assert every["*"]["settings"] is None
    names = [entry["strategy"] for entry in every["*"]["effective"]["entries"]]
    assert names == ["sma_crossover", "breakout"]


async def test_several_strategies_share_the_parameters(stage: Stage, person: Person) -> None:
    body = {
        "active_strategy": ["breakout", "sma_crossover"],
        "parameters": {"template": "conservative", "custom_params": {"window": 30, "fast": 15}},
        "risk_settings": {"trailing_stop": None, "max_holding_candles": 100, "max_exposure": 0.9},
    }
    effective = (await put(stage, person, body, "*")).json()["effective"]
    breakout, crossover = effective["entries"]
    assert breakout["parameters"]["window"] == 30
    assert breakout["parameters"]["momentum"] == 10
    assert crossover["parameters"] == {"fast": 15, "slow": 50, "min_volume": 1_000_000}
    assert effective["exit"]["trailing_stop"] is None
    assert effective["exit"]["max_holding_candles"] == 100
    assert effective["limits"]["max_exposure"] == 0.9


REFUSED: dict[str, tuple[Any, str]] = {
    "an unknown strategy": ({"active_strategy": "moon"}, "/active_strategy"),
    "one of several": ({"active_strategy": ["breakout", "moon"]}, "/active_strategy/1"),
    "the same twice": (
        {"active_strategy": ["ma_crossover", "sma_crossover"]},
        "/active_strategy/1",
    ),
    "an unknown template": (
        {"active_strategy": "breakout", "parameters": {"template": "wild"}},
        "/parameters/template",
    ),
    "an unknown parameter": (
        {"active_strategy": "breakout", "parameters": {"custom_params": {"fast": 3}}},
        "/parameters/custom_params/fast",
    ),
    "nobody's parameter": (
        {"parameters": {"custom_params": {"speed": 3}}},
        "/parameters/custom_params/speed",
    ),
    "out of range": (
        {"active_strategy": "breakout", "parameters": {"custom_params": {"window": 1}}},
        "/parameters/custom_params/window",
    ),
    "an unknown risk setting": ({"risk_settings": {"leverage": 3}}, "/risk_settings/leverage"),
    "a stop beyond all": ({"risk_settings": {"stop_loss": 1.5}}, "/risk_settings/stop_loss"),
    "tiers that fall": (
        {"risk_settings": {"take_profit": [[0.5, 0.5], [0.3, 0.5]]}},
        "/risk_settings/take_profit",
    ),
    "more than all": (
        {"risk_settings": {"take_profit": [[0.5, 0.7], [0.6, 0.7]]}},
        "/risk_settings/take_profit",
    ),
    "two sizes": (
        {"risk_settings": {"position_size": 1, "max_spend_sol": 2}},
        "/risk_settings/position_size",
    ),
    "null where a number must be": (
        {"risk_settings": {"stop_loss": None}},
        "/risk_settings/stop_loss",
    ),
    "an unknown field": ({"strategy": "breakout"}, "/strategy"),
}


@pytest.mark.parametrize("name", REFUSED)
async def test_what_does_not_fit_is_pointed_at(stage: Stage, person: Person, name: str) -> None:
    body, pointer = REFUSED[name]
    response = await put(stage, person, body)
    assert response.status_code == 422, response.text
    pointers = [fault["pointer"] for fault in response.json()["errors"]]
    assert any(one == pointer or one.startswith(pointer + "/") for one in pointers), pointers
    assert (await stage.get(person, "/api/settings/{}/*"))["version"] == 0


@pytest.mark.parametrize("symbol", ["a%20b", "x" * 65, "%00", "%0a"])
async def test_a_symbol_is_a_word(stage: Stage, person: Person, symbol: str) -> None:
    response = await put(stage, person, {}, symbol)
    assert response.status_code == 422


async def test_all_settings_are_replaced_at_once(stage: Stage, person: Person) -> None:
    await put(stage, person, {}, "OLD")
    await put(stage, person, ORIGINAL, "KEPT")
    url = f"/api/settings/{person.wallet}"
    bad = await stage.client.put(
        url, json={"NEW": {}, "BAD": {"active_strategy": "moon"}}, headers=person.headers
    )
    assert bad.status_code == 422
    assert set(await stage.get(person, "/api/settings/{}")) == {"*", "OLD", "KEPT"}
    body = {"NEW": {"active_strategy": "breakout"}, "KEPT": ORIGINAL}
    every = (await stage.client.put(url, json=body, headers=person.headers)).json()
    assert set(every) == {"*", "NEW", "KEPT"}
    assert every["KEPT"]["version"] == 1, "what did not change gets no new version"
    old = await stage.client.get(f"{url}/OLD", headers=person.headers)
    assert old.status_code == 404


async def test_versions_are_kept_and_a_removal_is_one(stage: Stage, person: Person) -> None:
    await put(stage, person, {"active_strategy": "breakout"}, "BONK")
    await put(stage, person, ORIGINAL, "BONK")
    url = f"/api/settings/{person.wallet}/BONK"
    assert (await stage.client.delete(url, headers=person.headers)).status_code == 204
    assert (await stage.client.delete(url, headers=person.headers)).status_code == 404
    versions = (await stage.get(person, "/api/settings/{}/BONK/versions"))["items"]
    assert [one["version"] for one in versions] == [3, 2, 1]
    assert [one["settings"] for one in versions] == [
        None,
        ORIGINAL,
        {"active_strategy": "breakout"},
    ]


async def test_names_that_objects_of_scripts_inherit_are_names_like_others(
    stage: Stage, person: Person
) -> None:
    names = ["__proto__", "constructor", "toString"]
    for name in names:
        assert (await put(stage, person, ORIGINAL, name)).json()["symbol"] == name
        await stage.token(name)
    every = await stage.get(person, "/api/settings/{}")
    assert sorted(every) == ["*", *names]
    assert all(every[name]["settings"] == ORIGINAL for name in names)
    told = (await stage.client.get("/api/signals")).json()["items"]
    assert {one["token"]["symbol"] for one in told} >= set(names)


async def test_a_preview_changes_nothing(stage: Stage, person: Person) -> None:
    token = await stage.bought("SEEN")
    await stage.close(token, 0.00102 * 1.2)
    url = f"/api/settings/{person.wallet}/SEEN/preview"
    tight = {"risk_settings": {"trailing_stop": 0.1, "trailing_after_tier": 0}}
    answer = (await stage.client.post(url, json=tight, headers=person.headers)).json()
    (moved,) = answer["positions"]
    assert moved["effect"] == "moves"
    assert moved["stop_then"] == pytest.approx(0.00102 * 1.2 * 0.9)
    assert moved["stop_now"] == pytest.approx(0.00102 * 0.85)
    assert answer["open_positions_keep_their_plan"] is True
    await stage.close(token, 0.00102 * 1.02)
    answer = (await stage.client.post(url, json=tight, headers=person.headers)).json()
    assert answer["positions"][0]["effect"] == "closes"
    same = (await stage.client.post(url, json={}, headers=person.headers)).json()
    assert same["positions"][0]["effect"] == "none"
    other = f"/api/settings/{person.wallet}/OTHER/preview"
    nothing = (await stage.client.post(other, json={}, headers=person.headers)).json()
    assert nothing["positions"] == []
    assert set(await stage.get(person, "/api/settings/{}")) == {"*"}
    assert len((await stage.get(person, "/api/positions/{}"))["items"]) == 1


async def test_settings_are_acted_on(stage: Stage, person: Person) -> None:
    body = {"risk_settings": {"position_size": 0.05}}
    await put(stage, person, body, "*")
    token = await stage.bought("SMALL")
    (trade,) = (await stage.get(person, "/api/trades/{}", token_address=token.mint))["items"]
    assert trade["sol_invested"] == pytest.approx(0.05)
    events = (await stage.get(person, "/api/events/{}"))["items"]
    changed = next(one for one in events if one["kind"] == "SettingsChanged")
    assert changed["data"] == {"kind": "SettingsChanged", "symbol": "*", "version": 1}


async def test_strategies_describe_themselves(stage: Stage, person: Person) -> None:
    items = (await stage.get(person, "/api/strategies"))["items"]
    found = {one["name"]: one for one in items}
    assert set(found) == {"breakout", "sma_crossover"}
    crossover = found["sma_crossover"]
    assert crossover["aliases"] == ["ma_crossover"]
    assert crossover["templates"]["aggressive"] == {"fast": 10, "slow": 21, "min_volume": 500_000}
    assert crossover["parameters"]["properties"]["fast"]["minimum"] == 1
    assert crossover["lookback"] == 31
