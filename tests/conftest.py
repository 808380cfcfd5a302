"""What every test stands on: asyncio, and Hypothesis that can be replayed."""

import os

import pytest
from hypothesis import settings

# Shared machines stall, so no example has a deadline; a failure prints the line that replays it.
settings.register_profile("default", deadline=None, print_blob=True)
settings.register_profile("long", settings.get_profile("default"), max_examples=5_000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    """Run async tests on the loop that the platform runs on."""
    return "asyncio"
