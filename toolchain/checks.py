"""Linters, type checkers, and the typed client that must match the routes."""

from __future__ import annotations

import filecmp
import shutil
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

from toolchain.install import setup
from toolchain.steps import BIN, FRONTEND, PYTHON, ROOT, TOOLS, environment, npm, python, run, say

GENERATED = FRONTEND / "src" / "api" / "generated"
SCHEMA = TOOLS / "openapi.json"


def generate_types(target: Path) -> int:
    """Write the dashboard's typed client into `target`, from the routes as they are."""
    TOOLS.mkdir(exist_ok=True)
    command = [str(PYTHON), "-m", "app", "openapi"]
    with SCHEMA.open("w") as file:
        done = subprocess.run(command, cwd=ROOT, env=environment(), stdout=file, check=False)
    options = ("--silent", "--input", SCHEMA, "--output", target)
    return done.returncode or npm("run", "--silent", "types", "--", *options)


def types() -> int:
    """Regenerate frontend/src/api/generated."""
    setup()
    return generate_types(GENERATED)


def files(top: Path) -> set[Path]:
    """Return the files below a folder, relative to it."""
    return {file.relative_to(top) for file in top.rglob("*") if file.is_file()}


def same_tree(one: Path, other: Path) -> bool:
    """Tell whether two folders hold the same files with the same bytes."""
    names = files(one)
    return names == files(other) and all(
        filecmp.cmp(one / name, other / name, shallow=False) for name in names
    )


def check_types() -> int:
    """Compare the committed client with one generated now."""
    if not (ROOT / "app" / "__main__.py").exists():
        say("types: skipped, app/__main__.py is not there yet")
        return 0
    fresh = TOOLS / "generated"
    shutil.rmtree(fresh, ignore_errors=True)
    failed = generate_types(fresh)
    if failed:
        return failed
    if same_tree(fresh, GENERATED):
        return 0
    say("types: frontend/src/api/generated is out of date, run `make types`")
    return 1


def passes(name: str, action: Callable[[], int]) -> bool:
    """Run one check, say how it went and how long it took."""
    started = time.monotonic()
    code = action()
    say(f"{name}: {'FAILED' if code else 'ok'} ({time.monotonic() - started:.1f} s)")
    return code == 0


def check() -> int:
    """Run every linter and type checker, all of them even if one complains."""
    setup()
    checks: dict[str, Callable[[], int]] = {
        "ruff": lambda: python("-m", "ruff", "check", "--output-format", "concise", "."),
        "format": lambda: python(
            "-m", "ruff", "format", "--check", "--output-format", "concise", "."
        ),
        "mypy": lambda: python("-m", "mypy", "--no-error-summary"),
        "imports": lambda: run(BIN / "lint-imports", "--no-cache", "--no-logo"),
        "biome": lambda: npm("run", "--silent", "lint"),
        "tsc": lambda: npm("run", "--silent", "typecheck"),
        "types": check_types,
    }
    failed = [name for name, action in checks.items() if not passes(name, action)]
    say(f"check: {', '.join(failed)} failed" if failed else f"check: all {len(checks)} passed")
    return 1 if failed else 0


def fix() -> int:
    """Mend what the linters can mend by themselves."""
    setup()
    codes = [python("-m", "ruff", "check", "--fix", "."), python("-m", "ruff", "format", ".")]
    return max(*codes, npm("run", "--silent", "fix"))
