"""Jupiter's prices: `GET {base_url}/price/v3?ids={mint},{SOL}`, both in dollars.

A token that it does not know, or holds unreliable, is left out of the answer; so is one that was
not traded for days. It says no time of a price.
"""

from collections import Counter

from app.ports import BadPayloadError
from app.providers.gecko import SOL
from app.providers.http import Http
from app.providers.limits import Limit
from app.providers.payloads import as_dict, at, float_or_nan
from app.trading.ids import is_address
from app.trading.market import is_price

KEYLESS_PER_MINUTE = 30.0
BURST = 2


class JupiterPrices:
    """Asks Jupiter what a token and SOL are worth in dollars; the quotient is its price in SOL."""

    def __init__(
        self,
        http: Http,
        prices_url: str = "https://api.jup.ag",
        *,
        prices_per_minute: float | None = KEYLESS_PER_MINUTE,
        timeout_seconds: float = 2.0,
    ) -> None:
        self._http = http
        self._url = prices_url.rstrip("/")
        self._timeout = timeout_seconds
        self._counts: Counter[str] = Counter()
        http.limit(self._url, Limit(per_minute=prices_per_minute, burst=BURST))

    async def price(self, mint: str) -> float | None:
        """Tell what a whole token is worth in SOL; None when it has no price.

        Raises ProviderError.
        """
        if not is_address(mint):
            return None
        self._counts["asked"] += 1
        answer = await self._http.get(
            f"{self._url}/price/v3", params={"ids": f"{mint},{SOL}"}, seconds=self._timeout
        )
        prices = as_dict(answer.json, "Jupiter's answer")
        sol = float_or_nan(at(prices, SOL, "usdPrice"))
        if not is_price(sol):
            raise BadPayloadError("Jupiter says no price of SOL")
        price = float_or_nan(at(prices, mint, "usdPrice")) / sol
        if is_price(price):
            return price
        self._counts["unknown" if mint not in prices else "refused"] += 1
        return None

    def snapshot(self) -> dict[str, object]:
        """Tell how often it was asked, did not know, and said what cannot be a price."""
        return {name: self._counts[name] for name in ("asked", "unknown", "refused")}
