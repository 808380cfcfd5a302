"""Signing in and out: keys, messages, tokens, cookies."""

import asyncio
import base64
import sqlite3
import time
from pathlib import Path

import httpx
import pytest
from solders.keypair import Keypair
from solders.pubkey import Pubkey

from app.api import signing
from tests.api.stage import Person, Stage, hear, running

FETCH = {"X-Requested-With": "fetch"}


async def challenge(stage: Stage, pair: Keypair) -> str:
    body = {"wallet_address": str(pair.pubkey())}
    response = await stage.client.post("/api/auth/challenge", json=body)
    assert response.status_code == 200, response.text
    message: str = response.json()["message"]
    return message


async def login(stage: Stage, pair: Keypair, message: str, **changes: str) -> httpx.Response:
    body = {
        "wallet_address": str(pair.pubkey()),
        "message": message,
        "signature": str(pair.sign_message(message.encode())),
    }
    return await stage.client.post("/api/auth/login", json={**body, **changes})


async def test_registering_makes_a_wallet_that_its_secret_opens(stage: Stage) -> None:
    response = await stage.client.post("/api/register", headers={"User-Agent": "a test"})
    made = response.json()
    assert response.status_code == 201
    assert response.headers["cache-control"] == "no-store"
    assert 10 <= made["initial_sol_balance"] <= 20
    pair = Keypair.from_base58_string(made["secret_key"])
    assert str(pair.pubkey()) == made["wallet_address"]
    again = await login(stage, pair, await challenge(stage, pair))
    assert again.status_code == 200
    assert again.json()["initial_sol_balance"] == made["initial_sol_balance"]
    assert again.json()["created_at"] == made["created_at"]
    assert again.json()["is_new"] is False
    assert "secret_key" not in again.json()


async def test_neither_token_nor_secret_is_kept(stage: Stage, person: Person) -> None:
    file = stage.app.state.settings.data_dir / "record.db"
    with sqlite3.connect(file) as connection:
        kept = "\n".join(connection.iterdump())
    connection.close()
    assert person.wallet in kept
    assert person.token not in kept
    assert person.secret_key not in kept


async def test_a_real_wallet_is_registered_when_it_first_signs_in(stage: Stage) -> None:
    pair = Keypair()
    response = await login(stage, pair, await challenge(stage, pair))
    assert response.status_code == 200, response.text
    headers = {"Authorization": f"Bearer {response.json()['token']}"}
    user = await stage.client.get(f"/api/user/{pair.pubkey()}", headers=headers)
    assert user.json()["sol_balance"] == 10


async def test_a_message_signs_in_once(stage: Stage) -> None:
    pair = Keypair()
    message = await challenge(stage, pair)
    first, second = await asyncio.gather(login(stage, pair, message), login(stage, pair, message))
    assert sorted([first.status_code, second.status_code]) == [200, 401]
    assert (await login(stage, pair, message)).status_code == 401


async def test_what_was_not_issued_or_not_signed_is_refused_with_the_same_words(
    stage: Stage,
) -> None:
    pair, other = Keypair(), Keypair()
    message = await challenge(stage, pair)
    late = message.replace("Expiration Time: 2", "Expiration Time: 3")
    answers = [
        await login(stage, pair, late),
        await login(stage, pair, message.replace("127.0.0.1", "evil.example")),
        await login(stage, pair, message + "\n"),
        await login(stage, pair, message, signature=str(other.sign_message(message.encode()))),
        await login(stage, other, message),
        await login(stage, pair, "hello"),
        await login(stage, pair, message, signature="1" * 88),
        await login(stage, pair, message, wallet_address="1" * 32),
    ]
    assert {answer.status_code for answer in answers} == {401}
    assert len({answer.text for answer in answers}) == 1


async def test_a_forged_signature_does_not_use_a_message_up(stage: Stage) -> None:
    pair, other = Keypair(), Keypair()
    message = await challenge(stage, pair)
    forged = str(other.sign_message(message.encode()))
    assert (await login(stage, pair, message, signature=forged)).status_code == 401
    assert (await login(stage, pair, message)).status_code == 200


async def test_a_signature_may_be_base64(stage: Stage) -> None:
    pair = Keypair()
    message = await challenge(stage, pair)
    encoded = base64.b64encode(bytes(pair.sign_message(message.encode()))).decode()
    assert (await login(stage, pair, message, signature=encoded)).status_code == 200


async def test_only_keys_are_challenged(stage: Stage) -> None:
    derived, _ = Pubkey.find_program_address([b"a"], Keypair().pubkey())
    for address in (str(derived), "0" * 40, "é" * 32):
        response = await stage.client.post("/api/auth/challenge", json={"wallet_address": address})
        assert response.status_code == 422
        assert response.json()["errors"][0]["pointer"] == "/wallet_address"


def test_the_message_follows_the_standard() -> None:
    made = signing.challenge("A" * 32, "https://trader.example", 1_795_255_200_000)
    assert made.message == (
        "trader.example wants you to sign in with your Solana account:\n" + "A" * 32 + "\n\n"
        "Sign in to Auto Trader. This is no transaction and costs nothing.\n\n"
        "URI: https://trader.example\nVersion: 1\nChain ID: solana:mainnet\n"
        f"Nonce: {made.nonce}\nIssued At: 2026-11-21T10:00:00.000Z\n"
        "Expiration Time: 2026-11-21T10:05:00.000Z"
    )
    assert len(made.nonce) == 32
    assert signing.read(made.message) == made.fields


async def test_a_browser_gets_a_cookie_and_must_say_that_it_is_ours(stage: Stage) -> None:
    async with httpx.AsyncClient(base_url=str(stage.client.base_url)) as browser:
        made = (await browser.post("/api/register", headers=FETCH)).json()
        (cookie,) = browser.cookies.jar
        assert cookie.name == "autotrader_session"
        assert cookie.has_nonstandard_attr("HttpOnly")
        assert cookie.get_nonstandard_attr("SameSite") == "strict"
        wallet = made["wallet_address"]
        assert (await browser.get(f"/api/user/{wallet}")).status_code == 200
        refused = await browser.post(f"/api/wallets/{wallet}/pause")
        assert refused.status_code == 403
        assert refused.json()["type"] == "/problems/cross-site-request"
        paused = await browser.post(f"/api/wallets/{wallet}/pause", headers=FETCH)
        assert paused.json()["paused"] is True
        left = await browser.post("/api/auth/logout", headers=FETCH)
        assert left.headers["clear-site-data"] == '"cache"'
        assert not list(browser.cookies.jar)
        assert (await browser.get(f"/api/user/{wallet}")).status_code == 401


async def test_a_browser_gets_its_token_as_a_cookie_and_nowhere_else(stage: Stage) -> None:
    base = str(stage.client.base_url)
    async with httpx.AsyncClient(base_url=base, headers=FETCH) as browser:
        made = await browser.post("/api/register")
        pair = Keypair.from_base58_string(made.json()["secret_key"])
        wallet = {"wallet_address": str(pair.pubkey())}
        asked = (await browser.post("/api/auth/challenge", json=wallet)).json()["message"]
        signature = str(pair.sign_message(asked.encode()))
        body = {**wallet, "message": asked, "signature": signature}
        answers = [
            made,
            await browser.post("/api/auth/login", json=body),
            await browser.post("/api/auth/refresh"),
        ]
        listed = await browser.get("/api/auth/sessions")
    for answer in answers:
        assert answer.json()["token"] is None
        assert answer.cookies["autotrader_session"]
    seen = [answer.text + str(answer.headers.get("location")) for answer in (*answers, listed)]
    for token in [answer.cookies["autotrader_session"] for answer in answers]:
        assert not any(token in text for text in seen)


async def test_a_browser_that_signs_in_anew_leaves_no_session_behind(stage: Stage) -> None:
    async with httpx.AsyncClient(base_url=stage.client.base_url, headers=FETCH) as browser:
        first = (await browser.post("/api/register")).cookies["autotrader_session"]
        made = await browser.post("/api/register")
        second = made.cookies["autotrader_session"]
        pair = Keypair.from_base58_string(made.json()["secret_key"])
        message = await challenge(stage, pair)
        body = {
            "wallet_address": str(pair.pubkey()),
            "message": message,
            "signature": str(pair.sign_message(message.encode())),
        }
        await browser.post("/api/auth/login", json=body)
        third = browser.cookies["autotrader_session"]
    bearers = [{"Authorization": f"Bearer {token}"} for token in (first, second, third)]
    answers = [await stage.client.get("/api/auth/sessions", headers=one) for one in bearers]
    assert [answer.status_code for answer in answers] == [401, 401, 200]
    assert len(answers[2].json()["items"]) == 1


async def test_a_program_that_signs_in_anew_keeps_its_session(stage: Stage, person: Person) -> None:
    pair = Keypair.from_base58_string(person.secret_key)
    message = await challenge(stage, pair)
    body = {
        "wallet_address": person.wallet,
        "message": message,
        "signature": str(pair.sign_message(message.encode())),
    }
    answer = await stage.client.post("/api/auth/login", json=body, headers=person.headers)
    assert answer.status_code == 200
    assert len((await stage.get(person, "/api/auth/sessions"))["items"]) == 2


async def test_a_program_gets_no_cookie(stage: Stage) -> None:
    answer = await stage.client.post("/api/register")
    assert "set-cookie" not in answer.headers
    assert len(answer.json()["token"]) == 43


async def test_a_cookie_is_host_bound_over_https(stage: Stage) -> None:
    transport = httpx.ASGITransport(app=stage.app)
    async with httpx.AsyncClient(transport=transport, base_url="https://127.0.0.1") as secure:
        response = await secure.post("/api/register", headers=FETCH)
    cookie = response.headers["set-cookie"]
    assert cookie.startswith("__Host-autotrader_session=")
    assert "Secure" in cookie
    assert "Path=/" in cookie
    assert "Domain" not in cookie
    assert response.headers["strict-transport-security"]


async def test_refreshing_voids_the_old_token(stage: Stage, person: Person) -> None:
    answer = await stage.client.post("/api/auth/refresh", headers=person.headers)
    assert answer.status_code == 200
    path = f"/api/user/{person.wallet}"
    assert (await stage.client.get(path, headers=person.headers)).status_code == 401
    renewed = {"Authorization": f"Bearer {answer.json()['token']}"}
    assert (await stage.client.get(path, headers=renewed)).status_code == 200


async def test_logging_out_ends_the_session_and_its_sockets(stage: Stage, person: Person) -> None:
    async with stage.signed_in(person) as socket:
        await hear(socket, "NEW_TRADE_STARTING")
        left = await stage.client.post("/api/auth/logout", headers=person.headers)
        assert left.status_code == 204
        await asyncio.wait_for(socket.wait_closed(), 5)
        assert socket.close_code == 4401
    again = await stage.client.get(f"/api/user/{person.wallet}", headers=person.headers)
    assert again.status_code == 401
    assert again.headers["www-authenticate"].startswith("Bearer")


async def test_a_wallet_lists_and_ends_its_sessions(stage: Stage) -> None:
    pair = Keypair()
    tokens = []
    for _ in range(2):
        answer = await login(stage, pair, await challenge(stage, pair))
        tokens.append({"Authorization": f"Bearer {answer.json()['token']}"})
    listed = (await stage.client.get("/api/auth/sessions", headers=tokens[0])).json()["items"]
    assert [one["current"] for one in listed].count(True) == 1
    (other,) = [one["id"] for one in listed if not one["current"]]
    path = f"/api/auth/sessions/{other}"
    assert (await stage.client.delete(path, headers=tokens[0])).status_code == 204
    assert (await stage.client.delete(path, headers=tokens[0])).status_code == 404
    assert (await stage.client.get("/api/auth/sessions", headers=tokens[1])).status_code == 401
    assert (await stage.client.get("/api/auth/sessions", headers=tokens[0])).status_code == 200


async def test_nobody_ends_the_session_of_another(stage: Stage, person: Person) -> None:
    other = await stage.register()
    listed = await stage.client.get("/api/auth/sessions", headers=other.headers)
    path = f"/api/auth/sessions/{listed.json()['items'][0]['id']}"
    assert (await stage.client.delete(path, headers=person.headers)).status_code == 404
    again = await stage.client.get("/api/auth/sessions", headers=other.headers)
    assert again.status_code == 200


class Hands:
    """A clock that the test moves."""

    def __init__(self) -> None:
        self.ahead = 0

    def now(self) -> int:
        return time.time_ns() // 1_000_000 + self.ahead

    def monotonic(self) -> float:
        return time.monotonic()

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


DAY = 86_400_000


@pytest.mark.parametrize(
    ("days_between", "holds"), [((6, 6, 6), True), ((8,), False), ((6, 6, 6, 6, 7), False)]
)
async def test_a_session_ends_a_week_after_its_last_use_and_a_month_after_its_first(
    tmp_path: Path, days_between: tuple[int, ...], holds: bool
) -> None:
    async with running(tmp_path) as stage:
        clock = Hands()
        stage.app.state.clock = clock
        stage.app.state.sessions._clock = clock
        person = await stage.register()
        statuses = []
        for days in days_between:
            clock.ahead += days * DAY
            answer = await stage.client.get("/api/strategies", headers=person.headers)
            statuses.append(answer.status_code)
            await asyncio.sleep(0.05)
    assert statuses[:-1] == [200] * (len(statuses) - 1)
    assert statuses[-1] == (200 if holds else 401)


async def test_a_known_session_asks_nothing_of_the_database(stage: Stage, person: Person) -> None:
    await stage.client.get("/api/strategies", headers=person.headers)
    database = stage.app.state.sessions._database
    stage.app.state.sessions._database = None
    try:
        answer = await stage.client.get("/api/strategies", headers=person.headers)
    finally:
        stage.app.state.sessions._database = database
    assert answer.status_code == 200
