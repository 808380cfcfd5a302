"""How much play money a paper wallet may begin with."""

import secrets

from app.config import Settings
from app.trading.amounts import LAMPORTS_PER_SOL, to_lamports
from app.trading.shadows import MOST_BALANCE

LEAST = LAMPORTS_PER_SOL
"""Two percent of less are hardly worth a trade."""

_chance = secrets.SystemRandom()


def drawn_between(settings: Settings) -> tuple[int, int]:
    """Return what a wallet draws when nobody says how much, in lamports."""
    return to_lamports(settings.min_synthetic_sol), to_lamports(settings.max_synthetic_sol)


def draw(settings: Settings) -> int:
    """Draw a first balance."""
    return _chance.randint(*drawn_between(settings))


def allowed(settings: Settings) -> tuple[int, int]:
    """Return the least and the most that a person may ask for: 1 to 1,000 SOL, or what is drawn."""
    least, most = drawn_between(settings)
    return min(least, LEAST), max(most, MOST_BALANCE)
