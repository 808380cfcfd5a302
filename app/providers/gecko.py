"""GeckoTerminal's JSON (also CoinGecko's on-chain API): pools, trades and its two ways to say no.

Numbers come as texts, may be null, negative or "NaN". It knows no connection.
"""

import math
from collections.abc import Mapping
from typing import NamedTuple

from app.ports import (
    BadPayloadError,
    MarketTrade,
    RateLimitedError,
    RejectedError,
    UnavailableError,
)
from app.providers.payloads import as_list, at, float_or_nan, milliseconds
from app.providers.text import clean, clean_symbol
from app.trading.ids import is_address
from app.trading.market import is_price

SOL = "So11111111111111111111111111111111111111112"
DOLLARS = frozenset(
    {
        "EPjFWdd5AufqSSqeM2qN1xzybapC8G4wEGGkZwyTDt1v",  # USDC
        "Es9vMFrzaCERmJfrF4H2FYD4KCoNkY11McCe8BenwNYB",  # USDT
    }
)
DUST_SHARE = 0.01
"""A SOL pool with less than this share of the deepest reserve is no better than a dollar pool."""

MAX_TRADES = 300
TOO_MANY = 429
BROKEN = 500


class Pool(NamedTuple):
    """A pool of a token: the other side's mint, and its reserve in dollars (0 = not known)."""

    address: str
    quote: str
    reserve_usd: float


class Listing(NamedTuple):
    """What an address stands for: a token, the pool to read it in, its symbol there or None."""

    mint: str
    pool: str
    symbol: str | None


class Swap(NamedTuple):
    """A trade in units of the pool's other side, not yet in SOL."""

    trade: MarketTrade
    quote: str


def check_refusal(body: object) -> None:
    """Raise for an error that came with status 200, in either of the two shapes."""
    code = float_or_nan(at(body, "status", "error_code"))
    if math.isfinite(code):
        text = f"the body says {code:g}: {clean(str(at(body, 'status', 'error_message')), 200)}"
        if code == TOO_MANY:
            raise RateLimitedError(text)
        broken = BROKEN <= code < BROKEN + 100
        raise (UnavailableError if broken else RejectedError)(text)
    errors = at(body, "errors")
    if isinstance(errors, list) and errors:
        raise RejectedError(f"the body says {clean(str(at(errors[0], 'title')), 200)}")


def choose_pool(body: object, mint: str) -> Pool | None:
    """Choose where to read a token's price: against SOL if one can, else dollars; the deepest.

    Raises BadPayloadError when the body lists no pools at all.
    """
    found = [_pool(entry, mint) for entry in as_list(at(body, "data"), "the list of pools")]
    usable = [one for one in found if one is not None and one.quote in DOLLARS | {SOL}]
    if not usable:
        return None
    deepest = max(one.reserve_usd for one in usable)
    return max(
        usable,
        key=lambda one: (
            one.quote == SOL and one.reserve_usd >= DUST_SHARE * deepest,
            one.reserve_usd,
        ),
    )


def read_listing(entry: object, mint: str | None = None) -> Listing | None:
    """Read a pool as a listing of a mint, by itself of what it trades against SOL or dollars.

    None when it is no pool, or not one of that mint.
    """
    sides = [_mint(entry, "base_token"), _mint(entry, "quote_token")]
    money = DOLLARS | {SOL}
    traded = mint or (sides[1] if sides[0] in money and sides[1] not in money else sides[0])
    address = at(entry, "attributes", "address")
    if not isinstance(address, str) or not is_address(address) or traded not in sides:
        return None
    names = str(at(entry, "attributes", "name")).split(" / ")
    place = sides.index(traded)
    words = names[place].split() if len(names) == len(sides) else []
    return Listing(traded, address, clean_symbol(words[0]) if words else None)


def other_side(meta: object, mint: str) -> str:
    """Return the mint that a pool's candles are quoted in. Raises BadPayloadError when unclear."""
    sides = {at(meta, "base", "address"), at(meta, "quote", "address")}
    others = sides - {mint}
    if mint not in sides or len(others) != 1:
        raise BadPayloadError(f"the pool's two sides are not {mint} and something else")
    return str(others.pop())


def read_swaps(body: object, mint: str) -> tuple[list[Swap], int]:
    """Read trades, oldest first, and how many were none. Raises BadPayloadError without a list."""
    entries = as_list(at(body, "data"), "the list of trades")[:MAX_TRADES]
    swaps = [_swap(entry, mint) for entry in entries]
    read = [one for one in swaps if one is not None]
    return sorted(read, key=lambda one: one.trade.time), len(swaps) - len(read)


def _pool(entry: object, mint: str) -> Pool | None:
    address = at(entry, "attributes", "address")
    sides = [_mint(entry, "base_token"), _mint(entry, "quote_token")]
    if not isinstance(address, str) or not is_address(address) or mint not in sides:
        return None
    sides.remove(mint)
    reserve = float_or_nan(at(entry, "attributes", "reserve_in_usd"))
    return Pool(address, sides[0], reserve if is_price(reserve) else 0.0)


def _mint(entry: object, side: str) -> str:
    return str(at(entry, "relationships", side, "data", "id")).partition("_")[2]


def _swap(entry: object, mint: str) -> Swap | None:
    fields = at(entry, "attributes")
    if not isinstance(fields, dict):
        return None
    given, taken = fields.get("from_token_address"), fields.get("to_token_address")
    sells = given == mint
    quote = taken if sells else given
    if not isinstance(quote, str) or mint not in {given, taken} or given == taken:
        return None
    tokens = _amount(fields, "from" if sells else "to")
    paid = _amount(fields, "to" if sells else "from")
    time = milliseconds(fields.get("block_timestamp"))
    name = at(entry, "id")
    if time is None or not is_price(tokens) or not is_price(paid) or not isinstance(name, str):
        return None
    wallet = fields.get("tx_from_address")
    trade = MarketTrade(
        id=clean(name, 200),
        time=time,
        side="sell" if sells else "buy",
        price=paid / tokens,
        sol_amount=paid,
        token_amount=tokens,
        wallet=wallet if isinstance(wallet, str) and is_address(wallet) else None,
    )
    return Swap(trade, quote) if is_price(trade.price) else None


def _amount(fields: Mapping[str, object], side: str) -> float:
    return float_or_nan(fields.get(f"{side}_token_amount"))
