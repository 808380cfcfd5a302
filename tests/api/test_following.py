"""Each request can be followed: one id in the answer, in every problem, on every line."""

import re
from pathlib import Path

import httpx
import pytest

from tests.api.stage import Stage, running
from tests.logs import heard

GIVEN = "4bf92f3577b34da6-a3ce929d0e0e4736"


@pytest.mark.parametrize("given", ["short", "x" * 65, "bad id!", "<script>alert(1)</script>", ""])
async def test_an_id_that_is_not_sane_is_replaced(stage: Stage, given: str) -> None:
    response = await stage.client.get("/healthz", headers={"X-Request-ID": given})
    assert re.fullmatch(r"[0-9a-f]{8}-[0-9a-f]+", response.headers["x-request-id"])


async def test_the_callers_id_is_on_answers_and_problems(stage: Stage) -> None:
    person = await stage.register()
    headers = {"X-Request-ID": GIVEN, **person.headers}
    asked = [
        ("GET", "/healthz", 200),
        ("GET", "/api/nothing", 404),
        ("PATCH", f"/api/portfolio/{person.wallet}", 405),
        ("POST", "/api/register", 422),
    ]
    for method, path, status in asked:
        content = b"{" if method == "POST" else None
        response = await stage.client.request(method, path, headers=headers, content=content)
        assert response.headers.get_list("x-request-id") == [GIVEN], path
        if status >= 400:
            assert response.status_code >= 400
            assert response.json()["request_id"] == GIVEN, response.text


async def test_two_requests_have_two_ids(stage: Stage) -> None:
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{stage.port}") as client:
        ids = {(await client.get("/healthz")).headers["x-request-id"] for _ in range(5)}
    assert len(ids) == 5


async def test_a_line_tells_of_a_request_without_its_query(tmp_path: Path) -> None:
    async with running(tmp_path, log_requests="info") as stage:
        person = await stage.register()
        with heard() as lines:
            path = f"/api/watches/{person.wallet}"
            query = {"token": person.token}
            await stage.client.get(path, headers=person.headers, params=query)
            await stage.client.get(f"/api/no%20such%0Apath/{person.token}")
    told = [line for line in lines if line["event"] == "request"]
    assert [line["status"] for line in told] == [200, 404]
    assert told[0]["route"] == "list_watches"
    assert told[0]["log_level"] == "info"
    assert person.token not in str(lines)


async def test_nothing_is_told_when_nobody_wants_it(tmp_path: Path) -> None:
    async with running(tmp_path, log_requests="off") as stage:
        with heard() as lines:
            await stage.client.get("/healthz")
    assert [line for line in lines if line["event"] == "request"] == []
