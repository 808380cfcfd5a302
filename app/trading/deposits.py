"""What is written of money that came or went beside trading, as rows of the record (see `ledger`).

A wallet's first balance, these and its fills are its balance, to the lamport.
"""

from typing import NamedTuple

RESET_KIND = "reset"


class DepositRow(NamedTuple):
    """deposits: lamports that a wallet was given, or (negative) that were taken from it.

    `kind` says why. Its id is the number of the event that told it.
    """

    id: int
    wallet_id: int
    at: int
    kind: str
    lamports: int


class ResetRow(NamedTuple):
    """users: a wallet began again (an update by id).

    From `reset_at` on its profit counts from `reset_sol_balance`; `reset_deposits` is what its
    deposits had added up to by then, and trades and decisions up to `reset_trade` are of before.
    """

    id: int
    reset_at: int
    reset_sol_balance: int
    reset_deposits: int
    reset_trade: int
