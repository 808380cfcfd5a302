"""What the tests of providers share: a real clock that does not wait, and a client on it."""

from collections.abc import AsyncIterator

import pytest

from app.providers.http import Http
from tests.providers.answers import Answers
from tests.providers.clocks import RealClock
from tests.servers import serve_app


@pytest.fixture
def clock() -> RealClock:
    return RealClock()


@pytest.fixture
async def http(clock: RealClock) -> AsyncIterator[Http]:
    client = Http(clock, jitter=lambda: 0.5)
    yield client
    await client.aclose()


@pytest.fixture(scope="session")
async def answering() -> AsyncIterator[tuple[Answers, str]]:
    answers = Answers()
    async with serve_app(answers) as url:
        yield answers, url


@pytest.fixture
def answers(answering: tuple[Answers, str]) -> Answers:
    answering[0].will({})
    return answering[0]


@pytest.fixture
def url(answering: tuple[Answers, str]) -> str:
    return answering[1]
