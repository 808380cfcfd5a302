"""Tells what was committed to whoever listens in this process."""

from collections.abc import Callable

import structlog

from app.trading.ledger import Changes

log = structlog.get_logger(__name__)

Listener = Callable[[Changes], None]


class LocalBus:
    """A list of listeners; one that fails does not keep the news from the others."""

    def __init__(self) -> None:
        self._listeners: list[Listener] = []

    def publish(self, changes: Changes) -> None:
        """Hand committed changes to every listener, in the order in which they joined."""
        for listener in tuple(self._listeners):
            try:
                listener(changes)
            except Exception:
                log.exception("listener failed")

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Add a listener; the answer removes it."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)
