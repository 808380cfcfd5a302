"""Which bodies may come in: JSON that means the same to every reader.

Refused are NaN and Infinity, numbers that no float64 or 64-bit integer holds, lone surrogates, NUL,
names that come twice, and nesting that no shape of ours has. A noun that takes more, or files,
says so by its route class: `router = Noun(route_class=Upload)`.
"""

import json
import math
from dataclasses import dataclass
from typing import Any, ClassVar

from fastapi.routing import APIRoute

from app.api.errors import Problem, invalid

MAX_BODY = 64 * 1024
LARGE_BODY = 32 * 1024 * 1024
PLANS_BODY = 2 * 1024 * 1024
MAX_DEPTH = 16
INTEGER_DIGITS = 20
LARGEST = 2**63


@dataclass(frozen=True, slots=True)
class Allowed:
    """What a noun's bodies may be: bytes at most, and media types.

    Without media types it is JSON, checked before any route sees it. A file is not read before its
    sender was let in: the route does that, and the reading ends where it becomes too large.
    """

    largest: int = MAX_BODY
    kinds: tuple[str, ...] = ()


class PlansJson(APIRoute):
    """A route class for thousands of exit plans."""

    allowed: ClassVar = Allowed(PLANS_BODY)


class Upload(APIRoute):
    """A route class for files of candles."""

    allowed: ClassVar = Allowed(
        LARGE_BODY, ("text/csv", "application/vnd.apache.parquet", "application/octet-stream")
    )


class _BodyError(ValueError):
    """What is wrong with a body."""


def _integer(text: str) -> int:
    if len(text) > INTEGER_DIGITS or not -LARGEST <= int(text) < LARGEST:
        message = "an integer does not fit 64 bits"
        raise _BodyError(message)
    return int(text)


def _number(text: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        message = "a number is too large"
        raise _BodyError(message)
    return value


def _constant(text: str) -> float:
    message = f"{text} is not JSON"
    raise _BodyError(message)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        message = "a name comes twice in an object"
        raise _BodyError(message)
    return found


_decoder = json.JSONDecoder(
    object_pairs_hook=_object,
    parse_int=_integer,
    parse_float=_number,
    parse_constant=_constant,
)


def read(text: str) -> Any:
    """Read JSON text strictly. Raises ValueError that says what is wrong."""
    try:
        value = _decoder.decode(text)
    except RecursionError:
        message = f"it is nested deeper than {MAX_DEPTH} levels"
        raise _BodyError(message) from None
    except json.JSONDecodeError as error:
        message = f"it is not JSON: {error.msg} at {error.pos}"
        raise _BodyError(message) from None
    _check(value)
    return value


def _check(value: Any) -> None:
    """Refuse texts that no UTF-8 can hold, and deep nesting."""
    level: list[Any] = [value]
    for _ in range(MAX_DEPTH):
        below: list[Any] = []
        for one in level:
            if isinstance(one, dict):
                below += [*one.keys(), *one.values()]
            elif isinstance(one, list):
                below += one
            elif isinstance(one, str):
                _check_text(one)
        if not below:
            return
        level = below
    message = f"it is nested deeper than {MAX_DEPTH} levels"
    raise _BodyError(message)


def _check_text(text: str) -> None:
    if "\0" in text or not _encodes(text):
        message = "a text holds NUL or half a surrogate pair"
        raise _BodyError(message)


def _encodes(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def check(body: bytes, content_type: str) -> Problem | None:
    """Judge a body before any route reads it; None when it may pass."""
    kind = media_type(content_type)
    if kind != "application/json" and not kind.endswith("+json"):
        return Problem(415, "unsupported-media-type", "Send JSON as application/json.")
    try:
        read(body.decode())
    except UnicodeDecodeError:
        return _unreadable("the body is not UTF-8")
    except ValueError as error:
        return _unreadable(f"the body cannot be read: {error}")
    return None


def _unreadable(detail: str) -> Problem:
    problem = invalid("", detail)
    problem.limit = "unreadable"
    return problem


def check_kind(content_type: str, allowed: Allowed) -> Problem | None:
    """Judge what a file says it is; None when it may pass."""
    if media_type(content_type) in allowed.kinds:
        return None
    return Problem(415, "unsupported-media-type", f"Send one of {', '.join(allowed.kinds)}.")


def media_type(content_type: str) -> str:
    """Return a content type without its parameters."""
    return content_type.partition(";")[0].strip().lower()


def too_large(largest: int) -> Problem:
    """Say how much a body may hold."""
    size = f"{largest // 1024**2} MiB" if largest >= 1024**2 else f"{largest // 1024} KiB"
    return Problem(413, "body-too-large", f"A body may hold {size}.")
