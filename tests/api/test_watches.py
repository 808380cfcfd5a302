"""What a wallet waits for: conditions as they stand, and how long a watch still runs."""

from typing import Any

import pytest

from app.api.shapes.watches import WatchesOut
from app.trading.market import Token
from tests.api.stage import Person, Stage


async def watched(stage: Stage, person: Person, **query: Any) -> list[Any]:
    found = await stage.get(person, "/api/watches/{}", **query)
    WatchesOut.model_validate(found)
    items: list[Any] = found["items"]
    return items


async def watched_token(stage: Stage, person: Person, token: Token) -> list[Any]:
    return [one for one in await watched(stage, person) if one["token"]["address"] == token.mint]


async def test_a_watch_says_what_is_missing(stage: Stage, person: Person) -> None:
    token = await stage.token("WIF")
    (begun,) = await watched_token(stage, person, token)
    assert begun["token"] == {"address": token.mint, "symbol": "WIF"}
    assert {step["verdict"] for step in begun["why"]} == {"skipped"}
    assert all(step["limit"] > 0 for step in begun["why"])

    await stage.calm(token, 0.001)
    await stage.close(token, 0.001)
    (one,) = await watched(stage, person, signal_id=begun["signal_id"])
    assert one["candles_left"] == one["candles"] - 1
    assert one["since"] < one["ends_at"]
    assert one["refused"] is None
    steps = {step["name"]: step for step in one["why"]}
    highest = steps["breakout: close > highest"]
    assert highest["verdict"] == "failed"
    assert highest["value"] == pytest.approx(highest["limit"])
    assert steps["breakout: atr <= 0.25"]["verdict"] == "passed"
    assert await watched(stage, person, signal_id=begun["signal_id"] + 1) == []


async def test_who_bought_waits_no_longer(stage: Stage, person: Person) -> None:
    token = await stage.bought("BONK")
    assert await watched_token(stage, person, token) == []


async def test_a_limit_in_the_way_is_named(stage: Stage, person: Person) -> None:
    await stage.client.post(f"/api/wallets/{person.wallet}/pause", headers=person.headers)
    token = await stage.bought("BOME")
    (one,) = await watched_token(stage, person, token)
    assert one["refused"] == "wallet_paused"


async def test_nobody_sees_what_another_waits_for(stage: Stage, person: Person) -> None:
    other = await stage.register()
    answer = await stage.client.get(f"/api/watches/{person.wallet}", headers=other.headers)
    assert answer.status_code == 404
