"""Requests made from the OpenAPI document: what is answered must be what the document says.

    pytest tests/fuzz/test_schema.py                                          a few per route
    FUZZ_EXAMPLES=500 pytest -m slow -n 0 tests/fuzz/test_schema.py           many, and chains
    HYPOTHESIS_PROFILE=slow …                                                 others each time

Schemathesis sends what the schemas allow and what they forbid; a failure prints how to repeat it.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
import schemathesis
from anyio.from_thread import BlockingPortal, start_blocking_portal
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.stateful import run_state_machine_as_test
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.api.stage import Person, Stage, running
from tests.openapi import document
from tests.security.callers import opened

MANY = int(os.environ.get("FUZZ_EXAMPLES", "200"))
FEW = 3
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
NOT_READY = "GET /readyz"
"""Is 503 for as long as signals come from nowhere, as they do here."""

pytestmark = pytest.mark.filterwarnings(
    # The platform runs in a thread of this process and may throw dice meanwhile.
    "ignore:Do not use the `random` module:hypothesis.errors.HypothesisDeprecationWarning"
)
SCHEMA: Any = schemathesis.openapi.from_dict(document())
OPERATIONS = {one.ok().label: one.ok() for one in SCHEMA.get_all_operations()}
SETTINGS = settings(
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@dataclass(frozen=True, slots=True)
class Served:
    """A platform with somebody who is signed in."""

    portal: BlockingPortal
    stage: Stage
    person: Person

    @property
    def url(self) -> str:
        return str(self.stage.client.base_url).rstrip("/")

    def sign_in(self) -> dict[str, str]:
        """Open a session: some requests end theirs."""
        token, _ = self.portal.call(opened, self.stage, self.person)
        return {"Authorization": f"Bearer {token}"}


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    platform = running(tmp_path_factory.mktemp("schema"))
    with (
        start_blocking_portal() as portal,
        portal.wrap_async_context_manager(platform) as stage,
    ):
        person = portal.call(stage.register)
        portal.call(stage.bought)
        yield Served(portal, stage, person)


def ask(served: Served, label: str, examples: int) -> None:
    """Send so many requests to a route, half of them with the wallet that is signed in."""
    headers = served.sign_in()
    checks = [one for one in CHECKS if label != NOT_READY or one is not not_a_server_error]

    @settings(SETTINGS, max_examples=examples)
    @given(case=OPERATIONS[label].as_strategy())
    def send(case: Any) -> None:
        if "wallet" in (case.path_parameters or {}):
            case.path_parameters["wallet"] = served.person.wallet
        case.call_and_validate(base_url=served.url, headers=headers, checks=checks, timeout=60)

    send()


@pytest.mark.parametrize("label", OPERATIONS)
def test_a_route_answers_as_the_document_says(served: Served, label: str) -> None:
    ask(served, label, FEW)


@pytest.mark.slow
@pytest.mark.timeout(1_800)
@pytest.mark.parametrize("label", OPERATIONS)
def test_a_route_answers_many_as_the_document_says(served: Served, label: str) -> None:
    ask(served, label, MANY)


def chains(served: Served, many: int) -> None:
    """Send chains of requests in which answers are handed on to the next."""
    headers = served.sign_in()
    schema = SCHEMA.exclude(path_regex="^/(readyz|api/auth)")

    class Chain(schema.as_state_machine()):  # type: ignore[misc]  # made while it runs
        """A chain that is signed in."""

        def get_call_kwargs(self, case: Any) -> dict[str, Any]:
            """Ask as the one who is signed in."""
            if "wallet" in (case.path_parameters or {}):
                case.path_parameters["wallet"] = served.person.wallet
            return {"base_url": served.url, "headers": headers, "timeout": 60}

        def validate_response(self, response: Any, case: Any, **more: Any) -> None:
            """Check what every answer is checked for."""
            del more
            case.validate_response(response, checks=CHECKS)

    run_state_machine_as_test(
        Chain, settings=settings(SETTINGS, max_examples=many, stateful_step_count=8)
    )


def test_chains_of_requests_are_answered_as_the_document_says(served: Served) -> None:
    chains(served, FEW)


@pytest.mark.slow
@pytest.mark.timeout(1_800)
def test_many_chains_are_answered_as_the_document_says(served: Served) -> None:
    chains(served, MANY)
