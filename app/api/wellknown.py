"""Whom to tell of a weakness (RFC 9116), where whoever runs the platform has said so."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from app.api.deps import parts
from app.api.errors import not_found
from app.api.wire import iso
from app.config import HTTPS

DAY_MS = 86_400_000
HOLDS_MS = 180 * DAY_MS
PLACE = "/.well-known/security.txt"
router = APIRouter(include_in_schema=False)


@router.get(PLACE)
async def show_security_contact(request: Request) -> Response:
    """Name the contact; 404 where none is set."""
    own = parts(request)
    settings = own.settings
    if not settings.security_contact:
        raise not_found()
    today = own.clock.now() // DAY_MS * DAY_MS
    lines = [
        f"Contact: {settings.security_contact}",
        f"Expires: {iso(today + HOLDS_MS)}",
        "Preferred-Languages: en",
        *(f"Canonical: {one}{PLACE}" for one in settings.public_origins if one.startswith(HTTPS)),
    ]
    return PlainTextResponse("".join(f"{line}\n" for line in lines))
