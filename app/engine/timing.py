"""How long something took, as three numbers: cheap enough for the engine's loop."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Took:
    """How many there were, and how long they took: together and at most, in seconds."""

    count: int = 0
    total: float = 0.0
    longest: float = 0.0

    @property
    def mean(self) -> float | None:
        """Return the mean; None where there was nothing."""
        return self.total / self.count if self.count else None

    def __add__(self, other: "Took") -> "Took":
        """Take two stretches of time together."""
        longest = max(self.longest, other.longest)
        return Took(self.count + other.count, self.total + other.total, longest)

    def at_least(self, seconds: float) -> "Took":
        """Count in something that goes on: the longest is no shorter than it is by now."""
        return Took(self.count, self.total, max(self.longest, seconds))


@dataclass(slots=True)
class Timing:
    """What was measured since it was last taken."""

    count: int = 0
    total: float = 0.0
    longest: float = 0.0

    def add(self, seconds: float) -> None:
        """Measure one."""
        self.add_many(1, seconds, seconds)

    def add_many(self, count: int, total: float, longest: float) -> None:
        """Measure many at once: how many, together, and the longest."""
        self.count += count
        self.total += total
        self.longest = max(self.longest, longest)

    def now(self) -> Took:
        """Return what was measured, and go on."""
        return Took(self.count, self.total, self.longest)

    def take(self) -> Took:
        """Return what was measured, and begin again."""
        taken = self.now()
        self.count, self.total, self.longest = 0, 0.0, 0.0
        return taken
