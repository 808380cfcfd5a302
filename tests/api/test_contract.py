"""What goes over the socket is what the published document says, event after event, without a gap.

A scenario of trades, settings, pauses, resets and bad frames goes on while two people
listen; one of them is cut off at any moment and comes back with `after`. Every frame is checked
against the JSON Schema in the OpenAPI document, every seq against the stored events. The slow lane
plays fifty rounds (`CONTRACT_ROUNDS=`); the seed is printed, `CONTRACT_SEED=` plays it again.
"""

import asyncio
import contextlib
import json
import os
from collections import Counter
from random import Random, SystemRandom
from typing import Any

import jsonschema_rs
import pytest
from websockets.exceptions import ConnectionClosed

from app.engine.feed import MarketUpdate
from app.ports import MarketTrade
from app.trading.inputs import PriceSeen
from app.trading.market import Token
from tests.api.stage import Person, Stage, move, say, until
from tests.openapi import document

FEW_ROUNDS, MANY_ROUNDS = 3, 50
FIRST_SECOND = 1_795_255_200
PRICE = 0.00102
SETTINGS = {
    "active_strategy": "breakout",
    "risk_settings": {"stop_loss": 0.3},
}
ALWAYS = {
    "AUTH_SUCCESS",
    "TRADE_SUMMARY_UPDATE",
    "NEW_TRADE_STARTING",
    "UPDATE",
    "EVENT",
    "ERROR",
    "PING",
    "PONG",
}


class Listener:
    """Somebody who keeps every frame, is cut off, and comes back where they were."""

    def __init__(self, stage: Stage, person: Person) -> None:
        self._stage = stage
        self._person = person
        self._task: asyncio.Task[None] | None = None
        self.frames: list[dict[str, Any]] = []
        self.seqs: list[int] = []
        self.last = 0
        self.resets = 0
        self.visits = 0

    async def come(self, *, bad: bool = False) -> None:
        """Begin to listen; answers once signed in."""
        seen = self._signed_in
        self._task = asyncio.create_task(self._listen(bad=bad))
        await until(lambda: self._signed_in > seen, 20)
        self.visits += 1

    async def go(self) -> None:
        """Be cut off."""
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task

    @property
    def _signed_in(self) -> int:
        return sum(frame["type"] == "AUTH_SUCCESS" for frame in self.frames)

    async def _listen(self, *, bad: bool) -> None:
        async with self._stage.signed_in(self._person, after=self.last) as socket:
            if bad:
                await socket.send("nonsense")
                await say(socket, "PING")
            with contextlib.suppress(ConnectionClosed):
                while True:
                    self._take(json.loads(await socket.recv()))
                    if self.frames[-1]["type"] == "PING":
                        await say(socket, "PONG")

    def _take(self, frame: dict[str, Any]) -> None:
        self.frames.append(frame)
        if frame["type"] == "EVENT":
            assert frame["seq"] == frame["data"]["seq"]
            assert frame["seq"] > self.last, "an event came twice, or too late"
            self.last = frame["seq"]
            self.seqs.append(frame["seq"])
        elif frame["type"] == "RESET":
            self.resets += 1
            self.last = frame["data"]["seq"]


class Scenario:
    """Things happen to people who trade."""

    def __init__(self, stage: Stage, random: Random, people: list[Person]) -> None:
        self._stage = stage
        self._random = random
        self._people = people
        self._second = FIRST_SECOND

    async def round(self, number: int) -> None:
        """Let a token be bought, rise, fall, be sold, while people change their minds."""
        stage = self._stage
        for person in self._people:
            for socket in stage.app.state.hub.of_wallet(person.number):
                stage.app.state.hub._ping(socket)
        token = await stage.bought(f"T{number}")
        self._market(token)
        for factor in (1.01, 1.1, 1.4, 1.2):
            await self._price(token, factor)
            await self._somebody()
        self._market(token)
        if number % 2:
            for person in self._people:
                await self._post(person, f"/api/positions/{{}}/{token.mint}/close")
        else:
            await self._price(token, 0.8)
        if number % 3 == 2:
            await self._post(self._people[0], "/api/wallets/{}/reset", {"initial_sol": 12})

    async def _price(self, token: Token, factor: float) -> None:
        wish = PriceSeen(at=self._stage.now(), token=token.id, price=PRICE * factor)
        await self._stage.live.submit(wish)

    def _market(self, token: Token) -> None:
        """Let candles form and strangers trade."""
        stage = self._stage
        self._second += 1
        move(stage, token.mint, PRICE, self._second)
        move(stage, stage.live.feed.index, 150.0, self._second)
        trade = MarketTrade(
            id=str(self._second),
            time=1_000 * self._second,
            side=self._random.choice(("buy", "sell")),
            price=PRICE,
            sol_amount=1.0,
            token_amount=2.0,
            wallet=None,
        )
        stage.live.feed.update(MarketUpdate(mint=token.mint, trades=[trade]), stage.now())

    async def _somebody(self) -> None:
        """Let somebody do something."""
        person = self._random.choice(self._people)
        what = self._random.randrange(4)
        if what == 0:
            await self._post(person, "/api/wallets/{}/pause")
            await self._post(person, "/api/wallets/{}/resume")
        elif what == 1:
            path = f"/api/settings/{person.wallet}/*"
            response = await self._stage.client.put(path, json=SETTINGS, headers=person.headers)
            assert response.status_code == 200, response.text
        elif what == 2:
            path = f"/api/settings/{person.wallet}/*"
            await self._stage.client.delete(path, headers=person.headers)
        else:
            await asyncio.sleep(self._random.random() / 5)

    async def _post(self, person: Person, path: str, body: Any = None) -> None:
        """Ask; that a thing cannot be done now is an answer, too."""
        response = await self._stage.client.post(
            path.format(person.wallet), json=body, headers=person.headers
        )
        assert response.status_code < 500, response.text


def frame_validator() -> Any:
    """Return what checks a frame against the document that clients are generated from."""
    components = document()["components"]
    schema = {"$ref": "#/components/schemas/ServerFrame", "components": components}
    return jsonschema_rs.validator_for(schema)


async def play(stage: Stage, rounds: int) -> Counter[str]:
    """Play so many rounds and check everything; answers how often each type of frame came."""
    seed = int(os.environ.get("CONTRACT_SEED") or SystemRandom().randrange(2**32))
    print(f"CONTRACT_SEED={seed}")  # noqa: T201  # with it the same things happen again
    random = Random(seed)
    people = [await stage.register() for _ in range(2)]
    steady, shaky = (Listener(stage, person) for person in people)
    await steady.come()
    scenario = Scenario(stage, random, people)
    for number in range(rounds):
        await shaky.come(bad=True)
        playing = asyncio.create_task(scenario.round(number))
        for _ in range(random.randrange(4)):
            await asyncio.sleep(random.random() / 4)
            await shaky.go()
            await shaky.come()
        await playing
        await shaky.go()
    await shaky.come()
    validator = frame_validator()
    for listener, person in ((steady, people[0]), (shaky, people[1])):
        await check(stage, listener, person, validator)
        await listener.go()
    assert shaky.visits > rounds
    return Counter(frame["type"] for frame in (*steady.frames, *shaky.frames))


async def check(stage: Stage, listener: Listener, person: Person, validator: Any) -> None:
    """Check every frame against the schema, and the events against the record."""
    stored: list[int] = []
    while True:
        after = stored[-1] if stored else 0
        page = await stage.get(person, "/api/events/{}", after=after, limit=500)
        stored += [event["seq"] for event in page["items"]]
        if len(page["items"]) < 500:
            break
    await until(lambda: listener.last == stored[-1], 20)
    if not listener.resets:
        assert listener.seqs == stored
    assert set(listener.seqs) <= set(stored)
    for frame in listener.frames:
        faults = [fault.message for fault in validator.iter_errors(frame)]
        assert not faults, (frame, faults)


async def test_a_short_story_keeps_the_contract(stage: Stage) -> None:
    seen = await play(stage, FEW_ROUNDS)
    assert seen.keys() >= ALWAYS


async def test_the_document_refuses_other_frames() -> None:
    validator = frame_validator()
    assert validator.is_valid({"type": "PING"})
    for frame in ({"type": "PING", "more": 1}, {"type": "EVENT", "data": {}}, {"type": "X"}, {}):
        assert not validator.is_valid(frame)


@pytest.mark.slow
@pytest.mark.timeout(3_600)
async def test_a_long_story_keeps_the_contract(stage: Stage) -> None:
    seen = await play(stage, int(os.environ.get("CONTRACT_ROUNDS", str(MANY_ROUNDS))))
    print(dict(seen))  # noqa: T201
    assert seen.keys() >= ALWAYS
