"""What the routes of backtests and sweeps have in common."""

import asyncio
from typing import Annotated, Any

import msgspec
from fastapi import Query
from starlette.requests import Request
from starlette.responses import Response

from app.api import cursors, runlines
from app.api.bodies import LARGE_BODY
from app.api.deps import Parts
from app.api.errors import Problem, not_found
from app.api.once import once
from app.api.rates import RUNS
from app.api.requested import body_of, digest_of
from app.api.sessions import Session
from app.api.wire import encode
from app.research.report_about import About
from app.research.report_parts import POLICY
from app.research.runs import Asked, TooManyRuns, TooMuchKept
from app.store.runs import Kind, RunLine, find_run, list_runs, read_parts

RETRY_SECONDS = 5
HTML = "text/html; charset=utf-8"
REPORT: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The file.",
        "content": {"text/html": {"example": "<!doctype html><html lang=en>…</html>"}},
    }
}
RunName = Annotated[
    str | None,
    Query(min_length=1, max_length=100, description="What you call it.", examples=["wider stop"]),
]


async def create(
    request: Request,
    parts: Parts,
    me: Session,
    kind: Kind,
    *,
    name: str | None,
    key: str | None,
) -> Response:
    """Judge a request and put it into the queue, once per Idempotency-Key."""
    await parts.rates.hit(request.scope, RUNS, me.wallet_address)
    body = await body_of(request, LARGE_BODY)

    async def work() -> bytes:
        settings = await parts.checks.settings_of(kind, body, me.wallet_address)
        asked = Asked(kind, name, body, settings)
        try:
            number = await parts.runs.submit(me.wallet_id, asked)
        except TooManyRuns as many:
            headers = {"Retry-After": str(RETRY_SECONDS)}
            raise Problem(429, "too-many-runs", str(many), headers=headers) from None
        except TooMuchKept as much:
            raise Problem(409, "too-much-kept", str(much)) from None
        return encode({"id": number})

    digest = await digest_of(request, body, name)
    response = await once(parts, me.wallet_id, key, digest, work, status=202)
    number = msgspec.json.decode(response.body)["id"]
    response.headers["Location"] = f"{request.url.path}/{number}"
    return response


async def line_of(parts: Parts, me: Session, kind: Kind, run_id: int) -> RunLine:
    """Load a wallet's run. Raises a 404 problem."""
    line = await find_run(parts.database, me.wallet_id, kind, run_id)
    if line is None:
        raise not_found()
    return line


async def result_of(parts: Parts, line: RunLine) -> bytes:
    """Load the packed result of a run. Raises a 409 problem when it is not finished."""
    packed = b""
    if line.status == "finished":
        packed = await read_parts(parts.database, line.id, "result")
    if not packed:
        raise Problem(409, "not-finished", f"This run is {line.status}.")
    return packed


def head_of(parts: Parts, line: RunLine) -> dict[str, Any]:
    """Write how a run stands; what is computed here is known to the moment."""
    progress = parts.runs.progress_of(line.id) if line.status == "running" else None
    return runlines.head(line, progress)


async def page_of(
    parts: Parts, me: Session, kind: Kind, limit: int, cursor: str | None
) -> dict[str, object]:
    """List a wallet's runs."""
    before = cursors.read(cursor, tuple[int, int])
    lines = await list_runs(parts.database, me.wallet_id, kind, before, limit)
    last = lines[-1] if len(lines) == limit else None
    place = None if last is None else cursors.write((last.created_at, last.id))
    items = await asyncio.to_thread(lambda: [head_of(parts, line) for line in lines])
    return {"items": items, "next_cursor": place}


async def cancel(parts: Parts, me: Session, kind: Kind, run_id: int) -> dict[str, Any]:
    """Cancel a run. Raises a 409 problem when it had ended."""
    line = await line_of(parts, me, kind, run_id)
    if not await parts.runs.cancel(me.wallet_id, run_id):
        line = await line_of(parts, me, kind, run_id)
        raise Problem(409, "already-ended", f"This run is {line.status}.")
    return head_of(parts, await line_of(parts, me, kind, run_id))


async def delete(parts: Parts, me: Session, kind: Kind, run_id: int) -> None:
    """Remove a run."""
    await line_of(parts, me, kind, run_id)
    await parts.runs.delete(me.wallet_id, run_id)


def about(line: RunLine) -> About:
    """Say of a run what its report says besides the result."""
    return About(
        name=line.name,
        settings=msgspec.json.decode(line.settings),
        code_version=line.code_version,
        code_digest=line.code_digest,
        data_hash=line.data_hash,
        finished_at=line.finished_at,
    )


def report(text: str, line: RunLine) -> Response:
    """Hand a report over as a file; shown by a browser it may do nothing at all."""
    headers = {
        "Content-Disposition": f'attachment; filename="{line.kind}-{line.id}.html"',
        "Content-Security-Policy": f"sandbox; {POLICY}",
    }
    return Response(text, media_type=HTML, headers=headers)
