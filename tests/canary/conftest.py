"""A port that is free."""

import pytest

from tests.programs import free_port


@pytest.fixture
def unused_port() -> int:
    return free_port()
