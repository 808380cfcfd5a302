"""Messages over REST: kept as a secret, tested, told in a log, one's own only."""

import asyncio
from typing import Any

import pytest

from app.api.shapes.notifications import MOST_TARGETS
from app.engine import messenger as messengers
from app.ports import Known, Message, RejectedError, UnavailableError
from app.store.notices import targets_of
from tests.api.stage import Person, Stage

SECRET = "tgram://123456789:very-secret-token/12345"  # stands for one
URL = "/api/notifications/{}"
BODY = {"name": "my phone", "address": SECRET, "kinds": ["stop", "trade_closed"]}


class Carrier:
    """Carries as it is told, and remembers."""

    def __init__(self) -> None:
        self.carried: list[tuple[str, Message]] = []
        self.fault: Exception | None = None

    def snapshot(self) -> dict[str, object]:
        return {}

    async def check(self, address: str) -> Known:
        if self.fault is not None:
            raise self.fault
        return Known(shown="tgram://…2345", service="Telegram")

    async def send(self, address: str, message: Message) -> None:
        self.carried.append((address, message))
        if self.fault is not None:
            raise self.fault


@pytest.fixture
def carrier(stage: Stage) -> Carrier:
    carrier = Carrier()
    messenger = stage.app.state.messenger
    post = messenger.post
    messenger.post = messengers.Post(post.database, post.journal, carrier, post.vault)
    return carrier


async def add(stage: Stage, person: Person, **changes: Any) -> dict[str, Any]:
    answer = await stage.client.post(
        URL.format(person.wallet), json={**BODY, **changes}, headers=person.headers
    )
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


async def test_a_target_is_kept_and_its_address_never_shown(
    stage: Stage, person: Person, carrier: Carrier
) -> None:
    made = await add(stage, person, kinds=["trade_closed", "stop", "stop"])
    assert (made["name"], made["service"], made["shown"]) == (
        "my phone",
        "Telegram",
        "tgram://…2345",
    )
    assert (made["kinds"], made["paused"]) == (["trade_closed", "stop"], False)
    listed = await stage.client.get(URL.format(person.wallet), headers=person.headers)
    assert "very-secret" not in listed.text
    assert listed.json()["items"] == [made]
    assert "risk_pause" in listed.json()["kinds"]
    (row,) = await targets_of(stage.app.state.database, person.number)
    assert b"secret-token" not in row.secret
    assert carrier.carried == []


async def test_a_test_says_what_became_of_it(
    stage: Stage, person: Person, carrier: Carrier
) -> None:
    made = await add(stage, person)
    url = f"{URL.format(person.wallet)}/{made['id']}"
    answer = await stage.client.post(f"{url}/test", headers=person.headers)
    assert (answer.status_code, answer.json()["status"]) == (200, "sent")
    ((address, message),) = carrier.carried
    assert (address, message.title) == (SECRET, "Auto Trader")
    carrier.fault = RejectedError("the service answered 404")
    answer = await stage.client.post(f"{url}/test", headers=person.headers)
    assert answer.json()["error"] == "the service answered 404"
    log = await stage.get(person, f"{URL}/log")
    assert [(one["kind"], one["status"]) for one in log["items"]] == [
        ("test", "failed"),
        ("test", "sent"),
    ]


async def test_a_target_can_be_changed_paused_and_deleted(
    stage: Stage, person: Person, carrier: Carrier
) -> None:
    made = await add(stage, person)
    url = f"{URL.format(person.wallet)}/{made['id']}"
    change = {"name": "new", "kinds": [], "paused": True}
    answer = await stage.client.put(url, json=change, headers=person.headers)
    assert answer.json() == {**made, "name": "new", "kinds": [], "paused": True}
    change["address"] = "ntfy://other-secret"
    assert (await stage.client.put(url, json=change, headers=person.headers)).status_code == 200
    await stage.client.post(f"{url}/test", headers=person.headers)
    assert carrier.carried[0][0] == "ntfy://other-secret"
    assert (await stage.client.delete(url, headers=person.headers)).status_code == 204
    assert (await stage.client.delete(url, headers=person.headers)).status_code == 404
    assert (await stage.get(person, URL))["items"] == []
    assert (await stage.get(person, f"{URL}/log"))["items"] == []


async def test_an_address_that_may_not_be_used_is_refused(
    stage: Stage, person: Person, carrier: Carrier
) -> None:
    carrier.fault = RejectedError("its host is not a public one")
    url = URL.format(person.wallet)
    answer = await stage.client.post(url, json=BODY, headers=person.headers)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == "/address"
    assert "very-secret" not in answer.text
    carrier.fault = UnavailableError("no answer within 30 s")
    answer = await stage.client.post(url, json=BODY, headers=person.headers)
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "10")


@pytest.mark.parametrize(
    "body",
    [
        {**BODY, "kinds": ["everything"]},
        {**BODY, "name": ""},
        {**BODY, "name": "\u202e"},
        {**BODY, "address": "x" * 1_001},
        {**BODY, "address": 5},
        {**BODY, "further": 1},
    ],
)
async def test_what_does_not_fit_is_refused(
    stage: Stage, person: Person, carrier: Carrier, body: dict[str, Any]
) -> None:
    del carrier
    url = URL.format(person.wallet)
    answer = await stage.client.post(url, json=body, headers=person.headers)
    assert answer.status_code == 422
    assert "very-secret" not in answer.text


async def test_there_are_bounds(
    stage: Stage, person: Person, carrier: Carrier, monkeypatch: pytest.MonkeyPatch
) -> None:
    del carrier
    url = URL.format(person.wallet)
    for _ in range(MOST_TARGETS):
        made = await add(stage, person)
    answer = await stage.client.post(url, json=BODY, headers=person.headers)
    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/too-many-targets")
    monkeypatch.setattr(messengers, "MOST_AN_HOUR", MOST_TARGETS)
    answer = await stage.client.post(f"{url}/{made['id']}/test", headers=person.headers)
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "600")


async def test_a_target_of_somebody_else_is_not_there(
    stage: Stage, person: Person, carrier: Carrier
) -> None:
    made = await add(stage, person)
    other = await stage.register()
    url = f"{URL.format(other.wallet)}/{made['id']}"
    change = {"name": "mine", "kinds": []}
    assert (await stage.client.put(url, json=change, headers=other.headers)).status_code == 404
    assert (await stage.client.post(f"{url}/test", headers=other.headers)).status_code == 404
    assert (await stage.client.delete(url, headers=other.headers)).status_code == 404
    assert (await stage.get(other, URL))["items"] == []
    assert carrier.carried == []


async def test_a_pause_reaches_the_phone(stage: Stage, person: Person, carrier: Carrier) -> None:
    """The whole way: an event in the record, a message of it, carried beside trading."""
    await add(stage, person, kinds=["account"])
    await stage.client.post(f"/api/wallets/{person.wallet}/pause", headers=person.headers)
    async with asyncio.timeout(30):
        while not carrier.carried:  # noqa: ASYNC110  # nobody tells
            await asyncio.sleep(0.05)
    assert carrier.carried[0][1].title == "Trading paused"
