"""What every route promises: it is described, typed, has examples, and names its errors."""

import importlib
import json
import pkgutil
from typing import Any

import pytest
from fastapi import APIRouter
from pydantic import TypeAdapter

from app.api import openapi_json, routes
from app.api.frames import ClientFrame, ServerFrame
from app.api.schema import operations
from tests.openapi import document

DOCUMENT = document()
OPERATIONS = {f"{method} {path}": operation for path, method, operation in operations(DOCUMENT)}
CONTRACT = {
    "post /api/register",
    "post /api/auth/challenge",
    "post /api/auth/login",
    "post /api/auth/refresh",
    "post /api/auth/logout",
    "get /api/user/{wallet}",
    "get /api/trades/{wallet}",
    "get /api/trades/{wallet}/{trade_id}",
    "post /api/trades/{wallet}/{trade_id}/what-if",
    "post /api/what-if/{wallet}",
    "get /api/analytics/overall/{wallet}",
    "get /api/analytics/per-token/{wallet}",
    "get /api/analytics/per-source/{wallet}",
    "get /api/analytics/per-strategy/{wallet}",
    "get /api/analytics/per-exit-reason/{wallet}",
    "get /api/analytics/calendar/{wallet}",
    "get /api/analytics/per-hour/{wallet}",
    "get /api/analytics/per-weekday/{wallet}",
    "get /api/analytics/per-day/{wallet}",
    "get /api/analytics/excursions/{wallet}",
    "get /api/analytics/definitions",
    "get /api/analytics/skipped/{wallet}",
    "get /api/analytics/skipped/{wallet}/summary",
    "get /api/signals/counts",
    "get /api/signals/funnel/{wallet}",
    "get /api/signals/scorecards",
    "get /api/positions/{wallet}",
    "get /api/portfolio/history/{wallet}",
    "get /api/export/{wallet}/{name}",
    "post /api/positions/{wallet}/{token}/close",
    "put /api/positions/{wallet}/{trade_id}/plan",
    "post /api/positions/{wallet}/{trade_id}/plan/preview",
    "post /api/wallets/{wallet}/pause",
    "post /api/wallets/{wallet}/resume",
    "get /api/wallets/{wallet}/reset",
    "post /api/wallets/{wallet}/reset",
    "get /api/settings/{wallet}",
    "put /api/settings/{wallet}",
    "get /api/settings/{wallet}/{symbol}",
    "put /api/settings/{wallet}/{symbol}",
    "delete /api/settings/{wallet}/{symbol}",
    "post /api/settings/{wallet}/{symbol}/preview",
    "get /api/shadows/{wallet}",
    "post /api/shadows/{wallet}",
    "get /api/shadows/{wallet}/compare",
    "get /api/shadows/{wallet}/{number}",
    "put /api/shadows/{wallet}/{number}",
    "delete /api/shadows/{wallet}/{number}",
    "post /api/shadows/{wallet}/{number}/adopt",
    "get /api/notifications/{wallet}",
    "post /api/notifications/{wallet}",
    "put /api/notifications/{wallet}/{number}",
    "delete /api/notifications/{wallet}/{number}",
    "post /api/notifications/{wallet}/{number}/test",
    "get /api/notifications/{wallet}/log",
    "get /api/strategies",
    "get /api/signals",
    "get /api/signals/{signal_id}",
    "get /api/decisions/{wallet}",
    "get /api/watches/{wallet}",
    "get /api/events/{wallet}",
    "get /api/market/tokens",
    "get /api/market/candles/{token}",
    "get /api/market/index",
    "get /api/lines/{wallet}/{token}",
    "get /api/history",
    "get /api/history/{token}/{timeframe}",
    "post /api/history/{token}/{timeframe}",
    "delete /api/history/{token}/{timeframe}",
    "post /api/backtests",
    "get /api/backtests/{run_id}",
    "delete /api/backtests/{run_id}",
    "post /api/sweeps",
    "get /api/sweeps/{run_id}",
    "get /healthz",
    "get /readyz",
    "get /metrics",
}
PROBLEM = {"$ref": "#/components/schemas/ProblemOut"}


def test_the_contract_is_served() -> None:
    assert not CONTRACT - OPERATIONS.keys()


@pytest.mark.parametrize("place", OPERATIONS)
def test_a_route_is_described(place: str) -> None:
    operation = OPERATIONS[place]
    assert 10 <= len(operation["summary"]) <= 100
    assert not operation["summary"].endswith(".")
    assert operation["operationId"].islower()
    for parameter in operation.get("parameters", ()):
        named = parameter["name"] in {"limit", "cursor", "from", "to", "wallet"}
        assert parameter.get("description") or not named, parameter


@pytest.mark.parametrize("place", OPERATIONS)
def test_a_route_says_what_it_answers(place: str) -> None:
    operation = OPERATIONS[place]
    good = {status: one for status, one in operation["responses"].items() if status < "300"}
    assert len(good) == 1
    (status,) = good
    if status == "204":
        return
    for content in good[status]["content"].values():
        assert content.get("schema") or content.get("example")
        if "schema" in content and "example" in content:
            check(content["example"], content["schema"])


@pytest.mark.parametrize("place", OPERATIONS)
def test_a_route_names_its_errors(place: str) -> None:
    operation = OPERATIONS[place]
    responses = operation["responses"]
    wanted = {"422", "429", "500", "503"} if "/api/" in place else set()
    wanted |= {"401"} if "security" in operation else set()
    wanted |= {"404"} if "{" in place else set()
    assert wanted <= responses.keys()
    for status in responses.keys() & {"401", "403", "404", "409", "413", "422", "429", "500"}:
        content = responses[status]["content"]["application/problem+json"]
        assert content["schema"] == PROBLEM
        assert content["example"]["status"] == int(status)
    assert "HTTPValidationError" not in json.dumps(DOCUMENT)


def check(value: Any, schema: dict[str, Any]) -> None:
    """Check that an example has the fields that its schema asks for."""
    while "$ref" in schema:
        schema = DOCUMENT["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    if schema.get("type") == "object" and "properties" in schema:
        assert set(schema.get("required", ())) <= value.keys() <= schema["properties"].keys()
        for name, part in schema["properties"].items():
            if name in value:
                check(value[name], part)
    elif schema.get("type") == "array" and "items" in schema:
        assert value, "an example of a list has an item"
        for one in value:
            check(one, schema["items"])


def test_names_are_unique() -> None:
    names = [operation["operationId"] for operation in OPERATIONS.values()]
    assert sorted(set(names)) == sorted(names)


@pytest.mark.parametrize("name", [one.name for one in pkgutil.iter_modules(routes.__path__)])
def test_a_route_file_serves_its_noun(name: str) -> None:
    module = importlib.import_module(f"{routes.__name__}.{name}")
    assert isinstance(module.router, APIRouter)
    assert (module.__doc__ or "").strip().endswith(".")
    noun = name.replace("_", "-")
    places = [place for place in OPERATIONS if place.split("/")[1:3] == ["api", noun]]
    assert places
    assert all(OPERATIONS[place]["tags"] == [noun] for place in places)


def test_a_new_file_is_guarded_unless_it_says_otherwise() -> None:
    public = {
        one.name
        for one in pkgutil.iter_modules(routes.__path__)
        if getattr(importlib.import_module(f"{routes.__name__}.{one.name}"), "PUBLIC", False)
    }
    assert public == {"auth", "market", "register", "signals"}


def test_the_frames_are_published() -> None:
    for name, model in (("ws.server", ServerFrame), ("ws.client", ClientFrame)):
        body = DOCUMENT["webhooks"][name]["post"]["requestBody"]
        reference = body["content"]["application/json"]["schema"]["$ref"]
        assert reference.endswith(model.__name__)
        union = DOCUMENT["components"]["schemas"][model.__name__]
        mapping = union["discriminator"]["mapping"]
        assert mapping.keys() >= {"PING", "PONG"}
    client = TypeAdapter(ClientFrame)
    assert client.validate_python({"type": "PING"}).root.type == "PING"
    assert DOCUMENT["components"]["schemas"]["ServerFrame"]["discriminator"]["mapping"].keys() == {
        "AUTH_SUCCESS",
        "TRADE_SUMMARY_UPDATE",
        "NEW_TRADE_STARTING",
        "UPDATE",
        "EVENT",
        "RESET",
        "ERROR",
        "PING",
        "PONG",
    }


def test_every_route_tells_what_is_refused_at_the_door() -> None:
    told = [set(operation["responses"]) for _, _, operation in operations(DOCUMENT)]
    assert all({"403", "421"} <= statuses for statuses in told)


def test_the_document_is_the_same_each_time() -> None:
    assert json.loads(openapi_json()) == DOCUMENT
