"""Every branch of the rules runs under their tests, or `make test` fails.

It needs one core for a minute, so it runs beside the other tests, which have to wait for clocks,
services and pages: at a low priority, and what it says is shown when it has ended.
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
TESTS = ("tests/trading", "tests/properties")
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
    pytest = ("-m", "pytest", "-qq", "-p", "no:xdist", "-m", "not slow", *TESTS)
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
