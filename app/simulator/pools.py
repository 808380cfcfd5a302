"""Pools and tokens as JSON:API resources. Knows no route."""

from app.simulator.blocks import CLOSE, OPEN, VOLUME, Rows
from app.simulator.keys import draw
from app.simulator.market import Market
from app.simulator.signals import iso
from app.simulator.tokens import USDC_MINT, SimToken

_SPANS = {"m5": 300, "m15": 900, "m30": 1800, "h1": 3600, "h6": 21_600, "h24": 86_400}
_MEASURED_SPAN = 3600
"""Longer spans are extrapolated from the last hour: volume and counts are steady in a market."""
_TRADES_PER_SECOND = 2.0
_SUPPLY = 1_000_000_000
_DEX = {"id": "pumpswap", "type": "dex", "attributes": {"name": "PumpSwap"}}
_INDEX_DEX = {"id": "orca", "type": "dex", "attributes": {"name": "Orca"}}


def pool_resource(market: Market, token: SimToken) -> dict[str, object]:
    """Return a token's pool; numeric attributes are strings, as the real service writes them."""
    now = market.now()
    price, usd = market.price(token, now), market.usd(token, now)
    quote_usd = usd / price
    hour = market.seconds(token, int(now) - _MEASURED_SPAN, int(now))
    return {
        "id": f"solana_{token.pool}",
        "type": "pool",
        "attributes": {
            "address": token.pool,
            "name": f"{token.symbol} / {token.quote_symbol}",
            "pool_created_at": iso(market.created(token)).replace(".000Z", "Z"),
            "base_token_price_usd": _text(usd),
            "base_token_price_native_currency": _text(usd / market.usd(market.universe.index, now)),
            "quote_token_price_usd": _text(quote_usd),
            "base_token_price_quote_token": _text(price),
            "quote_token_price_base_token": _text(1 / price),
            "token_price_usd": _text(usd),
            "fdv_usd": _text(usd * _SUPPLY),
            "market_cap_usd": None,
            "reserve_in_usd": _text(reserve_usd(market.config.seed, token)),
            "price_change_percentage": _changes(market, token, int(now), price),
            "transactions": {name: _counts(hour, span) for name, span in _SPANS.items()},
            "volume_usd": {
                name: _text(_volume(hour, span) * quote_usd) for name, span in _SPANS.items()
            },
        },
        "relationships": {
            "base_token": _relation("token", f"solana_{token.mint}"),
            "quote_token": _relation("token", f"solana_{token.quote_mint}"),
            "dex": _relation("dex", str(_dex(token)["id"])),
        },
    }


def included(market: Market, token: SimToken, names: set[str]) -> list[dict[str, object]]:
    """Return the resources a pool relates to, of the kinds that were asked for."""
    found: list[dict[str, object]] = []
    if "base_token" in names:
        found.append(_token_resource(token.mint, token.name, token.symbol, token.decimals))
    if "quote_token" in names:
        index = market.universe.index
        quote = ("USD Coin", "USDC", 6) if token.is_index else (index.name, index.symbol, 9)
        found.append(_token_resource(token.quote_mint, *quote))
    if "dex" in names:
        found.append(_dex(token))
    return found


def meta(token: SimToken) -> dict[str, object]:
    """Return the two sides of a pool as the candle routes name them."""
    sol = ("Wrapped SOL", "SOL", "wrapped-solana")
    usdc = ("USD Coin", "USDC", "usd-coin")
    base = sol if token.is_index else (token.name, token.symbol, None)
    quote = usdc if token.quote_mint == USDC_MINT else sol
    sides = {"base": (token.mint, *base), "quote": (token.quote_mint, *quote)}
    keys = ("address", "name", "symbol", "coingecko_coin_id")
    return {side: dict(zip(keys, values, strict=True)) for side, values in sides.items()}


def reserve_usd(seed: int, token: SimToken) -> float:
    """Return the liquidity of a pool in dollars."""
    if token.is_index:
        return 32_000_000.0
    return round(40_000 * 10 ** draw(seed, 51, token.number), 2)


def change_percent(market: Market, token: SimToken, now: int, span: int) -> float:
    """Return by how many percent a price changed in the last `span` seconds."""
    before = market.close(token, now - span)
    return (market.close(token, now - 1) / before - 1) * 100


def _changes(market: Market, token: SimToken, now: int, price: float) -> dict[str, str]:
    return {
        name: f"{(price / market.close(token, now - span) - 1) * 100:.2f}"
        for name, span in _SPANS.items()
    }


def _counts(hour: Rows, span: int) -> dict[str, int]:
    rows, factor = hour[-span:], max(1.0, span / _MEASURED_SPAN)
    traded = rows[:, VOLUME] > 0
    buys = int((traded & (rows[:, CLOSE] >= rows[:, OPEN])).sum() * _TRADES_PER_SECOND * factor)
    sells = int(traded.sum() * _TRADES_PER_SECOND * factor) - buys
    return {"buys": buys, "sells": sells, "buyers": -(-buys // 3), "sellers": -(-sells // 3)}


def _volume(hour: Rows, span: int) -> float:
    rows = hour[-span:]
    return float((rows[:, VOLUME] * rows[:, CLOSE]).sum()) * max(1.0, span / _MEASURED_SPAN)


def _dex(token: SimToken) -> dict[str, object]:
    return dict(_INDEX_DEX if token.is_index else _DEX)


def _relation(kind: str, name: str) -> dict[str, object]:
    return {"data": {"id": name, "type": kind}}


def _token_resource(mint: str, name: str, symbol: str, decimals: int) -> dict[str, object]:
    attributes = {
        "address": mint,
        "name": name,
        "symbol": symbol,
        "decimals": decimals,
        "image_url": None,
        "coingecko_coin_id": None,
    }
    return {"id": f"solana_{mint}", "type": "token", "attributes": attributes}


def _text(value: float) -> str:
    """Write a number as text without an exponent."""
    return f"{value:.12f}" if abs(value) < 1 else f"{value:.6f}".rstrip("0").rstrip(".")
