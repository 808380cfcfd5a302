"""How the newest backup is written for people."""

from collections.abc import Mapping
from typing import Any

from app.api.wire import iso_or_none


def backup_line(status: Mapping[str, Any]) -> dict[str, Any]:
    """Write when there was a good backup last, and what the last try failed with, if it did."""
    told: Mapping[str, Any] = status["backup"]
    return {
        "every_hours": told.get("every_hours", 0.0),
        "last_at": iso_or_none(told.get("last_at")),
        "file": told.get("file"),
        "bytes": told.get("bytes"),
        "last_error": told.get("last_error"),
        "last_error_at": iso_or_none(told.get("last_error_at")),
    }
