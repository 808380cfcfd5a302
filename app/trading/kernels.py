"""Functions over columns that stay plain Python until compiling them pays.

The compiler takes a second to load and a hundred megabytes to keep, which a few open positions are
not worth. So kernels are marked, run as they are, and are compiled beside other work when books
grow: the same source, the same bits.
"""

import hashlib
import importlib
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from types import FunctionType, ModuleType, SimpleNamespace
from typing import Any, TypeVar

Function = TypeVar("Function", bound=Callable[..., object])

_MARK = "__kernel__"
_PLAIN = "__plain__"
_LONG = "__long__"


def kernel(function: Function) -> Function:
    """Mark a function as one that can be compiled: numbers, arrays and named tuples only."""
    setattr(function, _MARK, function.__module__)
    setattr(function, _PLAIN, function)
    return function


def long_kernel(function: Function) -> Function:
    """Mark a kernel that runs for milliseconds: compiled, it lets other threads run meanwhile."""
    setattr(function, _LONG, True)
    return kernel(function)


@cache
def compiled(module: ModuleType) -> SimpleNamespace:
    """Make compiled twins of the kernels a module defines, by name; the module stays as it is.

    A kernel may call those of its own module and those it imported by name from another.
    """
    numba = importlib.import_module("numba")
    folder = cache_folder()
    if folder is not None:
        numba.config.CACHE_DIR = str(folder)
    scope: dict[str, Any] = dict(vars(module))
    twins = {}
    for name, function in vars(module).items():
        if not hasattr(function, _MARK):
            continue
        home = vars(function)[_MARK]
        if home != module.__name__:
            scope[name] = getattr(compiled(importlib.import_module(home)), function.__name__)
            continue
        plain = vars(function)[_PLAIN]
        twin = FunctionType(plain.__code__, scope, name, plain.__defaults__)
        jit = numba.njit(cache=folder is not None, nogil=hasattr(function, _LONG))
        twins[name] = scope[name] = jit(twin)
    return SimpleNamespace(**twins)


@cache
def cache_folder() -> Path | None:
    """Make the folder for what was compiled of the sources as they are, below NUMBA_CACHE_DIR
    where that is set; None when nothing can be kept.

    The compiler's own cache sees only the file that a kernel stands in, not those it calls, and
    cannot read what an older source left behind: a folder for each state of the sources can hold
    neither.
    """
    home = Path(__file__).parent
    digest = hashlib.sha256()
    for path in sorted(home.glob("*.py")):
        digest.update(path.read_bytes())
    asked = importlib.import_module("numba").config.CACHE_DIR
    for root in (
        Path(asked or home / "__pycache__"),
        home / "__pycache__",
        Path("~/.cache/auto-trader").expanduser(),
    ):
        folder = root / f"kernels-{digest.hexdigest()[:16]}"
        try:
            for old in root.glob("kernels-*"):
                if old != folder:
                    shutil.rmtree(old, ignore_errors=True)
            folder.mkdir(parents=True, exist_ok=True)
            (folder / ".writable").touch()
        except OSError:
            continue
        return folder
    return None


def install(module: ModuleType, twins: SimpleNamespace) -> None:
    """Put compiled twins in the place of a module's kernels; call it between two passes."""
    for name, twin in vars(twins).items():
        setattr(twin, _MARK, module.__name__)
        setattr(twin, _PLAIN, vars(getattr(module, name))[_PLAIN])
        setattr(module, name, twin)


@contextmanager
def in_place(module: ModuleType) -> Iterator[None]:
    """Use a module's kernels in their compiled form for a while."""
    before = {name: one for name, one in vars(module).items() if hasattr(one, _MARK)}
    install(module, compiled(module))
    try:
        yield
    finally:
        for name, one in before.items():
            setattr(module, name, one)


def is_compiled(module: ModuleType) -> bool:
    """Tell whether a module's kernels are in their compiled form."""
    kernels = [one for one in vars(module).values() if hasattr(one, _MARK)]
    return not any(isinstance(one, FunctionType) for one in kernels)
