"""How the price of a held token stands, and what becomes of positions that have none.

    FRESH -- none for a minute or three candles -------------> STALE   entries wait, deadlines go on
    FRESH, STALE -- the pool is gone, or says zero ----------> RUGGED  worth nothing, still listed
    STALE, RUGGED -- a price that the gate let through ------> FRESH   and it is judged like any
    RUGGED -- for a day, or until the longest holding time --> written off: sold for nothing

Who holds it is told once at each arrow. The flag is in the record as the last of these events.
On paper there is nobody to sell to while there is no price, so that the first one that comes back
is the next attempt.
"""

from app.trading.books import FRESH, Book
from app.trading.events import (
    Fact,
    PositionSetAside,
    PriceBack,
    PriceLost,
    PriceRefused,
    PriceStale,
)
from app.trading.exits import WRITTEN_OFF
from app.trading.inputs import Answer, PriceGone, PriceSeen, PriceUnfit, Refused
from app.trading.judging import max_price_age_ms
from app.trading.leaving import Barred, see_price, sell_by_wish
from app.trading.market import Token
from app.trading.state import Batch

STALE, RUGGED = "stale", "rugged"
FLAGGING = ("PriceStale", "PriceLost", "PriceBack")
FLAGS = dict(zip(FLAGGING, (STALE, RUGGED, FRESH), strict=True))
"""What the last event of these kinds says of a position."""

WRITE_OFF_MS = 24 * 3_600_000
SHOWN = 80
UNKNOWN = Refused(slug="unknown-token", detail="no such token")


def price_seen(batch: Batch, wish: PriceSeen) -> Answer:
    """Let a price inside a candle pass over a token's positions."""
    token = batch.state.tokens.get(wish.token)
    if token is None:
        return UNKNOWN
    batch.state.bar(token.id, see(batch, token, wish.price, wish.at), wish.at)
    return None


def price_unfit(batch: Batch, wish: PriceUnfit) -> Answer:
    """Tell that something was refused in a price's place."""
    token = batch.state.tokens.get(wish.token)
    if token is None:
        return UNKNOWN
    shown = wish.price[:SHOWN]
    batch.tell(wish.at, None, PriceRefused(mint=token.mint, symbol=token.symbol, price=shown))
    return None


def price_gone(batch: Batch, wish: PriceGone) -> Answer:
    """Mark what is held of a token at nothing; nothing is sold, because nobody buys."""
    book = batch.state.books.get(wish.token)
    if book is None or not book.count:
        return Refused(slug="no-position", detail="nobody holds this token")
    if book.standing == RUGGED:
        return None
    price, price_at = book.price, book.price_at
    book.standing, book.price, book.price_at = RUGGED, 0.0, wish.at
    for slot in range(book.count):
        fact = PriceLost(
            trade=int(book.trade[slot]),
            mint=book.token.mint,
            symbol=book.token.symbol,
            reason=wish.reason,
            price=price,
            price_at=price_at,
        )
        _tell(batch, book, slot, fact, wish.at)
    return None


def see(batch: Batch, token: Token, price: float, at: int) -> Barred | None:
    """Let a price pass over a token's positions as `leaving` does; it lifts the others' flag."""
    barred = see_price(batch, token, price, at)
    book = batch.state.book(token)
    if barred is not None and book.standing != FRESH:
        _back(batch, book, price, at)
    return barred


def _back(batch: Batch, book: Book, price: float, at: int) -> None:
    book.standing = FRESH
    for slot in range(book.count):
        fact = PriceBack(
            trade=int(book.trade[slot]),
            mint=book.token.mint,
            symbol=book.token.symbol,
            price=price,
        )
        _tell(batch, book, slot, fact, at)


def tell_aside(batch: Batch, at: int) -> None:
    """Tell of positions that recovery set aside, each once."""
    for trade, aside in sorted(batch.state.aside.items()):
        if not aside.told:
            aside.told = True
            fact = PositionSetAside(
                trade=trade, mint=aside.mint, symbol=aside.symbol, reason=aside.reason
            )
            batch.tell(at, aside.wallet, fact, trade)


def beat(batch: Batch, book: Book, at: int) -> None:
    """Flag a held token that had no price for too long; write off what had none for a day."""
    if not book.count:
        book.standing = FRESH
    elif book.standing == RUGGED:
        _write_off(batch, book, at)
    elif book.standing == FRESH and at - book.price_at > _patience(batch):
        book.standing = STALE
        for slot in range(book.count):
            fact = PriceStale(
                trade=int(book.trade[slot]),
                mint=book.token.mint,
                symbol=book.token.symbol,
                price=book.price,
                price_at=book.price_at,
            )
            _tell(batch, book, slot, fact, at)


def _patience(batch: Batch) -> int:
    return max_price_age_ms(batch.state.rules.timeframe_ms)


def _write_off(batch: Batch, book: Book, at: int) -> None:
    everything = at - book.price_at >= WRITE_OFF_MS
    due = [
        slot
        for slot in range(book.count)
        if everything or int(book.columns.deadline[slot]) <= at - _patience(batch)
    ]
    for slot in sorted(due, key=lambda slot: int(book.trade[slot])):
        sell_by_wish(batch, book, slot, 1.0, at, reason=WRITTEN_OFF)
    if due:
        book.remove_sold()


def _tell(batch: Batch, book: Book, slot: int, fact: Fact, at: int) -> None:
    batch.tell(at, int(book.wallet[slot]), fact, int(book.trade[slot]))
