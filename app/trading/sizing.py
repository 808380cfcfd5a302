"""How much a wallet spends: min(risk_per_trade · equity, free SOL − reserve), never below the
least that makes sense.
"""

import numpy as np

from app.trading.amounts import MAX_AMOUNT, to_lamports
from app.trading.books import Floats, Ints
from app.trading.fills import Costs
from app.trading.plans import Sizing


def spends(sizing: Sizing, costs: Costs, equity: Ints, cash: Ints) -> Ints:
    """Size the buys of wallets with the same wishes, in lamports, fees not included but affordable.

    Negative room (cash below the reserve) gives 0.
    """
    wanted = np.floor(sizing.risk_per_trade * equity.astype(np.float64)).astype(np.int64)
    wanted = np.minimum(wanted, most(sizing))
    free = costs.affordable(np.maximum(cash - reserve(sizing), 0))
    return np.maximum(np.minimum(wanted, free), 0)


def most(sizing: Sizing) -> int:
    """Return the largest buy in lamports."""
    return MAX_AMOUNT if sizing.max_spend_sol is None else to_lamports(sizing.max_spend_sol)


def reserve(sizing: Sizing) -> int:
    """Return what is never spent, in lamports."""
    return to_lamports(sizing.reserve_sol)


def least(sizing: Sizing) -> int:
    """Return the smallest buy in lamports; at least one, so that nothing is never bought."""
    return max(to_lamports(sizing.min_spend_sol), 1)


def in_sol(lamports: Ints) -> Floats:
    """Show a column of lamports as SOL."""
    return lamports / 1e9
