"""Puts the API on an application: routes found by file, the WebSocket, errors, docs, dashboard."""

import importlib
import pkgutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache
from types import ModuleType

import msgspec
from fastapi import APIRouter, Depends, FastAPI
from fastapi.routing import APIRoute

from app.api import docs, errors, health, live, mishaps, routes, schema, wellknown
from app.api.dashboard import Dashboard, NoRoute
from app.api.decimals import Decimals
from app.api.deps import guard
from app.api.following import Following
from app.api.frames import ClientFrame, ServerFrame
from app.api.gate import Gate
from app.api.hub import Hub
from app.api.metrics import Metrics
from app.api.nouns import Noun
from app.api.patient import Patient
from app.api.rates import Rates
from app.api.refusals import Refusals
from app.api.requested import Checks
from app.api.sessions import Sessions
from app.api.starting import Starting
from app.api.tradetexts import TradeTexts
from app.api.transports import Noting
from app.api.whatifs import what_if
from app.config import Settings

PREFIX = "/api"


def install(app: FastAPI, rates: Rates | None = None) -> None:
    """Wire everything that serves people; `running` starts what needs the store."""
    app.state.rates = rates or Rates()
    app.state.metrics = Metrics()
    app.state.refusals = Refusals()
    app.state.public_operations = set()
    app.state.allowed_bodies = {}
    app.router.redirect_slashes = False
    for name, module in _route_modules():
        _include(app, name, module)
    app.include_router(health.router, generate_unique_id_function=_name)
    app.include_router(docs.router)
    app.include_router(wellknown.router)
    app.router.routes.append(live.route)
    app.state.public_operations |= {"get_health", "get_readiness", "get_metrics"}
    _publish_frames(app.webhooks)
    errors.handle(app)
    app.router.default = NoRoute(Dashboard(), app.router.default)
    app.add_middleware(Starting)
    app.add_middleware(Patient)
    app.add_middleware(
        Gate,
        rates=app.state.rates,
        metrics=app.state.metrics,
        allowed=app.state.allowed_bodies,
    )
    settings: Settings | None = getattr(app.state, "settings", None)
    app.add_middleware(Following, requests=settings.log_requests if settings else "off")
    app.add_middleware(Noting)
    text = cache(lambda: msgspec.json.encode(schema.document(app)))
    app.state.openapi_text = text


@asynccontextmanager
async def running(app: FastAPI) -> AsyncIterator[None]:
    """Serve people for as long as the platform runs; its sockets close with it."""
    state = app.state
    await state.rates.counters.open(state.settings.redis_url)
    state.sessions = Sessions(state.database, state.journal, state.clock)
    state.decimals = Decimals(state.database)
    state.trade_texts = TradeTexts()
    state.what_if = what_if(state)
    state.checks = Checks(state.settings.data_dir, state.strategies)
    state.hub = Hub(state)
    state.sessions.on_end(state.hub.end_session)
    try:
        with mishaps.understood():
            yield
    finally:
        await state.hub.close()
        await state.checks.stop()
        await state.rates.counters.close()


def openapi_json() -> str:
    """Write the schema without starting anything."""
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    install(app)
    found = schema.document(app)
    return msgspec.json.format(msgspec.json.encode(found), indent=2).decode() + "\n"


def _route_modules() -> list[tuple[str, ModuleType]]:
    names = sorted(one.name for one in pkgutil.iter_modules(routes.__path__))
    modules = (importlib.import_module(f"{routes.__name__}.{name}") for name in names)
    return [(name.replace("_", "-"), module) for name, module in zip(names, modules, strict=True)]


def _include(app: FastAPI, name: str, module: ModuleType) -> None:
    router: Noun = module.router
    router.place = f"{PREFIX}/{name}"
    if hasattr(router.route_class, "allowed"):
        app.state.allowed_bodies[name] = router.route_class.allowed
    public = getattr(module, "PUBLIC", False)
    app.include_router(
        router,
        prefix=router.place,
        tags=[name],
        dependencies=[] if public else [Depends(guard)],
        generate_unique_id_function=_name,
    )
    if public:
        app.state.public_operations |= {
            route.endpoint.__name__
            for route in router.routes
            if isinstance(route, APIRoute) and not _asks(route)
        }


def _name(route: APIRoute) -> str:
    return route.name


def _asks(route: APIRoute) -> bool:
    """Tell whether a route of a public file asks for a session itself."""
    return any(one.call is guard for one in route.dependant.dependencies)


def _publish_frames(webhooks: APIRouter) -> None:
    """Describe the WebSocket's frames, so that generated clients know their types."""

    @webhooks.post("ws.server")
    async def server_frames(frame: ServerFrame) -> None:  # pragma: no cover
        """Frames that the platform sends over /ws."""
        del frame

    @webhooks.post("ws.client")
    async def client_frames(frame: ClientFrame) -> None:  # pragma: no cover
        """Frames that a client may send over /ws."""
        del frame
