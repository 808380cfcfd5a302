"""Which column of a file is which of a candle: names as exports of all kinds write them."""

import re
from collections.abc import Sequence

from app.store.history_errors import HistoryError
from app.trading.entry import CANDLE_SCHEMA

NAMES = {
    "time": (
        "time timestamp open_time opentime unix unix_time unixtime timestamp_ms time_ms ts "
        "datetime date_time date time_utc date_utc start start_time begin bucket period_start "
        "time_period_start t"
    ),
    "open": "open open_price price_open opening o",
    "high": "high high_price price_high max h",
    "low": "low low_price price_low min l",
    "close": "close close_price price_close closing last c",
    "volume": "volume base_volume volume_base volume_token volume_traded vol amount v",
}
"""Of several that stand in one file the first in the list is taken."""

TOKENS = frozenset({"symbol", "pair", "ticker", "token", "mint", "instrument", "market"})
"""Columns that say whose candles these are."""

HEADERLESS = frozenset({6, 12})
"""Columns of files without names: time, open, high, low, close, volume; exchanges add six more."""


class ImportFailedError(HistoryError):
    """A file that cannot be imported, nothing of it was; the message says why, line by line."""


def plain(name: str) -> str:
    """Write a column's name as `NAMES` does: `Open Time (UTC)` is open_time."""
    without_unit = re.sub(r"[(\[].*?[)\]]", "", name.lower())
    return re.sub(r"[^a-z0-9]+", "_", without_unit).strip("_")


def choose(names: Sequence[str]) -> dict[str, int]:
    """Find the six columns of candles among a file's; returns the place of each.

    Raises ImportFailedError that says which are missing.
    """
    known = [plain(name) for name in names]
    chosen = {
        column: known.index(one)
        for column, variants in NAMES.items()
        for one in reversed(variants.split())
        if one in known
    }
    missing = [column for column in CANDLE_SCHEMA if column not in chosen]
    if missing:
        raise ImportFailedError(
            f"there is no column for {', '.join(missing)}; the file has: "
            f"{', '.join(shown(name) for name in names[:20])}; expected names are "
            f"{', '.join(CANDLE_SCHEMA)}, or none at all above six columns in this order"
        )
    return {column: chosen[column] for column in CANDLE_SCHEMA}


def owners(names: Sequence[str]) -> list[int]:
    """Find the columns that say whose candles these are."""
    return [place for place, name in enumerate(names) if plain(name) in TOKENS]


def shown(value: object) -> str:
    """Write a value of a file so that a terminal can show it: quoted, escaped and short."""
    text = ascii(value)
    return text if len(text) <= 40 else f"{text[:37]}…"  # noqa: PLR2004  # fits a line
