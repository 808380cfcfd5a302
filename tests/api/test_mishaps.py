"""What a client makes the server complain of is a line and no stack; what is ours is an error."""

import asyncio
import logging
from typing import Any

from websockets.exceptions import InvalidState

from app.api.mishaps import NOT_UTF8, SERVER, on_failure, understood
from tests.logs import heard


def record(message: str) -> logging.LogRecord:
    made = (ValueError, ValueError(message), None)
    return logging.LogRecord(SERVER, logging.ERROR, __file__, 1, message, None, made)


async def test_bad_text_is_a_notice() -> None:
    server = logging.getLogger(SERVER)
    with understood():
        bad, other = record(NOT_UTF8), record("Exception in ASGI application\n")
        assert server.filter(bad)
        assert server.filter(other)
    assert (bad.levelname, bad.exc_info) == ("INFO", None)
    assert other.levelname == "ERROR"
    assert other.exc_info is not None
    after = record(NOT_UTF8)
    server.filter(after)
    assert after.levelname == "ERROR"


async def test_only_a_broken_protocol_is_the_clients_fault() -> None:
    loop = asyncio.get_running_loop()
    told: list[dict[str, Any]] = []

    class Loop:
        def default_exception_handler(self, context: dict[str, Any]) -> None:
            told.append(context)

    fault = {"message": "x", "exception": InvalidState("closing"), "transport": object()}
    ours = {"message": "x", "exception": ValueError("ours"), "transport": object()}
    without = {"message": "x", "exception": InvalidState("closing")}
    with heard() as lines:
        for context in (fault, ours, without):
            on_failure(Loop(), context)  # type: ignore[arg-type]
    assert told == [ours, without]
    assert [line["event"] for line in lines] == ["client broke the protocol"]
    with understood():
        assert loop.get_exception_handler() is on_failure
    assert loop.get_exception_handler() is not on_failure
