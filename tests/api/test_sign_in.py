"""Sign-In With Solana against whoever wants in without it: every field, every byte, once."""

import base64
import re
from collections.abc import AsyncIterator, Callable
from typing import Any

import httpx
import pytest
from solders.keypair import Keypair
from solders.pubkey import Pubkey

from app.api import signing
from tests.api.stage import Stage

FETCH = {"X-Requested-With": "fetch"}
ORIGIN = "https://trader.example"
NOW = 1_795_255_200_000
ORDER = 2**252 + 27_742_317_777_372_353_535_851_937_790_883_648_493
MINUTE = 60_000
WALLET = str(Keypair.from_seed(bytes(range(32))).pubkey())


async def ask(client: httpx.AsyncClient, pair: Keypair, **headers: str) -> dict[str, Any]:
    body = {"wallet_address": str(pair.pubkey())}
    answer = await client.post("/api/auth/challenge", json=body, headers=headers)
    assert answer.status_code == 200, answer.text
    issued: dict[str, Any] = answer.json()
    return issued


async def hand_in(
    client: httpx.AsyncClient, pair: Keypair, message: str, signature: str | None = None
) -> httpx.Response:
    body = {
        "wallet_address": str(pair.pubkey()),
        "message": message,
        "signature": signature or str(pair.sign_message(message.encode())),
    }
    return await client.post("/api/auth/login", json=body)


@pytest.fixture
async def browser(stage: Stage) -> AsyncIterator[httpx.AsyncClient]:
    """Open a browser of our own page: it says so, and keeps cookies."""
    base = str(stage.client.base_url)
    async with httpx.AsyncClient(base_url=base, headers=FETCH) as opened:
        yield opened


TAMPERED: dict[str, Callable[[str], str]] = {
    "another domain": lambda it: it.replace("127.0.0.1:", "evil.example:", 1),
    "a domain that looks alike": lambda it: it.replace("127", "\uff1127", 1),
    "a domain behind ours": lambda it: it.replace(" wants", ".evil.example wants"),
    "ours behind a name": lambda it: "user@" + it,
    "another port": lambda it: re.sub(r"^(\S+):\d+ ", r"\1:1 ", it),
    "another address": lambda it: re.sub(r"\n\w{32,44}\n", f"\n{WALLET}\n", it),
    "another statement": lambda it: it.replace("no transaction", "a transaction"),
    "no statement": lambda it: it.replace(signing.STATEMENT + "\n\n", ""),
    "a statement of two lines": lambda it: it.replace("costs nothing.", "costs\nnothing."),
    "a field inside the statement": lambda it: it.replace(signing.STATEMENT, "URI: a"),
    "another URI": lambda it: re.sub("URI: .*", "URI: https://evil.example", it),
    "a path behind the URI": lambda it: re.sub("(URI: .*)", r"\1/login", it),
    "another version": lambda it: it.replace("Version: 1", "Version: 2"),
    "another chain": lambda it: it.replace("solana:mainnet", "solana:devnet"),
    "another nonce": lambda it: re.sub("Nonce: .*", "Nonce: " + "0" * 32, it),
    "a short nonce": lambda it: re.sub("(Nonce: .{31}).*", r"\1", it),
    "a nonce in capitals": lambda it: re.sub("Nonce: .*", lambda found: found[0].upper(), it),
    "two nonces": lambda it: re.sub("(Nonce: .*)", r"\1\n\1", it),
    "issued earlier": lambda it: re.sub("Issued At: 2...", "Issued At: 2020", it),
    "issued later": lambda it: re.sub("Issued At: 2...", "Issued At: 2999", it),
    "issued in month 13": lambda it: re.sub(r"At: (\d+)-..", r"At: \1-13", it),
    "expires later": lambda it: re.sub("Time: 2...", "Time: 2999", it),
    "expires never": lambda it: re.sub("\nExpiration Time: .*", "", it),
    "not before": lambda it: it + "\nNot Before: 2020-01-01T00:00:00.000Z",
    "a request id": lambda it: it + "\nRequest ID: 1",
    "resources": lambda it: it + "\nResources:\n- https://evil.example",
    "another order": lambda it: re.sub("(Version: 1)\n(Chain ID: .*)", r"\2\n\1", it),
    "a line after the end": lambda it: it + "\n",
    "a line before the start": lambda it: "\n" + it,
    "a line between": lambda it: it.replace("\nVersion", "\n\nVersion"),
    "no empty line": lambda it: it.replace("\n\nURI", "\nURI"),
    "lines as Windows ends them": lambda it: it.replace("\n", "\r\n"),
    "a mark before the text": lambda it: "\ufeff" + it,
    "a character that nobody sees": lambda it: it.replace("Sign in", "Sign\u200b in"),
    "digits of another script": lambda it: it.replace("Version: 1", "Version: \u0661"),
    "the prefix of a hardware wallet": lambda it: "\u00ffsolana offchain" + it,
    "something else": lambda _: "hello",
}


async def test_a_wallet_that_signs_another_text_is_not_let_in(stage: Stage) -> None:
    pair = Keypair()
    issued = await ask(stage.client, pair)
    answers = {}
    for name, tamper in TAMPERED.items():
        text = tamper(issued["message"])
        assert text != issued["message"], name
        answers[name] = await hand_in(stage.client, pair, text)
    refused = {name for name, answer in answers.items() if answer.status_code == 401}
    assert refused == set(TAMPERED)
    assert len({answer.text for answer in answers.values()}) == 1
    assert {answer.headers["www-authenticate"] for answer in answers.values()} == {
        'Bearer realm="autotrader"'
    }


async def test_a_wallet_may_write_the_same_fields_in_its_own_way(stage: Stage) -> None:
    ways: list[Callable[[str], str]] = [
        lambda it: it.replace(".000Z", "Z"),
        lambda it: it.replace(".000Z", "+00:00"),
        lambda it: it.replace("solana:mainnet", "mainnet"),
    ]
    for way in ways:
        pair = Keypair()
        issued = await ask(stage.client, pair)
        text = way(issued["message"])
        assert text != issued["message"]
        assert (await hand_in(stage.client, pair, text)).status_code == 200
        assert (await hand_in(stage.client, pair, issued["message"])).status_code == 401


async def test_the_fields_make_the_message(stage: Stage) -> None:
    issued = await ask(stage.client, Keypair())
    assert signing.read(issued["message"]) == issued["fields"]
    assert issued["expires_at"] == issued["fields"]["expirationTime"]


async def test_a_signature_has_one_form(stage: Stage) -> None:
    pair = Keypair()
    message = (await ask(stage.client, pair))["message"]
    good = bytes(pair.sign_message(message.encode()))
    larger = int.from_bytes(good[32:], "little") + ORDER
    forms = [
        good[:32] + larger.to_bytes(32, "little"),
        good[:-1] + bytes([good[-1] ^ 0x80]),
        bytes([1]) + bytes(63),
        bytes(64),
    ]
    for form in forms:
        text = base64.b64encode(form).decode()
        assert (await hand_in(stage.client, pair, message, text)).status_code == 401
    short = base64.b64encode(good[:63]).decode()
    assert (await hand_in(stage.client, pair, message, short)).status_code == 401
    assert (await hand_in(stage.client, pair, message)).status_code == 200


async def test_nobody_uses_up_the_message_of_another(stage: Stage) -> None:
    pair, thief = Keypair(), Keypair()
    message = (await ask(stage.client, pair))["message"]
    taken = message.replace(str(pair.pubkey()), str(thief.pubkey()))
    assert (await hand_in(stage.client, thief, message)).status_code == 401
    assert (await hand_in(stage.client, thief, taken)).status_code == 401
    assert (await hand_in(stage.client, pair, message)).status_code == 200


async def test_a_message_of_a_browser_signs_in_there_only(
    stage: Stage, browser: httpx.AsyncClient
) -> None:
    pair = Keypair()
    message = (await ask(browser, pair))["message"]
    (cookie,) = browser.cookies.jar
    assert cookie.name == "autotrader_sign_in"
    assert cookie.has_nonstandard_attr("HttpOnly")
    assert cookie.get_nonstandard_attr("SameSite") == "strict"
    assert cookie.value is not None
    assert cookie.value not in message
    elsewhere = {"Cookie": f"{cookie.name}={'x' * len(cookie.value)}"}
    assert (await hand_in(stage.client, pair, message)).status_code == 401
    async with httpx.AsyncClient(base_url=browser.base_url, headers=elsewhere) as other:
        assert (await hand_in(other, pair, message)).status_code == 401
    assert (await hand_in(browser, pair, message)).status_code == 200


async def test_two_tabs_sign_in_beside_each_other(browser: httpx.AsyncClient) -> None:
    first, second = Keypair(), Keypair()
    messages = [(await ask(browser, pair))["message"] for pair in (first, second)]
    assert (await hand_in(browser, first, messages[0])).status_code == 200
    assert (await hand_in(browser, second, messages[1])).status_code == 200


async def test_the_seal_of_a_browser_cannot_be_left_out(browser: httpx.AsyncClient) -> None:
    pair = Keypair()
    issued = await ask(browser, pair)
    nonce = issued["fields"]["nonce"]
    assert len(nonce) == 64
    assert (
        await hand_in(browser, pair, issued["message"].replace(nonce, nonce[:32]))
    ).status_code == 401


async def test_a_message_names_an_origin_of_the_settings(stage: Stage) -> None:
    named = f"http://localhost:{stage.port}"
    fields = (await ask(stage.client, Keypair(), Origin=named))["fields"]
    assert (fields["domain"], fields["uri"]) == (f"localhost:{stage.port}", named)
    foreign = (await ask(stage.client, Keypair(), Origin="https://evil.example"))["fields"]
    assert foreign["domain"] == f"127.0.0.1:{stage.port}"
    by_name = (await ask(stage.client, Keypair(), Host="localhost"))["fields"]
    assert by_name["domain"] == f"127.0.0.1:{stage.port}"


async def test_half_a_character_is_refused_before_anything_is_checked(stage: Stage) -> None:
    body = f'{{"wallet_address": "{WALLET}", "message": "\\ud800", "signature": "{"1" * 88}"}}'
    headers = {"Content-Type": "application/json"}
    answer = await stage.client.post("/api/auth/login", content=body, headers=headers)
    assert answer.status_code in {400, 422}


@pytest.mark.parametrize(
    ("ahead", "holds"),
    [(0, True), (-MINUTE, True), (-MINUTE - 1, False), (299_999, True), (300_000, False)],
)
def test_a_message_holds_for_five_minutes(ahead: int, holds: bool) -> None:
    fields = signing.read(signing.challenge(WALLET, ORIGIN, NOW).message)
    assert fields is not None
    assert signing.is_current(fields, (ORIGIN,), NOW + ahead) is holds


def test_a_message_holds_under_our_origins_and_never_longer_than_ten_minutes() -> None:
    fields = signing.read(signing.challenge(WALLET, ORIGIN, NOW).message)
    assert fields is not None
    assert not signing.is_current(fields, ("https://other.example",), NOW)
    assert not signing.is_current({**fields, "domain": "other.example"}, (ORIGIN,), NOW)
    assert not signing.is_current({**fields, "uri": "https://trader.example:1"}, (ORIGIN,), NOW)
    late = {**fields, "expirationTime": "2026-11-21T10:10:00.001Z"}
    assert not signing.is_current(late, (ORIGIN,), NOW)
    first = {**fields, "issuedAt": "0001-01-01T00:00:00+23:59"}
    assert not signing.is_current(first, (ORIGIN,), NOW)


def test_addresses_of_nobody_are_no_keys() -> None:
    assert signing.is_key(WALLET)
    for address in signing.NOBODY:
        assert Pubkey.from_string(address).is_on_curve(), address
        assert not signing.is_key(address)


def test_a_text_that_is_none_is_signed_by_nobody() -> None:
    keys = Keypair()
    signature = str(keys.sign_message(b"text"))
    assert signing.is_signed(str(keys.pubkey()), "text", signature)
    assert not signing.is_signed(str(keys.pubkey()), "\ud800", signature)
