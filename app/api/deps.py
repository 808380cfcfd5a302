"""What routes ask for: the parts of the platform, who asks, and whether they may.

Every route under /api that is not declared public passes `guard`: without a session it answers 401,
and with a wallet in its path that is not the session's own it answers what an unknown one answers.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated, Protocol, cast

from fastapi import Depends, Path, Query
from pydantic import AwareDatetime
from starlette.requests import HTTPConnection, Request

from app.api import origins
from app.api.decimals import Decimals
from app.api.errors import Problem, invalid, not_found
from app.api.metrics import Metrics
from app.api.rates import READ, WRITE, Rates
from app.api.refusals import Refusals
from app.api.requested import Checks
from app.api.sessions import Session, Sessions
from app.api.tradetexts import TradeTexts
from app.api.wire import LARGEST_PAGE, PAGE
from app.config import Settings
from app.engine.live import EngineAbsentError, Live
from app.engine.logs import of_wallet
from app.engine.messenger import Messenger
from app.engine.pulse import Pulse
from app.engine.views import Views
from app.ports import Clock
from app.research.runs import Runs
from app.research.what_if import WhatIf
from app.store.database import Database
from app.store.journal import Journal
from app.store.types import LARGEST, SMALLEST
from app.trading.entry import EntryStrategy

COOKIE = "autotrader_session"
SECURE_COOKIE = "__Host-" + COOKIE
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
BEARER = "bearer "
LONGEST_TOKEN = 256


class Told(Protocol):
    """What runs behind the engine, and can say how it is."""

    @property
    def pulse(self) -> Pulse:
        """Return what measures the process."""
        ...

    def status(self) -> dict[str, object]:
        """Say how every task, feed and provider is."""
        ...


class Counted(Protocol):
    """What holds the open WebSockets."""

    @property
    def count(self) -> int:
        """Count the sockets that are signed in."""
        ...


class Parts(Protocol):
    """What `app.state` holds once the platform runs."""

    live: Live
    database: Database
    journal: Journal
    settings: Settings
    clock: Clock
    strategies: Mapping[str, type[EntryStrategy]]
    sessions: Sessions
    decimals: Decimals
    trade_texts: TradeTexts
    what_if: WhatIf
    hub: Counted
    platform: Told
    rates: Rates
    metrics: Metrics
    refusals: Refusals
    runs: Runs
    checks: Checks
    messenger: Messenger


def parts(connection: HTTPConnection) -> Parts:
    """Return the parts of the platform that serve this request."""
    return cast("Parts", connection.app.state)


async def _parts(request: Request) -> Parts:
    return parts(request)


Platform = Annotated[Parts, Depends(_parts)]


async def views_if_any(parts: Parts) -> Views | None:
    """Return the engine's memory; None where no engine runs."""
    try:
        return await parts.live.settled()
    except EngineAbsentError:
        return None


def token_of(connection: HTTPConnection) -> tuple[str | None, bool]:
    """Find the token of a request, and whether it came as a cookie."""
    header = connection.headers.get("authorization")
    if header is not None:
        given = header[len(BEARER) :].strip() if header.lower().startswith(BEARER) else None
        return given, False
    name = SECURE_COOKIE if connection.scope["scheme"] in {"https", "wss"} else COOKIE
    return connection.cookies.get(name), True


def not_signed_in() -> Problem:
    """Say that a session is missing, or has ended."""
    headers = {"WWW-Authenticate": 'Bearer realm="autotrader"'}
    return Problem(401, "not-signed-in", "Sign in first.", headers=headers)


async def guard(request: Request) -> Session:
    """Let in who has a session, and to a wallet only its owner."""
    token, from_cookie = token_of(request)
    if not token or len(token) > LONGEST_TOKEN:
        raise not_signed_in()
    session = await parts(request).sessions.find(token)
    if session is None:
        raise not_signed_in()
    of_wallet(session.wallet_address)
    if from_cookie and request.method not in SAFE:
        _check_site(request)
    kind = READ if request.method in SAFE else WRITE
    await parts(request).rates.hit(request.scope, kind, str(session.id))
    wallet = request.path_params.get("wallet")
    if wallet is not None and wallet != session.wallet_address:
        parts(request).refusals.tell("forbidden", "another-wallet")
        raise not_found()
    request.state.session = session
    return session


def _check_site(request: Request) -> None:
    """Let a write with the cookie pass from a page of ours only. Raises a 403 problem."""
    if not from_browser(request):
        detail = "A write with the cookie needs the header X-Requested-With: fetch."
        raise Problem(403, "cross-site-request", detail)
    if not origins.allowed(request, parts(request).settings):
        raise Problem(403, "foreign-origin", "This origin may not write with the cookie.")


def session_of(request: Request) -> Session:
    """Return the session that `guard` let in: for routes that are asked too often for `Own`."""
    session: Session = request.state.session
    return session


def from_browser(request: Request) -> bool:
    """Tell whether a script of our own page asks: no other page may set this header."""
    return request.headers.get("x-requested-with") == "fetch"


SignedIn = Annotated[Session, Depends(guard)]
WalletPath = Annotated[
    str,
    Path(
        description="The wallet's address; it must be the session's own.",
        examples=["6XnCGuhHQqPEjgx4GpgVLoJGC3YCc447u1UDj6BhZM5h"],
    ),
]


async def owner(wallet: WalletPath, session: SignedIn) -> Session:
    """Return the session whose wallet is in the path; `guard` has compared them."""
    del wallet
    return session


Own = Annotated[Session, Depends(owner)]
AT_MOST = "At most so many."
GO_ON = "`next_cursor` of the page before."
INCLUSIVE = "ISO 8601, inclusive."
EXCLUSIVE = "ISO 8601, exclusive."
Limit = Annotated[int, Query(ge=1, le=LARGEST_PAGE, description=AT_MOST)]
Cursor = Annotated[str | None, Query(max_length=512, description=GO_ON)]
From = Annotated[
    AwareDatetime | None,
    Query(alias="from", description=INCLUSIVE, examples=["2026-11-01T00:00:00Z"]),
]
To = Annotated[
    AwareDatetime | None,
    Query(alias="to", description=EXCLUSIVE, examples=["2026-12-01T00:00:00Z"]),
]
RowId = Annotated[int, Path(ge=1, le=LARGEST, examples=[42])]
DEFAULT_PAGE = PAGE
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def to_ms(moment: datetime) -> int:
    """Turn a moment into Unix milliseconds."""
    since = moment - EPOCH
    return (since.days * 86_400 + since.seconds) * 1000 + since.microseconds // 1000


def span(since: datetime | None, until: datetime | None) -> tuple[int, int]:
    """Turn a range into Unix milliseconds, open ends included.

    Raises a 422 problem when it ends before it begins.
    """
    first = SMALLEST if since is None else to_ms(since)
    last = LARGEST if until is None else to_ms(until)
    if first > last:
        raise invalid("/from", "must not be after `to`", "query")
    return first, last
