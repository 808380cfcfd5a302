"""Every branch of the rules runs under their tests, or `make test` fails."""

from __future__ import annotations

import shutil

from toolchain.steps import PYTHON, TOOLS, run, say

RULES = "app/trading"
TESTS = ("tests/trading", "tests/properties")
DATA = TOOLS / "coverage"


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
    failed = (
        coverage("run", f"--source={RULES}", *pytest)
        or coverage("combine", "-q")
        or coverage("report", "--fail-under=100")
    )
    say(f"coverage of {RULES}: {'FAILED' if failed else 'every branch'}")
    return failed
