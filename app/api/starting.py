"""A start that fails for a reason that somebody can mend is told in one line, without a trace."""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.store.errors import StoreDamagedError, StoreError

FAILED = "lifespan.startup.failed"
RESTORE = (
    "Stop every process that uses it, keep a copy of the file, and bring back a backup: "
    "python -m app restore FILE --force"
)


def told(error: Exception) -> str:
    """Say in one line why the platform did not start, and what helps."""
    text = " ".join(str(error).split())
    if isinstance(error, StoreDamagedError):
        return f"The platform did not start, the database is damaged: {text}. {RESTORE}"
    if isinstance(error, StoreError):
        return f"The platform did not start, the database cannot be used: {text}"
    return f"The platform did not start: {text}"


class Starting:
    """Gives the server `app.state.not_started` to say in place of a trace."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass everything on; the one message that says why nothing started is replaced."""
        if scope["type"] != "lifespan":
            await self._app(scope, receive, send)
            return

        async def plain(message: Message) -> None:
            reason = getattr(scope["app"].state, "not_started", None)
            if message["type"] == FAILED and reason is not None:
                message = {"type": FAILED, "message": reason}
            await send(message)

        await self._app(scope, receive, plain)
