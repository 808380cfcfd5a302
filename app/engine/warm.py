"""Loads the compiled kernels before the first price needs them."""

import numpy as np

from app.trading.books import Book, Opening
from app.trading.exits import NEVER_MS, plans
from app.trading.ids import TokenId
from app.trading.market import Token
from app.trading.plans import ExitPlan


def warm_kernels() -> None:
    """Open, move and sell a position that nobody owns; takes the compiler's time, not a trade's."""
    laid_out = plans([ExitPlan()])
    book = Book(Token(TokenId(0), "", "", 6))
    one, number = np.ones(1, np.int64), np.zeros(1, np.int32)
    never = np.full(1, NEVER_MS, np.int64)
    book.open(laid_out, Opening(one, number, number, number, one * 1000, one, never, 0), 1.0, 0)
    for price in (1.0, 1.4, 2.0, 0.1):
        book.tick(laid_out, price, 1)
    book.remove_sold()
    book.restore(laid_out)
