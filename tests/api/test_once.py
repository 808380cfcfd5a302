"""Writes that are sent twice."""

import asyncio

import pytest

from app.api.errors import Problem
from app.api.once import once
from app.engine.live import UnansweredError
from tests.api.stage import Person, Stage

KEY = {"Idempotency-Key": "4b1d2c55-6f0e-4f0a-9a71-1f9d8a3c5b20"}


async def test_the_same_close_twice_sells_once(stage: Stage, person: Person) -> None:
    token = await stage.bought("ONCE")
    url = f"/api/positions/{person.wallet}/{token.mint}/close"
    headers = {**person.headers, **KEY}
    first = await stage.client.post(url, json={"portion": 0.5}, headers=headers)
    second = await stage.client.post(url, json={"portion": 0.5}, headers=headers)
    assert first.status_code == second.status_code == 200
    assert first.content == second.content
    assert second.headers["idempotency-replayed"] == "true"
    (trade,) = (await stage.get(person, "/api/trades/{}"))["items"]
    detail = await stage.get(person, f"/api/trades/{{}}/{trade['id']}")
    assert [fill["side"] for fill in detail["fills"]] == ["BUY", "SELL"]
    other = await stage.client.post(url, json={"portion": 0.4}, headers=headers)
    assert other.status_code == 409
    assert other.json()["type"] == "/problems/key-reused"


async def test_a_key_is_ones_own(stage: Stage, person: Person) -> None:
    other = await stage.register()
    token = await stage.bought("OWN")
    for one in (person, other):
        url = f"/api/positions/{one.wallet}/{token.mint}/close"
        answer = await stage.client.post(url, headers={**one.headers, **KEY})
        assert answer.status_code == 200, answer.text
        assert "idempotency-replayed" not in answer.headers


async def test_two_at_once_sell_once(stage: Stage, person: Person) -> None:
    token = await stage.bought("TWO")
    url = f"/api/positions/{person.wallet}/{token.mint}/close"
    headers = {**person.headers, "Idempotency-Key": "two-at-once"}
    answers = await asyncio.gather(
        *(stage.client.post(url, json={"portion": 0.5}, headers=headers) for _ in range(5))
    )
    assert {answer.status_code for answer in answers} <= {200, 409}
    (trade,) = (await stage.get(person, "/api/trades/{}"))["items"]
    detail = await stage.get(person, f"/api/trades/{{}}/{trade['id']}")
    assert [fill["side"] for fill in detail["fills"]] == ["BUY", "SELL"]


async def test_a_refused_write_may_be_tried_again(stage: Stage, person: Person) -> None:
    token = await stage.token("LATER")
    url = f"/api/positions/{person.wallet}/{token.mint}/close"
    headers = {**person.headers, "Idempotency-Key": "tried-again"}
    assert (await stage.client.post(url, headers=headers)).status_code == 404
    await stage.calm(token, 0.001)
    await stage.close(token, 0.00102)
    assert (await stage.client.post(url, headers=headers)).status_code == 200


async def test_registering_twice_makes_one_wallet_and_tells_no_secret(stage: Stage) -> None:
    key = {"Idempotency-Key": "register-once"}
    first = await stage.client.post("/api/register", headers=key)
    second = await stage.client.post("/api/register", headers=key)
    assert first.status_code == 201
    assert second.status_code == 409
    assert second.json()["type"] == "/problems/already-registered"
    assert first.json()["wallet_address"] not in second.text


async def test_a_key_must_be_a_key(stage: Stage) -> None:
    for key in ("short", "x" * 129, "with a blank"):
        answer = await stage.client.post("/api/register", headers={"Idempotency-Key": key})
        assert answer.status_code == 422
        assert answer.json()["errors"][0]["location"] == "header"


async def test_a_write_that_may_still_be_done_keeps_its_key(stage: Stage, person: Person) -> None:
    async def late() -> bytes:
        raise UnansweredError("nobody answered")

    with pytest.raises(UnansweredError):
        await once(stage.app.state, person.number, "may-be-done", "digest", late)
    with pytest.raises(Problem, match="look at what it did"):
        await once(stage.app.state, person.number, "may-be-done", "digest", late)


async def test_a_wallet_that_may_still_be_made_keeps_its_key(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def late(_: object) -> None:
        raise UnansweredError("nobody answered")

    key = {"Idempotency-Key": "may-be-made"}
    with monkeypatch.context() as patched:
        patched.setattr(stage.app.state.live, "submit", late)
        assert (await stage.client.post("/api/register", headers=key)).status_code == 503
    again = await stage.client.post("/api/register", headers=key)
    assert (again.status_code, again.json()["type"]) == (409, "/problems/still-running")
