"""Who is closed and who is not: chatterboxes, stalled readers, sleepers, and those who left."""

import asyncio
import json

import pytest
from websockets.asyncio.client import ClientConnection

from app.api import hub as hubs
from app.api import sockets
from tests.api.stage import Person, Stage, closed, hear, say, until


async def test_a_chatterbox_is_closed(stage: Stage, person: Person) -> None:
    async with stage.signed_in(person) as socket:
        await hear(socket, "NEW_TRADE_STARTING")
        (one,) = stage.app.state.hub.of_wallet(person.number)
        await until(lambda: one.direct)
        for _ in range(101):
            await say(socket, "PING")
        code, said = await closed(socket)
    assert code == 4429
    assert sum(frame["type"] == "PONG" for frame in said) == 100


async def test_large_and_binary_frames_end_the_talk(stage: Stage, person: Person) -> None:
    for frame, code in (("x" * 70_000, 1009), (b"\x00", 1003)):
        async with stage.signed_in(person) as socket:
            await hear(socket, "NEW_TRADE_STARTING")
            await socket.send(frame)
            assert (await closed(socket))[0] == code


async def test_a_wallet_has_ten_sockets(stage: Stage, person: Person) -> None:
    opened = [stage.signed_in(person) for _ in range(11)]
    entered = [await one.__aenter__() for one in opened]
    for socket in entered[:10]:
        await hear(socket, "AUTH_SUCCESS")
    assert (await closed(entered[10]))[0] == 4429
    for one in opened:
        await one.__aexit__(None, None, None)
    await until(lambda: stage.app.state.hub.count == 0)
    async with stage.signed_in(person) as socket:
        await hear(socket, "AUTH_SUCCESS")


async def test_a_client_that_leaves_is_forgotten_at_once(stage: Stage, person: Person) -> None:
    hub = stage.app.state.hub
    await until(lambda: hub.count == 0)
    async with stage.signed_in(person) as socket:
        await hear(socket, "NEW_TRADE_STARTING")
        assert hub.count == 1
        socket.transport.abort()
    await until(lambda: hub.count == 0)
    assert not hub._watchers
    assert not hub.private._held


async def test_who_does_not_answer_a_ping_is_closed(
    stage: Stage, person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    hub = stage.app.state.hub
    async with stage.signed_in(person) as socket, stage.signed_in(person) as answering:
        await hear(socket, "NEW_TRADE_STARTING")
        await hear(answering, "NEW_TRADE_STARTING")
        for _ in range(3):
            for one in hub.of_wallet(person.number):
                hub._ping(one)
            with pytest.raises(TimeoutError):
                await hear(answering, "nothing", 0.1)
            await say(answering, "PONG")
            await asyncio.sleep(0.05)
        assert (await closed(socket))[0] == 1001
        assert hub.count == 1
    del monkeypatch


async def test_an_ended_session_is_noticed(stage: Stage, person: Person) -> None:
    hub = stage.app.state.hub
    async with stage.signed_in(person) as socket:
        await hear(socket, "NEW_TRADE_STARTING")
        await hub.check_sessions()
        await say(socket, "PING")
        await hear(socket, "PONG")
        sessions = stage.app.state.sessions
        listeners, sessions._listeners = sessions._listeners, []
        await stage.client.post("/api/auth/logout", headers=person.headers)
        sessions._listeners = listeners
        await hub.check_sessions()
        assert (await closed(socket))[0] == 4401


async def test_a_stalled_reader_is_closed_and_the_others_hear_everything(
    stage: Stage, person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sockets, "MOST_WAITING", 20)
    other = await stage.register()
    mint = "So11111111111111111111111111111111111111114"
    hub = stage.app.state.hub
    async with stage.signed_in(person) as stalled, stage.signed_in(other) as healthy:
        for socket in (stalled, healthy):
            await hear(socket, "NEW_TRADE_STARTING")
            await say(socket, "SUBSCRIBE", {"tokens": [mint]})
            await say(socket, "PING")
            await hear(socket, "PONG")
        stalled.transport.pause_reading()
        (slow,) = hub.of_wallet(person.number)
        heard = asyncio.create_task(count_updates(healthy, mint, 400))
        big = "x" * 60_000
        for number in range(400):
            text = json.dumps({"type": "UPDATE", "data": {"token": mint, "number": number}})
            await hub.spread(mint, text)
            if not slow.closed:
                slow.tell(json.dumps({"type": "UPDATE", "data": {"x": big}}), ("test", number))
            await asyncio.sleep(0)
        assert await asyncio.wait_for(heard, 10) == list(range(400))
        assert slow.closed
        stalled.transport.resume_reading()
        code, said = await closed(stalled)
        assert code == 4408
        assert len(said) < 800


async def count_updates(socket: ClientConnection, mint: str, many: int) -> list[int]:
    found: list[int] = []
    while len(found) < many:
        frame = json.loads(await socket.recv())
        if frame["type"] == "UPDATE" and frame["data"].get("token") == mint:
            found.append(frame["data"]["number"])
    return found


async def test_a_slow_reader_gets_newest_prices_and_every_event(
    stage: Stage, person: Person
) -> None:
    hub = stage.app.state.hub
    async with stage.signed_in(person) as socket:
        await hear(socket, "NEW_TRADE_STARTING")
        socket.transport.pause_reading()
        (slow,) = hub.of_wallet(person.number)
        big = "x" * 60_000
        seq = slow.seq
        sent = 0
        while slow.direct:
            slow.tell(json.dumps({"type": "UPDATE", "data": {"big": big}}), ("fill", sent))
            sent += 1
            await asyncio.sleep(0)
        for number in range(50):
            price = json.dumps({"type": "UPDATE", "data": {"token": "m", "number": number}})
            slow.market({"type": "websocket.send", "text": price}, ("market", "m"))
            slow.event(json.dumps({"type": "EVENT", "seq": seq + 1 + number}), seq + 1 + number)
            slow.event(json.dumps({"type": "EVENT", "seq": seq + 1}), seq + 1)
        socket.transport.resume_reading()
        events: list[int] = []
        prices: list[int] = []
        while len(events) < 50:
            frame = json.loads(await asyncio.wait_for(socket.recv(), 5))
            if frame["type"] == "EVENT":
                events.append(frame["seq"])
            elif "number" in frame["data"]:
                prices.append(frame["data"]["number"])
        assert events == list(range(seq + 1, seq + 51))
        await until(lambda: slow.direct)
        slow.tell(json.dumps({"type": "UPDATE", "data": {"number": 99}}), ("market", "m"))
        while 99 not in prices:
            frame = json.loads(await asyncio.wait_for(socket.recv(), 5))
            if frame["type"] == "UPDATE" and "number" in frame["data"]:
                prices.append(frame["data"]["number"])
        assert prices == [49, 99]


async def test_the_platform_closes_its_sockets_when_it_stops(stage: Stage, person: Person) -> None:
    hub = hubs.Hub(stage.app.state)
    stage.app.state.hub, kept = hub, stage.app.state.hub
    try:
        async with stage.signed_in(person) as socket:
            await hear(socket, "NEW_TRADE_STARTING")
            await hub.close()
            assert (await closed(socket))[0] == 1012
    finally:
        stage.app.state.hub = kept
