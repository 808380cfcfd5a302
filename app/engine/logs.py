"""How the platform writes its log: one line an event, for people or for machines.

Whoever logs – the platform, the server, the database's driver, the HTTP client – writes the same
form, with the id of the request it happened in and without secrets (`redaction`). No line holds the
local variables of a failure: that is where keys and tokens are.
"""

import logging
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import structlog
from structlog.contextvars import bind_contextvars, get_contextvars, unbind_contextvars
from structlog.tracebacks import ExceptionDictTransformer
from structlog.typing import Processor

from app.engine.redaction import redact
from app.trading.ids import shorten

QUIET: Mapping[str, int] = {
    # These would write whole addresses, headers or frames, tokens in them.
    "uvicorn.error": logging.INFO,
    "httpx": logging.WARNING,
    "httpcore": logging.WARNING,
    "websockets": logging.WARNING,
    "urllib3": logging.WARNING,
    "requests": logging.WARNING,
    # These would write every statement, or what only their authors understand.
    "sqlalchemy": logging.WARNING,
    "alembic": logging.WARNING,
    "aiosqlite": logging.WARNING,
    "asyncio": logging.WARNING,
    "numba": logging.WARNING,
    "apprise": logging.WARNING,
    "opentelemetry": logging.WARNING,
}
"""The least level at which others may speak, whatever the settings say."""

SERVER = ("uvicorn", "uvicorn.error", "uvicorn.access")


class ToStderr(logging.Handler):
    """Writes lines of the standard library's loggers."""

    def emit(self, record: logging.LogRecord) -> None:
        """Write a line; a log that cannot be written stops nobody."""
        try:
            sys.stderr.write(self.format(record) + "\n")
            sys.stderr.flush()
        except (OSError, ValueError):
            self.handleError(record)


def configure_logging(form: str, level: str) -> None:
    """Set structlog and the standard library's loggers up; `form` is console or json."""
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
    ]
    last = _renderers(form)
    structlog.configure(
        processors=[*shared, *last],
        wrapper_class=structlog.make_filtering_bound_logger(level.upper()),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
    _configure_others(shared, last, level.upper())


def _renderers(form: str) -> list[Processor]:
    """Return what makes a line of an event: its failure as text or data, cleaned, written."""
    if form == "json":
        failures = structlog.processors.ExceptionRenderer(
            ExceptionDictTransformer(show_locals=False)
        )
        return [failures, redact, structlog.processors.JSONRenderer(default=str)]
    console = structlog.dev.ConsoleRenderer(
        colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback
    )
    return [structlog.processors.format_exc_info, redact, console]


def _configure_others(shared: list[Processor], last: list[Processor], level: str) -> None:
    """Let the standard library's loggers write the same lines."""
    handler = ToStderr()
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[*shared, structlog.stdlib.add_logger_name],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *last],
        )
    )
    root = logging.getLogger()
    root.handlers = [one for one in root.handlers if not isinstance(one, ToStderr)]
    root.addHandler(handler)
    root.setLevel(level)
    for name in SERVER:
        logger = logging.getLogger(name)
        logger.handlers.clear()
        logger.propagate = name != "uvicorn.access"  # the gate tells of requests, without queries
    wanted = logging.getLevelName(level)
    for name, least in QUIET.items():
        logging.getLogger(name).setLevel(max(least, wanted))


@contextmanager
def in_request(request_id: str) -> Iterator[None]:
    """Write a request's id on every line that is logged inside, its wallet once it is known."""
    bind_contextvars(request_id=request_id)
    try:
        yield
    finally:
        unbind_contextvars("request_id", "wallet")


def of_wallet(address: str) -> None:
    """Write a wallet, in its short form, on every further line of this request."""
    bind_contextvars(wallet=shorten(address))


def current_request() -> str | None:
    """Return the id of the request that is answered here; None outside of any."""
    found = get_contextvars().get("request_id")
    return found if isinstance(found, str) else None
