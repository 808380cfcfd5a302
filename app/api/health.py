"""How the process is: alive, ready, counted."""

import ipaddress
from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from app.api import exposure
from app.api.deps import Parts, Platform
from app.api.errors import not_found
from app.api.readiness import ages, checks
from app.api.scraping import families
from app.api.shapes.health import AliveOut, ReadyOut
from app.store.size import size_of

VERSION = "0.1.0"
METRICS_TEXT = "text/plain; version=0.0.4; charset=utf-8"
router = APIRouter(tags=["health"])


@router.get("/healthz", response_model=AliveOut)
async def get_health() -> dict[str, str]:
    """Tell that the process answers."""
    return {"status": "ok"}


@router.get(
    "/readyz",
    response_model=ReadyOut,
    responses={503: {"model": ReadyOut, "description": "Something does not work."}},
)
async def get_readiness(request: Request, parts: Platform) -> Response:
    """Tell whether the process can serve, and how each part of it is: 200 or 503.

    What the engine says of hosts and tasks is for this machine, unless the settings say otherwise.
    """
    status = engine_status(parts)
    judged = await checks(parts, status)
    ready = all(check["ok"] for check in judged.values())
    body = {
        "ready": ready,
        "version": VERSION,
        "checks": judged,
        "age_seconds": ages(parts, status),
        "engine": status if _may_see(request, parts) else {},
        "sockets": parts.hub.count,
    }
    return JSONResponse(body, 200 if ready else 503)


@router.get(
    "/metrics",
    response_class=Response,
    responses={200: {"content": {"text/plain": {"example": "autotrader_sockets 2.0\n"}}}},
)
async def get_metrics(request: Request, parts: Platform) -> Response:
    """Show counters as Prometheus text, to this machine only unless the settings say otherwise."""
    if not _may_see(request, parts):
        raise not_found()
    parts.metrics.sockets.set(parts.hub.count)
    size = await size_of(parts.database, parts.settings.database_url)
    found = families(parts, engine_status(parts), size, VERSION)
    return Response(parts.metrics.text(found), media_type=METRICS_TEXT)


def _may_see(request: Request, parts: Parts) -> bool:
    return parts.settings.metrics_public or is_local(request)


def is_local(request: Request) -> bool:
    """Tell whether a request comes from this machine, and through nothing that passes it on."""
    if exposure.was_forwarded(request.scope):
        return False
    try:
        return request.client is not None and ipaddress.ip_address(request.client.host).is_loopback
    except ValueError:
        return False


def engine_status(parts: Parts) -> dict[str, Any]:
    """Ask the engine's platform how its tasks and feeds are."""
    status: dict[str, Any] = parts.platform.status()
    return status
