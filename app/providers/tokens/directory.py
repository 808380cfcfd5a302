"""The platform's own token directory: `GET {base_url}/token/{mint}`.

    {"symbol", "logo_url"?, "pair_address"?, "decimals"?}; 404 or no JSON = unknown

What it says badly counts as not said: another directory may know better.
"""

from collections import Counter

from app.ports import BadPayloadError, TokenInfo
from app.providers.http import Http
from app.providers.text import clean_symbol
from app.providers.tokenfields import read_decimals, read_link
from app.trading.ids import is_address

NOT_FOUND = 404


class Directory:
    """Asks the platform's own service."""

    def __init__(self, http: Http, tokens_url: str, *, timeout_seconds: float = 5.0) -> None:
        self._http = http
        self._url = tokens_url.rstrip("/")
        self._timeout = timeout_seconds
        self._counts: Counter[str] = Counter()

    async def token(self, mint: str) -> TokenInfo | None:
        """Look a mint up; None when it is unknown. Raises ProviderError."""
        if not is_address(mint):
            return None
        self._counts["asked"] += 1
        try:
            answer = await self._http.get(
                f"{self._url}/token/{mint}", seconds=self._timeout, allow=(NOT_FOUND,)
            )
        except BadPayloadError:
            self._counts["bad_payload"] += 1
            return None
        if answer.status == NOT_FOUND or not isinstance(answer.json, dict):
            self._counts["unknown"] += 1
            return None
        return self._read(mint, answer.json)

    def snapshot(self) -> dict[str, object]:
        """Tell how often it was asked, and what it did not know or said badly."""
        counted = ("asked", "unknown", "bad_payload", "bad_decimals", "bad_pool")
        return {name: self._counts[name] for name in counted}

    def _read(self, mint: str, fields: dict[str, object]) -> TokenInfo:
        decimals, pool = fields.get("decimals"), fields.get("pair_address")
        known = read_decimals(decimals)
        if known is None and decimals is not None:
            self._counts["bad_decimals"] += 1
        usable = isinstance(pool, str) and is_address(pool)
        if pool and not usable:
            self._counts["bad_pool"] += 1
        return TokenInfo(
            mint=mint,
            symbol=clean_symbol(fields.get("symbol")),
            decimals=known,
            pool=str(pool) if usable else None,
            logo_url=read_link(fields.get("logo_url")),
        )
