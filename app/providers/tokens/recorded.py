"""The tokens of recorded candles, from the folder's index or a given mapping."""

from collections.abc import Mapping
from pathlib import Path

from app.ports import TokenInfo
from app.providers.recordings import Recorded, find_recordings


class RecordedTokens:
    """Knows exactly the tokens that something was recorded of; a pool is a pair."""

    def __init__(self, folder: Path, *, tokens: Mapping[str, Recorded] | None = None) -> None:
        self._recordings = find_recordings(folder, tokens)

    async def token(self, mint: str) -> TokenInfo | None:
        """Look a mint up; None when nothing of it was recorded."""
        recordings = self._recordings.get(mint)
        if not recordings:
            return None
        token = recordings[0].token
        return TokenInfo(
            mint=mint, symbol=token.symbol, decimals=token.decimals, pool=recordings[0].pair
        )

    def snapshot(self) -> dict[str, object]:
        """Tell which tokens there are."""
        return {"tokens": sorted(many[0].token.symbol for many in self._recordings.values())}
