"""A request has an end: when the database is away, people hear that it is, and soon."""

from starlette.types import ASGIApp, Receive, Scope, Send

from app.store.patience import patient

PATIENCE_SECONDS = 5.0
"""How long a request waits for each thing that it asks the engine or the store."""


class Patient:
    """Lets what a request asks wait for some seconds only; sockets wait as long as they live."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        with patient(PATIENCE_SECONDS):
            await self._app(scope, receive, send)
