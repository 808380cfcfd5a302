"""Reading of untrusted JSON: what a value must be, or BadPayloadError."""

import json
import math
from datetime import UTC, datetime, timedelta

from app.ports import BadPayloadError

LATEST_MILLISECONDS = 1e15
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MILLISECONDS_FROM = 100_000_000_000
"""A time from this number on is in milliseconds (1973), below it in seconds (until 5138)."""


def decode(text: str | bytes) -> object:
    """Decode JSON, also NaN and Infinity, which the reader of the value refuses; or ValueError."""
    try:
        return json.loads(text)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error


def as_dict(value: object, what: str) -> dict[str, object]:
    """Return an object, or raise BadPayloadError naming it."""
    if not isinstance(value, dict):
        raise BadPayloadError(f"{what} is {kind(value)}, not an object")
    return value


def as_list(value: object, what: str) -> list[object]:
    """Return a list, or raise BadPayloadError naming it."""
    if not isinstance(value, list):
        raise BadPayloadError(f"{what} is {kind(value)}, not a list")
    return value


def as_number(value: object, what: str) -> float:
    """Return a finite JSON number, or raise BadPayloadError naming it."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise BadPayloadError(f"{what} is {kind(value)}, not a number")
    number = float_or_nan(value)
    if not math.isfinite(number):
        raise BadPayloadError(f"{what} is not finite")
    return number


def as_count(value: object, what: str) -> int:
    """Return a whole number of at least zero, or raise BadPayloadError naming it."""
    number = as_number(value, what)
    if number < 0 or not number.is_integer():
        raise BadPayloadError(f"{what} is {number:g}, not a count")
    return int(number)


def float_or_nan(value: object) -> float:
    """Read a number or a numeric text, as services mix them; NaN for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return math.nan
    try:
        return float(value)
    except (ValueError, OverflowError):
        return math.nan


def at(value: object, *path: str) -> object:
    """Follow keys through nested objects; None where the way ends."""
    for key in path:
        value = value.get(key) if isinstance(value, dict) else None
    return value


def milliseconds(value: object) -> int | None:
    """Read a time as Unix ms: ISO 8601 (UTC unless it says), seconds or milliseconds; or None."""
    if isinstance(value, str):
        try:
            moment = datetime.fromisoformat(value)
        except ValueError:
            return None
        aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        return (aware - EPOCH) // timedelta(milliseconds=1)
    number = math.nan if isinstance(value, bool) else float_or_nan(value)
    if not abs(number) < LATEST_MILLISECONDS:
        return None
    return int(number if number >= MILLISECONDS_FROM else number * 1_000)


def kind(value: object) -> str:
    """Name the JSON kind of a value."""
    names = {
        type(None): "missing",
        bool: "a boolean",
        int: "a number",
        float: "a number",
        str: "a text",
        list: "a list",
    }
    return names.get(type(value), "an object")
