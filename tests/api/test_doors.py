"""How many may come in, who is closed for not keeping up, and who is not although it looks so."""

import asyncio
import json
import time
from pathlib import Path
from typing import Any

import pytest
from websockets.asyncio.client import ClientConnection
from websockets.exceptions import InvalidStatus

from app.api import hub as hubs
from app.api import live, sockets
from app.api.doors import Doors, Refusal
from app.api.sessions import MOST_SESSIONS
from app.api.sockets import Socket
from app.api.transports import Below
from app.store.errors import StoreBusyError
from tests.api.stage import Person, Stage, closed, hear, running, say, until

GROWN_SECONDS = 0.3


def refused(stage: Stage, limit: str) -> float:
    """Count those who met a limit."""
    counter: Any = stage.app.state.metrics.refused.labels(limit)
    return float(counter._value.get())


async def test_an_address_has_so_many_sockets(tmp_path: Path) -> None:
    async with running(tmp_path, sockets_per_address=2) as stage:
        person = await stage.register()
        async with stage.signed_in(person) as first, stage.socket() as silent:
            await hear(first, "AUTH_SUCCESS")
            async with stage.socket() as third:
                code, said = await closed(third)
            assert code == 4429
            assert said[0]["type"] == "ERROR"
            assert said[0]["data"]["code"] == 4429
            assert refused(stage, "address") == 1
            await silent.close()
            await until(lambda: len(stage.app.state.hub.doors) == 1)
            async with stage.signed_in(person) as again:
                await hear(again, "AUTH_SUCCESS")
        assert b'autotrader_sockets_refused_total{limit="address"} 1.0' in (
            stage.app.state.metrics.text({})
        )


async def test_the_platform_has_so_many_sockets(tmp_path: Path) -> None:
    async with running(tmp_path, most_sockets=1, sockets_per_wallet=1) as stage:
        person = await stage.register()
        async with stage.signed_in(person) as first:
            await hear(first, "AUTH_SUCCESS")
            async with stage.socket() as second:
                assert (await closed(second))[0] == 1013
            assert refused(stage, "all") == 1
        await until(lambda: not len(stage.app.state.hub.doors))


async def test_who_is_not_let_in_is_counted(stage: Stage) -> None:
    before = refused(stage, "foreign-origin")
    with pytest.raises(InvalidStatus):
        async with stage.socket(Origin="http://evil.example"):
            pass
    assert refused(stage, "foreign-origin") == before + 1


def test_doors_forget_who_left() -> None:
    doors, connections = Doors(3, 2), [Below(lambda _: None) for _ in range(4)]  # type: ignore[arg-type,return-value]
    with doors.passed("a", connections[0]), doors.passed("a", connections[1]):
        with pytest.raises(Refusal), doors.passed("a", connections[2]):
            pass
        with doors.passed("b", connections[2]):
            with pytest.raises(Refusal) as full, doors.passed("c", connections[3]):
                pass
            assert full.value.code == 1013
        assert doors.connections() == connections[:2]
    assert not len(doors)
    assert not doors._addresses


async def test_each_class_of_frames_has_its_own_hundred(stage: Stage, person: Person) -> None:
    async with stage.signed_in(person) as socket:
        await hear(socket, "NEW_TRADE_STARTING")
        for _ in range(100):
            await say(socket, "PING")
            await say(socket, "UNSUBSCRIBE", {"tokens": ["x"]})
        await socket.send("nonsense")
        assert (await hear(socket, "ERROR"))["data"]["code"] == 4400
        before = refused(stage, "frames")
        await say(socket, "SUBSCRIBE", {"tokens": ["x"]})
        assert (await closed(socket))[0] == 4429
        assert refused(stage, "frames") == before + 1


async def behind(stage: Stage, person: Person, socket: ClientConnection) -> Socket:
    """Let a client read no more, and send until a frame has to wait, and still has to soon after.

    The kernel takes more a moment after it took no more, while its buffers grow.
    """
    await hear(socket, "NEW_TRADE_STARTING")
    slow: Socket = stage.app.state.hub.of_wallet(person.number)[0]
    await until(lambda: slow.direct)
    socket.transport.pause_reading()
    while slow.direct:
        await fill(slow)
        await asyncio.sleep(GROWN_SECONDS)
    return slow


async def fill(slow: Socket) -> None:
    """Send until a frame has to wait."""
    frame, number = json.dumps({"type": "UPDATE", "data": {"x": "x" * 60_000}}), 0
    while slow.direct:
        slow.tell(frame, ("fill", number))
        number += 1
        await asyncio.sleep(0)


async def test_who_takes_nothing_is_closed_by_the_age_of_its_frames(
    stage: Stage, person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hubs, "MOST_AGE_SECONDS", 1.0)
    monkeypatch.setattr(sockets, "CLOSE_SECONDS", 0.2)
    hub = stage.app.state.hub
    evicted = stage.app.state.metrics.evicted._value
    before = evicted.get()
    async with stage.signed_in(person) as socket:
        slow = await behind(stage, person, socket)
        await until(lambda: slow.closed)
        await until(lambda: not hub.count and not len(hub.doors))
        socket.transport.resume_reading()  # it closes at once when it hears of the end
    assert evicted.get() == before + 1


async def test_nobody_is_closed_for_a_loop_that_stood_still(
    stage: Stage, person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hubs, "MOST_AGE_SECONDS", 1.2)
    async with stage.signed_in(person) as socket:
        slow = await behind(stage, person, socket)
        time.sleep(1.5)  # noqa: ASYNC251  # that is the point
        await asyncio.sleep(0)
        assert slow.age < 1.2
        assert not slow.closed
        socket.transport.resume_reading()
        await until(lambda: slow.direct)
        assert slow.age == 0


async def test_nobody_is_late_for_a_loop_that_stood_still(
    stage: Stage, person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "FIRST_SECONDS", 0.7)
    async with stage.socket() as socket:
        await asyncio.sleep(0.1)
        await say(socket, "AUTH", {"token": person.token, "wallet_address": person.wallet})
        time.sleep(1)  # noqa: ASYNC251  # that is the point
        await hear(socket, "AUTH_SUCCESS")


async def test_a_server_that_is_closing_a_socket_disturbs_no_other(person: Person) -> None:
    async def closing(_: Any) -> None:
        raise RuntimeError("after sending 'websocket.close'")

    socket = Socket(person, closing, lambda: 0.0, Below(closing))  # type: ignore[arg-type]
    socket.direct = True
    socket.market({"type": "websocket.send", "text": "{}"}, ("market", "x"))
    assert not socket.direct
    socket.release()
    socket.market({"type": "websocket.send", "text": "{}"}, ("market", "x"))
    await asyncio.sleep(0.01)
    assert not socket.direct
    with pytest.raises(sockets.Left):
        await socket.say("{}")


async def test_a_wallet_with_many_sessions_keeps_its_oldest_socket(
    stage: Stage, person: Person
) -> None:
    hub, sessions = stage.app.state.hub, stage.app.state.sessions
    async with stage.signed_in(person) as socket:
        await hear(socket, "NEW_TRADE_STARTING")
        for _ in range(MOST_SESSIONS - 1):
            await sessions.open(person.number, person.wallet, None)
        await hub.check_sessions()
        await say(socket, "PING")
        await hear(socket, "PONG")


async def test_sockets_outlive_a_database_that_cannot_be_asked(
    stage: Stage, person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def busy(_: int) -> frozenset[int]:
        raise StoreBusyError("locked")

    hub = stage.app.state.hub
    async with stage.signed_in(person) as socket:
        await hear(socket, "NEW_TRADE_STARTING")
        monkeypatch.setattr(stage.app.state.sessions, "good", busy)
        await hub.check_sessions()
        await say(socket, "PING")
        await hear(socket, "PONG")


async def test_what_fails_among_sockets_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hubs, "SWEEP_SECONDS", 0.001)
    turns = 0

    async def work() -> None:
        nonlocal turns
        turns += 1
        raise ValueError("once more")

    task = asyncio.create_task(hubs._keep(work))
    await until(lambda: turns > 3)
    task.cancel()


class Later:
    """A clock that is so far ahead."""

    def __init__(self, clock: Any, ahead: int) -> None:
        self._clock = clock
        self._ahead = ahead

    def now(self) -> int:
        return int(self._clock.now()) + self._ahead


async def test_a_session_that_expires_closes_its_sockets(
    stage: Stage, person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    hub, sessions = stage.app.state.hub, stage.app.state.sessions
    async with stage.signed_in(person) as socket:
        await hear(socket, "NEW_TRADE_STARTING")
        await hub.check_sessions()
        monkeypatch.setattr(sessions, "_clock", Later(sessions._clock, 8 * 86_400_000))
        await hub.check_sessions()
        assert (await closed(socket))[0] == 4401


def test_every_minute_sessions_are_checked() -> None:
    assert hubs.BEAT_SECONDS * hubs.SESSION_BEATS == 60
