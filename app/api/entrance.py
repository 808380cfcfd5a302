"""How somebody who is let in gets the token: a program in the body, a browser as a cookie only.

Before that a browser gets a secret of its own: a message that it asked for signs in nowhere else.
"""

import secrets

import structlog
from starlette.requests import Request
from starlette.responses import Response

from app.api.deps import COOKIE, LONGEST_TOKEN, SECURE_COOKIE, from_browser, parts, token_of
from app.api.errors import Problem
from app.api.rates import FAILED, address_of
from app.api.sessions import Session
from app.engine.logs import of_wallet

log = structlog.get_logger(__name__)

BROWSER_COOKIE = "autotrader_sign_in"
BROWSER_SECRET_BYTES = 32
BROWSER_SECRET_CHARACTERS = 43
BROWSER_SECRET_SECONDS = 600


async def knock(request: Request, *names: str) -> None:
    """Count a try to get in under limits of its address. Raises a 429 problem for too many."""
    limits, address = parts(request).rates, address_of(request.scope)
    for name in names:
        await limits.hit(request.scope, name, address)


async def may_try(request: Request) -> None:
    """Look at how many sign-ins of an address failed. Raises a 429 problem for too many."""
    await parts(request).rates.check(request.scope, FAILED, address_of(request.scope))


async def failed(request: Request, wallet: str, why: str) -> None:
    """Count a sign-in that was not verified, and tell the log why, which nobody else is told."""
    of_wallet(wallet)
    log.warning("sign-in failed", why=why, client=address_of(request.scope) or None)
    await parts(request).rates.add(FAILED, address_of(request.scope))


async def entered(request: Request, wallet: str, how: str) -> None:
    """Tell the log that a session began; the one that the browser had before ends."""
    of_wallet(wallet)
    log.info("signed in", how=how, client=address_of(request.scope) or None)
    token, _ = token_of(request)
    if not from_browser(request) or not token or len(token) > LONGEST_TOKEN:
        return
    before = await parts(request).sessions.find(token)
    if before is not None:
        await parts(request).sessions.revoke(before.wallet_id, before.id, "signed-in-anew")


def secret_of(request: Request) -> str | None:
    """Find the secret of a browser that wants to sign in; None where there is none."""
    secret = request.cookies.get(_named(request, BROWSER_COOKIE))
    return secret if secret is not None and len(secret) == BROWSER_SECRET_CHARACTERS else None


def give_secret(request: Request, response: Response) -> str | None:
    """Hand a browser its secret, or once more the one that it has; a program gets none."""
    if not from_browser(request):
        return None
    secret = secret_of(request) or secrets.token_urlsafe(BROWSER_SECRET_BYTES)
    response.set_cookie(
        _named(request, BROWSER_COOKIE),
        secret,
        max_age=BROWSER_SECRET_SECONDS,
        path="/",
        secure=_is_secure(request),
        httponly=True,
        samesite="strict",
    )
    return secret


def hand_over(request: Request, response: Response, token: str, session: Session) -> str | None:
    """Give a browser the token as a cookie; returns what the body says of it: to a browser nothing.

    Scripts cannot read the cookie, and a page of another site cannot ask for it.
    """
    if not from_browser(request):
        return token
    secure = request.url.scheme == "https"
    response.set_cookie(
        SECURE_COOKIE if secure else COOKIE,
        token,
        max_age=max(0, (session.absolute_expires_at - session.checked_at) // 1000),
        path="/",
        secure=secure,
        httponly=True,
        samesite="strict",
    )
    return None


def take_cookie(request: Request, response: Response) -> None:
    """Make a browser forget the token."""
    secure = request.url.scheme == "https"
    name = SECURE_COOKIE if secure else COOKIE
    response.delete_cookie(name, path="/", secure=secure, httponly=True, samesite="strict")


def not_verified() -> Problem:
    """Say that a sign-in failed; the words never tell why."""
    detail = "The message is not one of ours, too old, used already, or not signed by this wallet."
    headers = {"WWW-Authenticate": 'Bearer realm="autotrader"'}
    return Problem(401, "not-verified", detail, headers=headers)


def _is_secure(request: Request) -> bool:
    return request.url.scheme == "https"


def _named(request: Request, cookie: str) -> str:
    """Bind a cookie to this host, which browsers do over https only."""
    return f"__Host-{cookie}" if _is_secure(request) else cookie
