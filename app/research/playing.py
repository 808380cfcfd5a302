"""Combinations led through spans of history: in passes where possible, else by the engine."""

from collections.abc import Sequence

from app.research.crowd import Crowd
from app.research.loading import Loaded
from app.research.passes import Passes, Played, Span, TooLarge
from app.research.requests import SweepRequest
from app.research.results import Tell
from app.research.space import Combination


class Playing:
    """Combinations and their history; `tell` hears how far a span is."""

    def __init__(
        self,
        request: SweepRequest,
        tokens: Sequence[Loaded],
        chosen: Sequence[Combination],
        tell: Tell,
    ) -> None:
        self._crowd = Crowd(request, tokens, chosen, tell)
        self._passes = None
        if can_pass(request, tokens, chosen):
            self._passes = Passes(request, tokens[0], chosen)

    def play(self, span: Span) -> Played:
        """Lead every combination through a span, begun with fresh wallets."""
        if self._passes is not None:
            try:
                return self._passes.play(span)
            except TooLarge:
                self._passes = None
        return self._crowd.play(span)


def can_pass(
    request: SweepRequest, tokens: Sequence[Loaded], chosen: Sequence[Combination]
) -> bool:
    """Tell whether passes give what the engine would: see `backtest.can_walk`."""
    timed = any(one.exit.max_holding_candles is not None for one in chosen)
    return len(tokens) == 1 and request.risk is None and not (timed and tokens[0].run.gaps)
