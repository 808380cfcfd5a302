"""What the log says of those who are refused, whatever is said of requests.

Each line has the request's id, the caller's address and, where it is known, the wallet in short. Of
one kind and one address there is a line a minute at most, so that a flood is not one of the log,
too; the next one says how many were left out.
"""

import math
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from contextvars import ContextVar
from http import HTTPStatus

import structlog

from app.api.errors import Problem

log = structlog.get_logger(__name__)

CALLER: ContextVar[str] = ContextVar("caller", default="")
"""The address that is answered here, as limits count it."""

EVERY_SECONDS = 60.0
KNOWN = 4_096
TOO_MANY, BODY = "too many", "body refused"
EVENTS: Mapping[int, str] = {
    HTTPStatus.FORBIDDEN: "forbidden",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: BODY,
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE: BODY,
    HTTPStatus.TOO_MANY_REQUESTS: TOO_MANY,
    HTTPStatus.MISDIRECTED_REQUEST: "unknown host",
}
FOREIGN_ORIGIN = "foreign-origin"


class Refusals:
    """Tells of refusals; `clock` counts seconds."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._told: OrderedDict[tuple[str, str, str], tuple[float, int]] = OrderedDict()

    def problem(self, problem: Problem) -> None:
        """Tell of a problem that is answered, if it is a refusal."""
        event = EVENTS.get(problem.status, BODY if problem.limit else None)
        if problem.slug == FOREIGN_ORIGIN:
            event = "foreign origin"
        if event is not None:
            self.tell(event, problem.limit or problem.slug)

    def tell(self, event: str, why: str) -> None:
        """Write a line, unless one of the kind was written for this address a minute ago."""
        key, now = (event, why, CALLER.get()), self._clock()
        since, unsaid = self._told.get(key, (-math.inf, 0))
        if now - since < EVERY_SECONDS:
            self._told[key] = (since, unsaid + 1)
            return
        self._told.pop(key, None)
        while len(self._told) >= KNOWN:
            self._told.popitem(last=False)
        self._told[key] = (now, 0)
        left_out = {"left_out": unsaid} if unsaid else {}
        log.warning(event, why=why, client=key[2] or None, **left_out)
