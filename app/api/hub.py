"""Who listens, and to what: every socket by its wallet and by the tokens that it watches.

market    an update is written once and handed to its watchers in chunks: the loop stays free
private   only wallets with sockets are computed: at once when something of theirs was committed,
          and at most four times a second when a price of theirs moved (`private`)
beat      every 20 seconds a PING; who missed two is closed, and each minute whose session ended
sweep     twice a second: whose oldest frame waits too long is closed, who floods is cut off

Age is counted in sweeps and not by a clock: while the loop stands still nobody can be served, and
nobody is closed for it.
"""

import asyncio
from collections import defaultdict, deque
from collections.abc import Awaitable, Callable, Iterable
from typing import Any

import structlog

from app.api import refusals, watching
from app.api.deps import Parts
from app.api.doors import NOT_SIGNED_IN, TOO_MANY, Doors, Refusal
from app.api.errors import Problem
from app.api.private import Private
from app.api.sockets import MOST_AGE_SECONDS, Key, Socket
from app.api.wire import encode
from app.engine.feed import MarketUpdate
from app.store.errors import StoreError

log = structlog.get_logger(__name__)

CHUNK = 50
TURN = 1_000
SWEEP_SECONDS = 0.5
BEAT_SECONDS = 20.0
MOST_MISSED = 2
SESSION_BEATS = 3
GONE_AWAY = 1001
RESTARTING = 1012
PING = encode({"type": "PING"}).decode()


class Hub:
    """All open sockets of this process."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._watchers: defaultdict[str, dict[Socket, None]] = defaultdict(dict)
        self._wallets: defaultdict[int, dict[Socket, None]] = defaultdict(dict)
        self._outbox: deque[tuple[str, str]] = deque()
        self._news = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()
        self._leave: list[Any] = []
        self._swept = 0.0
        self.doors = Doors(parts.settings.most_sockets, parts.settings.sockets_per_address)
        self.private = Private(parts, self)

    @property
    def count(self) -> int:
        """Count the sockets that are signed in."""
        return sum(map(len, self._wallets.values()))

    def now(self) -> float:
        """Return the seconds in which sockets were served, by which frames age."""
        return self._swept

    def wallets(self) -> list[int]:
        """List the wallets that have sockets."""
        return list(self._wallets)

    def of_wallet(self, wallet: int) -> list[Socket]:
        """List the sockets of a wallet."""
        return list(self._wallets.get(wallet, ()))

    def join(self, socket: Socket) -> None:
        """Take a socket in. Raises Refusal when its wallet has too many."""
        own = self._wallets[socket.session.wallet_id]
        open_now = sum(not one.closed for one in own)
        if open_now >= self._parts.settings.sockets_per_wallet:
            raise Refusal(TOO_MANY, "this wallet has too many sockets open", "wallet")
        own[socket] = None
        socket.on_slow = self._parts.metrics.evicted.inc

    def leave(self, socket: Socket) -> None:
        """Forget a socket."""
        socket.gone()
        wallet = socket.session.wallet_id
        own = self._wallets.get(wallet)
        if own is not None:
            own.pop(socket, None)
            if not own:
                del self._wallets[wallet]
                self.private.forget(wallet)
        for mint in list(self._watchers):
            self._unwatch(socket, mint)

    def refused(self, limit: str) -> None:
        """Count somebody who met a limit, and tell the log."""
        self._parts.metrics.refused.labels(limit).inc()
        self._parts.refusals.tell(refusals.TOO_MANY, f"sockets-{limit}")

    def denied(self, problem: Problem) -> None:
        """Count somebody whose connection is not accepted, and tell the log."""
        self._parts.metrics.refused.labels(problem.slug).inc()
        self._parts.refusals.problem(problem)

    def watch(self, socket: Socket, mints: Iterable[str]) -> None:
        """Send these tokens' market to a socket, and no other's."""
        wanted = set(mints)
        for mint in [mint for mint, those in self._watchers.items() if socket in those]:
            if mint not in wanted:
                self._unwatch(socket, mint)
        for mint in wanted:
            self._watchers[mint][socket] = None

    def _unwatch(self, socket: Socket, mint: str) -> None:
        watchers = self._watchers.get(mint)
        if watchers is not None:
            watchers.pop(socket, None)
            if not watchers:
                del self._watchers[mint]

    def end_session(self, session_id: int) -> None:
        """Close the sockets of a session that was revoked."""
        for sockets in list(self._wallets.values()):
            for socket in list(sockets):
                if socket.session.id == session_id:
                    socket.end(NOT_SIGNED_IN, "the session has ended")

    def attach(self) -> None:
        """Listen to the engine and the market from the first connection on."""
        if self._leave:
            return
        live = self._parts.live
        self._leave = [
            live.feed.subscribe(self._on_market),
            live.bus.subscribe(self.private.on_changes),
        ]
        for work in (self._fan_out, self._beat, self._sweep, self.private.run):
            task = asyncio.create_task(_keep(work))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def close(self) -> None:
        """Close every socket and stop."""
        for leave in self._leave:
            leave()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for sockets in list(self._wallets.values()):
            for socket in list(sockets):
                socket.end(RESTARTING, "the platform is stopping")

    def _on_market(self, update: MarketUpdate) -> None:
        if update.mint in self._watchers:
            for text in watching.frames(update):
                self._outbox.append((update.mint, text))
            self._news.set()

    async def _fan_out(self) -> None:
        while True:
            await self._news.wait()
            self._news.clear()
            while self._outbox:
                mint, text = self._outbox.popleft()
                await self.spread(mint, text)

    async def spread(self, mint: str, text: str) -> None:
        """Hand one text to every watcher of a token, and let others run in between."""
        watchers = list(self._watchers.get(mint, ()))
        message = {"type": "websocket.send", "text": text}
        key: Key = ("market", mint)
        for start in range(0, len(watchers), CHUNK):
            for socket in watchers[start : start + CHUNK]:
                socket.market(message, key)
            await asyncio.sleep(0)
        self._parts.metrics.frames.inc(len(watchers))

    async def _sweep(self) -> None:
        while True:
            await asyncio.sleep(SWEEP_SECONDS)
            self._swept += SWEEP_SECONDS
            for wallet in self.wallets():
                for socket in self.of_wallet(wallet):
                    if socket.age > MOST_AGE_SECONDS:
                        socket.evict()
            for number, connection in enumerate(self.doors.connections(), start=1):
                if connection.floods:
                    self.refused("flood")
                    connection.cut()
                if number % TURN == 0:
                    await asyncio.sleep(0)

    async def _beat(self) -> None:
        beats = 0
        while True:
            await asyncio.sleep(BEAT_SECONDS)
            beats += 1
            for wallet in self.wallets():
                for socket in self.of_wallet(wallet):
                    self._ping(socket)
                await asyncio.sleep(0)
            if beats % SESSION_BEATS == 0:
                await self.check_sessions()

    def _ping(self, socket: Socket) -> None:
        if socket.missed_pongs >= MOST_MISSED:
            socket.end(GONE_AWAY, "no answer to PING")
            return
        socket.missed_pongs += 1
        socket.tell(PING, ("ping", 0))

    async def check_sessions(self) -> None:
        """Close the sockets whose session has ended, wherever it was ended."""
        for wallet in self.wallets():
            try:
                good = await self._parts.sessions.good(wallet)
            except StoreError as error:
                log.warning("sessions not checked", error=str(error))
                return
            for socket in self.of_wallet(wallet):
                if socket.session.id not in good:
                    socket.end(NOT_SIGNED_IN, "the session has ended")


async def _keep(work: Callable[[], Awaitable[None]]) -> None:
    """Do a piece of work for ever; what nobody foresaw is logged and ends nothing."""
    while True:
        try:
            await work()
        except Exception:
            log.exception("sockets failed")
            await asyncio.sleep(SWEEP_SECONDS)
