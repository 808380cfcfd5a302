"""Who comes in and who is refused is in the log, by default, once and without secrets."""

from collections.abc import AsyncIterator, Mapping
from contextlib import suppress
from typing import Any

import httpx
import pytest
from limits import RateLimitItemPerMinute
from solders.keypair import Keypair
from websockets.exceptions import InvalidStatus

from app.api.rates import WRITE, Rates
from app.api.refusals import CALLER, EVERY_SECONDS, KNOWN, Refusals
from app.trading.ids import shorten
from tests.api.stage import Person, Stage, generous, running
from tests.api.test_sessions import FETCH, challenge, login
from tests.logs import heard

FEW = 2
EVIL = {"Origin": "https://evil.example"}
JSON = {"Content-Type": "application/json"}


@pytest.fixture(scope="module")
async def stage(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Stage]:
    """Start a platform that tells of no request, and lets nobody write much."""
    few = {**generous().limits, WRITE: RateLimitItemPerMinute(FEW)}
    folder = tmp_path_factory.mktemp("quiet")
    async with running(folder, Rates(few), log_requests="off") as started:
        yield started


@pytest.fixture(autouse=True)
def _nothing_told_yet(stage: Stage) -> None:
    stage.app.state.refusals._told.clear()


def told(lines: Any, *events: str) -> list[Mapping[str, Any]]:
    return [line for line in lines if line["event"] in events]


def bearer(answer: httpx.Response) -> dict[str, str]:
    return {"Authorization": f"Bearer {answer.json()['token']}"}


async def test_a_session_is_a_line_when_it_begins_and_when_it_ends(stage: Stage) -> None:
    with heard(context=True) as lines:
        made = await stage.client.post("/api/register")
        pair = Keypair.from_base58_string(made.json()["secret_key"])
        answer = await login(stage, pair, await challenge(stage, pair))
        listed = await stage.client.get("/api/auth/sessions", headers=bearer(answer))
        (other,) = [one["id"] for one in listed.json()["items"] if not one["current"]]
        await stage.client.delete(f"/api/auth/sessions/{other}", headers=bearer(answer))
        await stage.client.post("/api/auth/logout", headers=bearer(answer))
    found = told(lines, "signed in", "session ended")
    assert [line.get("how") or line["why"] for line in found] == [
        "new-paper-wallet",
        "signature",
        "revoked",
        "signed-out",
    ]
    for line in found:
        assert line["log_level"] == "info"
        assert line["request_id"] == "any-request"
        assert line["wallet"] == shorten(str(pair.pubkey()))
    assert found[0]["client"] == "127.0.0.1"
    for secret in (made.json()["token"], made.json()["secret_key"], answer.json()["token"]):
        assert secret not in str(lines)


async def test_why_a_sign_in_failed_is_told_to_the_log_only(stage: Stage) -> None:
    pair, other = Keypair(), Keypair()
    message = await challenge(stage, pair)
    async with httpx.AsyncClient(base_url=stage.client.base_url, headers=FETCH) as browser:
        wallet = {"wallet_address": str(pair.pubkey())}
        bound = (await browser.post("/api/auth/challenge", json=wallet)).json()["message"]
    forged = str(other.sign_message(message.encode()))
    with heard(context=True) as lines:
        answers = [
            await login(stage, pair, "hello"),
            await login(stage, pair, message.replace("127.0.0.1", "evil.example")),
            await login(stage, other, message),
            await login(stage, pair, bound),
            await login(stage, pair, message, signature=forged),
            await login(stage, pair, message.replace("solana:mainnet", "mainnet")),
            await login(stage, pair, message),
        ]
    assert [answer.status_code for answer in answers] == [401] * 5 + [200, 401]
    failed = told(lines, "sign-in failed")
    words = [line["why"] for line in failed]
    assert words == [
        "another-text",
        "another-place-or-time",
        "another-wallet",
        "another-browser",
        "bad-signature",
        "unknown-or-used",
    ]
    assert {line["log_level"] for line in failed} == {"warning"}
    assert failed[0]["wallet"] == shorten(str(pair.pubkey()))
    assert not any(word in answer.text for word in words for answer in answers)
    assert not any(secret in str(lines) for secret in (message, forged))


async def test_each_refusal_is_a_line(stage: Stage, person: Person) -> None:
    other = await stage.register()
    cookie = {"Cookie": f"autotrader_session={person.token}"}
    pause = f"/api/wallets/{person.wallet}/pause"
    asked: list[tuple[str, str, str, str, dict[str, Any]]] = [
        ("forbidden", "cross-site-request", "POST", pause, {"headers": cookie}),
        ("foreign origin", "foreign-origin", "POST", pause, {"headers": cookie | FETCH | EVIL}),
        ("forbidden", "another-wallet", "GET", f"/api/user/{person.wallet}",
         {"headers": other.headers}),
        ("unknown host", "unknown-host", "GET", "/healthz", {"headers": {"Host": "evil.example"}}),
        ("body refused", "body-too-large", "POST", "/api/register", {"content": b" " * 70_000}),
        ("body refused", "unsupported-media-type", "POST", "/api/register", {"content": b"x"}),
        ("body refused", "unreadable", "POST", "/api/register",
         {"content": b'{"a": 1, "a": 2}', "headers": JSON}),
    ]  # fmt: skip
    for event, why, method, path, words in asked:
        with heard(context=True) as lines:
            answer = await stage.client.request(method, path, **words)
        (line,) = [line for line in lines if "why" in line]
        assert answer.status_code >= 400
        assert (line["event"], line["why"], line["log_level"]) == (event, why, "warning")
        assert (line["client"], line["request_id"]) == ("127.0.0.1", "any-request")
        assert person.token not in str(line)


async def test_a_flood_is_one_line_a_minute(stage: Stage, person: Person) -> None:
    with heard(context=True) as lines:
        for _ in range(FEW + 5):
            answer = await stage.client.post("/api/auth/nothing", headers=person.headers)
            path = f"/api/wallets/{person.wallet}/pause"
            answer = await stage.client.post(path, headers=person.headers)
    assert answer.status_code == 429
    (line,) = told(lines, "too many")
    assert (line["why"], line["wallet"]) == ("write", shorten(person.wallet))


async def test_a_socket_that_is_refused_is_a_line(stage: Stage, person: Person) -> None:
    with heard(context=True) as lines:
        with suppress(InvalidStatus):
            async with stage.socket(**EVIL):
                pass
        stage.app.state.hub.refused("frames")
    found = [line for line in lines if "why" in line]
    assert [(line["event"], line["why"]) for line in found] == [
        ("foreign origin", "foreign-origin"),
        ("too many", "sockets-frames"),
    ]
    assert found[0]["client"] == "127.0.0.1"


def test_what_was_left_out_is_counted_and_little_is_remembered() -> None:
    now = 0.0
    refusals = Refusals(lambda: now)
    with heard() as lines:
        for address in ("a", "a", "b", "a"):
            CALLER.set(address)
            refusals.tell("too many", "read")
        now = EVERY_SECONDS
        refusals.tell("too many", "read")
        refusals.tell("too many", "write")
    assert [(line["client"], line["why"], line.get("left_out")) for line in lines] == [
        ("a", "read", None),
        ("b", "read", None),
        ("a", "read", 2),
        ("a", "write", None),
    ]
    for number in range(KNOWN + 10):
        CALLER.set(str(number))
        refusals.tell("too many", "read")
    assert len(refusals._told) == KNOWN
    CALLER.set("")
