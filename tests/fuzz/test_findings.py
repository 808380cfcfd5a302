"""What the fuzzers found, each once more."""

import json

import pytest

from tests.api.stage import Person, Stage

ENDLESS_ZERO = "0." + "0" * 400 + "1"


@pytest.mark.parametrize("path", ["/favicon.ico%00.html", "/" + "x" * 5_000, "/a/" * 2_000])
async def test_a_name_that_no_file_can_have_is_not_found(stage: Stage, path: str) -> None:
    answer = await stage.client.get(path)
    assert answer.status_code == 404
    assert answer.json()["type"] == "/problems/not-found"


@pytest.mark.parametrize("plans", [ENDLESS_ZERO, "1", "true", '"x"', "{}"])
async def test_plans_that_are_no_list_are_refused(stage: Stage, person: Person, plans: str) -> None:
    for path in (f"/api/what-if/{person.wallet}", f"/api/trades/{person.wallet}/1/what-if"):
        headers = {**person.headers, "Content-Type": "application/json"}
        body = f'{{"plans": {plans}}}'
        answer = await stage.client.post(path, content=body, headers=headers)
        assert answer.status_code == 422, answer.text
        assert answer.json()["errors"][0]["pointer"] == "/plans"


async def test_a_comparison_says_that_it_may_find_nothing(stage: Stage, person: Person) -> None:
    answer = await stage.client.get("/api/backtests/compare?ids=0", headers=person.headers)
    document = json.loads(stage.app.state.openapi_text())
    told = document["paths"]["/api/backtests/compare"]["get"]["responses"]
    assert str(answer.status_code) in told
