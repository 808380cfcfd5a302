"""Spans of what takes time – requests, screenings, batches, commits – for whoever set a collector.

Nothing of OpenTelemetry is imported unless a setting names where spans go; without one a span is a
shared context that does nothing.
"""

import importlib
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import Protocol, cast

MODULE = "app.engine.spans"


class Span(Protocol):
    """What goes on, and what is noted about it."""

    def set_attribute(self, key: str, value: str | int | float) -> None:
        """Note something."""


class Tracer(Protocol):
    """Makes spans and sends them away."""

    def span(self, name: str, **noted: str | int | float) -> AbstractContextManager[Span]:
        """Begin a span that ends with the context."""

    def close(self) -> None:
        """Send what waits, for a few seconds at most."""


_NOTHING: AbstractContextManager[None] = nullcontext()
_tracer: Tracer | None = None


def start(endpoint: str, version: str) -> Callable[[], None]:
    """Send spans to a collector (OTLP over HTTP); the answer stops it."""
    global _tracer  # noqa: PLW0603  # one process has one tracer, as it has one log
    tracer = cast("Tracer", importlib.import_module(MODULE).Spans(endpoint, version))
    _tracer = tracer

    def stop() -> None:
        global _tracer  # noqa: PLW0603  # as above
        _tracer = None
        tracer.close()

    return stop


def span(name: str, **noted: str | int | float) -> AbstractContextManager[Span | None]:
    """Begin a span that ends with the context; None when nobody wants any."""
    if _tracer is None:
        return _NOTHING
    return _tracer.span(name, **noted)
