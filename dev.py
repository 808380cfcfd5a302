"""Everything one types here, from a clean clone on: `python3 dev.py setup|run|test|check|…`.

Python >= 3.11 is all it asks for. It fetches uv, makes .venv from the hashed lock, takes npm from the Node wheel
in that .venv, installs the dashboard's packages and builds it. A finished step leaves a stamp (the SHA-256 of
what it read) in .tools/stamps and is skipped until that changes.
"""

from __future__ import annotations

import argparse
import contextlib
import filecmp
import hashlib
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).resolve().parent
FRONTEND = ROOT / "frontend"
VENV = ROOT / ".venv"
TOOLS = ROOT / ".tools"
LOCK = ROOT / "requirements-dev.lock"
GENERATED = FRONTEND / "src" / "api" / "generated"
UNPACKED_CHROMIUM = TOOLS / "chromium" / "chromium"
WINDOWS = os.name == "nt"
BIN = VENV / ("Scripts" if WINDOWS else "bin")
PYTHON = BIN / ("python.exe" if WINDOWS else "python")
OLDEST_PYTHON = (3, 11)
NEWEST_PYTHON = (3, 14)
SYSTEM_CHROMIUMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
UNPACK_CHROMIUM = "import('@sparticuz/chromium').then((it) => it.default.executablePath())"


def say(text: str) -> None:
    """Print one line that names what happens, before the output of what it starts."""
    print(f"· {text}", flush=True)


def fail(text: str) -> NoReturn:
    """End with one clear line."""
    sys.exit(f"dev.py: {text}")


# --- running things ---------------------------------------------------------------------------------------


def environment() -> dict[str, str]:
    """Return this process's environment with the project's own tools first."""
    own = {name: value for name, value in os.environ.items() if name not in {"PYTHONHOME", "PYTHONPATH"}}
    path = os.pathsep.join([str(BIN), os.environ.get("PATH", "")])
    return own | {"PATH": path, "VIRTUAL_ENV": str(VENV), "npm_config_loglevel": "error"}


def run(*command: str | Path, cwd: Path = ROOT, **extra: str) -> int:
    """Run a command to its end and return its exit code; `extra` adds environment variables."""
    words = [str(word) for word in command]
    try:
        return subprocess.run(words, cwd=cwd, env=environment() | extra, check=False).returncode
    except FileNotFoundError:
        fail(f"{words[0]} is missing: run `python3 dev.py clean` and then `python3 dev.py setup`")
    except KeyboardInterrupt:
        return 130


def python(*arguments: str | Path) -> int:
    """Run the project's own Python."""
    return run(PYTHON, *arguments)


def npm(*arguments: str | Path) -> int:
    """Run the npm of the Node wheel in frontend/."""
    return run(BIN / ("npm.exe" if WINDOWS else "npm"), *arguments, cwd=FRONTEND)


# --- steps that are done once -------------------------------------------------------------------------------


def digest(paths: Iterable[Path]) -> str:
    """Return one SHA-256 over the names and bytes of files and of all files below folders."""
    total = hashlib.sha256(sys.version.encode())
    for path in paths:
        for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
            if file.is_file():
                total.update(str(file.relative_to(ROOT)).encode() + b"\0" + file.read_bytes())
    return total.hexdigest()


def once(step: str, reads: Iterable[Path], makes: Path, action: Callable[[], None]) -> None:
    """Run `action` unless its stamp says that `makes` was made from exactly what `reads` holds now."""
    stamp = TOOLS / "stamps" / step
    wanted = digest(reads)
    if makes.exists() and stamp.is_file() and stamp.read_text() == wanted:
        return
    stamp.unlink(missing_ok=True)
    started = time.monotonic()
    action()
    stamp.parent.mkdir(parents=True, exist_ok=True)
    stamp.write_text(wanted)
    say(f"{step}: done in {time.monotonic() - started:.1f} s")


def locked(package: str) -> str:
    """Return the lines of one package in the lock: its version and its hashes."""
    blocks = LOCK.read_text().replace("\\\n", "\\\0").splitlines()
    return next(block for block in blocks if block.startswith(f"{package}==")).replace("\0", "\n")


def find_uv() -> str | None:
    """Return uv: the one on the PATH, else ours from the lock in .tools, else None."""
    own = TOOLS / "uv" / "bin" / ("uv.exe" if WINDOWS else "uv")
    if found := shutil.which("uv") or shutil.which(own):
        return found
    TOOLS.mkdir(exist_ok=True)
    request = TOOLS / "uv.lock.txt"
    request.write_text(locked("uv"))
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    run(*pip, "--no-deps", "--require-hashes", "--target", TOOLS / "uv", "-r", request, PIP_ROOT_USER_ACTION="ignore")
    return shutil.which(own)


def install_with_uv() -> bool:
    """Make .venv exactly what the lock says; False when uv is absent or fails."""
    uv = find_uv()
    if uv is None:
        return False
    if not PYTHON.exists() and run(uv, "venv", "--quiet", "--clear", "--python", sys.executable, VENV) != 0:
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
    if python("-m", "pip", "install", "--quiet", "--require-hashes", "-r", LOCK) != 0:
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
    packages = [FRONTEND / name for name in ("package.json", "package-lock.json", ".npmrc")]
    once("node", packages, FRONTEND / "node_modules", install_packages)
    return 0


def build() -> int:
    """Build the dashboard into frontend/dist."""
    setup()
    names = ("src", "public", "index.html", "vite.config.ts", "tsconfig.json", "package-lock.json")
    once("dashboard", [FRONTEND / name for name in names], FRONTEND / "dist" / "index.html", build_dashboard)
    return 0


# --- the application ------------------------------------------------------------------------------------------


def setting(name: str, default: str) -> str:
    """Return AUTOTRADER_<name> from the environment, else from .env, else the default."""
    key = f"AUTOTRADER_{name}"
    file = ROOT / ".env"
    lines = file.read_text().splitlines() if file.is_file() else []
    pairs = dict(line.split("=", 1) for line in lines if "=" in line and not line.startswith("#"))
    return os.environ.get(key) or pairs.get(key, "").strip(" \"'") or default


def serve(port: str | None) -> int:
    """Build what is missing and run the application in this process's place."""
    build()
    host, port = setting("HOST", "127.0.0.1"), port or setting("PORT", "8000")
    with contextlib.closing(socket.socket()) as probe:
        probe.settimeout(1)
        if port.isdecimal() and probe.connect_ex((host, int(port))) == 0:
            fail(f"port {port} is taken: try `make run PORT={int(port) + 1}`")
    say(f"http://{host}:{port}")
    options = ["--ws", "websockets-sansio", "--ws-per-message-deflate", "false", "--ws-max-size", "65536"]
    options += ["--timeout-graceful-shutdown", "5", "--no-server-header"]
    command = [str(PYTHON), "-m", "uvicorn", "app.main:app", "--host", host, "--port", port, *options]
    variables = environment() | {"AUTOTRADER_HOST": host, "AUTOTRADER_PORT": port}
    os.chdir(ROOT)
    if WINDOWS:
        return subprocess.run(command, env=variables, check=False).returncode
    os.execve(command[0], command, variables)


# --- tests --------------------------------------------------------------------------------------------------


def find_chromium() -> Path | None:
    """Return a Chromium: $CHROMIUM, the system's, or the one among the dashboard's packages; None without any."""
    if named := os.environ.get("CHROMIUM"):
        return Path(named)
    for name in SYSTEM_CHROMIUMS:
        if found := shutil.which(name):
            return Path(found)
    if not UNPACKED_CHROMIUM.exists() and (FRONTEND / "node_modules" / "@sparticuz").is_dir():
        UNPACKED_CHROMIUM.parent.mkdir(parents=True, exist_ok=True)
        run(BIN / "node", "-e", UNPACK_CHROMIUM, cwd=FRONTEND, TMPDIR=str(UNPACKED_CHROMIUM.parent))
    return UNPACKED_CHROMIUM if UNPACKED_CHROMIUM.exists() else None


def chromium_arguments(chromium: Path) -> list[str]:
    """Return what the packaged Chromium needs: built for small containers, it runs as one process."""
    return ["--single-process", "--no-zygote"] if chromium == UNPACKED_CHROMIUM else []


def pytest(*arguments: str) -> int:
    """Run pytest on all cores, with a browser where there is one."""
    chromium = find_chromium()
    if chromium is None:
        say("no Chromium: the browser tests are skipped (set CHROMIUM to a Chromium or Chrome to run them)")
    else:
        os.environ["CHROMIUM"] = str(chromium)
    return python("-m", "pytest", "-n", "auto", *arguments)


def test(arguments: list[str]) -> int:
    """Run the dashboard's tests and then the platform's; arguments go to pytest and leave the former out."""
    build()
    failed = 0 if arguments else npm("run", "--silent", "test")
    return pytest("-m", "not slow", *arguments) or failed


def test_slow(arguments: list[str]) -> int:
    """Run the long tests: crashes, power cuts, simulated days."""
    build()
    return pytest("-m", "slow", "--timeout", "3600", *arguments)


# --- checks ---------------------------------------------------------------------------------------------------


def generate_types(target: Path) -> int:
    """Write the dashboard's typed client into `target`, from the routes as they are."""
    schema = TOOLS / "openapi.json"
    TOOLS.mkdir(exist_ok=True)
    with schema.open("w") as file:
        command = [str(PYTHON), "-m", "app", "openapi"]
        if subprocess.run(command, cwd=ROOT, env=environment(), stdout=file, check=False).returncode != 0:
            return 1
    return npm("run", "--silent", "types", "--", "--silent", "--input", schema, "--output", target)


def types() -> int:
    """Regenerate frontend/src/api/generated."""
    setup()
    return generate_types(GENERATED)


def same_tree(one: Path, other: Path) -> bool:
    """Tell whether two folders hold the same files with the same bytes."""
    names = [{file.relative_to(top) for file in top.rglob("*") if file.is_file()} for top in (one, other)]
    return names[0] == names[1] and all(filecmp.cmp(one / name, other / name, shallow=False) for name in names[0])


def check_types() -> int:
    """Compare the committed client with one generated now."""
    if not (ROOT / "app" / "__main__.py").exists():
        say("types: skipped, app/__main__.py is not there yet")
        return 0
    fresh = TOOLS / "generated"
    shutil.rmtree(fresh, ignore_errors=True)
    if generate_types(fresh) != 0:
        return 1
    if same_tree(fresh, GENERATED):
        return 0
    say("types: frontend/src/api/generated is out of date, run `make types`")
    return 1


def check() -> int:
    """Run every linter and type checker, all of them even if one complains."""
    setup()
    steps: dict[str, Callable[[], int]] = {
        "ruff": lambda: python("-m", "ruff", "check", "--quiet", "."),
        "format": lambda: python("-m", "ruff", "format", "--quiet", "--check", "."),
        "mypy": lambda: python("-m", "mypy", "--no-error-summary"),
        "imports": lambda: run(BIN / "lint-imports", "--no-cache", "--config", "pyproject.toml"),
        "biome": lambda: npm("run", "--silent", "lint"),
        "tsc": lambda: npm("run", "--silent", "typecheck"),
        "types": check_types,
    }
    failed = [name for name, action in steps.items() if not passes(name, action)]
    say(f"check: {', '.join(failed)} failed" if failed else f"check: all {len(steps)} passed")
    return 1 if failed else 0


def passes(name: str, action: Callable[[], int]) -> bool:
    """Run one check, say how it went and how long it took."""
    started = time.monotonic()
    code = action()
    say(f"{name}: {'ok' if code == 0 else 'FAILED'} ({time.monotonic() - started:.1f} s)")
    return code == 0


def fix() -> int:
    """Mend what the linters can mend by themselves."""
    setup()
    codes = [python("-m", "ruff", "check", "--fix", "."), python("-m", "ruff", "format", ".")]
    return max(*codes, npm("run", "--silent", "fix"))


def bench(arguments: list[str]) -> int:
    """Measure each hot path against its limit."""
    setup()
    if not (ROOT / "benchmarks" / "__main__.py").exists():
        fail("benchmarks/__main__.py is not there yet")
    return python("-m", "benchmarks", *arguments)


def lock() -> int:
    """Compile both locks from pyproject.toml: hashed, for every platform, naming no package index."""
    uv = find_uv() or fail("uv is missing and pip could not fetch it")
    options = ["--universal", "--generate-hashes", "--no-header", "--no-annotate", "--quiet", "--python-version", "3.11"]
    groups = ["--group", "dev", "--group", "node", "--constraint", "requirements.lock"]
    runtime = run(uv, "pip", "compile", "pyproject.toml", *options, "-o", "requirements.lock")
    return runtime or run(uv, "pip", "compile", "pyproject.toml", *options, *groups, "-o", LOCK.name)


def clean() -> int:
    """Remove everything that was installed or built; what the platform wrote to data/ stays."""
    built = [VENV, TOOLS, FRONTEND / "node_modules", FRONTEND / "dist", FRONTEND / "coverage"]
    caches = [ROOT / name for name in (".pytest_cache", ".mypy_cache", ".ruff_cache", ".hypothesis")]
    for folder in built + caches:
        shutil.rmtree(folder, ignore_errors=True)
    return 0


COMMANDS: dict[str, Callable[[], int]] = {
    "setup": setup,
    "build": build,
    "check": check,
    "fix": fix,
    "types": types,
    "lock": lock,
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
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("command", choices=[*COMMANDS_WITH_ARGUMENTS, *COMMANDS])
    parser.add_argument("arguments", nargs=argparse.REMAINDER, help="run: the port; test, bench: passed on")
    typed = parser.parse_args()
    if typed.command in COMMANDS_WITH_ARGUMENTS:
        return COMMANDS_WITH_ARGUMENTS[typed.command](typed.arguments)
    if typed.arguments:
        parser.error(f"{typed.command} takes no arguments")
    return COMMANDS[typed.command]()


if __name__ == "__main__":
    sys.exit(main())
