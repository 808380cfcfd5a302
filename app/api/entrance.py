"""How somebody who is let in gets the token: in the body, and in a browser as a cookie too."""

from starlette.requests import Request
from starlette.responses import Response

from app.api.deps import COOKIE, SECURE_COOKIE, from_browser, parts
from app.api.errors import Problem
from app.api.sessions import Session

SIGN_IN = "sign-in"


def knock(request: Request) -> None:
    """Count a try to sign in or to register. Raises a 429 problem when there were many."""
    rates = parts(request).rates
    address = request.client.host if request.client else ""
    rates.hit(rates.sign_in, SIGN_IN, address)


def give_cookie(request: Request, response: Response, token: str, session: Session) -> None:
    """Hand the token to a browser; a page of another site cannot ask for that."""
    if not from_browser(request):
        return
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
