"""Sign-In With Solana: the message that is signed, and whether it was.

A wallet with `solana:signIn` writes the text itself from the fields it is handed. So what comes
back is read by the standard's grammar in its one order, with every field that we issue and no
other, and compared field by field with what was issued; the signature is over the bytes that came.
A message that passes here is used up afterwards, so nobody uses up another's nonce.
"""

import base64
import binascii
import hmac
import re
import secrets
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from solders.pubkey import Pubkey
from solders.signature import Signature

from app.api.deps import to_ms
from app.api.wire import iso

STATEMENT = "Sign in to Auto Trader. This is no transaction and costs nothing."
CHAIN = "solana:mainnet"
CHAINS = frozenset({CHAIN, CHAIN.removeprefix("solana:")})
"""The standard has two names for the chain."""

SECOND_MS = 1_000
VALID_MS = 300_000
SKEW_MS = 60_000
LONGEST_MS = 600_000
NONCE_BYTES = 16
NONCE_DIGITS = 2 * NONCE_BYTES
SEAL_DIGITS = 32
SIGNATURE_BYTES = 64
TIMES = ("issuedAt", "expirationTime")
EXACT = ("domain", "address", "statement", "uri", "version", "nonce")

_TIME = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)"
_MESSAGE = re.compile(
    r"(?P<domain>\S+) wants you to sign in with your Solana account:\n"
    r"(?P<address>[1-9A-HJ-NP-Za-km-z]{32,44})\n"
    r"\n"
    r"(?P<statement>[^\n]+)\n"
    r"\n"
    r"URI: (?P<uri>\S+)\n"
    r"Version: (?P<version>1)\n"
    r"Chain ID: (?P<chainId>[a-z:]+)\n"
    rf"Nonce: (?P<nonce>[0-9a-f]{{{NONCE_DIGITS}}}(?:[0-9a-f]{{{SEAL_DIGITS}}})?)\n"
    rf"Issued At: (?P<issuedAt>{_TIME})\n"
    rf"Expiration Time: (?P<expirationTime>{_TIME})",
    re.ASCII,
)

NOBODY = frozenset(
    {
        # points of small order, with which a signature proves nothing; first the system program
        "11111111111111111111111111111111",
        "11111111111111111111111111111113D",
        "4uQeVj5tqViQh7yWWGStvkEG1Zmhx6uasJtWCJziofM",
        "Gx9dDNxzpALCowVuZb7pBceBLJugLA8sPa6TJDXrpfeW",
        "EQAqmjhcsBQhpBv5GJkYgEB7emGHZNoo1j1yAjiFLNxR",
        "EQAqmjhcsBQhpBv5GJkYgEB7emGHZNoo1j1yAjiFLNvD",
        "3ctC68zTqpRDQShoondiQKDHwZDAUjRyxiPNdg8cD6Rr",
        "3ctC68zTqpRDQShoondiQKDHwZDAUjRyxiPNdg8cD6Pe",
        # programs and accounts of the chain that look like keys
        "So11111111111111111111111111111111111111112",
        "Stake11111111111111111111111111111111111111",
        "Config1111111111111111111111111111111111111",
        "SysvarC1ock11111111111111111111111111111111",
        "TokenkegQfeZyiNwAJbNbGKPFXCWuBvf9Ss623VQ5DA",
        "TokenzQdBNbLqP5VEhdkAS6EPFLC1PHnBqCXEpPxuEb",
        "ATokenGPvbdGVxr1b2hvZbsiqW5xWH25efTNsLJA8knL",
        "MemoSq4gqABAXKb96qnH8TysNcWxMyWCqXgDLGmfcHr",
    }
)
"""Addresses on the curve that belong to nobody."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Challenge:
    """A message to sign, and its parts."""

    message: str
    nonce: str
    fields: dict[str, str]
    expires_at: int


def is_key(address: str) -> bool:
    """Tell whether an address can sign: base58 of 32 bytes, on the curve, somebody's."""
    try:
        return Pubkey.from_string(address).is_on_curve() and address not in NOBODY
    except ValueError:
        return False


def challenge(address: str, origin: str, now: int, secret: str | None = None) -> Challenge:
    """Write a message for an address to sign, valid for five minutes from `now` (Unix ms).

    With a browser's secret it signs in that browser only. Times are whole seconds, because a
    wallet may write them without the rest.
    """
    now -= now % SECOND_MS
    nonce = secrets.token_hex(NONCE_BYTES)
    if secret is not None:
        nonce += _seal(nonce, secret)
    fields = {
        "domain": domain_of(origin),
        "address": address,
        "statement": STATEMENT,
        "uri": origin,
        "version": "1",
        "chainId": CHAIN,
        "nonce": nonce,
        "issuedAt": iso(now),
        "expirationTime": iso(now + VALID_MS),
    }
    message = (
        f"{fields['domain']} wants you to sign in with your Solana account:\n{address}\n\n"
        f"{STATEMENT}\n\nURI: {origin}\nVersion: 1\nChain ID: {CHAIN}\nNonce: {nonce}\n"
        f"Issued At: {fields['issuedAt']}\nExpiration Time: {fields['expirationTime']}"
    )
    return Challenge(message=message, nonce=nonce, fields=fields, expires_at=now + VALID_MS)


def read(message: str) -> dict[str, str] | None:
    """Read the fields of a message; None when it is not written exactly as the standard has it."""
    found = _MESSAGE.fullmatch(message)
    return None if found is None else found.groupdict()


def is_current(fields: Mapping[str, str], origins: Collection[str], now: int) -> bool:
    """Tell whether a message is for one of our origins, for our chain, and for now (Unix ms)."""
    issued, expires = (_moment(fields[name]) for name in TIMES)
    if issued is None or expires is None:
        return False
    return (
        fields["uri"] in origins
        and fields["domain"] == domain_of(fields["uri"])
        and fields["chainId"] in CHAINS
        and issued <= now + SKEW_MS
        and now < expires <= issued + LONGEST_MS
    )


def is_bound(fields: Mapping[str, str], secret: str | None) -> bool:
    """Tell whether the browser that asked for the message is the one that has the secret."""
    nonce, seal = fields["nonce"][:NONCE_DIGITS], fields["nonce"][NONCE_DIGITS:]
    if not seal:
        return True
    return secret is not None and hmac.compare_digest(seal, _seal(nonce, secret))


def is_same(fields: Mapping[str, str], issued: str) -> bool:
    """Tell whether every field is the one that was issued; the same moment may be written apart."""
    ours = read(issued)
    return (
        ours is not None
        and all(fields[name] == ours[name] for name in EXACT)
        and all(_moment(fields[name]) == _moment(ours[name]) for name in TIMES)
    )


def is_signed(address: str, message: str, signature: str) -> bool:
    """Tell whether a signature (base58 or base64) is the address's over the message's bytes."""
    raw = _decoded(signature)
    if raw is None or not is_key(address):
        return False
    try:
        return Signature.from_bytes(raw).verify(Pubkey.from_string(address), message.encode())
    except ValueError:
        return False


def domain_of(origin: str) -> str:
    """Return the host and port of an origin."""
    return urlsplit(origin).netloc


def _seal(nonce: str, secret: str) -> str:
    return hmac.new(secret.encode(), nonce.encode(), "sha256").hexdigest()[:SEAL_DIGITS]


def _moment(text: str) -> int | None:
    try:
        return to_ms(datetime.fromisoformat(text))
    except ValueError:
        return None


def _decoded(signature: str) -> bytes | None:
    try:
        return bytes(Signature.from_string(signature))
    except ValueError:
        pass
    try:
        raw = base64.b64decode(signature, validate=True)
    except (binascii.Error, ValueError):
        return None
    return raw if len(raw) == SIGNATURE_BYTES else None
