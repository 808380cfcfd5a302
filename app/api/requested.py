"""Requests of backtests and sweeps on their way in: read late, judged where nobody waits for it.

Their bodies may be large, so none is read before its sender was let in.
"""

import asyncio
import hashlib
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar, TypeVar

from fastapi.routing import APIRoute
from pydantic import BaseModel, ValidationError
from starlette.requests import ClientDisconnect, Request

from app.api import bodies, checking
from app.api.bodies import LARGE_BODY, MAX_BODY, Allowed
from app.api.errors import FaultOut, Problem, invalid_fields, pointer
from app.research.checking import faults_of
from app.research.foreman import Died, Foreman
from app.research.jobs import COMPRESSION, Checked, Faulty, Job
from app.research.loading import Sources
from app.store.runs import Kind
from app.trading.entry import EntryStrategy

MODULE = "app.api.checker"
IDLE_SECONDS = 60.0

Shape = TypeVar("Shape", bound=BaseModel)
Faults = list[tuple[list[str | int], str]]


class Requests(APIRoute):
    """A route class whose bodies the routes read themselves."""

    allowed: ClassVar = Allowed(LARGE_BODY, ("application/json",))


class Checks:
    """Judges requests: small ones here, one at a time of the large ones in another process."""

    def __init__(self, data_dir: Path, strategies: Mapping[str, type[EntryStrategy]]) -> None:
        self._data_dir = data_dir.resolve()
        self._strategies = strategies
        self._turn = asyncio.Lock()
        self.foreman = Foreman(MODULE, idle_seconds=IDLE_SECONDS)

    async def stop(self) -> None:
        """End the other process."""
        await self.foreman.stop()

    async def settings_of(self, kind: Kind, body: bytes, wallet: str) -> str:
        """Judge a request; answers it without its candles, as JSON. Raises a 422 problem."""
        if len(body) <= MAX_BODY:
            sources = Sources(self._data_dir, wallet)
            found = await asyncio.to_thread(checking.check, kind, body, sources, self._strategies)
        else:
            found = await self._large(kind, body, wallet)
        if isinstance(found, Faulty):
            raise invalid_fields(_written(found.faults))
        return found.settings

    async def _large(self, kind: Kind, body: bytes, wallet: str) -> Checked | Faulty:
        request = await asyncio.to_thread(zlib.compress, body, COMPRESSION)
        job = Job(id=0, kind=kind, request=request, data_dir=str(self._data_dir), wallet=wallet)
        async with self._turn:
            try:
                found = await self.foreman.work(job, lambda _: None)
            except Died as died:
                return Faulty(faults=[([], f"the request could not be checked: {died}")])
        if isinstance(found, Checked | Faulty):
            return found
        message = f"a request was checked with {found!r}"
        raise TypeError(message)


async def body_of(request: Request, largest: int = MAX_BODY) -> bytes:
    """Read a body. Raises a 413 problem when it is larger than that."""
    parts: list[bytes] = []
    size = 0
    try:
        async for part in request.stream():
            parts.append(part)
            size += len(part)
            if size > largest:
                raise bodies.too_large(largest)
    except ClientDisconnect:
        raise Problem(400, "bad-request", "The body did not arrive.") from None
    return b"".join(parts)


async def given(shape: type[Shape], request: Request) -> Shape:
    """Read a small body as a shape. Raises a 422 problem."""
    try:
        value: Any = bodies.read((await body_of(request)).decode())
    except UnicodeDecodeError:
        raise invalid_fields(_written([([], "the body is not UTF-8")])) from None
    except ValueError as error:
        raise invalid_fields(_written([([], f"the body cannot be read: {error}")])) from None
    try:
        return shape.model_validate(value)
    except ValidationError as error:
        faults = [(list(one.place), one.detail) for one in faults_of(error, value)]
        raise invalid_fields(_written(faults)) from None


async def digest_of(request: Request, body: bytes, name: str | None) -> str:
    """Hash what a request asks for."""
    hashed = await asyncio.to_thread(hashlib.sha256, body)
    hashed.update(f"\n{request.method} {request.url.path}\n{name}".encode())
    return hashed.hexdigest()


def _written(faults: Faults) -> list[FaultOut]:
    return [FaultOut(pointer=pointer(place), location="body", detail=why) for place, why in faults]
