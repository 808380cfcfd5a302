"""What every test stands on: asyncio, and Hypothesis that can be replayed."""

import os

import pytest
from hypothesis import settings

# Shared machines stall, so no example has a deadline; a failure prints the line that replays it.
# `ci` draws the same examples everywhere, `coverage` only enough to reach every line (the compiled
# kernels run as plain Python there), `slow` looks for what nobody has seen yet.
settings.register_profile("ci", deadline=None, print_blob=True, derandomize=True)
settings.register_profile("coverage", settings.get_profile("ci"), max_examples=10)
settings.register_profile("slow", deadline=None, print_blob=True, max_examples=2_000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    """Run async tests on the loop that the platform runs on."""
    return "asyncio"
