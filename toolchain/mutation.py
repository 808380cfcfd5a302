"""How many small changes of the code that handles money and sign-ins the tests notice.

`python -m toolchain.mutation` runs every mutant of every module below, some at a time, each in a
process of its own with the tests that answer for its module, and writes docs/MUTATIONS.md.
With names only those modules run, and their rows are written anew; `--most 50 --seed 7` draws that
many, and writes nothing.
A mutant that no test can notice is listed with its reason in tests/mutants.json.
"""

from __future__ import annotations

import argparse
import importlib
import importlib.util
import json
import os
import random
import signal
import sys
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, SourceFileLoader
from pathlib import Path
from typing import NamedTuple

import pytest

from toolchain.mutants import Mutant, mutants
from toolchain.steps import ROOT

TRADING, STORE, API = "tests/trading", "tests/store", "tests/api"
ON_SQLITE = ("-k", "not postgres")
"""A test that fails on one database is enough, and this one is made anew in a moment."""

WRITING = tuple(f"{STORE}/test_{name}.py" for name in ("journal", "lease", "patience", "faults"))
MODULES: dict[str, tuple[str, ...]] = {
    "app.trading.amounts": tuple(
        f"{TRADING}/test_{name}.py" for name in ("amounts", "fills", "sizing", "entering")
    ),
    "app.trading.fills": tuple(
        f"{TRADING}/test_{name}.py" for name in ("fills", "amounts", "entering", "leaving")
    ),
    "app.trading.exits": (
        *(
            f"{TRADING}/test_{name}.py"
            for name in ("guards", "exits", "stand_under", "books", "leaving")
        ),
        "tests/properties/test_exits.py",
    ),
    "app.trading.ledger": tuple(
        f"{TRADING}/test_{name}.py" for name in ("ledger", "accounts", "resets", "leaving")
    ),
    "app.trading.gate": (f"{TRADING}/test_gate.py", "tests/properties/test_prices.py"),
    "app.store.journal": WRITING,
    "app.store.group": (*WRITING, *ON_SQLITE),
    "app.store.chain": (f"{STORE}/test_chain.py", *ON_SQLITE),
    "app.api.signing": tuple(
        f"{API}/test_{name}.py" for name in ("signing", "sign_in", "sessions")
    ),
    "app.api.sessions": tuple(
        f"{API}/test_{name}.py" for name in ("session_memory", "sessions", "sign_in")
    ),
}
"""What is changed, and the tests that answer for it, the quickest first."""

ACCEPTED = ROOT / "tests" / "mutants.json"
PAGE = ROOT / "docs" / "MUTATIONS.md"
SCORES = ROOT / "docs" / "mutations.json"
"""The last whole score of each module, which the page is written from."""

WANTED = 0.9
PATIENCE = 4.0
LEAST_SECONDS = 30.0
HEAVY = ("numpy", "polars", "pydantic", "sqlalchemy", "sqlmodel")
"""What tests import anyway, loaded once before all processes are forked; no plugin of pytest's."""

PLAIN = ("-p", "no:cacheprovider", "-p", "no:xdist", "-m", "not slow")

Accepted = dict[str, dict[str, str]]


class Score(NamedTuple):
    """How a module's mutants ended; `alive` names those that no test noticed."""

    module: str
    total: int
    killed: int
    accepted: int
    alive: list[str]
    seconds: float
    date: str

    @property
    def share(self) -> float:
        """Return the share of noticed mutants among those that can be noticed."""
        return self.killed / max(1, self.total - self.accepted)


class Changed(SourceFileLoader):
    """Loads a module from a source in memory, under the path that it really has."""

    def __init__(self, name: str, path: str, source: str) -> None:
        super().__init__(name, path)
        self._source = source

    def get_code(self, fullname: str) -> object:  # type: ignore[override]
        """Compile what is in memory; nothing is read from or written to a cache."""
        return compile(self._source, self.get_filename(fullname), "exec")


class Finder(MetaPathFinder):
    """Finds one module in memory and leaves all others to the rest."""

    def __init__(self, name: str, source: str) -> None:
        self._name = name
        self._path = str(path_of(name))
        self._source = source

    def find_spec(self, fullname: str, path: object, target: object = None) -> ModuleSpec | None:
        """Answer for the changed module only."""
        del path, target
        if fullname != self._name:
            return None
        loader = Changed(fullname, self._path, self._source)
        return importlib.util.spec_from_file_location(fullname, self._path, loader=loader)


def path_of(module: str) -> Path:
    """Return the file of a module."""
    return ROOT / (module.replace(".", "/") + ".py")


def run_tests(module: str, source: str, tests: Sequence[str], seconds: float) -> bool:
    """Run tests against a changed module in a forked process; tell whether they all passed."""
    child = os.fork()
    if child == 0:
        code = 1
        try:
            os.setsid()
            _become_quiet()
            sys.meta_path.insert(0, Finder(module, source))
            code = int(pytest.main(["-x", "-q", *PLAIN, *tests]))
        finally:
            os._exit(code)
    until = time.monotonic() + seconds
    while True:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            _end(child)
            return os.waitstatus_to_exitcode(status) == 0
        if time.monotonic() > until:
            _end(child)
            os.waitpid(child, 0)
            return False
        time.sleep(0.02)


def _end(child: int) -> None:
    """End a process and all that it started, and nobody else: they are a session of their own."""
    try:
        os.killpg(child, signal.SIGKILL)
    except ProcessLookupError:
        return


def _become_quiet() -> None:
    nowhere = os.open(os.devnull, os.O_RDWR)
    for number in range(3):
        os.dup2(nowhere, number)


def score(module: str, asked: argparse.Namespace, accepted: Accepted) -> Score:
    """Run the mutants of a module. Raises RuntimeError when its tests fail without any."""
    tests = MODULES[module]
    source = path_of(module).read_text(encoding="utf-8")
    began = time.monotonic()
    if not run_tests(module, source, tests, 600.0):
        raise RuntimeError(f"the tests of {module} fail as they are")
    patience = max(LEAST_SECONDS, PATIENCE * (time.monotonic() - began))
    made = list(mutants(source))
    known = accepted.get(module, {})
    gone = sorted(known.keys() - {one.name for one in made})
    for name in gone:
        print(f"{module}: tests/mutants.json lists what is not there: {name}", flush=True)
    if asked.most and len(made) > asked.most:
        made = random.Random(asked.seed).sample(made, asked.most)  # noqa: S311  # repeatable
    tried = [one for one in made if one.name not in known]

    def survives(mutant: Mutant) -> bool:
        alive = run_tests(module, mutant.source, tests, patience)
        if alive:
            print(f"  alive: {module}:{mutant.line} {mutant.name}", flush=True)
        return alive

    with ThreadPoolExecutor(asked.at_once) as threads:
        found = list(threads.map(survives, tried))
    alive = [one.name for one, lives in zip(tried, found, strict=True) if lives]
    seconds = time.monotonic() - began
    return Score(
        module=module,
        total=len(made),
        killed=len(tried) - len(alive),
        accepted=len(made) - len(tried),
        alive=alive,
        seconds=round(seconds),
        date=f"{datetime.now(UTC):%Y-%m-%d}",
    )


def page(scores: Sequence[Score], accepted: Accepted) -> str:
    """Write the page of scores."""
    rows = [
        f"| `{it.module}` | {it.total} | {it.killed} | {it.accepted} | {len(it.alive)} "
        f"| {100 * it.share:.1f} % | {it.date} |"
        for it in scores
    ]
    lines = [
        "# Mutations",
        "",
        "Written by `python -m toolchain.mutation`: each module is changed in one place at a time",
        "(comparisons, operations, constants, conditions, statements, what is returned), and the",
        "tests that answer for it must fail. The score leaves out changes that nobody could",
        "notice; they stand below with their reasons. mutations.json holds the same for programs.",
        "",
        "| module | mutants | noticed | not noticeable | alive | score | date |",
        "|---|---|---|---|---|---|---|",
        *rows,
        "",
        "## Alive",
        "",
        *[f"- `{it.module}` {one}" for it in scores for one in it.alive],
        "",
        "## Not noticeable, and why",
        "",
        *[
            f"- `{module}` {name}: {why}"
            for module, known in sorted(accepted.items())
            for name, why in sorted(known.items())
        ],
        "",
    ]
    return "\n".join(lines)


def keep(scores: Sequence[Score], accepted: Accepted) -> None:
    """Put scores in the place of older ones of the same modules, and write the page anew."""
    kept: dict[str, Score] = {}
    if SCORES.exists():
        known = [Score(**one) for one in json.loads(SCORES.read_text(encoding="utf-8"))]
        kept = {it.module: it for it in known}
    kept |= {it.module: it for it in scores}
    told = [kept[module] for module in MODULES if module in kept]
    text = json.dumps([it._asdict() for it in told], indent=2, ensure_ascii=False)
    SCORES.write_text(text + "\n", encoding="utf-8")
    PAGE.write_text(page(told, accepted), encoding="utf-8")


def main() -> int:
    """Run what was asked for; 1 when a score is too low."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("modules", nargs="*", choices=[*MODULES, []], help="Default: all of them.")
    parser.add_argument("--most", type=int, default=0, help="So many mutants of each, drawn.")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--at-once", type=int, default=os.cpu_count() or 1)
    asked = parser.parse_args()
    folder = tempfile.mkdtemp(prefix="mutants-")
    os.environ |= {
        "HYPOTHESIS_PROFILE": "coverage",
        "NUMBA_DISABLE_JIT": "1",
        "NUMBA_CACHE_DIR": folder,
        "HYPOTHESIS_STORAGE_DIRECTORY": folder,
    }
    os.chdir(ROOT)
    for name in HEAVY:
        importlib.import_module(name)
    accepted: Accepted = json.loads(ACCEPTED.read_text(encoding="utf-8"))
    scores = []
    for module in asked.modules or MODULES:
        it = score(module, asked, accepted)
        scores.append(it)
        noticed = f"{it.killed} of {it.total - it.accepted} noticed"
        print(f"{module}: {noticed}, {100 * it.share:.1f} % ({it.seconds:.0f} s)", flush=True)
        if not asked.most:
            keep([it], accepted)
    return int(any(it.share < WANTED for it in scores))


if __name__ == "__main__":
    sys.exit(main())
