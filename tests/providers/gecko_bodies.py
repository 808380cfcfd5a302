"""GeckoTerminal's answers for tests."""

from collections.abc import Sequence
from typing import Any

from starlette.requests import Request

from app.providers.gecko import SOL
from tests.providers.clocks import NOW

MINT = "DezXAZ8z7PnrnRJjz3wXBoRgixCa6xjnB7YaB1pPB263"
OTHER = "EKpQGSJtjMFqKZ9KQanSqYXRcF8fBopzLHYxdM65zcjm"
USDC = "EPjFWdd5AufqSSqeM2qN1xzybapC8G4wEGGkZwyTDt1v"
USDT = "Es9vMFrzaCERmJfrF4H2FYD4KCoNkY11McCe8BenwNYB"
POOL = "3ne4mWqdYuNiYrYZC9TrA3FcfuFdErghH97vNPbjicr1"
POOLS = [POOL, "58oQChx4yWmvKdwLLZzBi4ChoCc2fqCUWBkwMihLYQo2", MINT, OTHER]
MINUTE = 60_000
BASE = NOW // MINUTE * MINUTE
OPEN_NOW = BASE // 1_000


def pool(address: str, quote: str, reserve: object, base: str = MINT) -> dict[str, object]:
    sides = {"base_token": base, "quote_token": quote}
    related = {side: {"data": {"id": f"solana_{mint}"}} for side, mint in sides.items()}
    attributes = {"address": address, "reserve_in_usd": reserve}
    return {"attributes": attributes, "relationships": related}


def row(minutes_ago: int, price: object = 1e-7, **changes: object) -> list[Any]:
    fields = {"open": price, "high": price, "low": price, "close": price, "volume": 5.0} | changes
    return [OPEN_NOW - 60 * minutes_ago, *fields.values()]


def ohlcv(rows: Sequence[object], quote: str = SOL, base: str = MINT) -> dict[str, object]:
    sides = {"base": {"address": base}, "quote": {"address": quote}}
    return {"data": {"attributes": {"ohlcv_list": rows}}, "meta": sides}


def sol_in_dollars(request: Request) -> object:
    if request.url.path.endswith("/pools"):
        return {"data": [pool(POOLS[1], USDC, "9", base=SOL)]}
    if request.query_params["currency"] == "usd":
        return ohlcv([row(0, 250), row(2, 200)], quote=USDC, base=SOL)
    return ohlcv([row(0, 0.5), row(1, 0.3), row(2, 0.4), row(3, 0.2)], quote=USDT)


def trade(number: int, given: str, taken: str, **changes: object) -> dict[str, object]:
    fields = {
        "block_timestamp": f"2026-11-20T10:00:{number:02}Z",
        "from_token_address": given,
        "to_token_address": taken,
        "from_token_amount": "2",
        "to_token_amount": "8",
        "tx_from_address": OTHER,
    }
    return {"id": f"solana_1_sig_{number}", "attributes": fields | changes}
