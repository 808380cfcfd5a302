"""What the project stands on: known weaknesses of its packages, and bills of material.

The audits ask services on the network. Where nobody answers they say so and fail nothing: a laptop
in a train may run everything else. The bills of material need no network.
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, NamedTuple

from toolchain.install import setup
from toolchain.steps import BIN, FRONTEND, ROOT, WINDOWS, environment, run, say

BUILD = ROOT / "build"
LOCKS = ("requirements.lock", "requirements-dev.lock")
SECONDS = 600
GRAVE = frozenset({"high", "critical"})
Ask = Callable[[list[str], Path], str]


class Finding(NamedTuple):
    """A known weakness of a package; one of a tool that never ships is told and fails nothing."""

    package: str
    name: str
    fails: bool


def ask(command: list[str], folder: Path) -> str:
    """Run a tool and return what it says, however it ends; nothing when it takes too long."""
    try:
        done = subprocess.run(
            command,
            cwd=folder,
            env=environment(),
            capture_output=True,
            text=True,
            check=False,
            timeout=SECONDS,
        )
    except subprocess.TimeoutExpired:
        return ""
    return done.stdout


def read(text: str, key: str) -> Any:
    """Return what stands under a key of a tool's report; None when this is no report."""
    try:
        told = json.loads(text)
    except json.JSONDecodeError:
        return None
    return told.get(key) if isinstance(told, dict) else None


def python_findings(text: str, *, ships: bool) -> list[Finding] | None:
    """Read pip-audit's report; None when it could not ask. All count: it tells no severity."""
    packages = read(text, "dependencies")
    if packages is None:
        return None
    return [
        Finding(f"{one['name']} {one['version']}", fault["id"], ships)
        for one in packages
        for fault in one.get("vulns", ())
    ]


def npm_findings(text: str, *, ships: bool) -> list[Finding] | None:
    """Read npm's report; None when it could not ask."""
    packages = read(text, "vulnerabilities")
    if packages is None:
        return None
    return [
        Finding(name, one["severity"], ships and one["severity"] in GRAVE)
        for name, one in packages.items()
    ]


def judge(what: str, findings: Iterable[Finding] | None) -> int:
    """Tell what was found; 1 when something of it must not stay."""
    if findings is None:
        say(f"{what}: not audited, the service with known weaknesses was not reached")
        return 0
    found = list(findings)
    for one in found:
        say(f"{what}: {one.package}: {one.name}{'' if one.fails else ' (mild, or a tool)'}")
    if not found:
        say(f"{what}: no known weakness")
    return int(any(one.fails for one in found))


def audit_deps(asked: Ask = ask) -> int:
    """Ask for known weaknesses of everything that the locks name."""
    setup()
    audit = [str(BIN / "pip-audit"), "--disable-pip", "--require-hashes", "--format", "json"]
    audit += ["--progress-spinner", "off", "--requirement"]
    failed = 0
    for lock in LOCKS:
        text = asked([*audit, lock], ROOT)
        failed |= judge(lock, python_findings(text, ships=lock == LOCKS[0]))
    node = str(BIN / ("npm.exe" if WINDOWS else "npm"))
    for what, options, ships in (
        ("dashboard", ["--omit=dev"], True),
        ("dashboard's tools", [], False),
    ):
        text = asked([node, "audit", "--json", *options], FRONTEND)
        failed |= judge(what, npm_findings(text, ships=ships))
    return failed


def sbom() -> int:
    """Write build/sbom-python.json and build/sbom-npm.json (CycloneDX), from the locks alone."""
    setup()
    BUILD.mkdir(exist_ok=True)
    python_bill, npm_bill = BUILD / "sbom-python.json", BUILD / "sbom-npm.json"
    options = ("--output-format", "JSON", "--output-reproducible", "--pyproject", "pyproject.toml")
    cyclonedx = ("requirements", LOCKS[0], *options, "--output-file", python_bill)
    failed = run(BIN / "cyclonedx-py", *cyclonedx, PYTHONWARNINGS="ignore")
    words = ["sbom", "--sbom-format", "cyclonedx", "--package-lock-only", "--omit", "dev"]
    text = ask([str(BIN / ("npm.exe" if WINDOWS else "npm")), *words], FRONTEND)
    if read(text, "components") is None:
        say("sbom: npm wrote none")
        return 1
    npm_bill.write_text(text)
    say(f"sbom: {python_bill.relative_to(ROOT)}, {npm_bill.relative_to(ROOT)}")
    return failed
