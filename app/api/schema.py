"""The OpenAPI document: every route with its errors and examples, every frame of the WebSocket.

Examples are put together from those of the fields, so that they cannot miss one.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from app.api.errors import PROBLEM_JSON, SLUGS, ProblemOut
from app.api.health import VERSION
from app.api.nouns import GIVEN, LIFTED

Json = dict[str, Any]
REFS = "#/components/schemas/"
SECURITY = "session"
INVALID = 422
DESCRIPTION = """Solana tokens, traded on signals.

A request acts for the wallet of its session: send `Authorization: Bearer <token>`, or in a browser
let the cookie do it and send `X-Requested-With: fetch` on writes. Times are ISO 8601 in UTC, SOL
and tokens are numbers, fields that end in `_percent` are in percent, a figure that does not exist
is `null`. Errors are problem details (RFC 9457). Live data comes over the WebSocket at `/ws`; its
frames are under Webhooks: `ws.client` may be sent, `ws.server` comes.
"""
AT_THE_DOOR = {
    "403": "From another machine, or without TLS, and the settings do not allow that.",
    "421": "Asked under a name that the platform does not answer to.",
}
EVERYWHERE = {
    "422": "The request does not fit: `errors` points at the fields.",
    "429": "Too many requests: `Retry-After` says when to come back.",
    "500": "Something nobody foresaw; quote the request id.",
    "503": "The database or the engine cannot answer now: `Retry-After`.",
}
SIGNED_IN = {"401": "No session, or it has ended."}
OWNED = {"404": "There is no such thing, or it is not yours: the same answer."}
WRITTEN = {
    "403": "A write with the cookie but without `X-Requested-With: fetch`, or as for reads.",
    "409": "As things stand this cannot be done, or the Idempotency-Key was used otherwise.",
    "413": "The body is too large.",
    "415": "The body is of a kind that this does not take.",
}


def document(app: FastAPI) -> Json:
    """Write the document of an application."""
    found = get_openapi(
        title="Auto Trader",
        version=VERSION,
        description=DESCRIPTION,
        routes=app.routes,
        webhooks=app.webhooks.routes,
    )
    components = found.setdefault("components", {}).setdefault("schemas", {})
    problem = ProblemOut.model_json_schema(ref_template=REFS + "{model}", mode="serialization")
    components.update(problem.pop("$defs", {}))
    components["ProblemOut"] = problem
    for unused in ("HTTPValidationError", "ValidationError"):
        components.pop(unused, None)
    found["components"]["securitySchemes"] = {
        SECURITY: {"type": "http", "scheme": "bearer", "description": "An opaque session token."}
    }
    public = app.state.public_operations
    for path, method, operation in operations(found):
        _words(operation)
        _lift(operation, components)
        _errors(path, method, operation, public=operation["operationId"] in public)
        _examples(operation, components)
    for hook in found.get("webhooks", {}).values():
        hook["post"]["responses"] = {"200": {"description": "A frame is not answered."}}
        _words(hook["post"])
    return found


def operations(found: Json) -> Iterator[tuple[str, str, Json]]:
    """Walk through every path's operations."""
    for path, methods in found["paths"].items():
        for method, operation in methods.items():
            yield path, method, operation


def _lift(operation: Json, components: Json) -> None:
    """Put the shape of a body that a route reads itself where the others are (`body_of`)."""
    for content in operation.get("requestBody", {}).get("content", {}).values():
        if not content.pop(LIFTED, False):
            continue
        schema = dict(content["schema"])
        for name, part in schema.pop("$defs", {}).items():
            components[name + GIVEN] = part
        components[schema["title"]] = schema
        content["schema"] = {"$ref": REFS + schema["title"]}


def _words(operation: Json) -> None:
    """Take a docstring's first sentence for the summary, and the rest for the description."""
    summary, _, rest = operation.pop("description", "").partition("\n\n")
    operation["summary"] = " ".join(summary.split()).removesuffix(".")
    if rest.strip():
        operation["description"] = rest.strip()


def _errors(path: str, method: str, operation: Json, *, public: bool) -> None:
    errors = AT_THE_DOOR | (EVERYWHERE if path.startswith("/api/") else {})
    if not public:
        errors |= SIGNED_IN
        operation["security"] = [{SECURITY: []}]
    if "{" in path:
        errors |= OWNED
    if method != "get":
        errors |= WRITTEN
    responses = operation["responses"]
    responses.pop(str(INVALID), None)
    for status, description in errors.items():
        responses.setdefault(status, {"description": description})
    for status, response in responses.items():
        if status >= "400" and "content" not in response:
            response["content"] = {PROBLEM_JSON: _problem(int(status))}


def _problem(status: int) -> Json:
    """Show a problem of a status."""
    told = {
        "type": f"/problems/{SLUGS[status]}",
        "title": SLUGS[status].replace("-", " ").capitalize(),
        "status": status,
        "detail": "What went wrong, in a sentence.",
    }
    if status == INVALID:
        fault = {"pointer": "/limit", "location": "query", "detail": "Input should be at least 1"}
        told["errors"] = [fault]
    return {"schema": {"$ref": f"{REFS}ProblemOut"}, "example": told}


def _examples(operation: Json, components: Mapping[str, Json]) -> None:
    for response in operation["responses"].values():
        for content in response.get("content", {}).values():
            if "example" not in content and "schema" in content:
                content["example"] = example(content["schema"], components)


def example(schema: Json, components: Mapping[str, Json], depth: int = 0) -> Any:
    """Put an example of a schema together from those of its parts."""
    if "examples" in schema:
        return schema["examples"][0]
    if "$ref" in schema:
        return example(components[schema["$ref"].removeprefix(REFS)], components, depth + 1)
    for chosen in ("const", "default"):
        if chosen in schema and schema[chosen] is not None:
            return schema[chosen]
    if "enum" in schema:
        return schema["enum"][0]
    for union in ("anyOf", "oneOf", "allOf"):
        if union in schema:
            return example(schema[union][0], components, depth + 1)
    return _by_type(schema, components, depth)


def _by_type(schema: Json, components: Mapping[str, Json], depth: int) -> Any:
    kind = schema.get("type")
    if kind == "object":
        return _object(schema, components, depth)
    if kind == "array":
        return [example(schema["items"], components, depth + 1)] if "items" in schema else []
    plain: Json = {"string": "text", "integer": 1, "number": 0.5, "boolean": False}
    return plain.get(str(kind))


def _object(schema: Json, components: Mapping[str, Json], depth: int) -> Json:
    found = {
        name: example(part, components, depth + 1)
        for name, part in schema.get("properties", {}).items()
    }
    values = schema.get("additionalProperties")
    if not found and isinstance(values, dict) and values:
        found["key"] = example(values, components, depth + 1)
    return found
