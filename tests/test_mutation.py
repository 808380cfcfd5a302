"""The tests of what handles money and sign-ins notice when the code does something else."""

import ast
import json
import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from toolchain.mutants import mutants
from toolchain.mutation import ACCEPTED, MODULES, ON_SQLITE, Finder, path_of

ROOT = Path(__file__).parents[1]
MOST = os.environ.get("AUTOTRADER_MUTANTS", "0")
"""How many mutants of each module the long test draws; 0 is all of them."""

SOURCE = '''
"""Say what this is."""

LIMIT: int = 3


def take(values: list[int], most: int = LIMIT) -> int:
    """Take some."""
    taken = 0
    for value in values:
        if not value or value < 0:
            continue
        taken += value * 2
        if taken > most and "never" != "mutated":
            raise ValueError("too much")
    return taken
'''


def names() -> list[str]:
    return [one.name for one in mutants(SOURCE)]


def test_every_place_that_holds_a_rule_is_changed() -> None:
    assert set(names()) >= {
        "module: 3 → 4",
        "take: 0 → 1",
        "take: not value or value < 0 → not value and value < 0",
        "take: not value → +bool(value)",
        "take: value < 0 → value <= 0",
        "take: value < 0 → value >= 0",
        "take: continue → pass",
        "take: taken += value * 2 → taken -= value * 2",
        "take: taken += value * 2 → pass",
        "take: value * 2 → value // 2",
        "take: raise ValueError('too much') → pass",
        "take: return taken → return None",
    }


def test_no_text_and_no_annotation_is_changed() -> None:
    for one in mutants(SOURCE):
        tree = ast.parse(one.source)
        assert ast.get_docstring(tree) == "Say what this is."
        assert "most: int=" in one.source
        assert "raise ValueError('too much')" in one.source or "→ pass" in one.name


def test_each_mutant_is_another_program_with_a_name_of_its_own() -> None:
    made = list(mutants(SOURCE))
    assert len({one.name for one in made}) == len(made)
    whole = ast.unparse(ast.parse(SOURCE))
    assert all(one.source != whole for one in made)
    for one in made:
        compile(one.source, "mutant", "exec")


def test_a_changed_module_stands_in_for_the_real_one() -> None:
    finder = Finder("app.trading.amounts", "CHANGED = True")
    spec = finder.find_spec("app.trading.amounts", None)
    assert spec is not None
    assert spec.loader is not None
    assert spec.origin == str(path_of("app.trading.amounts"))
    code = spec.loader.get_code("app.trading.amounts")  # type: ignore[attr-defined]
    assert "CHANGED" in code.co_names
    assert finder.find_spec("app.trading.fills", None) is None


def test_what_is_accepted_is_there_and_has_a_reason() -> None:
    accepted = json.loads(ACCEPTED.read_text(encoding="utf-8"))
    for module, known in accepted.items():
        made = {one.name for one in mutants(path_of(module).read_text(encoding="utf-8"))}
        assert known.keys() <= made, module
        assert all(len(why) > 20 for why in known.values())


@pytest.mark.parametrize("module", MODULES)
def test_a_module_and_its_tests_are_there(module: str) -> None:
    assert find_spec(module) is not None
    files = [name for name in MODULES[module] if name not in ON_SQLITE]
    assert files
    assert all((ROOT / name).is_file() for name in files)


@pytest.mark.slow
@pytest.mark.timeout(6 * 3_600)
def test_nine_of_ten_mutants_are_noticed() -> None:
    command = [sys.executable, "-m", "toolchain.mutation", "--most", MOST]
    done = subprocess.run(command, cwd=ROOT, check=False)
    assert done.returncode == 0
