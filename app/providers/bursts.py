"""Says a repeated thing once: the first at once, then a count at most every half minute."""

from dataclasses import dataclass, field
from typing import Protocol

from app.ports import Clock

SUMMARY_SECONDS = 30.0


class Log(Protocol):
    """The one method of a structured logger that is needed here."""

    def warning(self, event: str, **values: object) -> object:
        """Write a line."""
        ...


@dataclass(slots=True)
class _Burst:
    since: float
    unsaid: int = 0
    values: dict[str, object] = field(default_factory=dict)


class Bursts:
    """Warnings by kind; kinds are written in code, so that they are few."""

    def __init__(self, log: Log, clock: Clock) -> None:
        self._log = log
        self._clock = clock
        self._bursts: dict[str, _Burst] = {}

    def warn(self, kind: str, **values: object) -> None:
        """Warn at once when the kind is new or was quiet, else count it for the summary."""
        self.flush()
        burst = self._bursts.get(kind)
        if burst is None:
            self._bursts[kind] = _Burst(self._clock.monotonic())
            self._log.warning(kind, **values)
        else:
            burst.unsaid += 1
            burst.values = values

    def flush(self) -> None:
        """Write the summaries that are due and forget what was quiet; cheap, call it often."""
        now = self._clock.monotonic()
        for kind, burst in list(self._bursts.items()):
            if now - burst.since < SUMMARY_SECONDS:
                continue
            if burst.unsaid:
                self._log.warning(kind, **burst.values, repeated=burst.unsaid)
                burst.since, burst.unsaid = now, 0
            else:
                del self._bursts[kind]
