"""Running tools, and not running them twice: a finished step leaves the SHA-256 of what it read."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).resolve().parent.parent
FRONTEND = ROOT / "frontend"
VENV = ROOT / ".venv"
TOOLS = ROOT / ".tools"
WINDOWS = os.name == "nt"
BIN = VENV / ("Scripts" if WINDOWS else "bin")
PYTHON = BIN / ("python.exe" if WINDOWS else "python")
DROPPED = {"PYTHONHOME", "PYTHONPATH", "PYTHONDONTWRITEBYTECODE"}


def say(text: str) -> None:
    """Print one line that names what happens, before the output of what it starts."""
    print(f"· {text}", flush=True)


def fail(text: str) -> NoReturn:
    """End with one clear line."""
    sys.exit(f"dev.py: {text}")


def environment() -> dict[str, str]:
    """Return this process's environment with the project's own tools first.

    Compiled modules are kept out of sight, even where Python is told to keep none: a test run
    starts dozens of processes, and each would compile every library it loads anew.
    """
    kept = {name: os.environ[name] for name in os.environ.keys() - DROPPED}
    path = os.pathsep.join([str(BIN), os.environ.get("PATH", "")])
    own = {"PATH": path, "VIRTUAL_ENV": str(VENV), "PYTHONPYCACHEPREFIX": str(TOOLS / "pycache")}
    return kept | own | {"npm_config_loglevel": "error"}


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


def digest(paths: Iterable[Path]) -> str:
    """Return one SHA-256 over the names and bytes of files and of all files below folders."""
    total = hashlib.sha256()
    for path in paths:
        for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
            if file.is_file():
                total.update(str(file.relative_to(ROOT)).encode() + b"\0" + file.read_bytes())
    return total.hexdigest()


def once(step: str, reads: Iterable[Path], makes: Path, action: Callable[[], None]) -> None:
    """Run `action` unless `makes` is there and its stamp fits what `reads` holds now."""
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
