"""What one wallet may read: its own candles first, then those that everybody shares.

DATA_DIR/history/shared/<token>/…              the command line writes these
DATA_DIR/history/wallets/<address>/<token>/…   uploads of a wallet, which only it sees
"""

from pathlib import Path

import polars as pl

from app.store.history import History, HistoryEntry
from app.store.history_errors import HistoryFullError, HistoryNotFoundError, UnsafeNameError
from app.trading.ids import is_address

MOST_BYTES = 256 * 1024 * 1024
"""What the uploads of one wallet may take on the disk."""


def shared_history(data_dir: Path) -> History:
    """Return the candles that everybody may read."""
    return History(data_dir / "history" / "shared")


class Library:
    """The candles that a wallet may read; it may change `own` only."""

    def __init__(self, data_dir: Path, wallet: str) -> None:
        if not is_address(wallet):
            raise UnsafeNameError("a wallet is base58 of 32 bytes")
        self.own = History(data_dir / "history" / "wallets" / wallet)
        self.shared = shared_history(data_dir)

    def entries(self) -> list[tuple[HistoryEntry, bool]]:
        """List what can be read, and whether it is the wallet's own. Raises HistoryDamagedError."""
        own = [(one, True) for one in self.own.entries()]
        return own + [(one, False) for one in self.shared.entries()]

    def holder(self, token: str, timeframe: str) -> History:
        """Find where candles are read from. Raises what `History.read` raises."""
        for history in (self.own, self.shared):
            if history.has(token, timeframe):
                return history
        raise HistoryNotFoundError(self._nothing(token, timeframe))

    def read(
        self, token: str, timeframe: str, since: int | None = None, until: int | None = None
    ) -> pl.DataFrame:
        """Read candles as `History.read` does."""
        return self.holder(token, timeframe).read(token, timeframe, since, until)

    def make_room(self) -> None:
        """Raise HistoryFullError when the wallet has uploaded as much as it may."""
        if self.own.stored_bytes() >= MOST_BYTES:
            most = MOST_BYTES // 1024**2
            raise HistoryFullError(f"your candles take {most} MiB already: delete some first")

    def _nothing(self, token: str, timeframe: str) -> str:
        names = [f"{entry.token} {entry.timeframe}" for entry, _ in self.entries()]
        stored = ", ".join(names[:12]) or "nothing"
        return f"there are no candles of {token[:64]} in {timeframe}; stored: {stored}"
