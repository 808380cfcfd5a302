"""What must never stand in a log, taken out of every line before it is written.

By name: values of fields that are secrets whatever they look like. By form: passwords in addresses,
tokens in queries, headers and cookies, addresses of notification services (their path is the
secret), and secret keys as base58, base64, hex or a JSON list. Signatures look like secret keys and
go with them: better a log that says less.
"""

import re
from collections.abc import Mapping, MutableMapping
from typing import Any

from app.trading.ids import is_address, shorten

HIDDEN = "[redacted]"
DEEPEST = 6
KEY_LENGTHS = frozenset({32, 64})
BYTE = range(256)
LONGEST = 20_000
"""Characters of a text that are kept: nobody reads more, and a hostile one costs time."""

SECRET_NAMES = frozenset(
    {
        "access_token",
        "api_key",
        "apikey",
        "authorization",
        "cookie",
        "credentials",
        "mnemonic",
        "nonce",
        "passphrase",
        "password",
        "private_key",
        "secret",
        "secret_key",
        "seed",
        "set-cookie",
        "signature",
        "token",
        "x-api-key",
    }
)
WALLET_NAMES = frozenset({"wallet", "wallet_address"})
TOKEN_NAMES = frozenset({"mint", "pool", "token_address"})
"""Addresses that belong to nobody, and are of use in full."""

OPEN_SCHEMES = r"https?|wss?|sqlite|postgresql|rediss?|unix|file|data"
"""Addresses that may be shown; what others point at is a secret as a whole."""

_WORDS = "|".join(sorted(map(re.escape, SECRET_NAMES), key=len, reverse=True))
_QUERY = rf"(?:{_WORDS}|key|code|auth|sig)"
RULES: tuple[tuple[re.Pattern[str], str], ...] = (
    (
        re.compile(
            r"(?i)(?<![\w+.-])(?!(?:"
            + OPEN_SCHEMES
            + r")(?:\+\w+)?://)([a-z][a-z0-9+.-]{1,20})://[^\s\"'<>]+"
        ),
        r"\1://" + HIDDEN,
    ),
    (re.compile(r"(?i)(\b[a-z][a-z0-9+.-]{1,20}://)[^\s/?#\"'<>]*@"), r"\1" + HIDDEN + "@"),
    (
        re.compile(
            r"(?i)(https://(?:[\w-]+\.)*(?:discord(?:app)?\.com/api/webhooks|hooks\.slack\.com"
            r"|api\.telegram\.org|[\w.-]*webhook\.office\.com))/[^\s\"'<>]+"
        ),
        r"\1/" + HIDDEN,
    ),
    (re.compile(rf"(?i)([?&;]{_QUERY}=)[^\s&#;\"'<>]+"), r"\1" + HIDDEN),
    (re.compile(r"(?i)\b(bearer|basic)\s+[\w.~+/=:-]{8,}"), r"\1 " + HIDDEN),
    (re.compile(r"(?i)\b((?:__host-)?autotrader_\w+=)[^\s;\"']+"), r"\1" + HIDDEN),
    (re.compile(rf"(?i)([\"'](?:{_WORDS})[\"']\s*:\s*)(\"[^\"]*\"|'[^']*')"), rf'\1"{HIDDEN}"'),
    (re.compile(rf"(?i)\b((?:{_WORDS})=)(\"[^\"]*\"|'[^']*')"), rf"\1'{HIDDEN}'"),
    (
        re.compile(r"(?<![1-9A-HJ-NP-Za-km-z])[1-9A-HJ-NP-Za-km-z]{85,88}(?![1-9A-HJ-NP-Za-km-z])"),
        HIDDEN,
    ),
    (re.compile(r"(?<![A-Za-z0-9+/_-])[A-Za-z0-9+/_-]{86}(?:==|(?![A-Za-z0-9+/_=-]))"), HIDDEN),
    (re.compile(r"(?i)(?<![0-9a-f])[0-9a-f]{128}(?![0-9a-f])"), HIDDEN),
    (re.compile(r"\[\s*(?:\d{1,3}\s*,\s*){31,63}\d{1,3}\s*\]"), HIDDEN),
)
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
_LINES = re.compile(r"[\n\t]")


def clean(text: str) -> str:
    """Take secrets out of a text, and what would act on a terminal."""
    if len(text) > LONGEST:
        text = f"{text[:LONGEST]}… ({len(text)} characters)"
    for pattern, instead in RULES:
        text = pattern.sub(instead, text)
    return _CONTROL.sub(_escape, text)


def redact(_: Any, __: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Clean every value of a line; a processor of structlog."""
    for name, value in line.items():
        if name in {"exception", "stack"} and isinstance(value, str):
            line[name] = clean(value)
        elif not name.startswith("_"):
            line[name] = _value(name, value, 0)
    return line


def _value(name: str, value: Any, depth: int) -> Any:
    """Clean one value; what a text begins on a line ends on it, so that no line can be forged."""
    if name.lower() in SECRET_NAMES and value is not None:
        return HIDDEN
    if isinstance(value, str):
        if name in WALLET_NAMES or (name not in TOKEN_NAMES and is_address(value)):
            return shorten(value)
        return _LINES.sub(_escape, clean(value))
    if value is None or isinstance(value, bool | int | float):
        return value
    if depth >= DEEPEST:
        return HIDDEN
    if isinstance(value, Mapping):
        return {str(key): _value(str(key), one, depth + 1) for key, one in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return _listed(name, value, depth)
    return _LINES.sub(_escape, clean(str(value)))


def _listed(name: str, value: Any, depth: int) -> Any:
    many = list(value)
    if len(many) in KEY_LENGTHS and all(isinstance(one, int) and one in BYTE for one in many):
        return HIDDEN
    return [_value(name, one, depth + 1) for one in many]


def _escape(found: re.Match[str]) -> str:
    return found.group().encode("unicode_escape").decode()
