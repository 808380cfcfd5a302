"""What the engine did, counted where it happens and read when somebody asks.

A batch costs a few additions, whatever is in it: rows are counted by kind, and only decisions,
signals and sales one by one, which are rare beside prices. Nothing here is locked: the engine's
loop counts, and the loop reads.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from itertools import accumulate

from app.trading.ledger import Changes, DecisionRow, SignalRow, TickRow, TradeRow, TradeUpdate

SECONDS = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)
INPUTS = (1.0, 2.0, 5.0, 10.0, 25.0, 50.0, 100.0, 250.0, 500.0, 1_000.0, 2_500.0, 5_000.0)
MOST_NAMES = 50
OTHER = "other"


class Spread:
    """How values spread: how many were at most each bound, and their sum."""

    __slots__ = ("_bounds", "_counts", "total")

    def __init__(self, bounds: Sequence[float]) -> None:
        self._bounds = tuple(bounds)
        self._counts = [0] * (len(bounds) + 1)
        self.total = 0.0

    def add(self, value: float) -> None:
        """Count a value."""
        self._counts[bisect_left(self._bounds, value)] += 1
        self.total += value

    @property
    def count(self) -> int:
        """Count the values."""
        return sum(self._counts)

    def cumulative(self) -> list[tuple[str, float]]:
        """Return each bound, as text, and how many values were at most that."""
        names = [*(f"{bound:g}" for bound in self._bounds), "+Inf"]
        return list(zip(names, map(float, accumulate(self._counts)), strict=True))


class Stages:
    """How long batches took, and what was committed in them."""

    def __init__(self) -> None:
        self.inputs = Spread(INPUTS)
        self.lag = Spread(SECONDS)
        """From the entering of a batch's oldest input to its being in the record."""
        self.passes = Spread(SECONDS)
        """The rules alone."""
        self.commits = Spread(SECONDS)
        self.signals: Counter[str] = Counter()
        self.decisions: Counter[tuple[str, str]] = Counter()
        self.closed: Counter[str] = Counter()
        self.opened = 0
        self.ticks = 0
        self.last_decision_at: int | None = None

    def committed(self, changes: Changes) -> None:
        """Count what a batch caused; a listener of the bus, so that nothing counts uncommitted."""
        rows = changes.rows
        self.ticks += len(rows.get(TickRow, ()))
        self.opened += len(rows.get(TradeRow, ()))
        for signal in changes.of(SignalRow):
            _count(self.signals, signal.source)
        decisions = changes.of(DecisionRow)
        if decisions:
            self.last_decision_at = max(decision.at for decision in decisions)
            kinds = Counter((decision.verdict, decision.reason or "") for decision in decisions)
            for kind, many in kinds.items():
                _count(self.decisions, kind, many)
        for trade in changes.of(TradeUpdate):
            if trade.exit_reason is not None:
                _count(self.closed, trade.exit_reason)


def _count(counts: Counter[str] | Counter[tuple[str, str]], name: object, many: int = 1) -> None:
    """Count under a name; a name too many has none of its own, so that the list stays short."""
    known: Counter[object] = counts  # type: ignore[assignment]  # both are counted the same way
    if name not in known and len(known) >= MOST_NAMES:
        name = (OTHER, OTHER) if isinstance(name, tuple) else OTHER
    known[name] += many
