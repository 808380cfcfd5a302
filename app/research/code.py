"""Which code computed something: its version, and a digest of what decides."""

import hashlib
import shutil
import subprocess
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DECIDES = ("app/trading", "app/strategies")
GIT_SECONDS = 5


def code_version() -> str:
    """Name the version: the package's, and the commit's where this is a clone."""
    project = ROOT / "pyproject.toml"
    package = "unknown"
    if project.exists():
        package = str(tomllib.loads(project.read_text())["project"]["version"])
    commit = _commit()
    return f"{package} ({commit})" if commit else package


def code_digest() -> str:
    """Hash the sources of the rules and the strategies: equal digests decide equally."""
    found = hashlib.sha256()
    for folder in DECIDES:
        for path in sorted((ROOT / folder).rglob("*.py")):
            found.update(f"{path.relative_to(ROOT).as_posix()}\n".encode())
            found.update(path.read_bytes())
    return found.hexdigest()[:16]


def _commit() -> str | None:
    git = shutil.which("git")
    if git is None or not (ROOT / ".git").exists():
        return None
    try:
        told = subprocess.run(  # noqa: S603  # our own words to git
            [git, "describe", "--always", "--dirty", "--tags"],
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=GIT_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return told.stdout.strip() or None
