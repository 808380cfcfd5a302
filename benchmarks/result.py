"""What a benchmark says: ours against a peer or a limit of the same run."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Result:
    """One row of the results page; `ours` and `peer` in seconds (or the unit named).

    `wanted` is the largest allowed ratio ours ÷ peer, None where the row only informs.
    """

    name: str
    size: int
    ours: float
    peer: float
    wanted: float | None
    peer_name: str
    unit: str = "s"

    @property
    def ratio(self) -> float:
        """Return ours ÷ peer."""
        return self.ours / self.peer if self.peer else float("inf")

    @property
    def met(self) -> bool | None:
        """Tell whether the ratio is within what is wanted; None where nothing is."""
        return None if self.wanted is None else self.ratio <= self.wanted
