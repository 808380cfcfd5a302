"""Which names may name stored candles: a name is a folder, and must stay one below its parent."""

import re

from app.store.history_errors import UnsafeNameError

NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]{0,62}[A-Za-z0-9])?")
DEVICES = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?", re.IGNORECASE)
"""Names that are devices on Windows, whatever follows a dot."""

LONGEST_SYMBOL = 32


def plain_symbol(symbol: str) -> str:
    """Make a symbol fit to be shown: one short line of what can be printed."""
    printed = "".join(one if one.isprintable() else " " for one in symbol)
    return " ".join(printed.split())[:LONGEST_SYMBOL]


def safe_name(token: str) -> str:
    """Return a token's name if it can name a folder. Raises UnsafeNameError."""
    if not NAME.fullmatch(token) or DEVICES.fullmatch(token):
        raise UnsafeNameError(
            f"{token[:80]!r} cannot name stored candles: give a mint, or 1 to 64 of letters, "
            "digits, dot, dash and underscore that begin and end with a letter or digit"
        )
    return token
