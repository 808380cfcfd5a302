"""Jupiter's token search, for symbols and decimals: `GET {base_url}/tokens/v2/search?query={mint}`.

A symbol is not unique, so only the entry whose id is the mint counts. It names no pool.
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
        self._counts["asked"] += 1
        answer = await self._http.get(
            f"{self._url}/tokens/v2/search",
            params={"query": mint},
            headers=self._headers,
            seconds=self._timeout,
        )
        for entry in as_list(answer.json, "Jupiter's answer"):
            if isinstance(entry, dict) and entry.get("id") == mint:
                return TokenInfo(
                    mint=mint,
                    symbol=clean_symbol(entry.get("symbol")),
                    decimals=read_decimals(entry.get("decimals")),
                    pool=None,
                    logo_url=read_link(entry.get("icon")),
                )
        self._counts["unknown"] += 1
        return None

    def snapshot(self) -> dict[str, object]:
        """Tell how often it was asked and how often it did not know."""
        return {name: self._counts[name] for name in ("asked", "unknown")}
