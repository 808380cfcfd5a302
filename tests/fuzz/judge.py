"""Sends a request straight into the application and says what is wrong with the answer."""

import asyncio
import json
import time
from dataclasses import dataclass, field
from typing import Any

from starlette.types import ASGIApp, Message

from app.api.bodies import LARGE_BODY, MAX_BODY, PLANS_BODY
from app.api.headers import POLICY_HEADER, SECURITY
from tests.fuzz.mutator import PIECE, Wild

LARGEST_ANSWER = 8 * 1024 * 1024
WAIT_SECONDS = 60
WANTED = {POLICY_HEADER, b"cache-control", b"x-request-id", *(name for name, _ in SECURITY)}
LARGER_BODIES = {
    "backtests": LARGE_BODY,
    "sweeps": LARGE_BODY,
    "history": LARGE_BODY,
    "trades": PLANS_BODY,
    "what-if": PLANS_BODY,
}
"""Nouns whose bodies may hold more than 64 KiB, as the interface describes them."""


@dataclass(slots=True)
class Answer:
    """What came back."""

    status: int = 0
    headers: list[tuple[bytes, bytes]] = field(default_factory=list)
    body: bytearray = field(default_factory=bytearray)
    ended: bool = False
    read: int = 0
    seconds: float = 0.0
    error: BaseException | None = None


async def send(app: ASGIApp, wild: Wild) -> Answer:
    """Let the application answer a request."""
    answer, parts = Answer(), iter(wild.body)
    left = len(wild.body)
    began = time.perf_counter()

    async def receive() -> Message:
        nonlocal left
        if left == 0 or (wild.leaves_early and left == 1):
            return {"type": "http.disconnect"}
        left -= 1
        body = next(parts)
        answer.read += len(body)
        return {"type": "http.request", "body": body, "more_body": left > 0}

    async def take(message: Message) -> None:
        if message["type"] == "http.response.start":
            answer.status, answer.headers = message["status"], list(message["headers"])
        elif message["type"] == "http.response.body":
            answer.body += message.get("body", b"")
            answer.ended = not message.get("more_body", False)

    try:
        async with asyncio.timeout(WAIT_SECONDS):
            await app(wild.scope(), receive, take)
    except Exception as error:  # whatever it is, it is a finding
        answer.error = error
    answer.seconds = time.perf_counter() - began
    return answer


def fault(wild: Wild, answer: Answer) -> str | None:
    """Say what is wrong with an answer; None when nothing is."""
    if answer.error is not None:
        return f"raised {answer.error!r}"
    if not answer.ended or not answer.status:
        return "has no end"
    if answer.status >= 500 and not _may_be_unready(wild, answer):
        return f"is a {answer.status}: {bytes(answer.body[:300])!r}"
    names = [name for name, _ in answer.headers]
    missing = WANTED - set(names)
    if missing or any(names.count(name) > 1 for name in WANTED):
        return f"lacks or doubles headers: {missing or names}"
    if len(answer.body) > LARGEST_ANSWER:
        return f"holds {len(answer.body):,} bytes"
    if answer.read > _largest(wild) + PIECE:
        return f"was given after {answer.read:,} bytes were read"
    return _problem_fault(wild, answer)


def _may_be_unready(wild: Wild, answer: Answer) -> bool:
    """The readiness check says 503 for as long as signals come from nowhere, as they do here."""
    return answer.status == 503 and wild.target.startswith("/readyz")


def _largest(wild: Wild) -> int:
    noun = wild.scope()["path"].removeprefix("/api/").partition("/")[0]
    return LARGER_BODIES.get(noun, MAX_BODY)


def _problem_fault(wild: Wild, answer: Answer) -> str | None:
    if answer.status < 400 or wild.method == "HEAD" or wild.target.startswith("/readyz"):
        return None
    if (b"content-type", b"application/problem+json") not in answer.headers:
        return f"is a {answer.status} without a problem"
    try:
        problem: Any = json.loads(answer.body)
    except ValueError:
        return f"is no JSON: {bytes(answer.body[:300])!r}"
    if problem["status"] != answer.status or not problem["detail"]:
        return f"says something else: {problem}"
    if "Traceback" in problem["detail"] or "sqlite" in problem["detail"].lower():
        return f"tells too much: {problem}"
    return None
