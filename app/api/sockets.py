"""One WebSocket as the hub sees it: frames go out directly, and wait only for a client behind.

    direct -- the transport is full --> behind: frames queue, prices conflated, events kept
    behind -- the transport drained --> direct
    the oldest frame waits too long, or too much waits --> closed with 4408
    does not even take the close --> cut off

A frame is handed to the server's `send` by driving its coroutine one step: with room in the
transport it is done at once, without a task or a queue. When it stops for want of room, the same
coroutine is finished by a task of its own while later frames wait.
"""

import asyncio
from collections.abc import Callable, Coroutine, Generator
from typing import Any, NamedTuple

from starlette.types import Message, Receive, Send

from app.api.doors import TOO_SLOW
from app.api.sessions import Session
from app.api.transports import Below

MOST_WAITING = 1_000
MOST_WAITING_CHARACTERS = 4_000_000
MOST_AGE_SECONDS = 8.0
"""With the hub's steps and the close it stays below ten seconds."""

CLOSE_SECONDS = 10.0
Key = tuple[str, int | str]


class Left(Exception):
    """The client has left, or the server is closing it."""


class Waiting(NamedTuple):
    """A frame that waits, and since when."""

    text: str
    since: float


class _Rest:
    """What is left of a coroutine that was driven to its first stop."""

    def __init__(self, work: Coroutine[Any, Any, None], stop: Any) -> None:
        self._work = work
        self._stop = stop

    def __await__(self) -> Generator[Any, Any, None]:
        stop = self._stop
        while True:
            try:
                given = yield stop
            except BaseException as error:
                stop = self._work.throw(error)
                continue
            try:
                stop = self._work.send(given)
            except StopIteration:
                return


class Socket:
    """A signed-in WebSocket."""

    __slots__ = (
        "_characters",
        "_drainer",
        "_finisher",
        "_now",
        "_oldest",
        "_released_at",
        "_send",
        "below",
        "chart",
        "closed",
        "direct",
        "missed_pongs",
        "on_slow",
        "reader",
        "seq",
        "session",
        "subscribed",
        "waiting",
    )

    def __init__(
        self, session: Session, send: Send, now: Callable[[], float], below: Below
    ) -> None:
        self.session = session
        self.below = below
        self.chart: str | None = None
        self.subscribed: set[str] = set()
        self.seq = 0
        self.missed_pongs = 0
        self.closed = False
        self.direct = False
        """False until the client has caught up: till then every frame waits."""
        self.waiting: dict[Key, Waiting] = {}
        self.reader: asyncio.Task[Any] | None = asyncio.current_task()
        self.on_slow: Callable[[], None] = lambda: None
        self._send: Any = send
        self._now = now
        self._characters = 0
        self._oldest: float | None = None
        self._released_at = 0.0
        self._drainer: asyncio.Task[None] | None = None
        self._finisher: asyncio.Task[None] | None = None

    @property
    def age(self) -> float:
        """Measure how long the frame that the client should take next has waited, in seconds."""
        return 0.0 if self._oldest is None else self._now() - self._oldest

    def market(self, message: Message, key: Key) -> None:
        """Send a price: the newest of its key replaces one that still waits."""
        if self.direct:
            self._start(message)
        elif not self.closed:
            self._take(key)
            self._wait(key, message["text"])

    def tell(self, text: str, key: Key) -> None:
        """Send a frame that is the wallet's own; one of the same key that waits is replaced."""
        self.market({"type": "websocket.send", "text": text}, key)

    def event(self, text: str, seq: int) -> None:
        """Send an event; none is ever replaced, and none comes twice."""
        key: Key = ("event", seq)
        if self.closed or seq <= self.seq or key in self.waiting:
            return
        if self.direct:
            self.seq = seq
            self._start({"type": "websocket.send", "text": text})
        else:
            self._wait(key, text)

    async def say(self, text: str) -> None:
        """Send a frame and wait for room: for what comes before the live frames. Raises Left."""
        try:
            await self._send({"type": "websocket.send", "text": text})
        except (OSError, RuntimeError) as error:
            raise Left from error

    def release(self) -> None:
        """Let frames out: what waited goes first."""
        self._released_at = self._now()
        self._drainer = asyncio.create_task(self._drain(None))

    def evict(self) -> None:
        """Close a client that does not keep up."""
        if not self.closed:
            self.on_slow()
            self.end(TOO_SLOW, "too slow; come back with `after`")

    def end(self, code: int, reason: str) -> None:
        """Close with a code; a client that does not even take that is cut off."""
        if self.closed:
            return
        self.closed, self.direct = True, False
        self.waiting.clear()
        self._finisher = asyncio.create_task(self._finish(code, reason))

    async def ended(self) -> None:
        """Wait until the client was told why it is closed."""
        if self._finisher is not None:
            await asyncio.wait({self._finisher})

    def gone(self) -> None:
        """Note that the client has left."""
        self.closed, self.direct = True, False
        self.waiting.clear()
        self._oldest = None
        if self._drainer is not None:
            self._drainer.cancel()

    def _start(self, message: Message) -> None:
        work = self._send(message)
        try:
            stop = work.send(None)
        except StopIteration:
            return
        except (OSError, RuntimeError):  # it has left, or the server is closing it
            self.direct = False
            return
        self.direct = False
        self._oldest = self._now()
        self._drainer = asyncio.create_task(self._drain(_Rest(work, stop)))

    def _wait(self, key: Key, text: str) -> None:
        self.waiting[key] = Waiting(text, self._now())
        self._characters += len(text)
        if len(self.waiting) > MOST_WAITING or self._characters > MOST_WAITING_CHARACTERS:
            self.evict()

    def _take(self, key: Key) -> Waiting | None:
        found = self.waiting.pop(key, None)
        if found is not None:
            self._characters -= len(found.text)
        return found

    async def _drain(self, rest: _Rest | None) -> None:
        """Finish the frame that stopped, then send what waits."""
        try:
            if rest is not None:
                await rest
            while self.waiting:
                await self._send_next()
        except (OSError, RuntimeError):
            return
        finally:
            self._oldest = None
        self._drainer = None
        self.direct = not self.closed

    async def _send_next(self) -> None:
        key = next(iter(self.waiting))
        text, since = self.waiting[key]
        self._take(key)
        if key[0] == "event":
            number = int(key[1])
            if number <= self.seq:
                return
            self.seq = number
        self._oldest = max(since, self._released_at)
        await self._send({"type": "websocket.send", "text": text})

    async def _finish(self, code: int, reason: str) -> None:
        try:
            async with asyncio.timeout(CLOSE_SECONDS):
                if self._drainer is not None:
                    await asyncio.wait({self._drainer})
                await self._send({"type": "websocket.close", "code": code, "reason": reason})
        except (TimeoutError, OSError, RuntimeError):
            self.below.cut()
            if self.reader is not None:
                self.reader.cancel()


async def next_text(receive: Receive) -> str | bytes | None:
    """Wait for what the client says; None when it has left."""
    message = await receive()
    if message["type"] != "websocket.receive":
        return None
    text: str | None = message.get("text")
    return text if text is not None else message.get("bytes", b"")
