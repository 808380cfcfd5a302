"""Candles, pools and trades from GeckoTerminal (or CoinGecko's on-chain API, or the simulator).

Prices leave in SOL per token. A pool against SOL says them itself; of a pool against USDC or USDT,
taken as dollars, each price is divided by SOL's close of the same candle (the last one before where
that is missing), from the deepest pool of SOL on the same service.

What the service does not send (an interval without trades) stays missing. Its answers are cached
for about a minute by address, so times asked for are aligned to candles and nothing is varied.
"""

from bisect import bisect_right
from collections import Counter, OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from operator import attrgetter
from typing import Literal, NamedTuple

from app.ports import (
    BadPayloadError,
    CandlePage,
    Clock,
    MarketTrade,
    RateLimitedError,
    RejectedError,
)
from app.providers.gecko import (
    DOLLARS,
    SOL,
    Listing,
    Pool,
    check_refusal,
    choose_pool,
    other_side,
    read_listing,
    read_swaps,
)
from app.providers.http import Http
from app.providers.limits import Limit
from app.providers.ohlcv import is_worthless, page, read_rows, refused_row
from app.providers.payloads import as_list, at
from app.trading.ids import is_address
from app.trading.market import TIMEFRAMES, Candle

PATHS: Mapping[str, tuple[str, int]] = {
    "1s": ("second", 1),
    "1m": ("minute", 1),
    "5m": ("minute", 5),
    "15m": ("minute", 15),
    "1h": ("hour", 1),
    "4h": ("hour", 4),
    "1d": ("day", 1),
}
HEADERS = {"accept": "application/json;version=20230302"}
POOLS: Mapping[str, str | int] = {"page": 1, "sort": "h24_volume_usd_liquidity_desc"}
MAX_CANDLES = 1_000
PER_MINUTE = 8.0
BURST = 4
BACKOFF_SECONDS = 10.0
RETRIES = 2
NOT_FOUND = 404
SOL_POOL_MS = 86_400_000
SOL_PRICES_MS = 60_000
REMEMBERED = 32
COUNTED = ("asked", "refused", "duplicates", "out_of_order", "missing", "throttled", "converted")


class _Ask(NamedTuple):
    """How many candles of which length, and the second before which they open (None = newest)."""

    timeframe: str
    limit: int
    border: int | None


class _Rows(NamedTuple):
    """Rows as candles, the mint on the pool's other side, a row that could not be one, and
    whether the newest says zero.
    """

    read: list[Candle]
    quote: str
    unfit: str | None
    worthless: bool


class GeckoCandles:
    """Asks GeckoTerminal, as seldom as it wants to be asked.

    `volume_in` says what the service's volumes are: tokens, or the pool's other side (divided by
    the close then, because a candle's volume is in tokens).
    """

    def __init__(
        self,
        http: Http,
        clock: Clock,
        candles_url: str = "https://api.geckoterminal.com/api/v2",
        *,
        candles_per_minute: float | None = PER_MINUTE,
        volume_in: Literal["token", "quote"] = "token",
        timeout_seconds: float = 10.0,
    ) -> None:
        self._http = http
        self._clock = clock
        self._url = f"{candles_url.rstrip('/')}/networks/solana"
        self._volume_in = volume_in
        self._timeout = timeout_seconds
        self._counts: Counter[str] = Counter()
        self._sol_pool: tuple[int, Pool] | None = None
        self._sol_prices: OrderedDict[_Ask, tuple[int, list[Candle]]] = OrderedDict()
        limit = Limit(per_minute=candles_per_minute, burst=BURST, backoff_seconds=BACKOFF_SECONDS)
        http.limit(self._url, limit)

    async def pool(self, mint: str) -> str | None:
        """Find the best pool of a mint; None when there is none. Raises ProviderError."""
        found = await self._pool(mint)
        return found.address if found else None

    async def listing(self, address: str) -> Listing | None:
        """Find what a mint or a pool's address stands for; None when neither is known.

        Raises ProviderError.
        """
        body = await self._get(f"/tokens/{_checked(address)}/pools", POOLS)
        best = None if body is None else choose_pool(body, address)
        if best is not None:
            found = as_list(at(body, "data"), "the list of pools")
            listed = (read_listing(entry, address) for entry in found)
            return next(one for one in listed if one is not None and one.pool == best.address)
        body = await self._get(f"/pools/{address}", {})
        return None if body is None else read_listing(at(body, "data"))

    async def candles(
        self, mint: str, pool: str, timeframe: str, limit: int, before: int | None = None
    ) -> CandlePage:
        """Fetch the newest candles (strictly older than `before`, Unix ms), at most 1,000.

        SOL itself is priced in dollars: in SOL it would always be 1.

        Raises ProviderError; RejectedError for a timeframe or history that the service has not.
        """
        counts: Counter[str] = Counter()
        wanted = min(max(limit, 1) + (before is None), MAX_CANDLES)
        ask = _Ask(timeframe, wanted, _border(timeframe, before))
        in_dollars = mint == SOL
        rows = await self._ohlcv(pool, mint, "usd" if in_dollars else "token", ask, counts)
        read = rows.read
        if rows.quote != SOL and not in_dollars:
            read = await self._in_sol(read, rows.quote, ask)
        older = [one for one in read if before is None or one.time < before]
        made = page(older, TIMEFRAMES[timeframe], self._clock.now(), counts)
        self._counts.update(counts)
        return replace(
            made,
            closed=made.closed[-max(limit, 1) :],
            sample=rows.unfit,
            worthless=rows.worthless and before is None,
        )

    async def trades(self, mint: str, pool: str) -> Sequence[MarketTrade]:
        """Fetch up to 300 trades of the last day, oldest first. Raises ProviderError."""
        body = await self._get(f"/pools/{_checked(pool)}/trades", {"token": _checked(mint)})
        if body is None:
            raise RejectedError(f"the service does not know the pool {pool}")
        swaps, refused = read_swaps(body, mint)
        self._counts["refused"] += refused
        if all(one.quote == SOL for one in swaps):
            return [one.trade for one in swaps]
        prices = await self._sol_in_dollars(_Ask("1m", MAX_CANDLES, None))
        priced = []
        for trade, quote in swaps:
            dollars = 1.0 if quote == SOL else _price_at(prices, trade.time)
            if quote == SOL or quote in DOLLARS:
                sol = trade.sol_amount / dollars
                priced.append(replace(trade, sol_amount=sol, price=sol / trade.token_amount))
        return priced

    def snapshot(self) -> dict[str, object]:
        """Tell what was asked and how much of the answers was not as it should be."""
        return {name: self._counts[name] for name in COUNTED}

    async def _pool(self, mint: str) -> Pool | None:
        if not is_address(mint):
            return None
        path = f"/tokens/{mint}/pools"
        body = await self._get(path, POOLS)
        return None if body is None else choose_pool(body, mint)

    async def _ohlcv(
        self, pool: str, mint: str, currency: str, ask: _Ask, counts: Counter[str]
    ) -> _Rows:
        unit, aggregate = PATHS[ask.timeframe]
        params: dict[str, str | int] = {"aggregate": aggregate, "limit": ask.limit}
        params |= {"currency": currency, "token": _checked(mint)}
        if ask.border is not None:
            params["before_timestamp"] = ask.border
        body = await self._get(f"/pools/{_checked(pool)}/ohlcv/{unit}", params)
        if body is None:
            raise RejectedError(f"the service does not know the pool {pool}")
        rows = as_list(at(body, "data", "attributes", "ohlcv_list"), "ohlcv_list")[
            : 2 * MAX_CANDLES
        ]
        width, before = TIMEFRAMES[ask.timeframe], counts["refused"]
        read = read_rows(rows, width, counts)
        if self._volume_in == "quote":
            read = [one._replace(volume=one.volume / one.close) for one in read]
        unfit = refused_row(rows, width) if counts["refused"] > before else None
        return _Rows(read, other_side(at(body, "meta"), mint), unfit, is_worthless(rows))

    async def _in_sol(self, read: list[Candle], quote: str, ask: _Ask) -> list[Candle]:
        if quote not in DOLLARS:
            raise RejectedError(f"the pool is quoted in {quote}, which has no price in SOL here")
        prices = await self._sol_in_dollars(ask) if read else []
        self._counts["converted"] += len(read)
        return [_divided(one, _price_at(prices, one.time)) for one in read]

    async def _sol_in_dollars(self, ask: _Ask) -> list[Candle]:
        now = self._clock.now()
        kept = self._sol_prices.get(ask)
        if kept is not None and now < kept[0]:
            return kept[1]
        pool = await self._deepest_sol_pool(now)
        read = (await self._ohlcv(pool, SOL, "usd", ask, Counter())).read
        if not read:
            raise BadPayloadError("the service has no price of SOL for these candles")
        self._sol_prices[ask] = (now + min(SOL_PRICES_MS, TIMEFRAMES[ask.timeframe]), read)
        self._sol_prices.move_to_end(ask)
        if len(self._sol_prices) > REMEMBERED:
            self._sol_prices.popitem(last=False)
        return read

    async def _deepest_sol_pool(self, now: int) -> str:
        if self._sol_pool is None or now >= self._sol_pool[0]:
            pool = await self._pool(SOL)
            if pool is None:
                raise BadPayloadError("the service has no pool of SOL against dollars")
            self._sol_pool = (now + SOL_POOL_MS, pool)
        return self._sol_pool[1].address

    async def _get(self, path: str, params: Mapping[str, str | int]) -> object:
        """Return the body; None when the service does not know the thing."""
        self._counts["asked"] += 1
        url = f"{self._url}{path}"
        answer = await self._http.get(
            url,
            params=params,
            headers=HEADERS,
            seconds=self._timeout,
            retries=RETRIES,
            allow=(NOT_FOUND,),
        )
        if answer.status == NOT_FOUND:
            return None
        try:
            check_refusal(answer.json)
        except RateLimitedError:
            self._counts["throttled"] += 1
            self._http.throttled(url)
            raise
        return answer.json


def _border(timeframe: str, before: int | None) -> int | None:
    """Return `before` in seconds, moved up to where a candle opens."""
    if timeframe not in PATHS:
        raise RejectedError(f"the service has no candles of {timeframe}, only {', '.join(PATHS)}")
    if before is None:
        return None
    length = TIMEFRAMES[timeframe]
    return -(-before // length) * length // 1_000


def _checked(address: str) -> str:
    if not is_address(address):
        raise RejectedError("a mint and a pool are base58 of 32 bytes")
    return address


def _price_at(prices: Sequence[Candle], time: int) -> float:
    place = bisect_right(prices, time, key=attrgetter("time"))
    return prices[max(place - 1, 0)].close


def _divided(candle: Candle, dollars: float) -> Candle:
    prices = (candle.open / dollars, candle.high / dollars, candle.low / dollars)
    return Candle(candle.time, *prices, candle.close / dollars, candle.volume)
