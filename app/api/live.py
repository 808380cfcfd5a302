"""The WebSocket: who may come in, what is said first, and what a client may ask.

    connect -- unknown host, foreign origin, or asked too often --> refused before the upgrade
    accepted -- no room --> ERROR, 1013; too many from this address --> ERROR, 4429
    accepted -- no AUTH within 10 s, or anything else first --> ERROR, 4400
    AUTH -- no session, or another's wallet --> ERROR, 4401
    AUTH -- missed events or RESET, AUTH_SUCCESS, summaries, a chart --> live

The endpoint reads; what is sent is pushed by the hub, so a client that leaves is seen at once.
"""

import asyncio
from collections.abc import Callable, Mapping
from typing import Any, cast

import structlog
from pydantic import ValidationError
from starlette.requests import HTTPConnection
from starlette.routing import WebSocketRoute
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocket

from app.api import bodies, catchup, exposure, headers
from app.api.deps import LONGEST_TOKEN, Parts, parts, token_of
from app.api.doors import BAD_DATA, BAD_FRAME, NOT_SIGNED_IN, TOO_BIG, TOO_MANY, TRY_LATER, Refusal
from app.api.errors import Problem
from app.api.frames import (
    MAX_SUBSCRIPTIONS,
    AuthIn,
    ClientFrame,
    PingFrame,
    PongFrame,
    SubscribeFrame,
    UnsubscribeFrame,
)
from app.api.hub import Hub
from app.api.origins import allowed
from app.api.patient import PATIENCE_SECONDS
from app.api.rates import ADDRESS, address_of
from app.api.sessions import Session
from app.api.sockets import Left, Socket, next_text
from app.api.transports import below
from app.api.wire import encode
from app.engine.live import EngineAbsentError
from app.engine.logs import of_wallet
from app.store.errors import StoreError
from app.store.patience import patient

log = structlog.get_logger(__name__)

FIRST_SECONDS = 10.0
NEARLY = 0.8
"""The hub counts time in steps, and a loaded machine makes them longer."""

LARGEST_FRAME = 64 * 1024
MOST_A_MINUTE = 100
MINUTE = 60.0
KINDS: Mapping[type[Any], str] = {
    PingFrame: "beat",
    PongFrame: "beat",
    SubscribeFrame: "tokens",
    UnsubscribeFrame: "tokens",
}
"""The class in which a frame counts; whatever else is a fault."""

AWAY = "the platform cannot answer now; come back soon"
PONG = encode({"type": "PONG"}).decode()


class Pace:
    """How often a client may speak: so many frames a minute of each class."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._windows: dict[str, tuple[float, int]] = {}

    def hit(self, kind: str) -> None:
        """Count a frame. Raises Refusal."""
        now = self._clock()
        began, count = self._windows.get(kind, (now, 0))
        if now - began >= MINUTE:
            began, count = now, 0
        self._windows[kind] = (began, count + 1)
        if count >= MOST_A_MINUTE:
            message = f"at most {MOST_A_MINUTE} frames a minute of this kind"
            raise Refusal(TOO_MANY, message, "frames")


def error_text(code: int, message: str) -> str:
    """Write an ERROR frame."""
    return encode({"type": "ERROR", "data": {"code": code, "message": message}}).decode()


class Talk:
    """The endpoint, as a plain ASGI application: a fan-out goes straight to the server."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one client from its connection to its end."""
        socket = WebSocket(scope, receive, send)
        hub = hub_of(socket)
        await socket.receive()
        problem = await _may_connect(socket)
        if problem is not None:
            hub.denied(problem)
            denial = problem.response()
            denial.raw_headers = headers.complete(denial.raw_headers, scope["scheme"])
            await socket.send_denial_response(denial)
            return
        await socket.accept()
        connection = below(scope)
        connection.narrow()
        hub.attach()
        try:
            with hub.doors.passed(address_of(scope), connection):
                await _talk(socket, receive, send)
        except Refusal as refusal:
            if refusal.limit is not None:
                hub.refused(refusal.limit)
            await _close(send, refusal)
        except Left:
            return
        finally:
            connection.cut_later()


async def _talk(socket: WebSocket, receive: Receive, send: Send) -> None:
    """Let a client sign in, and serve it until it leaves or is closed. Raises Refusal and Left."""
    hub = hub_of(socket)
    joined = await _sign_in(socket, receive, send)
    if joined is None:
        return
    try:
        await _serve(joined, hub, receive)
        await joined.ended()
    except asyncio.CancelledError:
        if not joined.closed:
            raise
    finally:
        hub.leave(joined)


def hub_of(connection: HTTPConnection) -> Hub:
    """Return the hub of the application that serves this connection."""
    return cast("Hub", connection.app.state.hub)


async def _may_connect(socket: WebSocket) -> Problem | None:
    """Judge a connection before it is accepted."""
    own = parts(socket)
    refusal = exposure.refusal(socket.scope)
    if refusal is not None:
        return refusal
    if not allowed(socket, own.settings):
        return Problem(403, "foreign-origin", "This origin may not connect.")
    try:
        await own.rates.hit(socket.scope, ADDRESS, address_of(socket.scope))
    except Problem as problem:
        return problem
    return None


async def _sign_in(socket: WebSocket, receive: Receive, send: Send) -> Socket | None:
    """Wait for AUTH and let its session in; None when the client left. Raises Refusal."""
    own, hub = parts(socket), hub_of(socket)
    said = await _first(hub, receive)
    if said is None:
        return None
    auth = _read_auth(said)
    try:
        with patient(PATIENCE_SECONDS):
            session = await _session(socket, own, auth)
    except StoreError:
        raise Refusal(TRY_LATER, AWAY) from None
    of_wallet(session.wallet_address)
    joined = Socket(session, send, hub.now, below(socket.scope))
    hub.join(joined)
    try:
        with patient(PATIENCE_SECONDS):
            await catchup.welcome(joined, own, hub.private, auth.after)
    except (EngineAbsentError, StoreError):
        hub.leave(joined)
        raise Refusal(TRY_LATER, AWAY) from None
    except BaseException:
        hub.leave(joined)
        raise
    return joined


async def _first(hub: Hub, receive: Receive) -> str | bytes | None:
    """Wait for the first frame; None when the client left. Raises Refusal.

    When the loop stood still meanwhile, the frame may be there and unread: it gets another time.
    """
    began = hub.now()
    while True:
        try:
            async with asyncio.timeout(FIRST_SECONDS):
                return await next_text(receive)
        except TimeoutError:
            if hub.now() - began >= NEARLY * FIRST_SECONDS:
                raise Refusal(BAD_FRAME, "AUTH must come within 10 seconds") from None


def _read_auth(said: str | bytes) -> AuthIn:
    """Read the first frame; its data may stand at the top level. Raises Refusal."""
    try:
        frame = _decode(said)
        if isinstance(frame, dict) and frame.get("type") == "AUTH":
            inner = frame.get("data")
            rest = {name: value for name, value in frame.items() if name not in {"type", "data"}}
            return AuthIn.model_validate({**inner, **rest} if isinstance(inner, dict) else rest)
    except ValueError:
        pass
    raise Refusal(BAD_FRAME, "the first frame must be AUTH with wallet_address and token")


def _decode(said: str | bytes) -> Any:
    if isinstance(said, bytes):
        message = "frames are text"
        raise ValueError(message)  # noqa: TRY004  # every fault of a frame is the same to the caller
    if len(said) > LARGEST_FRAME:
        raise Refusal(TOO_BIG, "a frame may hold 64 KiB")
    return bodies.read(said)


async def _session(socket: HTTPConnection, own: Parts, auth: AuthIn) -> Session:
    """Find the session of a token, or of the cookie. Raises Refusal."""
    token = auth.token or token_of(socket)[0]
    session = None
    if token and len(token) <= LONGEST_TOKEN:
        session = await own.sessions.find(token)
    if session is None or session.wallet_address != auth.wallet_address:
        raise Refusal(NOT_SIGNED_IN, "sign in first")
    return session


async def _serve(socket: Socket, hub: Hub, receive: Receive) -> None:
    """Read what a client says until it leaves or is closed. Raises Refusal."""
    pace = Pace(asyncio.get_running_loop().time)
    while not socket.closed:
        said = await next_text(receive)
        if said is None:
            return
        socket.missed_pongs = 0
        try:
            _answer(socket, hub, said, pace)
        except Refusal as refusal:
            if refusal.limit is not None:
                hub.refused(refusal.limit)
            socket.tell(error_text(refusal.code, refusal.message), ("error", refusal.code))
            socket.end(refusal.code, refusal.message)


def _answer(socket: Socket, hub: Hub, said: str | bytes, pace: Pace) -> None:
    """Do what a frame asks. Raises Refusal for what ends the talk."""
    if isinstance(said, bytes):
        raise Refusal(BAD_DATA, "frames are text")
    try:
        frame = ClientFrame.model_validate(_decode(said)).root
    except (ValidationError, ValueError):
        pace.hit("fault")
        socket.tell(error_text(BAD_FRAME, "this frame cannot be understood"), ("error", 0))
        return
    pace.hit(KINDS.get(type(frame), "fault"))
    answers: dict[type[Any], Callable[[Any], None]] = {
        PingFrame: lambda _: socket.tell(PONG, ("pong", 0)),
        SubscribeFrame: lambda asked: _subscribe(socket, hub, asked),
        UnsubscribeFrame: lambda asked: _unsubscribe(socket, hub, asked),
    }
    answer = answers.get(type(frame))
    if answer is not None:
        answer(frame)


def _subscribe(socket: Socket, hub: Hub, frame: SubscribeFrame) -> None:
    wanted = socket.subscribed | set(frame.data.tokens)
    if len(wanted) > MAX_SUBSCRIPTIONS:
        message = f"at most {MAX_SUBSCRIPTIONS} tokens"
        socket.tell(error_text(TOO_MANY, message), ("error", 0))
        return
    socket.subscribed = wanted
    hub.private.follow(socket)


def _unsubscribe(socket: Socket, hub: Hub, frame: UnsubscribeFrame) -> None:
    socket.subscribed -= set(frame.data.tokens)
    hub.private.follow(socket)


async def _close(send: Send, refusal: Refusal) -> None:
    """Say why, then close; a client that has left already hears neither."""
    try:
        text = error_text(refusal.code, refusal.message)
        await send({"type": "websocket.send", "text": text})
        await send({"type": "websocket.close", "code": refusal.code, "reason": refusal.message})
    except (OSError, RuntimeError):
        return


route = WebSocketRoute("/ws", Talk())
