"""Sign-In With Solana: the message that is signed, and whether it was.

The text follows the standard's grammar, in its one order of fields. What comes back must be, byte
for byte, what was issued: then every field in it is the one that was issued, and no parser can be
led astray. The signature is checked first, so that nobody uses up another's nonce.
"""

import base64
import binascii
import re
import secrets
from dataclasses import dataclass
from urllib.parse import urlsplit

from solders.pubkey import Pubkey
from solders.signature import Signature

from app.api.wire import iso

STATEMENT = "Sign in to Auto Trader. This is no transaction and costs nothing."
CHAIN = "solana:mainnet"
VALID_MS = 300_000
NONCE_BYTES = 16
SIGNATURE_BYTES = 64
NONCE = re.compile(r"^Nonce: ([0-9a-f]{32})$", re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Challenge:
    """A message to sign, and its parts."""

    message: str
    nonce: str
    fields: dict[str, str]
    expires_at: int


def is_key(address: str) -> bool:
    """Tell whether an address can sign: base58 of 32 bytes, on the curve."""
    try:
        return Pubkey.from_string(address).is_on_curve()
    except ValueError:
        return False


def challenge(address: str, origin: str, now: int) -> Challenge:
    """Write a message for an address to sign, valid for five minutes from `now` (Unix ms)."""
    nonce = secrets.token_hex(NONCE_BYTES)
    fields = {
        "domain": urlsplit(origin).netloc,
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


def nonce_of(message: str) -> str | None:
    """Find the nonce of a message; None when there is not exactly one."""
    found = NONCE.findall(message)
    return found[0] if len(found) == 1 else None


def is_signed(address: str, message: str, signature: str) -> bool:
    """Tell whether a signature (base58 or base64) is the address's over the message's bytes."""
    raw = _decoded(signature)
    if raw is None or not is_key(address):
        return False
    try:
        return Signature.from_bytes(raw).verify(Pubkey.from_string(address), message.encode())
    except ValueError:
        return False


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
