"""Every branch of the rules runs under their tests, or `make test` fails.

It needs one core for a while, so it runs beside the other tests, which have to wait for clocks,
services and pages: at a low priority, and what it says is shown when it has ended. What takes long
and reaches nothing that others do not reach is left to those other tests.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
from collections.abc import Callable

from toolchain.steps import PYTHON, ROOT, TOOLS, environment, run, say

RULES = "app/trading"
TESTS = "tests/trading"
LONG = (
    "test_bootstrap.py::test_intervals_hold_the_truth_about_as_often_as_they_say",
    "test_kernels.py::test_compiled_and_plain_agree_bit_for_bit",
    "test_peers.py",
    "test_replay.py::test_a_change_of_costs_is_no_difference",
    "test_replay.py::test_a_live_engine_and_a_replay_agree_under_every_plan",
    "test_replay.py::test_recorded_candles_agree_with_the_plain_reading",
    "test_replay.py::test_they_agree_on_recorded_candles",
    "test_replay.py::test_what_an_engine_recorded_comes_out_again",
)
"""Together more than half of the time of all, and no branch of their own."""

DATA = TOOLS / "coverage"
POLITE = 10


def coverage(*arguments: str) -> int:
    """Run coverage with its data out of sight, and Hypothesis with few examples."""
    data = str(DATA / "data")
    return run(
        PYTHON,
        "-m",
        "coverage",
        *arguments,
        COVERAGE_FILE=data,
        HYPOTHESIS_PROFILE="coverage",
    )


def cover_rules() -> int:
    """Run the tests of the rules in one process and ask for every branch."""
    shutil.rmtree(DATA, ignore_errors=True)
    DATA.mkdir(parents=True)
    left_out = [f"--deselect={TESTS}/{test}" for test in LONG]
    pytest = ("-m", "pytest", "-qq", "-p", "no:xdist", "-m", "not slow", *left_out, TESTS)
    return (
        coverage("run", f"--source={RULES}", *pytest)
        or coverage("combine", "-q")
        or coverage("report", "--fail-under=100")
    )


def start_covering() -> Callable[[], int]:
    """Begin it in a process of its own; what is returned waits for its end and tells."""
    process = subprocess.Popen(
        [PYTHON, "-m", __name__],
        cwd=ROOT,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )

    def finish() -> int:
        told, _ = process.communicate()
        failed = process.returncode
        if failed:
            print(told, flush=True)
        say(f"coverage of {RULES}: {'FAILED' if failed else 'every branch'}")
        return failed

    return finish


if __name__ == "__main__":
    with contextlib.suppress(AttributeError, OSError):
        os.nice(POLITE)
    sys.exit(cover_rules())
