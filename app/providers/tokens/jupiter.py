"""Jupiter's token search, for symbols and decimals: `GET {base_url}/tokens/v2/search?query={mint}`.

A symbol is not unique: of a search by mint only the entry with that id counts, of one by symbol
only a single verified one. It names no pool.
"""

from collections import Counter

from app.ports import TokenInfo
from app.providers.http import Http
from app.providers.limits import Limit
from app.providers.payloads import as_list
from app.providers.text import clean_symbol
from app.providers.tokenfields import read_decimals, read_link
from app.trading.ids import is_address

KEYLESS_PER_MINUTE = 30.0
BURST = 2


class JupiterTokens:
    """Asks Jupiter; without a key as often as it allows everybody."""

    def __init__(
        self,
        http: Http,
        jupiter_url: str = "https://api.jup.ag",
        *,
        jupiter_key: str | None = None,
        jupiter_per_minute: float | None = KEYLESS_PER_MINUTE,
        timeout_seconds: float = 5.0,
    ) -> None:
        self._http = http
        self._url = jupiter_url.rstrip("/")
        self._headers = {"x-api-key": jupiter_key} if jupiter_key else {}
        self._timeout = timeout_seconds
        self._counts: Counter[str] = Counter()
        http.limit(self._url, Limit(per_minute=jupiter_per_minute, burst=BURST))

    async def token(self, mint: str) -> TokenInfo | None:
        """Look a mint up; None when it is unknown. Raises ProviderError."""
        if not is_address(mint):
            return None
        for entry in await self._search(mint):
            if entry.get("id") == mint:
                return _read(mint, entry)
        self._counts["unknown"] += 1
        return None

    async def named(self, symbol: str) -> TokenInfo | None:
        """Find the one verified token of a symbol; None without one, or with several.

        Anybody may give a token any symbol, so an unverified one never counts.
        """
        hits = {
            str(entry["id"]): entry
            for entry in await self._search(symbol)
            if entry.get("isVerified") is True
            and str(entry.get("symbol", "")).upper() == symbol.upper()
            and is_address(str(entry.get("id", "")))
        }
        if len(hits) != 1:
            self._counts["unknown"] += 1
            return None
        return _read(*hits.popitem())

    async def _search(self, query: str) -> list[dict[str, object]]:
        self._counts["asked"] += 1
        answer = await self._http.get(
            f"{self._url}/tokens/v2/search",
            params={"query": query},
            headers=self._headers,
            seconds=self._timeout,
        )
        entries = as_list(answer.json, "Jupiter's answer")
        return [entry for entry in entries if isinstance(entry, dict)]

    def snapshot(self) -> dict[str, object]:
        """Tell how often it was asked and how often it did not know."""
        return {name: self._counts[name] for name in ("asked", "unknown")}


def _read(mint: str, entry: dict[str, object]) -> TokenInfo:
    return TokenInfo(
        mint=mint,
        symbol=clean_symbol(entry.get("symbol")),
        decimals=read_decimals(entry.get("decimals")),
        pool=None,
        logo_url=read_link(entry.get("icon")),
    )
