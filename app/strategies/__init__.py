"""Entry strategies, one per file, found by file name."""

from app.registry import find
from app.trading.entry import EntryStrategy


def load() -> dict[str, type[EntryStrategy]]:
    """Find every entry strategy by its name."""
    return find(__name__, EntryStrategy)
