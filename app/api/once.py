"""Writes that a client may send twice under one Idempotency-Key, within 24 hours.

The first claims the key and its answer is kept; the same request again gets that answer, another
request under the key is refused. An answer that holds a secret is never kept: its repetition is
refused with a word on what happened.
"""

import hashlib
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Annotated

from fastapi import Header
from starlette.requests import Request
from starlette.responses import Response

from app.api.deps import Parts
from app.api.errors import Problem
from app.api.wire import JSON
from app.engine.live import InterruptedByFaultError, UnansweredError
from app.store.idempotency import Answered, claim_key, find_answer, keep_answer, release_key

REPLAYED = {"Idempotency-Replayed": "true"}

Key = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        min_length=8,
        max_length=128,
        pattern=r"^[\x21-\x7e]+$",
        description="Sent again with the same body within 24 hours, it does not act twice.",
        examples=["4b1d2c55-6f0e-4f0a-9a71-1f9d8a3c5b20"],
    ),
]


def digest_of(request: Request, body: str) -> str:
    """Hash what a request asks for."""
    text = f"{request.method} {request.url.path}\n{body}"
    return hashlib.sha256(text.encode()).hexdigest()


async def claim(parts: Parts, wallet: int, key: str, digest: str) -> Answered | None:
    """Claim a key; None when the write may begin, else what the first one was answered.

    Raises a 409 problem when the key stood for another request, or the first one still runs.
    """
    if await claim_key(parts.journal, wallet, key, digest, parts.clock.now()):
        return None
    answered = await find_answer(parts.database, wallet, key)
    if answered is None or answered.status is None:
        detail = "The first request with this key has not been answered; look at what it did."
        raise Problem(409, "still-running", detail, headers={"Retry-After": "1"})
    if answered.request_digest != digest:
        raise Problem(409, "key-reused", "This Idempotency-Key stood for another request.")
    return answered


@asynccontextmanager
async def claimed(parts: Parts, wallet: int, key: str) -> AsyncIterator[None]:
    """Do what a key was claimed for; a failure lets go of it, unless it may be done."""
    try:
        yield
    except (UnansweredError, InterruptedByFaultError):
        raise  # the key stands, and its repetition is told to look
    except Exception:
        await release_key(parts.journal, wallet, key)
        raise


async def once(
    parts: Parts,
    wallet: int,
    key: str | None,
    digest: str,
    work: Callable[[], Awaitable[bytes]],
    *,
    status: int = 200,
) -> Response:
    """Do a piece of work whose answer is JSON, at most once per key."""
    if key is None:
        return Response(await work(), status, media_type=JSON)
    answered = await claim(parts, wallet, key, digest)
    if answered is not None:
        return Response(answered.body, answered.status or 200, REPLAYED, JSON)
    async with claimed(parts, wallet, key):
        body = await work()
    await keep_answer(parts.journal, wallet, key, status, body.decode())
    return Response(body, status, media_type=JSON)
