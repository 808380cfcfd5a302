"""What the project stands on is locked, audited, listed – and holds no secret of anybody."""

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from solders.keypair import Keypair

from tests.secretforms import forms
from toolchain import supply
from toolchain.supply import Finding, judge, npm_findings, python_findings

ROOT = Path(__file__).parents[1]
LARGEST = 2_000_000
PATTERNS = {
    "a private key": r"-----BEGIN (?:RSA |EC |OPENSSH |PGP |ENCRYPTED )?PRIVATE KEY",
    "a cloud key": r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b",
    "a code host's token": r"\b(?:gh[pousr]_[A-Za-z0-9]{36}|glpat-[\w-]{20}|github_pat_\w{50,})",
    "a chat's token": r"\bxox[abprs]-[A-Za-z0-9-]{20,}|\b\d{8,10}:AA[\w-]{33}\b",
    "a chat's webhook": r"discord(?:app)?\.com/api/webhooks/\d{17,}/[\w-]{60,}",
    "a signed token": r"\beyJ[\w-]{20,}\.eyJ[\w-]{20,}\.[\w-]{20,}",
    "an API key": r"\b(?:sk|pk|rk)_live_[A-Za-z0-9]{20,}|\bAIza[\w-]{35}\b",
}
BASE58 = re.compile(r"(?<![1-9A-HJ-NP-Za-km-z])[1-9A-HJ-NP-Za-km-z]{85,88}(?![1-9A-HJ-NP-Za-km-z])")
NUMBERS = re.compile(r"\[(\s*\d{1,3}\s*(?:,\s*\d{1,3}\s*){63})\]")


def secrets_in(text: str) -> Iterator[str]:
    """Name what is a secret; a wallet's key is one only when its public half belongs to it."""
    for name, pattern in PATTERNS.items():
        if re.search(pattern, text):
            yield name
    for found in BASE58.findall(text):
        if is_key(lambda found=found: Keypair.from_base58_string(found)):
            yield "a wallet's key"
    for found in NUMBERS.findall(text):
        if is_key(lambda found=found: Keypair.from_bytes(bytes(map(int, found.split(","))))):
            yield "a wallet's key"


def is_key(make: object) -> bool:
    try:
        return isinstance(make(), Keypair)  # type: ignore[operator]  # it is called to see
    except ValueError:
        return False


def tracked() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    files = [ROOT / name for name in listed.stdout.split("\0") if name]
    return [file for file in files if file.is_file() and file.stat().st_size < LARGEST]


@pytest.mark.skipif(shutil.which("git") is None or not (ROOT / ".git").exists(), reason="no git")
def test_no_tracked_file_holds_a_secret() -> None:
    files = tracked()
    assert len(files) > 500
    found = {
        str(file.relative_to(ROOT)): told
        for file in files
        if (told := set(secrets_in(file.read_text(errors="replace"))))
    }
    assert found == {}


def test_the_scan_finds_what_it_should() -> None:
    written = forms(bytes(Keypair()))
    for name in ("base58", "JSON", "list"):
        assert list(secrets_in(f"key = {written[name]}")) == ["a wallet's key"]
    assert list(secrets_in("AKIA" + "ABCDEFGHIJKLMNOP")) == ["a cloud key"]
    assert list(secrets_in("-----BEGIN " + "PRIVATE KEY-----")) == ["a private key"]
    assert list(secrets_in("5" * 88)) == []


def test_packages_of_the_dashboard_run_no_scripts_of_their_own() -> None:
    npmrc = (ROOT / "frontend" / ".npmrc").read_text().splitlines()
    assert "ignore-scripts=true" in npmrc
    texts = [ROOT / "dev.py", ROOT / "Dockerfile", *(ROOT / "toolchain").glob("*.py")]
    calls = [
        line
        for file in texts
        for line in file.read_text().splitlines()
        if re.search(r"npm\W+(?:ci|install|i)\b", line)
    ]
    assert calls
    assert all("--ignore-scripts" in line for line in calls)
    assert not re.search(r"\bnpx\b", "".join(file.read_text() for file in texts))


PIP = {
    "dependencies": [
        {"name": "good", "version": "1", "vulns": []},
        {"name": "bad", "version": "2", "vulns": [{"id": "PYSEC-1", "fix_versions": ["3"]}]},
        {"name": "skipped", "skip_reason": "unknown"},
    ]
}
NPM = {"vulnerabilities": {"mild": {"severity": "low"}, "grave": {"severity": "high"}}}


def test_findings_are_read_and_judged() -> None:
    pip, npm = json.dumps(PIP), json.dumps(NPM)
    assert python_findings(pip, ships=True) == [Finding("bad 2", "PYSEC-1", True)]
    assert python_findings(pip, ships=False) == [Finding("bad 2", "PYSEC-1", False)]
    assert npm_findings(npm, ships=True) == [
        Finding("mild", "low", False),
        Finding("grave", "high", True),
    ]
    assert judge("x", python_findings(pip, ships=True)) == 1
    assert judge("x", npm_findings(npm, ships=False)) == 0


@pytest.mark.parametrize("said", ["", "Traceback (most recent call last)", '{"error": {}}', "[]"])
def test_a_service_that_is_not_reached_fails_nothing_and_is_told(
    said: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(supply, "setup", lambda: 0)
    assert supply.audit_deps(lambda _command, _folder: said) == 0
    assert capsys.readouterr().out.count("was not reached") == 4


def test_what_ships_and_is_grave_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supply, "setup", lambda: 0)
    both = json.dumps({**PIP, **NPM})
    asked: list[list[str]] = []

    def told(command: list[str], _folder: Path) -> str:
        asked.append(command)
        return both

    assert supply.audit_deps(told) == 1
    assert [command[1] for command in asked] == ["--disable-pip"] * 2 + ["audit"] * 2
    assert all("--require-hashes" in command for command in asked[:2])


@pytest.mark.slow
def test_bills_of_material_name_everything_that_is_locked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supply, "setup", lambda: 0)
    monkeypatch.setattr(supply, "BUILD", tmp_path)
    monkeypatch.setattr(supply, "ROOT", tmp_path)
    assert supply.sbom() == 0
    python = json.loads((tmp_path / "sbom-python.json").read_text())
    npm = json.loads((tmp_path / "sbom-npm.json").read_text())
    assert python["bomFormat"] == npm["bomFormat"] == "CycloneDX"
    lock = (ROOT / "requirements.lock").read_text()
    locked = re.findall(r"^([a-z0-9._-]+)==", lock, re.MULTILINE)
    assert {one["name"] for one in python["components"]} >= set(locked)
    assert all(one["externalReferences"][0]["hashes"] for one in python["components"])
    assert len(npm["components"]) > 50
    assert all(one["hashes"] for one in npm["components"])
