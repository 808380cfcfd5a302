"""Asks strategies, which anybody may write: one that fails is not asked any more, and the others
go on.

Whoever wishes it is told once. A failed one is asked again when the engine is built anew.
"""

import numpy as np

from app.trading.books import Index
from app.trading.entry import Verdict
from app.trading.events import StrategyFailed
from app.trading.state import Batch, State
from app.trading.watches import Answers, Watch

SHOWN = 200


def trusted(batch: Batch, watch: Watch, answers: Answers, asked: int, at: int) -> Verdict | None:
    """Return the verdict of a question by its number; None of a strategy that failed."""
    state = batch.state
    if asked in state.broken:
        return None
    try:
        return answers.of(asked)
    except Exception as error:
        state.broken[asked] = f"{type(error).__name__}: {error}"[:SHOWN]
    question = state.wishes.questions[asked]
    fact = StrategyFailed(
        strategy=question.name,
        parameters=question.strategy.model_dump(),
        mint=watch.token.mint,
        symbol=watch.token.symbol,
        reason=state.broken[asked],
    )
    for wallet in _wishing(state, watch, asked):
        batch.tell(at, wallet, fact)
    return None


def watching(state: State, watch: Watch) -> Index:
    """Return each wallet's profile for a watched token, −1 where it does not watch; row 0 is
    nobody.
    """
    base = state.wallets.profile[: state.wallets.count].copy()
    if watch.signal is None:
        base[:] = -1
    base[0] = -1
    return state.wishes.of(watch.token, base)


def _wishing(state: State, watch: Watch, asked: int) -> list[int]:
    numbers = [number for number, own in enumerate(state.wishes.asked_by) if asked in own]
    return np.flatnonzero(np.isin(watching(state, watch), numbers)).tolist()
