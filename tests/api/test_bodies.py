"""What comes in: strict, bounded, and never a 500."""

import json
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.api import bodies
from app.engine.live import EngineAbsentError
from app.store.errors import StoreBusyError
from tests.api.stage import Person, Stage, closed, running

JSON = {"Content-Type": "application/json"}
BAD = {
    "NaN": b'{"portion": NaN}',
    "Infinity": b'{"portion": Infinity}',
    "-Infinity": b'{"portion": -Infinity}',
    "1e400": b'{"portion": 1e400}',
    "beyond 64 bits": b'{"portion": 9223372036854775808}',
    "5,000 digits": b'{"portion": ' + b"9" * 5_000 + b"}",
    "a lone surrogate": b'{"strategy": "\\ud800"}',
    "a lone surrogate as a name": b'{"\\udfff": 1}',
    "NUL": b'{"strategy": "a\\u0000b"}',
    "a name twice": b'{"portion": 1, "portion": 0.5}',
    "deep lists": b"[" * 30_000 + b"]" * 30_000,
    "deep objects": b'{"a":' * 5_000 + b"1" + b"}" * 5_000,
    "17 levels": b"[" * 17 + b"]" * 17,
    "half": b'{"portion": 1',
    "no JSON": b"portion=1",
    "no UTF-8": b'{"strategy": "\xff\xfe"}',
    "UTF-16": '{"portion": 1}'.encode("utf-16"),
    "a byte order mark": b"\xef\xbb\xbf{}",
    "an unknown field": b'{"portion": 1, "wallet": "x"}',
    "a text": b'{"portion": "much"}',
    "a list": b"[1]",
    "a number": b"7",
    "too much": b'{"portion": 1.5}',
    "nothing to sell": b'{"portion": 0}',
    "less than nothing": b'{"portion": -1}',
}


async def close(stage: Stage, person: Person, body: bytes, **headers: str) -> httpx.Response:
    url = f"/api/positions/{person.wallet}/abc/close"
    return await stage.client.post(url, content=body, headers={**person.headers, **JSON, **headers})


@pytest.mark.parametrize("name", BAD)
async def test_a_bad_body_is_a_422_that_says_so(stage: Stage, person: Person, name: str) -> None:
    response = await close(stage, person, BAD[name])
    assert response.status_code == 422, response.text
    assert response.headers["content-type"] == "application/problem+json"
    problem = response.json()
    assert problem["type"] == "/problems/invalid-request"
    assert problem["errors"], problem
    assert all(set(fault) == {"pointer", "location", "detail"} for fault in problem["errors"])


async def test_a_fault_is_pointed_at(stage: Stage, person: Person) -> None:
    problem = (await close(stage, person, b'{"portion": 2}')).json()
    assert problem["errors"][0]["pointer"] == "/portion"
    assert problem["errors"][0]["location"] == "body"
    url = f"/api/trades/{person.wallet}?limit=501&from=yesterday"
    problem = (await stage.client.get(url, headers=person.headers)).json()
    assert [(one["location"], one["pointer"]) for one in problem["errors"]] == [
        ("query", "/from"),
        ("query", "/limit"),
    ]


@pytest.mark.parametrize("size", [65 * 1024, 1_000_000])
async def test_a_large_body_is_refused(stage: Stage, person: Person, size: int) -> None:
    async def in_parts() -> Any:
        for _ in range(size // 1024):
            yield b" " * 1024

    announced = await close(stage, person, b" " * size)
    assert announced.status_code == 413
    url = f"/api/positions/{person.wallet}/abc/close"
    told_nothing = await stage.client.post(
        url, content=in_parts(), headers={**person.headers, **JSON}
    )
    assert told_nothing.status_code == 413
    assert told_nothing.json()["type"] == "/problems/body-too-large"


async def test_64_kib_are_read(stage: Stage, person: Person) -> None:
    body = b'{"portion": 1}'.ljust(64 * 1024)
    assert (await close(stage, person, body)).status_code == 404


async def test_only_json_is_read(stage: Stage, person: Person) -> None:
    response = await close(stage, person, b"portion=1", **{"Content-Type": "text/plain"})
    assert response.status_code == 415
    assert response.json()["type"] == "/problems/unsupported-media-type"


@pytest.mark.parametrize(
    ("method", "path", "status", "slug"),
    [
        ("GET", "/api/nope", 404, "not-found"),
        ("GET", "/api/user", 404, "not-found"),
        ("POST", "/api/nope", 404, "not-found"),
        ("GET", "/api/trades/x/y/z", 404, "not-found"),
        ("DELETE", "/api/register", 405, "method-not-allowed"),
        ("GET", "/api/register", 405, "method-not-allowed"),
        ("GET", "/api/signals/0", 422, "invalid-request"),
        ("GET", "/api/signals/9223372036854775808", 422, "invalid-request"),
        ("GET", "/api/signals/1e3", 422, "invalid-request"),
        ("GET", "/api/signals?cursor=nonsense", 422, "invalid-request"),
        ("GET", "/api/signals?cursor=WzEsMl0%2B", 422, "invalid-request"),
        ("GET", "/api/signals?cursor=WzE4NDQ2NzQ0MDczNzA5NTUxNjE1LDFd", 422, "invalid-request"),
        ("GET", "/api/signals?limit=NaN", 422, "invalid-request"),
        ("GET", "/api/signals?from=2026-11-21", 422, "invalid-request"),
        ("GET", "/api/market/candles/%00", 404, "not-found"),
        ("GET", "/api/market/candles/x%ED%A0%80", 404, "not-found"),
        ("GET", "/api/signals?token_address=%ED%A0%80", 200, None),
    ],
)
async def test_every_failure_is_a_problem(
    stage: Stage, method: str, path: str, status: int, slug: str | None
) -> None:
    headers = {"Accept": "text/html,application/xhtml+xml"}
    response = await stage.client.request(method, path, headers=headers)
    assert response.status_code == status, response.text
    if slug is not None:
        assert response.headers["content-type"] == "application/problem+json"
        assert response.json()["type"] == f"/problems/{slug}"
        assert response.json()["status"] == status
    if status == 405:
        assert response.headers["allow"]


async def test_what_nobody_foresaw_has_an_id_and_no_detail(
    stage: Stage, person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken() -> None:
        raise ZeroDivisionError("a secret")

    monkeypatch.setattr(stage.live, "settled", broken)
    response = await stage.client.get(f"/api/user/{person.wallet}", headers=person.headers)
    assert response.status_code == 500
    problem = response.json()
    assert problem["request_id"] == response.headers["x-request-id"]
    assert "secret" not in response.text
    assert response.headers["x-content-type-options"] == "nosniff"


async def test_a_database_that_cannot_answer_is_a_503(stage: Stage, person: Person) -> None:
    database = stage.app.state.database
    stage.app.state.database = Failing()
    try:
        response = await stage.client.get(f"/api/trades/{person.wallet}", headers=person.headers)
    finally:
        stage.app.state.database = database
    assert response.status_code == 503
    assert response.headers["retry-after"]
    assert response.json()["type"] == "/problems/store-unavailable"


class Failing:
    """A database that is busy."""

    async def rows(self, *_: Any, **__: Any) -> None:
        raise StoreBusyError("locked")

    one = rows


async def test_without_an_engine_what_needs_one_is_a_503(
    stage: Stage, person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def absent() -> None:
        raise EngineAbsentError("the engine runs elsewhere")

    monkeypatch.setattr(stage.live, "settled", absent)
    path = f"/api/user/{person.wallet}"
    response = await stage.client.get(path, headers=person.headers)
    assert response.status_code == 503
    assert response.json()["type"] == "/problems/engine-absent"
    assert response.json()["detail"] == "the engine runs elsewhere"
    assert response.headers["retry-after"]
    trades = await stage.client.get(f"/api/trades/{person.wallet}", headers=person.headers)
    assert trades.status_code == 200
    assert (await stage.client.get("/api/market/tokens")).status_code == 200
    async with stage.signed_in(person) as socket:
        assert (await closed(socket))[0] == 1013


async def test_a_process_without_an_engine_says_so(tmp_path: Path) -> None:
    async with running(tmp_path, engine=False) as stage:
        refused = await stage.client.post("/api/register")
        assert refused.status_code == 503
        assert refused.json()["type"] == "/problems/engine-absent"
        ready = await stage.client.get("/readyz")
        assert ready.status_code == 200
        assert ready.json()["checks"]["engine"]["ok"]
        assert (await stage.client.get("/api/signals")).json() == {"items": [], "next_cursor": None}


def fault_of(text: str) -> str | None:
    try:
        bodies.read(text)
    except ValueError as fault:
        return str(fault)
    return None


@given(st.text())
def test_no_text_breaks_the_reader(text: str) -> None:
    assert fault_of(text) != ""


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.text("abcé"),
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text("ab"), inner),
        max_leaves=10,
    )
)
def test_what_is_good_is_read_as_it_is(value: Any) -> None:
    text = json.dumps(value)
    fault = fault_of(text)
    if fault is None:
        assert bodies.read(text) == value
    else:
        assert "nested deeper" in fault
