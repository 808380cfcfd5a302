"""A person sells by hand."""

from app.trading import leaving
from app.trading.books import FRESH
from app.trading.exits import MANUAL, WRITTEN_OFF
from app.trading.ids import ORDERS_PER_TRADE
from app.trading.inputs import Answer, ClosePosition, Refused
from app.trading.market import is_price
from app.trading.plans import MAX_TIERS
from app.trading.state import Batch

LAST_PARTIAL_ORDER = ORDERS_PER_TRADE - MAX_TIERS - 2
"""After it a trade keeps its places for its tiers and its end."""


def close_position(batch: Batch, wish: ClosePosition) -> Answer:
    """Sell a portion of what a wallet holds of a token, at the last known price; all of a token
    that lost its price for nothing.
    """
    state = batch.state
    token = state.mints.get(wish.mint)
    book = state.books.get(token) if token is not None else None
    slots = [] if book is None else list(book.of_wallet(wish.wallet))
    if wish.strategy is not None and book is not None:
        slots = [slot for slot in slots if state.wishes.names[book.strategy[slot]] == wish.strategy]
    if book is None or not slots:
        return Refused(slug="no-position", detail="this wallet holds nothing of this token")
    if not 0 < wish.portion <= 1:
        return Refused(slug="invalid-portion", detail="a portion is above 0 and at most 1")
    worthless = not is_price(book.price)
    if worthless and (book.standing == FRESH or wish.portion < 1):
        return Refused(
            slug="no-price", detail="this token has no price; all of it may be written off"
        )
    if wish.portion < 1 and int(book.orders[slots].max()) > LAST_PARTIAL_ORDER:
        return Refused(slug="too-many-sales", detail="sold in too many parts; sell all of the rest")
    sold = [int(book.trade[slot]) for slot in slots]
    for slot in slots:
        reason = WRITTEN_OFF if worthless else MANUAL
        leaving.sell_by_wish(batch, book, slot, wish.portion, wish.at, reason=reason)
    book.remove_sold()
    return sold
