"""The image runs without root, installs by hash and tells how it feels."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
TEXT = (ROOT / "Dockerfile").read_text()


def instructions() -> list[tuple[str, str]]:
    """Return the Dockerfile's instructions and their arguments, continued lines joined."""
    joined = re.sub(r"\\\n\s*", "", TEXT)
    words = [line.split(maxsplit=1) for line in joined.splitlines() if line and line[0] != "#"]
    return [(name, arguments) for name, arguments in words]


def of(name: str) -> list[str]:
    return [arguments for it, arguments in instructions() if it == name]


def last_stage() -> list[tuple[str, str]]:
    found = instructions()
    starts = [number for number, (name, _) in enumerate(found) if name == "FROM"]
    return found[starts[-1] :]


def variables() -> dict[str, str]:
    return dict(pair.split("=", 1) for line in of("ENV") for pair in line.split())


def test_every_base_image_has_an_exact_version() -> None:
    assert of("FROM")
    for image in of("FROM"):
        assert re.match(r"[a-z/]+:\d+\.\d+\.\d+", image), f"{image} may change from day to day"


def test_it_does_not_run_as_root() -> None:
    names = [name for name, _ in last_stage()]
    user = dict(last_stage())["USER"]
    assert user.isdecimal(), "a number, so that an orchestrator can prove that it is not root"
    assert int(user) > 0
    assert names.index("USER") > max(i for i, name in enumerate(names) if name in {"RUN", "COPY"})


def test_python_packages_are_installed_by_hash() -> None:
    installs = [line for line in of("RUN") if "pip install" in line]
    assert installs
    assert all("--require-hashes" in line for line in installs)


def test_it_tells_whether_it_is_alive() -> None:
    (check,) = of("HEALTHCHECK")
    assert "/healthz" in check
    assert "urllib" in check, "there is no curl in a slim image"


def test_it_says_that_it_listens_to_others_and_believes_no_proxy() -> None:
    (command,) = of("CMD")
    assert '"--host", "0.0.0.0"' in command
    assert variables()["AUTOTRADER_HOST"] == "0.0.0.0"  # noqa: S104  # compared, not bound
    assert variables()["AUTOTRADER_PUBLIC"] == "plain"
    assert '"--no-proxy-headers"' in command


def test_what_it_writes_goes_to_volumes() -> None:
    (volumes,) = of("VOLUME")
    for name in ("NUMBA_CACHE_DIR", "AUTOTRADER_DATA_DIR"):
        assert f'"{variables()[name]}"' in volumes
    assert variables()["PYTHONDONTWRITEBYTECODE"] == "1"


@pytest.mark.parametrize("word", ["SECRET", "PASSWORD", "TOKEN", "ADD"])
def test_nothing_secret_and_nothing_remote_goes_in(word: str) -> None:
    assert not re.search(rf"\b\w*{word}\w*\b", TEXT)


def test_all_that_is_copied_is_sent_to_the_builder() -> None:
    sent = set(re.findall(r"^!(.+)$", (ROOT / ".dockerignore").read_text(), re.MULTILINE))
    copied = [word for line in of("COPY") if "--from" not in line for word in line.split()[:-1]]
    assert set(copied) <= sent
    assert ".env" not in sent
