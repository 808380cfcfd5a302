"""Whose calendar: time zones by their IANA names."""

import re
from functools import lru_cache

import polars as pl

UTC = "UTC"
ABOUT = "Whose days and hours: an IANA name."
LONGEST = 64
NAME = re.compile(r"[A-Za-z][A-Za-z0-9_+/-]*")


def known(zone: str) -> str:
    """Return a zone's name; raises ValueError for one that nobody knows."""
    if not _is_known(zone):
        message = f"{zone!r} is no time zone; an IANA name like Europe/Berlin is"
        raise ValueError(message)
    return zone


@lru_cache(maxsize=1024)
def _is_known(zone: str) -> bool:
    """Ask those who will reckon with it, who take offsets too: a calendar has none of its own."""
    if NAME.fullmatch(zone) is None:
        return False
    try:
        pl.Series([0]).cast(pl.Datetime("ms", "UTC")).dt.convert_time_zone(zone)
    except pl.exceptions.ComputeError:
        return False
    return True
