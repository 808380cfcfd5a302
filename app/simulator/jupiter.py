"""Jupiter's token search. Knows no candle."""

from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse

from app.simulator.keys import address, draw
from app.simulator.market import Market
from app.simulator.pools import change_percent, reserve_usd
from app.simulator.signals import iso
from app.simulator.tokens import SimToken

_MOST_MINTS = 100
_MOST_FOUND = 20
_SUPPLY = 1_000_000_000
_PROGRAM = "TokenkegQfeZyiNwAJbNbGKPFXCWuBvf9Ss623VQ5DA"
_SHORTEST_MINT = 32
_LABELS = ((60.0, "high"), (30.0, "medium"))


def jupiter_routes(market: Market) -> APIRouter:
    """Return the routes under /tokens/v2."""
    router = APIRouter(prefix="/tokens/v2")

    @router.get("/search")
    async def search(query: str = "") -> Response:
        words = [word.strip() for word in query.split(",") if word.strip()]
        if not words:
            return JSONResponse({"error": "query is required"}, 400)
        if len(words) > _MOST_MINTS:
            return JSONResponse({"error": f"query takes at most {_MOST_MINTS} mints"}, 400)
        found = _mints(market, words) if _are_mints(words) else _named(market, words[0])
        return JSONResponse([_token(market, token) for token in found])

    return router


def _are_mints(words: list[str]) -> bool:
    return len(words) > 1 or len(words[0]) >= _SHORTEST_MINT


def _mints(market: Market, mints: list[str]) -> list[SimToken]:
    known = market.universe.by_mint
    return [known[mint] for mint in dict.fromkeys(mints) if mint in known]


def _named(market: Market, word: str) -> list[SimToken]:
    """Find tokens by symbol, an exact match first, then by the start of symbol or name."""
    exact = market.universe.named(word)
    start = word.lstrip("$").lower()
    others = [
        token
        for token in market.universe.everything
        if token is not exact and token.symbol.lower().startswith(start)
    ]
    return ([exact] if exact else [])[:1] + others[: _MOST_FOUND - 1]


def _token(market: Market, token: SimToken) -> dict[str, object]:
    seed, now = market.config.seed, market.now()
    usd = market.usd(token, now)
    created = iso(market.created(token)).replace(".000Z", "Z")
    score = 100.0 if token.is_index else round(10 + 70 * draw(seed, 71, token.number), 2)
    return {
        "id": token.mint,
        "name": token.name,
        "symbol": token.symbol,
        "decimals": token.decimals,
        "tokenProgram": _PROGRAM,
        "createdAt": created,
        "dev": address(seed, "developer", token.number),
        "circSupply": _SUPPLY,
        "totalSupply": _SUPPLY,
        "holderCount": 150 + int(9_000 * draw(seed, 72, token.number)),
        "fdv": usd * _SUPPLY,
        "mcap": usd * _SUPPLY,
        "usdPrice": usd,
        "liquidity": reserve_usd(seed, token),
        "stats5m": {"priceChange": change_percent(market, token, int(now), 300)},
        "stats1h": {"priceChange": change_percent(market, token, int(now), 3600)},
        "firstPool": {"id": token.pool, "createdAt": created},
        "audit": {
            "mintAuthorityDisabled": True,
            "freezeAuthorityDisabled": True,
            "topHoldersPercentage": round(8 + 30 * draw(seed, 73, token.number), 2),
        },
        "organicScore": score,
        "organicScoreLabel": _label(score),
        "isVerified": token.is_index,
        "tags": ["verified"] if token.is_index else ["memecoin"],
        "updatedAt": iso(now),
    }


def _label(score: float) -> str:
    return next((label for least, label in _LABELS if score > least), "low")
