"""How the process is."""

from typing import Annotated, Any, Literal

from pydantic import Field

from app.api.wire import Out


class AliveOut(Out):
    """The process answers."""

    status: Literal["ok"]


class CheckOut(Out):
    """One thing that must work."""

    ok: bool
    detail: Annotated[str | None, Field(examples=["SQLite 3.45.1"])]


class ReadyOut(Out):
    """Whether the process can serve, and how each part is."""

    ready: bool
    version: Annotated[str, Field(examples=["0.1.0"])]
    checks: Annotated[
        dict[str, CheckOut], Field(examples=[{"database": {"ok": True, "detail": None}}])
    ]
    age_seconds: Annotated[
        dict[str, float | None],
        Field(
            description="Seconds since the last signal, price, decision and commit; null for none"
            " since the start. By the platform's clock, which a simulated market may run faster.",
            examples=[{"signal": 12.5, "price": 0.4, "decision": None, "commit": 0.4}],
        ),
    ]
    engine: Annotated[
        dict[str, Any],
        Field(
            description="Tasks, feed ages and counters of the engine.",
            examples=[{"tasks": {"engine": {"state": "running", "restarts": 0}}}],
        ),
    ]
    sockets: Annotated[int, Field(description="Open WebSockets.", examples=[2])]
