"""What goes wrong, said the same way everywhere: RFC 9457 problem details.

Each problem has a stable slug. What the store or the engine fails with is translated here and
nowhere else; what nobody foresaw is answered by `gate` with a request id and logged.
"""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Annotated, Literal, get_args

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from pydantic import Field
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from app.api.wire import Out, encode
from app.engine.live import EngineAbsentError
from app.engine.logs import current_request
from app.store.errors import NotInTimeError, StoreError, StoreUnavailableError
from app.trading.inputs import Refused

PROBLEM_JSON = "application/problem+json"
RETRY_SECONDS = 2
UNSURE = (StoreUnavailableError, NotInTimeError)
LOOK_FIRST = "What you changed may have been done; look before you change it again."
Where = Literal["body", "query", "path", "header", "cookie"]
PLACES = get_args(Where)


class FaultOut(Out):
    """One field at fault."""

    pointer: Annotated[
        str, Field(description="JSON pointer (RFC 6901) into `location`.", examples=["/portion"])
    ]
    location: Where
    detail: Annotated[str, Field(examples=["Input should be greater than 0"])]


class ProblemOut(Out):
    """What went wrong (RFC 9457)."""

    type: Annotated[str, Field(description="A stable slug.", examples=["/problems/not-found"])]
    title: Annotated[str, Field(examples=["Not found"])]
    status: Annotated[int, Field(examples=[404])]
    detail: Annotated[str, Field(examples=["There is nothing here for you."])]
    request_id: Annotated[
        str | None, Field(description="Quote it when asking for help.", examples=["9f0c2a77d1e4"])
    ] = None
    errors: Annotated[
        list[FaultOut], Field(default_factory=list, description="On 422: the fields at fault.")
    ]


class Problem(Exception):
    """A problem to answer with; `limit` names the one that was met, for the log."""

    def __init__(
        self,
        status: int,
        slug: str,
        detail: str,
        *,
        headers: Mapping[str, str] | None = None,
        errors: Sequence[FaultOut] = (),
        request_id: str | None = None,
        limit: str | None = None,
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.slug = slug
        self.detail = detail
        self.headers = dict(headers or {})
        self.errors = errors
        self.request_id = request_id
        self.limit = limit

    def body(self) -> bytes:
        """Write it as JSON."""
        fields: dict[str, object] = {
            "type": f"/problems/{self.slug}",
            "title": self.slug.replace("-", " ").capitalize(),
            "status": self.status,
            "detail": self.detail,
        }
        request_id = self.request_id or current_request()
        if request_id is not None:
            fields["request_id"] = request_id
        if self.errors:
            fields["errors"] = [fault.model_dump() for fault in self.errors]
        return encode(fields)

    def response(self) -> Response:
        """Make the answer."""
        return Response(self.body(), self.status, self.headers, PROBLEM_JSON)


def not_found() -> Problem:
    """Say that there is nothing: the same words for what does not exist and what is not yours."""
    return Problem(404, "not-found", "There is nothing here for you.")


def invalid(pointer: str, detail: str, location: Where = "body") -> Problem:
    """Say which field is at fault."""
    fault = FaultOut(pointer=pointer, location=location, detail=detail)
    return invalid_fields([fault])


def invalid_fields(faults: Sequence[FaultOut]) -> Problem:
    """Say which fields are at fault."""
    detail = "; ".join(f"{fault.pointer or fault.location}: {fault.detail}" for fault in faults[:3])
    return Problem(422, "invalid-request", detail, errors=faults)


REFUSED_STATUS = {
    "no-position": 404,
    "no-shadow": 404,
    "shadow-retired": 404,
    "unknown-token": 404,
    "invalid-settings": 422,
    "invalid-wallet": 422,
    "invalid-balance": 422,
    "internal-error": 500,
}
"""Which status an engine's refusal is; every other one is a conflict with how things stand."""


def refusal(refused: Refused) -> Problem:
    """Turn what the engine refused into a problem."""
    return Problem(REFUSED_STATUS.get(refused.slug, 409), refused.slug, refused.detail)


def pointer(parts: Sequence[int | str]) -> str:
    """Write a place in a JSON document as RFC 6901 does."""
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in parts)


def _fault(error: Mapping[str, object]) -> FaultOut:
    place = error["loc"]
    parts = list(place) if isinstance(place, tuple | list) else []
    location: Where = parts[0] if parts and parts[0] in PLACES else "body"
    return FaultOut(
        pointer=pointer(parts[1:]),
        location=location,
        detail=str(error["msg"]).removeprefix("Value error, "),
    )


SLUGS = {
    400: "bad-request",
    401: "not-signed-in",
    403: "forbidden",
    404: "not-found",
    405: "method-not-allowed",
    409: "conflict",
    413: "body-too-large",
    415: "unsupported-media-type",
    421: "unknown-host",
    422: "invalid-request",
    429: "too-many-requests",
    500: "internal-error",
    503: "unavailable",
}


async def _problem(request: Request, error: Exception) -> Response:
    if not isinstance(error, Problem):
        return await _http(request, error)
    request.app.state.refusals.problem(error)
    return error.response()


async def _http(_: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    if status == HTTPStatus.NOT_FOUND:
        return not_found().response()
    slug = SLUGS.get(status, HTTPStatus(status).phrase.lower().replace(" ", "-"))
    headers = error.headers if isinstance(error, HTTPException) else None
    return Problem(status, slug, HTTPStatus(status).phrase, headers=headers).response()


async def _invalid(_: Request, error: Exception) -> Response:
    errors = error.errors() if isinstance(error, RequestValidationError) else []
    return invalid_fields([_fault(one) for one in errors[:20]]).response()


async def _store(_: Request, error: Exception) -> Response:
    headers = {"Retry-After": str(RETRY_SECONDS)}
    detail = "The database cannot answer now; try again soon. " + (
        LOOK_FIRST if isinstance(error, UNSURE) else "Nothing was changed."
    )
    return Problem(503, "store-unavailable", detail, headers=headers).response()


async def _absent(_: Request, error: Exception) -> Response:
    headers = {"Retry-After": str(RETRY_SECONDS)}
    return Problem(503, "engine-absent", str(error), headers=headers).response()


def handle(app: FastAPI) -> None:
    """Answer every failure with a problem."""
    app.add_exception_handler(Problem, _problem)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(StoreError, _store)
    app.add_exception_handler(EngineAbsentError, _absent)
