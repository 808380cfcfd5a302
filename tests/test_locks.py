"""What is installed is what was locked: by hash, from whichever index one trusts."""

import json
import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
LOCKS = [ROOT / "requirements.lock", ROOT / "requirements-dev.lock"]
PACKAGES = json.loads((ROOT / "frontend" / "package-lock.json").read_text())["packages"]
ADDRESS = re.compile(r"https?://|git\+|file:")


def requirements(lock: Path) -> dict[str, str]:
    """Return each locked requirement and its hashes."""
    blocks = re.split(r"\n(?=\S)", lock.read_text())
    return {block.split(" ", 1)[0]: block for block in blocks}


def hashes(block: str) -> set[str]:
    """Return the hashes of a locked requirement; where it is wanted may differ between locks."""
    return set(re.findall(r"--hash=(sha256:[0-9a-f]{64})", block))


def pinned(names: list[str]) -> set[str]:
    """Return requirements as the lock writes them: lower case and without extras."""
    return {re.sub(r"\[.*\]", "", name).lower() for name in names}


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: str(lock.name))
def test_every_requirement_has_one_version_and_its_hashes(lock: Path) -> None:
    for name, block in requirements(lock).items():
        assert re.fullmatch(r"[a-z0-9._-]+==[^;]+", name), name
        assert "--hash=sha256:" in block, f"{name} has no hash"


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: str(lock.name))
def test_the_lock_names_no_address(lock: Path) -> None:
    assert not ADDRESS.search(lock.read_text())


def test_the_runtime_lock_is_part_of_the_other() -> None:
    runtime, everything = (requirements(lock) for lock in LOCKS)
    assert runtime.keys() <= everything.keys()
    for name, block in runtime.items():
        assert hashes(block) == hashes(everything[name]), name


def test_the_locks_hold_what_the_project_asks_for() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    runtime, everything = (set(requirements(lock)) for lock in LOCKS)
    assert pinned(project["project"]["dependencies"]) <= runtime, "run `make lock`"
    for group in project["dependency-groups"].values():
        assert pinned(group) <= everything, "run `make lock`"


def test_every_package_of_the_dashboard_has_a_hash_and_no_address() -> None:
    for path, package in PACKAGES.items():
        own = not path or package.get("inBundle", False)  # comes inside a package that has a hash
        assert own or package["integrity"].startswith("sha512-"), f"{path} has no hash"
        assert "resolved" not in package, f"{path} names where it came from"


def test_the_dashboard_asks_for_exact_versions() -> None:
    asked = {**PACKAGES[""]["dependencies"], **PACKAGES[""]["devDependencies"]}
    loose = [name for name, version in asked.items() if not re.fullmatch(r"\d+\.\d+\.\d+", version)]
    assert not loose
