"""T12: every route and every message of the socket, asked by everybody.

The routes come from the OpenAPI document and the messages from the frames' models: what is new
fails here until somebody has said who may do it.
"""

import asyncio
import json
from collections.abc import Mapping
from itertools import product
from typing import Any

import pytest

from app.api.frames import ClientFrame, ServerFrame
from tests.api.runs import backtest, sweep
from tests.api.stage import Person, Stage, closed, hear, say
from tests.api.test_access import EVERYBODY, SESSION, VALUES, ask, operations
from tests.security.callers import Callers

FIRST, SIGNED_IN = "first", "signed in"
MAY_SAY = {
    "AUTH": FIRST,
    "SUBSCRIBE": SIGNED_IN,
    "UNSUBSCRIBE": SIGNED_IN,
    "PING": SIGNED_IN,
    "PONG": SIGNED_IN,
}
"""When a client may send each of its messages."""

PRIVATE = {"AUTH_SUCCESS", "TRADE_SUMMARY_UPDATE", "NEW_TRADE_STARTING", "EVENT", "RESET", "UPDATE"}
ANYBODYS = {"ERROR", "PING", "PONG"}
"""Which of the platform's messages are about a wallet, and which about nobody."""

DATA: Mapping[str, Any] = {"SUBSCRIBE": {"tokens": []}, "UNSUBSCRIBE": {"tokens": []}}
UNKNOWN_WALLET = "1" * 32


@pytest.fixture
async def callers(stage: Stage) -> Callers:
    return Callers(await stage.register(), await stage.register())


def said(content: bytes) -> Any:
    """Read a problem without what differs from request to request."""
    return {**json.loads(content), "request_id": None}


async def test_every_route_is_classified(stage: Stage) -> None:
    known = EVERYBODY | SESSION
    unknown = [
        place for place in operations(stage) if "{wallet}" not in place[1] and place not in known
    ]
    assert not unknown, f"who may do this? {unknown}"
    assert not known - set(operations(stage)), "what is gone needs no rule"


async def test_who_has_no_session_gets_nothing_from_any_route(
    stage: Stage, callers: Callers
) -> None:
    bad = await callers.bad(stage)
    for method, path in operations(stage):
        answers = {
            name: await ask(stage, method, path, callers.owner.wallet, headers)
            for name, headers in bad.items()
        }
        statuses = {name: answer.status_code for name, answer in answers.items()}
        if (method, path) in EVERYBODY:
            assert 401 not in statuses.values() or path == "/api/auth/login", (path, statuses)
            continue
        assert set(statuses.values()) == {401}, (method, path, statuses)
        assert len({str(said(one.content)) for one in answers.values()}) == 1, path
        assert all(answer.headers["www-authenticate"] for answer in answers.values())


async def test_what_looks_like_a_token_is_none(stage: Stage, callers: Callers) -> None:
    places = [
        ("get", "/api/user/{wallet}"),
        ("put", "/api/settings/{wallet}"),
        ("get", "/api/auth/sessions"),
    ]
    for (method, path), (name, headers) in product(places, callers.forged().items()):
        answer = await ask(stage, method, path, callers.owner.wallet, headers)
        assert answer.status_code == 401, (path, name)


async def test_every_route_lets_its_owner_in(stage: Stage, callers: Callers) -> None:
    for method, path in operations(stage):
        headers = await callers.good(stage, callers.owner)
        answer = await ask(stage, method, path, callers.owner.wallet, headers)
        ready = path == "/readyz" and answer.status_code == 503
        assert answer.status_code < 500 or ready, (method, path, answer.text)
        assert answer.status_code not in {401, 403}, (method, path)


async def test_the_wallet_of_another_looks_like_none(stage: Stage, callers: Callers) -> None:
    for method, path in operations(stage):
        if "{wallet}" not in path:
            continue
        headers = await callers.good(stage, callers.other)
        foreign = await ask(stage, method, path, callers.owner.wallet, headers)
        absent = await ask(stage, method, path, UNKNOWN_WALLET, headers)
        assert foreign.status_code == absent.status_code == 404, (method, path)
        assert said(foreign.content) == said(absent.content), (method, path)


async def belongings(stage: Stage, person: Person) -> dict[str, str]:
    """Give somebody one of each thing that has an id."""
    await stage.bought("MINE")
    await stage.bought("ALSO")
    trades = await stage.get(person, "/api/trades/{}")
    client, headers = stage.client, person.headers
    run = await client.post("/api/backtests", json=backtest(400), headers=headers)
    swept = await client.post("/api/sweeps", json=sweep(400), headers=headers)
    shadow = await client.post(
        f"/api/shadows/{person.wallet}",
        json={"name": "one", "settings": {}},
        headers=headers,
    )
    listed = await client.get("/api/auth/sessions", headers=headers)
    token = trades["items"][0]["token"]["address"]
    rows = b"1710592200,1,1,1,1,1\n1710592260,1,1,1,1,1\n"
    kind = {"Content-Type": "text/csv"}
    await client.post(
        f"/api/history/{token}/1m", content=rows, headers={**headers, **kind}, timeout=60
    )
    return {
        "trade_id": str(trades["items"][0]["id"]),
        "run_id": str(run.raise_for_status().json()["id"]),
        "sweep": str(swept.raise_for_status().json()["id"]),
        "number": str(shadow.raise_for_status().json()["number"]),
        "session_id": str(listed.json()["items"][0]["id"]),
        "token": token,
        "timeframe": "1m",
    }


OWNED = {"trade_id", "run_id", "number", "session_id"}


async def test_the_things_of_another_look_like_none(
    stage: Stage, callers: Callers, monkeypatch: pytest.MonkeyPatch
) -> None:
    theirs = await belongings(stage, callers.owner)
    for method, path in operations(stage):
        names = {name for name in OWNED if f"{{{name}}}" in path}
        if not names:
            continue
        answers = []
        for ids in (theirs, dict.fromkeys(OWNED, "987654")):
            given = {name: ids[name] for name in names}
            if path.startswith("/api/sweeps") and ids is theirs:
                given["run_id"] = theirs["sweep"]
            monkeypatch.setattr("tests.api.test_access.VALUES", {**VALUES, **given})
            headers = await callers.good(stage, callers.other)
            answers.append(await ask(stage, method, path, callers.other.wallet, headers))
        foreign, absent = answers
        assert foreign.status_code == absent.status_code == 404, (method, path, foreign.text)
        assert said(foreign.content) == said(absent.content), (method, path)
    monkeypatch.setattr("tests.api.test_access.VALUES", {**VALUES, "token": theirs["token"]})
    candles = "/api/history/{token}/{timeframe}"
    other, owner = [await callers.good(stage, one) for one in (callers.other, callers.owner)]
    assert (await ask(stage, "get", candles, "", other)).status_code == 404
    assert (await ask(stage, "delete", candles, "", other)).status_code == 404
    assert (await ask(stage, "get", candles, "", owner)).status_code == 200


def kinds(frame: Any) -> set[str]:
    """List the messages of one side."""
    union = frame.model_json_schema()
    return set(union["discriminator"]["mapping"])


def test_every_message_is_classified() -> None:
    assert kinds(ClientFrame) == set(MAY_SAY), "when may a client say this?"
    assert kinds(ServerFrame) == PRIVATE | ANYBODYS, "whose is this?"


@pytest.mark.parametrize("kind", [kind for kind, when in MAY_SAY.items() if when == SIGNED_IN])
async def test_nothing_is_done_for_who_has_not_signed_in(stage: Stage, kind: str) -> None:
    async with stage.socket() as socket:
        await say(socket, kind, DATA.get(kind))
        code, frames = await closed(socket)
    assert code == 4400
    assert [frame["type"] for frame in frames] == ["ERROR"]


async def test_a_socket_opens_for_its_owner_only(stage: Stage, callers: Callers) -> None:
    owner, other = callers.owner, callers.other
    bad = {**await callers.bad(stage), **callers.forged()}
    tokens = {
        name: str(headers["Authorization"]).removeprefix("Bearer ")
        for name, headers in bad.items()
        if isinstance(headers.get("Authorization"), str)
    }
    tokens |= {"another wallet": other.token}
    for name, token in tokens.items():
        async with stage.socket() as socket:
            await say(socket, "AUTH", {"token": token[:256], "wallet_address": owner.wallet})
            code, frames = await closed(socket)
        assert code == 4401, name
        assert [frame["type"] for frame in frames] == ["ERROR"], name
    for name in ("nobody", "an ended cookie", "a cookie for https"):
        headers = {key: str(value) for key, value in bad[name].items()}
        async with stage.socket(**headers) as socket:
            await say(socket, "AUTH", {"wallet_address": owner.wallet})
            assert (await closed(socket))[0] == 4401, name
    async with stage.signed_in(owner) as socket:
        assert (await hear(socket, "AUTH_SUCCESS"))["data"]["wallet_address"] == owner.wallet


async def test_what_is_about_a_wallet_reaches_no_other(stage: Stage, callers: Callers) -> None:
    owner, other = callers.owner, callers.other
    async with stage.signed_in(owner) as mine, stage.signed_in(other) as theirs:
        for socket in (mine, theirs):
            await hear(socket, "NEW_TRADE_STARTING")
        pause = f"/api/wallets/{owner.wallet}/pause"
        await stage.client.post(pause, headers=owner.headers)
        await hear(mine, "EVENT")
        await say(theirs, "PING")
        heard: list[Any] = []
        async with asyncio.timeout(10):
            while not heard or heard[-1]["type"] != "PONG":
                heard.append(json.loads(await theirs.recv()))
    assert "EVENT" not in {frame["type"] for frame in heard}
    assert owner.wallet not in json.dumps(heard)
