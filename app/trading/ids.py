"""Names of things: row ids, wallets, mints, and the ids that follow from other ids.

An id that follows from something is computed from it, so that a replay of the same inputs cannot
make a second one: a taken decision *is* the trade's id, an order is a trade plus its place in it,
a fill is its order.
"""

import hashlib
from itertools import count
from typing import NewType

from solders.pubkey import Pubkey

WalletId = NewType("WalletId", int)
TokenId = NewType("TokenId", int)
SignalId = NewType("SignalId", int)
EvaluationId = NewType("EvaluationId", int)
TradeId = NewType("TradeId", int)
OrderId = NewType("OrderId", int)
FillId = NewType("FillId", int)

ORDERS_PER_TRADE = 1 << 10
"""Room for one entry and 1,023 exits; with it, ids stay exact in a JSON number up to 2**43
trades.
"""

KEY_BYTES = 32
LONGEST_ADDRESS = 44
SHOWN = 9


def order_id(trade: TradeId, place: int) -> OrderId:
    """Derive the id of a trade's order; place 0 is the entry, exits follow.

    Raises ValueError when the trade has used all its places.
    """
    if not 0 <= place < ORDERS_PER_TRADE:
        message = f"a trade has room for orders 0 to {ORDERS_PER_TRADE - 1}, not {place}"
        raise ValueError(message)
    return OrderId(trade * ORDERS_PER_TRADE + place)


def is_address(text: str) -> bool:
    """Tell whether a text is base58 of exactly 32 bytes (a wallet, a mint or a pool)."""
    if not KEY_BYTES <= len(text) <= LONGEST_ADDRESS:
        return False
    try:
        Pubkey.from_string(text)
    except ValueError:
        return False
    return True


def shadow_address(owner: str, number: int) -> str:
    """Derive the address of a wallet's shadow: no point of the curve, so no key can sign for it."""
    keys = (
        Pubkey.from_bytes(hashlib.sha256(f"shadow {owner} {number} {turn}".encode()).digest())
        for turn in count()
    )
    return str(next(key for key in keys if not key.is_on_curve()))


def shorten(address: str) -> str:
    """Show an address by its first and last four characters: `ABCD…WXYZ`."""
    return address if len(address) <= SHOWN else f"{address[:4]}…{address[-4:]}"
