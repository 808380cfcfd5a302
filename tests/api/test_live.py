"""The WebSocket: who comes in, what is heard, what is missed and caught up, who is closed."""

import asyncio
import contextlib
import json
from typing import Any

import pytest
from websockets.asyncio.client import ClientConnection
from websockets.exceptions import InvalidStatus

from app.api import facts, live
from app.api.frames import ServerFrame
from app.engine.feed import MarketUpdate
from app.ports import MarketTrade
from app.store.errors import StoreBusyError
from tests.api.stage import Person, Stage, closed, hear, hear_update, move, say

FIRST = ["AUTH_SUCCESS", "TRADE_SUMMARY_UPDATE", "NEW_TRADE_STARTING"]


async def test_signing_in_shows_how_everything_stands(stage: Stage, person: Person) -> None:
    token = await stage.bought("FIRST")
    async with stage.signed_in(person) as socket:
        frames = [json.loads(await socket.recv()) for _ in FIRST]
        assert [frame["type"] for frame in frames] == FIRST
        success, summaries, start = (frame["data"] for frame in frames)
        assert success["wallet_address"] == person.wallet
        assert success["initial_sol_balance"] >= 10
        assert success["seq"] > 0
        (active,) = [one for one in summaries["summaries"] if one["status"] == "Active"]
        assert active["token"] == {"address": token.mint, "symbol": "FIRST"}
        assert start["token_info"]["address"] == token.mint
        assert len(start["candles"]) == len(start["volumes"]) == 61
        (mark,) = start["bot_trades"]
        assert mark["side"] == "BUY"
        assert mark["reason"] == "entry"
        assert start["strategy_state"]["phase"] == "INITIAL"
        assert start["portfolio"]["positions"][token.mint]["tokens"] > 0
        assert (await hear_update(socket, "position"))["position"]["token"]["symbol"] == "FIRST"


async def test_idle_wallets_see_the_index(stage: Stage, person: Person) -> None:
    index = stage.live.feed.index
    async with stage.signed_in(person) as socket:
        start = await hear(socket, "NEW_TRADE_STARTING")
        assert start["data"]["token_info"]["address"] == index
        assert start["data"]["strategy_state"] is None
        move(stage, index, 150.0, 1_795_255_201)
        update = await hear_update(socket, "candle")
        assert update["token"] == index
        assert update["candle"]["close"] == 150.0


async def test_a_trade_from_beginning_to_end(stage: Stage, person: Person) -> None:
    async with stage.signed_in(person) as socket:
        await hear(socket, "NEW_TRADE_STARTING")
        token = await stage.bought("LIVE")
        event = await hear(socket, "EVENT")
        assert event["data"]["kind"] == "TradeOpened"
        assert event["seq"] == event["data"]["seq"]
        start = (await hear(socket, "NEW_TRADE_STARTING"))["data"]
        assert start["token_info"]["address"] == token.mint
        assert [mark["side"] for mark in start["bot_trades"]] == ["BUY"]
        move(stage, token.mint, 0.00103, 1_795_255_201)
        assert (await hear_update(socket, "candle"))["token"] == token.mint
        await stage.close(token, 0.00102 * 1.1)
        position = (await hear_update(socket, "position"))["position"]
        while position["price"] < 0.00102 * 1.05:
            position = (await hear_update(socket, "position"))["position"]
        assert position["unrealised_pnl_percent"] == pytest.approx(10, abs=1e-4)
        await stage.client.post(
            f"/api/positions/{person.wallet}/{token.mint}/close", headers=person.headers
        )
        event = await hear(socket, "EVENT")
        assert event["data"]["kind"] == "TradeClosed"
        sale = (await hear_update(socket, "bot_trade"))["bot_trade"]
        assert sale["side"] == "SELL"
        assert sale["reason"] == "manual"
        gone = await hear_update(socket, "position")
        assert gone["position"] is None
        worth = (await hear_update(socket, "portfolio"))["portfolio"]
        assert worth["positions"] == {}
        while True:
            summaries = (await hear(socket, "TRADE_SUMMARY_UPDATE"))["data"]["summaries"]
            ended = [one for one in summaries if one["status"] == "Finished"]
            if ended:
                break
        assert ended[0]["pnl"] == pytest.approx(event["data"]["data"]["pnl_sol"])


async def test_every_frame_is_what_the_document_says(stage: Stage, person: Person) -> None:
    seen = set()
    async with stage.signed_in(person, after=0) as socket:
        await say(socket, "PING")
        token = await stage.bought("SHAPES")
        trade = MarketTrade(
            id="1",
            time=1_795_255_200_000,
            side="buy",
            price=0.001,
            sol_amount=1.0,
            token_amount=2.0,
            wallet=None,
        )
        stage.live.feed.update(MarketUpdate(mint=token.mint, trades=[trade]), stage.now())
        await socket.send("nonsense")
        await asyncio.sleep(1)
        await stage.client.post("/api/auth/logout", headers=person.headers)
        _, frames = await closed(socket)
    for frame in frames:
        ServerFrame.model_validate(frame)
        seen.add(frame["type"])
    assert seen == {*FIRST, "EVENT", "UPDATE", "PONG", "ERROR"}


async def test_what_was_missed_comes_first_and_once(stage: Stage, person: Person) -> None:
    async with stage.signed_in(person) as socket:
        last = (await hear(socket, "AUTH_SUCCESS"))["data"]["seq"]
    token = await stage.bought("MISSED")
    async with stage.signed_in(person, after=last) as socket:
        first = json.loads(await socket.recv())
        assert first["type"] == "EVENT"
        assert first["data"]["data"]["token"]["address"] == token.mint
        success = json.loads(await socket.recv())
        assert success["type"] == "AUTH_SUCCESS"
        assert success["data"]["seq"] == first["seq"]
        await stage.client.post(f"/api/wallets/{person.wallet}/pause", headers=person.headers)
        assert (await hear(socket, "EVENT"))["data"]["kind"] == "WalletPaused"


async def test_no_event_is_lost_between_then_and_now(stage: Stage, person: Person) -> None:
    path = f"/api/wallets/{person.wallet}"

    async def busy() -> None:
        for turn in range(40):
            action = "pause" if turn % 2 == 0 else "resume"
            await stage.client.post(f"{path}/{action}", headers=person.headers)

    writing = asyncio.create_task(busy())
    heard: list[int] = []
    for _ in range(6):
        async with stage.signed_in(person, after=heard[-1] if heard else 0) as socket:
            heard += await events_within(socket, 0.15)
    await writing
    async with stage.signed_in(person, after=heard[-1]) as socket:
        while (frame := json.loads(await socket.recv()))["type"] == "EVENT":
            heard.append(frame["seq"])
    events = (await stage.get(person, "/api/events/{}", limit=500))["items"]
    assert heard == [event["seq"] for event in events]


async def events_within(socket: ClientConnection, seconds: float) -> list[int]:
    heard: list[int] = []
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            while True:
                frame = json.loads(await socket.recv())
                if frame["type"] == "EVENT":
                    heard.append(frame["seq"])
    return heard


@pytest.mark.parametrize("after", [10**9, 2**62])
async def test_a_place_that_does_not_exist_is_a_reset(
    stage: Stage, person: Person, after: int
) -> None:
    async with stage.signed_in(person, after=after) as socket:
        frames = [json.loads(await socket.recv())["type"] for _ in range(2)]
        assert frames == ["RESET", "AUTH_SUCCESS"]


async def test_auth_may_stand_at_the_top_level(stage: Stage, person: Person) -> None:
    async with stage.socket() as socket:
        top = {"type": "AUTH", "token": person.token, "wallet_address": person.wallet}
        await socket.send(json.dumps(top))
        assert json.loads(await socket.recv())["type"] == "AUTH_SUCCESS"


async def test_a_browser_signs_in_by_cookie(stage: Stage, person: Person) -> None:
    cookie = {"Cookie": f"autotrader_session={person.token}"}
    async with stage.socket(**cookie) as socket:
        await say(socket, "AUTH", {"wallet_address": person.wallet})
        assert json.loads(await socket.recv())["type"] == "AUTH_SUCCESS"


@pytest.mark.parametrize(
    ("frame", "code"),
    [
        ('{"type": "PING"}', 4400),
        ("hello", 4400),
        ("[]", 4400),
        ('{"type": "AUTH"}', 4400),
        ('{"type": "AUTH", "data": {"wallet_address": NaN}}', 4400),
        ('{"type": "AUTH", "data": {"wallet_address": "x", "more": 1}}', 4400),
        ('{"type": "AUTH", "data": {"wallet_address": "x", "after": -1}}', 4400),
        (b"\x00\x01", 4400),
        ("[" * 60_000, 4400),
        ('{"type": "AUTH", "data": {"wallet_address": "x", "token": "y"}}', 4401),
        ('{"type": "AUTH", "data": {"wallet_address": "x"}}', 4401),
    ],
)
async def test_who_does_not_sign_in_is_told_and_closed(
    stage: Stage, frame: str | bytes, code: int
) -> None:
    async with stage.socket() as socket:
        await socket.send(frame)
        found, said = await closed(socket)
    assert found == code
    assert [one["type"] for one in said] == ["ERROR"]
    assert said[0]["data"]["code"] == code


async def test_nobody_listens_to_another_wallet(stage: Stage, person: Person) -> None:
    other = await stage.register()
    async with stage.socket() as socket:
        await say(socket, "AUTH", {"token": person.token, "wallet_address": other.wallet})
        assert (await closed(socket))[0] == 4401


async def test_who_says_nothing_is_closed(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "FIRST_SECONDS", 0.2)
    async with stage.socket() as socket:
        code, said = await closed(socket)
    assert code == 4400
    assert said[0]["type"] == "ERROR"


@pytest.mark.parametrize(
    "origin", ["http://evil.example", "null", "https://127.0.0.1.evil.example"]
)
async def test_a_foreign_page_is_not_let_in(stage: Stage, origin: str) -> None:
    with pytest.raises(InvalidStatus) as refused:
        async with stage.socket(Origin=origin):
            pass
    assert refused.value.response.status_code == 403
    assert json.loads(refused.value.response.body or b"")["type"] == "/problems/foreign-origin"


async def test_our_own_page_is_let_in(stage: Stage, person: Person) -> None:
    for origin in (f"http://127.0.0.1:{stage.port}", f"http://localhost:{stage.port}"):
        async with stage.socket(Origin=origin) as socket:
            await say(socket, "AUTH", {"token": person.token, "wallet_address": person.wallet})
            assert json.loads(await socket.recv())["type"] == "AUTH_SUCCESS"


async def test_tokens_are_followed_and_left(stage: Stage, person: Person) -> None:
    mint = "So11111111111111111111111111111111111111113"
    async with stage.signed_in(person) as socket:
        await hear(socket, "NEW_TRADE_STARTING")
        await say(socket, "SUBSCRIBE", {"tokens": [mint]})
        await say(socket, "PING")
        await hear(socket, "PONG")
        move(stage, mint, 1.0, 1_795_255_201)
        assert (await hear_update(socket, "candle"))["token"] == mint
        await say(socket, "UNSUBSCRIBE", {"tokens": [mint]})
        await say(socket, "PING")
        await hear(socket, "PONG")
        move(stage, mint, 2.0, 1_795_255_202)
        move(stage, stage.live.feed.index, 2.0, 1_795_255_302)
        assert (await hear_update(socket, "candle"))["token"] == stage.live.feed.index
        await say(socket, "SUBSCRIBE", {"tokens": [str(one) for one in range(50)]})
        await say(socket, "SUBSCRIBE", {"tokens": ["one more"]})
        assert (await hear(socket, "ERROR"))["data"]["code"] == 4429
        await say(socket, "SUBSCRIBE", {"tokens": [str(one) for one in range(51)]})
        assert (await hear(socket, "ERROR"))["data"]["code"] == 4400


async def test_a_bad_frame_is_answered_and_the_talk_goes_on(stage: Stage, person: Person) -> None:
    async with stage.signed_in(person) as socket:
        for bad in ("{", '{"type": "BUY"}', "null", '{"type": "PING", "x": NaN}'):
            await socket.send(bad)
            assert (await hear(socket, "ERROR"))["data"]["code"] == 4400
        await say(socket, "PING")
        await hear(socket, "PONG")


async def test_events_outlive_a_database_that_is_busy(
    stage: Stage, person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    failures = iter(range(2))

    async def busy(*_: Any) -> Any:
        if next(failures, None) is not None:
            raise StoreBusyError("locked")
        return await written(*_)

    written = facts.written
    async with stage.signed_in(person) as socket:
        await hear(socket, "NEW_TRADE_STARTING")
        monkeypatch.setattr(facts, "written", busy)
        await stage.client.post(f"/api/wallets/{person.wallet}/pause", headers=person.headers)
        assert (await hear(socket, "EVENT"))["data"]["kind"] == "WalletPaused"
    assert next(failures, None) is None
