"""Compiles the kernels beside other work, and puts them in place between two passes."""

from types import SimpleNamespace

import numpy as np

from app.trading import exits
from app.trading.books import Book, Opening
from app.trading.exits import BLOCK, NEVER_MS, plans
from app.trading.ids import TokenId
from app.trading.kernels import compiled
from app.trading.market import Token
from app.trading.plans import MAX_TIERS, ExitPlan


def compiled_exits() -> SimpleNamespace:
    """Compile every kernel of the exit machine, or load it from the compiler's cache.

    Takes about a second; `kernels.install` puts the answer in place.
    """
    twins = compiled(exits)
    laid_out = plans([ExitPlan()])
    book = Book(Token(TokenId(0), "", "", 6))
    one, number = np.ones(1, np.int64), np.zeros(1, np.int32)
    never = np.full(1, NEVER_MS, np.int64)
    book.open(laid_out, Opening(one, number, number, number, one * 1000, one, never, 0), 1.0, 0)
    sales = np.zeros((BLOCK * MAX_TIERS, 4), np.int64)
    columns, guards = book.columns, book.guards
    twins.open_all(laid_out, columns, guards, 1.0, 0, 1)
    twins.quiet(*guards, 1, 1.0, 1)
    twins.settle(columns, guards, 0, 1)
    twins.fold(laid_out, columns, 1, np.zeros(1, np.int64), np.ones(1), np.zeros(1, np.int64))
    twins.step_all(laid_out, columns, guards, 1, 1.4, 1, sales, 0, book.trade)
    state = twins.read(columns, 0)
    twins.write(columns, 0, laid_out, state)
    twins.step(laid_out, 0, state, 1.0, 1)
    return twins
