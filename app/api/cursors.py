"""Where a list goes on: a cursor is opaque to those who hand it back, and checked when they do."""

import base64
import binascii
from collections.abc import Sequence
from typing import Any

import msgspec

from app.api.errors import Problem, invalid
from app.store.types import LARGEST, SMALLEST

T = tuple[Any, ...]
_encode = msgspec.json.Encoder().encode


def write(place: Sequence[object]) -> str:
    """Write the place after which a list goes on."""
    return base64.urlsafe_b64encode(_encode(place)).rstrip(b"=").decode()


def read(cursor: str | None, shape: Any) -> Any:
    """Read a place as the tuple type it was written from; None without a cursor.

    Raises a 422 problem for anything that was not written here.
    """
    if cursor is None:
        return None
    try:
        text = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        place: T = msgspec.json.decode(text, type=shape)
    except (ValueError, binascii.Error, msgspec.MsgspecError):
        raise refused() from None
    if any(isinstance(part, int) and not SMALLEST <= part <= LARGEST for part in place):
        raise refused()
    return place


def refused() -> Problem:
    """Say that a cursor was not written here, or by another list."""
    return invalid("/cursor", "this is no cursor of this list", "query")
