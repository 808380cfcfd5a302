"""Everything one types here, from a clean clone on: `python3 dev.py setup|run|test|check|…`.

Python >= 3.11 is all it asks for. It fetches uv, makes .venv from the hashed lock, takes npm from
the Node wheel in that .venv, installs the dashboard's packages and builds it. A finished step
leaves a stamp in .tools/stamps and is skipped until what it read changes.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable

from toolchain.browser import find_chromium
from toolchain.checks import check, fix, types
from toolchain.coverage import start_covering
from toolchain.install import build, clean, lock, setup
from toolchain.serve import serve
from toolchain.steps import ROOT, fail, npm, python, say
from toolchain.supply import audit_deps, sbom

WAITING = 1
"""Test processes beyond the cores: who drives a page or a server mostly waits."""


def pytest(*arguments: str) -> int:
    """Run pytest on all cores and one more, with a browser where there is one."""
    chromium = find_chromium()
    if chromium is None:
        say("no Chromium: the browser tests are skipped (CHROMIUM=/path/to/chrome runs them)")
    else:
        os.environ["CHROMIUM"] = str(chromium)
    os.environ.setdefault("PYTEST_XDIST_AUTO_NUM_WORKERS", str((os.cpu_count() or 1) + WAITING))
    return python("-m", "pytest", "-n", "auto", "--dist", "worksteal", *arguments)


def test(arguments: list[str]) -> int:
    """Run the dashboard's tests, cover the rules, run the rest; arguments mean pytest only."""
    build()
    if arguments:
        return pytest("-m", "not slow", *arguments)
    covered = start_covering()
    failed = npm("run", "--silent", "test") | pytest("-m", "not slow")
    return covered() | failed


def test_slow(arguments: list[str]) -> int:
    """Run the long tests: crashes, power cuts, simulated days, histories nobody has seen yet."""
    build()
    failed = pytest("-m", "slow", "--timeout", "3600", *arguments)
    if arguments:
        return failed
    os.environ["HYPOTHESIS_PROFILE"] = "slow"
    return pytest("--timeout", "3600", "tests/properties") or failed


def bench(arguments: list[str]) -> int:
    """Measure each hot path against its limit."""
    build()
    if not (ROOT / "benchmarks" / "__main__.py").exists():
        fail("benchmarks/__main__.py is not there yet")
    return python("-m", "benchmarks", *arguments)


COMMANDS: dict[str, Callable[[], int]] = {
    "setup": setup,
    "build": build,
    "check": check,
    "fix": fix,
    "types": types,
    "lock": lock,
    "audit-deps": audit_deps,
    "sbom": sbom,
    "clean": clean,
}
COMMANDS_WITH_ARGUMENTS: dict[str, Callable[[list[str]], int]] = {
    "run": lambda words: serve(words[0] if words else None),
    "test": test,
    "test-slow": test_slow,
    "bench": bench,
}


def main() -> int:
    """Run the command that was typed."""
    layout = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=layout)
    parser.add_argument("command", choices=[*COMMANDS_WITH_ARGUMENTS, *COMMANDS])
    parser.add_argument(
        "arguments", nargs=argparse.REMAINDER, help="run: the port; test, bench: any"
    )
    typed = parser.parse_args()
    if typed.command in COMMANDS_WITH_ARGUMENTS:
        return COMMANDS_WITH_ARGUMENTS[typed.command](typed.arguments)
    if typed.arguments:
        parser.error(f"{typed.command} takes no arguments")
    return COMMANDS[typed.command]()


if __name__ == "__main__":
    sys.exit(main())
