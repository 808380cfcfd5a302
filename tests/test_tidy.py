"""The sizes that keep a stranger able to read this: measured here, so that nobody has to argue."""

import ast
import re
import subprocess
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import chain
from pathlib import Path
from statistics import median

import pytest

ROOT = Path(__file__).parents[1]
MEDIAN_FILE, LONG_FILE, LONGEST_FILE = 120, 300, 400
LONG_FUNCTION, LONGEST_FUNCTION = 40, 60
LONGEST_FRONTEND_FILE = 250
LINES_PER_TYPE_IGNORE = 1_000
IMPORTS_BELOW = re.compile(r"^(?!import\b|from\b).*\bimport\b", re.MULTILINE)
"""Finds what may be an import that does not begin its line: only those files need to be parsed."""

Function = ast.FunctionDef | ast.AsyncFunctionDef


@cache
def tracked(*endings: str) -> tuple[Path, ...]:
    """Return the files that are or would be committed; generated ones are nobody's to shorten."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "--deduplicate"]
    names = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    kept = [name for name in names.splitlines() if not re.search(r"/generated/|\.gen\.", name)]
    return tuple(ROOT / name for name in kept if name.endswith(endings) and (ROOT / name).is_file())


@cache
def lines(path: Path) -> int:
    return len(path.read_text().splitlines())


def python_files() -> list[Path]:
    return [path for path in tracked(".py") if "versions" not in path.parts]


def app_files() -> list[Path]:
    """Return the modules of the platform; a package's docstring alone is no module."""
    return [
        path for path in python_files() if path.is_relative_to(ROOT / "app") and lines(path) > 1
    ]


def functions(path: Path) -> Iterator[Function]:
    nodes = ast.walk(ast.parse(path.read_text()))
    return (node for node in nodes if isinstance(node, Function))


def length(function: Function) -> int:
    """Count a function's lines without its docstring: explaining is free."""
    total = (function.end_lineno or function.lineno) - function.lineno + 1
    first = function.body[0]
    if ast.get_docstring(function) is None:
        return total
    return total - ((first.end_lineno or first.lineno) - first.lineno + 1)


def is_rare(sizes: Sequence[int], limit: int) -> bool:
    """Tell whether at most one in twenty is above the limit."""
    return sum(size > limit for size in sizes) <= -(-len(sizes) // 20)


def listing(found: Sequence[tuple[int, str]]) -> str:
    """Write sizes and places, the largest first."""
    return "\n".join(f"  {size:5d}  {place}" for size, place in sorted(found, reverse=True))


def place(path: Path, line: int | None = None) -> str:
    return f"{path.relative_to(ROOT)}{f':{line}' if line else ''}"


def test_no_python_file_is_too_long() -> None:
    found = [(lines(path), place(path)) for path in python_files() if lines(path) > LONGEST_FILE]
    assert not found, (
        f"files over {LONGEST_FILE} lines; split them by what they know:\n{listing(found)}"
    )


def test_most_modules_are_short() -> None:
    sizes = [lines(path) for path in app_files()]
    found = [(lines(path), place(path)) for path in app_files() if lines(path) > LONG_FILE]
    assert median(sizes) <= MEDIAN_FILE, f"half of the modules should fit in {MEDIAN_FILE} lines"
    assert is_rare(sizes, LONG_FILE), (
        f"at most 5 % of {len(sizes)} modules may have over {LONG_FILE} lines:\n{listing(found)}"
    )


def test_functions_are_short() -> None:
    sizes = {place(path, it.lineno): length(it) for path in app_files() for it in functions(path)}
    found = [(size, where) for where, size in sizes.items() if size > LONG_FUNCTION]
    worst = [(size, where) for size, where in found if size > LONGEST_FUNCTION]
    assert not worst, f"functions over {LONGEST_FUNCTION} lines:\n{listing(worst)}"
    assert is_rare(list(sizes.values()), LONG_FUNCTION), (
        f"at most 5 % of functions may have over {LONG_FUNCTION} lines:\n{listing(found)}"
    )


def test_no_function_imports() -> None:
    found = [
        place(path, node.lineno)
        for path in python_files()
        if IMPORTS_BELOW.search(path.read_text())
        for node in chain.from_iterable(map(ast.walk, functions(path)))
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]
    assert not found, f"imports belong at a file's head, where cycles show: {', '.join(found)}"


def test_types_are_rarely_ignored() -> None:
    mark = "type:" + " ignore"
    found = [
        place(path, number)
        for path in app_files()
        for number, line in enumerate(path.read_text().splitlines(), start=1)
        if mark in line
    ]
    allowed = -(-sum(map(lines, app_files())) // LINES_PER_TYPE_IGNORE)
    assert len(found) <= allowed, (
        f"{len(found)} ignored types, {allowed} allowed: {', '.join(found)}"
    )


def test_no_frontend_file_is_too_long() -> None:
    files = [path for path in tracked(".ts", ".tsx") if path.is_relative_to(ROOT / "frontend")]
    found = [(lines(path), place(path)) for path in files if lines(path) > LONGEST_FRONTEND_FILE]
    assert not found, f"files over {LONGEST_FRONTEND_FILE} lines:\n{listing(found)}"


@pytest.mark.parametrize("word", ["utils", "helpers", "common", "manager", "service", "misc"])
def test_modules_are_named_for_what_they_know(word: str) -> None:
    found = [place(path) for path in app_files() if word in path.stem.split("_")]
    assert not found, f"what is in {', '.join(found)}? Name it."
