"""Where figures of a wallet begin: a range never spans two of its lives.

    began --> reset --> reset --> now
              [---------------]          what a range that ends here may hold
                        [-----------]    ... and one that ends later

What came before a reset is in the record, its lists and its files; a range that ends before the
reset shows the figures of that time.
"""

from typing import NamedTuple

from app.store.database import Database
from app.store.deposits import deposits_of
from app.store.types import SMALLEST
from app.store.wallets import find_wallet
from app.trading.deposits import RESET_KIND

EVER = SMALLEST + 1
"""A beginning before all others, for files: what came before a reset, too."""


class Reset(NamedTuple):
    """When a wallet began again, Unix ms; `trade` is the last one of before, 0 where no longer
    known.
    """

    at: int
    trade: int


async def reset_before(database: Database, wallet_id: int, until: int) -> Reset | None:
    """Tell how a wallet last began again before a time; None when it never did."""
    deposits = await deposits_of(database, wallet_id)
    found = [one.at for one in deposits if one.kind == RESET_KIND and one.at < until]
    if not found:
        return None
    wallet = await find_wallet(database, wallet_id)
    is_last = wallet is not None and wallet.reset_at == found[-1]
    return Reset(found[-1], wallet.reset_trade or 0 if wallet is not None and is_last else 0)


async def since_reset(
    database: Database, wallet_id: int, within: tuple[int, int]
) -> tuple[int, int]:
    """Let a range begin right after the reset that it spans."""
    since, until = within
    reset = await reset_before(database, wallet_id, until)
    return (since if reset is None else max(since, reset.at + 1)), until
