"""Compiled kernels stay inside their columns: run with the compiler's check of bounds."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
HERE = ROOT / "tests" / "trading"
TESTS = ("test_guards.py", "test_exits.py", "test_books.py", "test_walk.py", "test_leap.py")
LIVED = "test_kernels.py::test_compiled_and_plain_agree_bit_for_bit"
PROGRAM = """
import sys, numba, numpy, pytest
from app.engine.warm import compiled_exits
from app.trading import exits, kernels

@numba.njit
def beyond(column):
    return column[column.size]

try:
    beyond(numpy.zeros(3))
except IndexError:
    kernels.install(exits, compiled_exits())
    sys.exit(pytest.main(sys.argv[1:]))
sys.exit("the compiler checks no bounds")
"""


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_no_kernel_reads_or_writes_outside_its_columns(tmp_path: Path) -> None:
    checked = {"NUMBA_BOUNDSCHECK": "1", "NUMBA_CACHE_DIR": str(tmp_path), "PYTHONPATH": str(ROOT)}
    chosen = [str(HERE / name) for name in (*TESTS, LIVED)]
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, "-q", "-p", "no:cacheprovider", "-m", "not slow", *chosen],
        cwd=ROOT,
        env={**os.environ, **checked},
        capture_output=True,
        text=True,
        timeout=280,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert " passed" in done.stdout
    assert any(tmp_path.rglob("*.nbi")), "compiled anew, with the check"
