"""Who may do what: a new route fails here until it is classified; tests/security asks them all."""

import asyncio
import json
from collections.abc import Mapping
from typing import Any

import httpx
import pytest

from tests.api.stage import Stage

EVERYBODY = {
    ("get", "/healthz"),
    ("get", "/readyz"),
    ("get", "/metrics"),
    ("post", "/api/register"),
    ("post", "/api/auth/challenge"),
    ("post", "/api/auth/login"),
    ("get", "/api/market/tokens"),
    ("get", "/api/market/index"),
    ("get", "/api/market/candles/{token}"),
    ("get", "/api/signals"),
    ("get", "/api/signals/counts"),
    ("get", "/api/signals/scorecards"),
    ("get", "/api/signals/{signal_id}"),
}
"""What the contract lets anybody do."""

SESSION = {
    ("get", "/api/strategies"),
    ("get", "/api/status"),
    ("get", "/api/status/pulse"),
    ("get", "/api/history"),
    ("get", "/api/history/{token}/{timeframe}"),
    ("post", "/api/history/{token}/{timeframe}"),
    ("delete", "/api/history/{token}/{timeframe}"),
    ("get", "/api/analytics/definitions"),
    *(
        (method, f"/api/{noun}{place}")
        for noun in ("backtests", "sweeps")
        for method, place in (
            ("post", ""),
            ("get", ""),
            ("get", "/{run_id}"),
            ("get", "/{run_id}/report.html"),
            ("delete", "/{run_id}"),
            ("post", "/{run_id}/cancel"),
            ("post", "/{run_id}/adopt"),
        )
    ),
    ("get", "/api/backtests/compare"),
    ("get", "/api/backtests/{run_id}/trades.{kind}"),
    ("get", "/api/sweeps/{run_id}/sets.{kind}"),
    ("get", "/api/auth/sessions"),
    ("delete", "/api/auth/sessions/{session_id}"),
    ("post", "/api/auth/refresh"),
    ("post", "/api/auth/logout"),
}
"""What needs a session and concerns no wallet in the path."""

VALUES = {
    "token": "So11111111111111111111111111111111111111112",
    "signal_id": "999999",
    "session_id": "999999",
    "trade_id": "999999",
    "run_id": "999999",
    "number": "999999",
    "symbol": "BONK",
    "name": "trades.csv",
    "timeframe": "1m",
    "kind": "csv",
}
RUN = {"candles": {"source": "inline", "rows": [[60 * n, 1, 1, 1, 1, 1] for n in range(90)]}}
BODIES: Mapping[str, Any] = {
    "/api/backtests": RUN,
    "/api/sweeps": RUN,
    "/api/settings/{wallet}": {},
    "/api/settings/{wallet}/{symbol}": {},
    "/api/settings/{wallet}/{symbol}/preview": {},
    "/api/positions/{wallet}/{token}/close": {"portion": 1},
    "/api/positions/{wallet}/{trade_id}/plan": {"exit": {}},
    "/api/positions/{wallet}/{trade_id}/plan/preview": {"exit": {}},
    "/api/trades/{wallet}/{trade_id}/what-if": {"plan": {}},
    "/api/what-if/{wallet}": {"plan": {}},
    "/api/shadows/{wallet}": {"name": "one", "settings": {}},
    "/api/shadows/{wallet}/{number}": {"name": "one"},
    "/api/wallets/{wallet}/reset": {},
    "/api/notifications/{wallet}": {"name": "one", "address": "ntfy://x", "kinds": []},
    "/api/notifications/{wallet}/{number}": {"name": "one", "kinds": []},
}
QUERIES = {"/api/backtests/compare": "?ids=999999"}
FILES = {"/api/history/{token}/{timeframe}": b"1710592200,1,1,1,1,1\n"}


def operations(stage: Stage) -> list[tuple[str, str]]:
    document = json.loads(stage.app.state.openapi_text())
    return [(method, path) for path, methods in document["paths"].items() for method in methods]


async def ask(
    stage: Stage, method: str, path: str, wallet: str, headers: Mapping[str, str | bytes]
) -> httpx.Response:
    url = path.format(**VALUES, wallet=wallet) + QUERIES.get(path, "")
    sent: dict[str, Any] = {"headers": dict(headers)}
    if method == "post" and path in FILES:
        sent["headers"]["content-type"] = "text/csv"
        sent["content"] = FILES[path]
    elif method in {"post", "put"}:
        sent["json"] = BODIES.get(path)
    return await stage.client.request(method, url, **sent)


async def test_no_wallet_route_reaches_a_shadow(stage: Stage) -> None:
    """A shadow's address is nobody's: not its owner's, not its own even with a session made up."""
    owner, other = await stage.register(), await stage.register()
    url = f"/api/shadows/{owner.wallet}"
    body = {"name": "one", "settings": {}}
    made = (
        (await stage.client.post(url, json=body, headers=owner.headers)).raise_for_status().json()
    )
    shadow, number = made["wallet_address"], (await stage.live.settled()).wallet_id
    sessions = stage.app.state.sessions
    forged, _ = await sessions.open(number(shadow), shadow, "forger")
    sessions._known.clear()
    for method, path in operations(stage):
        if "{wallet}" not in path:
            continue
        place = f"{method} {path}"
        for person in (owner, other):
            answer = await ask(stage, method, path, shadow, person.headers)
            absent = await ask(stage, method, path, "1" * 32, person.headers)
            assert answer.status_code == absent.status_code == 404, place
            assert answer.content == absent.content, place
        for headers in ({}, {"Authorization": f"Bearer {forged}"}):
            assert (await ask(stage, method, path, shadow, headers)).status_code == 401, place


async def test_every_other_route_is_classified(stage: Stage) -> None:
    for method, path in operations(stage):
        if "{wallet}" in path:
            continue
        assert (method, path) in EVERYBODY | SESSION, f"who may {method} {path}?"
        person = await stage.register()
        nobody = await ask(stage, method, path, "", {})
        if (method, path) in SESSION:
            assert nobody.status_code == 401, path
            signed = await ask(stage, method, path, "", person.headers)
            assert signed.status_code in {200, 202, 204, 404}, path
        else:
            ready = {503} if path == "/readyz" else set()
            assert nobody.status_code in {200, 201, 404, 422} | ready, path


async def test_the_document_says_who_needs_a_session(stage: Stage) -> None:
    document = json.loads(stage.app.state.openapi_text())
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            public = (method, path) in EVERYBODY
            assert ("security" not in operation) == public, path
            assert public or "401" in operation["responses"], path


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "http://127.0.0.1.evil.example"])
async def test_a_foreign_page_gets_no_permission(stage: Stage, origin: str) -> None:
    response = await stage.client.options(
        "/api/register", headers={"Origin": origin, "Access-Control-Request-Method": "POST"}
    )
    assert "access-control-allow-origin" not in response.headers
    assert response.status_code == 405


async def test_metrics_answer_this_machine_only(stage: Stage) -> None:
    assert "http_requests_total" in (await stage.client.get("/metrics")).text
    transport = httpx.ASGITransport(app=stage.app, client=("203.0.113.7", 1234))
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as outside:
        assert (await outside.get("/metrics")).status_code == 404


async def test_two_people_at_once_see_their_own(stage: Stage) -> None:
    people = [await stage.register() for _ in range(5)]
    answers = await asyncio.gather(*(stage.get(one, "/api/user/{}") for one in people * 5))
    assert [one["wallet_address"] for one in answers] == [one.wallet for one in people * 5]
