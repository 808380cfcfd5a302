"""What a client can make the server complain of: told in a line, without a stack.

A text that is no UTF-8 ends a socket with 1007, and the server logs the failure of decoding it.
When a close follows in the same piece, or when the socket is not open yet, the server's own close
fails, and the loop cuts the connection. Both are the client's doing and end nothing else; as errors
with stacks they would let anybody fill the log and hide what matters.
"""

import asyncio
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import structlog
from websockets.exceptions import InvalidState

log = structlog.get_logger(__name__)

SERVER = "uvicorn.error"
NOT_UTF8 = "Invalid UTF-8 sequence received from client."


class ClientsFault(logging.Filter):
    """Takes the stack off a line about what a client sent."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Let every line through, that one as a notice."""
        if record.msg == NOT_UTF8:
            record.exc_info = None
            record.levelno, record.levelname = logging.INFO, "INFO"
        return True


def on_failure(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """Tell of a failure that nobody caught; a client that broke the protocol is none."""
    if "transport" in context and isinstance(context.get("exception"), InvalidState):
        log.info("client broke the protocol", error=str(context["exception"]))
    else:
        loop.default_exception_handler(context)


@contextmanager
def understood() -> Iterator[None]:
    """Tell clients' faults from ours as long as the platform serves."""
    loop, server, fault = asyncio.get_running_loop(), logging.getLogger(SERVER), ClientsFault()
    before = loop.get_exception_handler()
    loop.set_exception_handler(on_failure)
    server.addFilter(fault)
    try:
        yield
    finally:
        server.removeFilter(fault)
        loop.set_exception_handler(before)
