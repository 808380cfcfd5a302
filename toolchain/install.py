"""What is installed and built: .venv from the hashed lock, node_modules, the dashboard."""

from __future__ import annotations

import shutil
import sys

from toolchain import steps
from toolchain.steps import FRONTEND, PYTHON, ROOT, TOOLS, VENV, fail, npm, once, python, run, say

LOCK = ROOT / "requirements-dev.lock"
LOCK_OPTIONS = ["--universal", "--generate-hashes", "--no-header", "--no-annotate", "--quiet"]
PIP_OPTIONS = ["--quiet", "--disable-pip-version-check", "--no-deps", "--require-hashes"]
OLDEST_PYTHON = (3, 11)
NEWEST_PYTHON = (3, 14)


def locked(package: str) -> str:
    """Return the lines of one package in the lock: its version and its hashes."""
    blocks = LOCK.read_text().replace("\\\n", "\\\0").splitlines()
    return next(block for block in blocks if block.startswith(f"{package}==")).replace("\0", "\n")


def find_uv() -> str | None:
    """Return uv: the one on the PATH, else ours from the lock in .tools, else None."""
    own = TOOLS / "uv" / "bin" / ("uv.exe" if steps.WINDOWS else "uv")
    found = shutil.which("uv") or shutil.which(own)
    if found:
        return found
    TOOLS.mkdir(exist_ok=True)
    request = TOOLS / "uv.txt"
    request.write_text(locked("uv"))
    pip = [sys.executable, "-m", "pip", "install", *PIP_OPTIONS, "--root-user-action=ignore"]
    run(*pip, "--target", TOOLS / "uv", "--requirement", request)
    return shutil.which(own)


def install_with_uv() -> bool:
    """Make .venv exactly what the lock says; False when uv is absent or fails."""
    uv = find_uv()
    if uv is None:
        return False
    make = (uv, "venv", "--quiet", "--clear", "--python", sys.executable, VENV)
    if not PYTHON.exists() and run(*make) != 0:
        return False
    return run(uv, "pip", "sync", "--quiet", "--require-hashes", "--python", PYTHON, LOCK) == 0


def install_python() -> None:
    """Fill .venv from the hashed lock, with uv or, should that fail, with venv and pip."""
    say("installing the Python packages")
    if install_with_uv():
        return
    say("uv did not manage it: trying venv and pip, which takes a minute longer")
    if run(sys.executable, "-m", "venv", "--clear", VENV) != 0:
        fail("Python's venv module does not work here (Debian: apt install python3-venv)")
    if python("-m", "pip", "install", *PIP_OPTIONS, "--requirement", LOCK) != 0:
        fail("the Python packages could not be installed: see pip's message above")


def install_packages() -> None:
    """Fill frontend/node_modules from package-lock.json; no package runs a script of its own."""
    say("installing the dashboard's packages")
    if npm("ci", "--ignore-scripts") != 0:
        fail("the dashboard's packages could not be installed: see npm's message above")


def build_dashboard() -> None:
    """Build frontend/dist, which the application serves."""
    say("building the dashboard")
    if npm("run", "--silent", "build") != 0:
        fail("the dashboard does not build: see the message above")


def setup() -> int:
    """Install everything that the lock files name."""
    if not OLDEST_PYTHON <= sys.version_info[:2] <= NEWEST_PYTHON:
        fail(f"Python 3.11 to 3.14 is needed, this is {sys.version.split()[0]}")
    once("python", [LOCK], PYTHON, install_python)
    packages = FRONTEND / "package-lock.json"
    once("node", [packages], FRONTEND / "node_modules", install_packages)
    return 0


def build() -> int:
    """Build the dashboard into frontend/dist."""
    setup()
    names = ["src", "public", "index.html", "vite.config.ts", "tsconfig.json", "package-lock.json"]
    reads = [FRONTEND / name for name in names]
    once("dashboard", reads, FRONTEND / "dist" / "index.html", build_dashboard)
    return 0


def lock() -> int:
    """Compile both locks from pyproject.toml: hashed, for every platform, naming no index."""
    uv = find_uv() or fail("uv is missing and pip could not fetch it")
    compile_lock = (uv, "pip", "compile", "pyproject.toml", "--python-version", "3.11")
    groups = ("--group", "dev", "--group", "node", "--constraint", "requirements.lock")
    failed = run(*compile_lock, *LOCK_OPTIONS, "--output-file", "requirements.lock")
    return failed or run(*compile_lock, *LOCK_OPTIONS, *groups, "--output-file", LOCK.name)


def clean() -> int:
    """Remove everything that was installed or built; what the platform wrote to data/ stays."""
    built = [VENV, TOOLS, ROOT / "build"]
    built += [FRONTEND / name for name in ("node_modules", "dist", "coverage")]
    caches = [
        ROOT / name for name in (".pytest_cache", ".mypy_cache", ".ruff_cache", ".hypothesis")
    ]
    for folder in built + caches:
        shutil.rmtree(folder, ignore_errors=True)
    return 0
