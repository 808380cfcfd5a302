"""What a message to sign says, and each of the questions about it, answered one by one."""

import base64
import hashlib
import hmac

import pytest
from solders.keypair import Keypair

from app.api import signing
from app.api.signing import challenge, is_bound, is_current, is_key, is_same, is_signed, read
from app.api.wire import iso

ORIGIN = "https://trader.example"
NOW = 1_795_255_200_000
SECOND = 1_000
MINUTE = 60 * SECOND
PAIR = Keypair.from_seed(bytes(range(32)))
WALLET = str(PAIR.pubkey())
SECRET = "s" * 43


def at(ms: int) -> str:
    return iso(ms)


def test_a_challenge_holds_for_five_minutes_from_a_whole_second() -> None:
    made = challenge(WALLET, ORIGIN, NOW + 999)
    assert made.expires_at == NOW + 5 * MINUTE
    assert made.fields["issuedAt"] == at(NOW)
    assert made.fields["expirationTime"] == at(NOW + 5 * MINUTE)
    assert made.nonce == made.fields["nonce"]
    assert len(made.nonce) == 32
    assert read(made.message) == made.fields


def test_the_seal_of_a_browser_is_a_mac_of_the_nonce() -> None:
    nonce = challenge(WALLET, ORIGIN, NOW, SECRET).nonce
    own, seal = nonce[:32], nonce[32:]
    mac = hmac.new(SECRET.encode(), own.encode(), hashlib.sha256).hexdigest()
    assert seal == mac[: signing.SEAL_DIGITS]
    assert len(seal) == signing.SEAL_DIGITS


def test_a_message_without_a_seal_is_anybodys_and_one_with_it_the_browsers() -> None:
    free = challenge(WALLET, ORIGIN, NOW).fields
    bound = challenge(WALLET, ORIGIN, NOW, SECRET).fields
    assert [is_bound(free, it) for it in (None, SECRET)] == [True, True]
    assert [is_bound(bound, it) for it in (None, SECRET, "t" * 43)] == [False, True, False]


@pytest.mark.parametrize(
    ("changed", "holds"),
    [
        ({}, True),
        ({"chainId": "mainnet"}, True),
        ({"chainId": "solana:devnet"}, False),
        ({"issuedAt": "2026-13-01T00:00:00Z"}, False),
        ({"expirationTime": "2026-13-01T00:00:00Z"}, False),
        ({"issuedAt": at(NOW + MINUTE)}, True),
        ({"issuedAt": at(NOW + MINUTE + SECOND), "expirationTime": at(NOW + 2 * MINUTE)}, False),
        ({"expirationTime": at(NOW)}, False),
        ({"expirationTime": at(NOW + SECOND)}, True),
        ({"expirationTime": at(NOW + 10 * MINUTE)}, True),
        ({"expirationTime": at(NOW + 10 * MINUTE + SECOND)}, False),
        ({"uri": "https://other.example"}, False),
        ({"domain": "other.example"}, False),
    ],
)
def test_a_message_is_for_us_for_our_chain_and_for_now(
    changed: dict[str, str], holds: bool
) -> None:
    fields = challenge(WALLET, ORIGIN, NOW).fields
    assert is_current({**fields, **changed}, (ORIGIN, "https://else.example"), NOW) is holds


@pytest.mark.parametrize(
    ("address", "can_sign"),
    [
        (WALLET, True),
        ("11111111111111111111111111111111", False),
        ("6iHJdrwiZh3rm3mEf2ssaMvZVYr8Keh9DejK8yjZbKhX", False),  # of a program: off the curve
        ("l" * 32, False),
        ("", False),
    ],
)
def test_a_key_can_sign(address: str, can_sign: bool) -> None:
    assert is_key(address) is can_sign


def test_every_field_must_be_the_one_that_was_issued() -> None:
    issued = challenge(WALLET, ORIGIN, NOW, SECRET)
    assert is_same(issued.fields, issued.message) is True
    same_moment = issued.fields["issuedAt"].replace("Z", "+00:00")
    assert is_same({**issued.fields, "issuedAt": same_moment}, issued.message) is True
    assert is_same({**issued.fields, "chainId": "mainnet"}, issued.message) is True
    for name in (*signing.EXACT, *signing.TIMES):
        other = at(NOW + SECOND) if name in signing.TIMES else "other"
        assert is_same({**issued.fields, name: other}, issued.message) is False, name
    assert is_same(issued.fields, issued.message + "\n") is False


def test_a_signature_is_of_sixty_four_bytes_in_either_form() -> None:
    raw = bytes(PAIR.sign_message(b"text"))
    forms = [str(PAIR.sign_message(b"text")), base64.b64encode(raw).decode()]
    assert [is_signed(WALLET, "text", form) for form in forms] == [True, True]
    wrong = [
        base64.b64encode(raw + b"\0").decode(),
        base64.b64encode(raw[:-1]).decode(),
        base64.b64encode(raw).decode() + "!",
        "",
        "no signature",
    ]
    assert [is_signed(WALLET, "text", form) for form in wrong] == [False] * 5
    assert is_signed(WALLET, "other", forms[0]) is False
    assert is_signed(WALLET, "\ud800", forms[0]) is False
    assert is_signed(str(Keypair().pubkey()), "text", forms[0]) is False


def test_nobodys_key_signs_nothing() -> None:
    """With a point of small order a signature of zeros fits: it must not even be asked."""
    nobody = "11111111111111111111111111111111"
    zeros = base64.b64encode(bytes([1]) + bytes(63)).decode()
    assert is_signed(nobody, "text", zeros) is False


@pytest.mark.parametrize("digits", [31, 33, 48, 63, 65])
def test_a_nonce_of_another_length_is_not_read(digits: int) -> None:
    made = challenge(WALLET, ORIGIN, NOW)
    assert read(made.message.replace(made.nonce, "a" * digits)) is None
