"""Functions over columns that stay plain Python until compiling them pays.

The compiler takes a second to load and a hundred megabytes to keep, which a few open positions are
not worth. So kernels are marked, run as they are, and are compiled beside other work when books
grow: the same source, the same bits.
"""

import importlib
from collections.abc import Callable
from types import FunctionType, ModuleType, SimpleNamespace
from typing import Any, TypeVar

Function = TypeVar("Function", bound=Callable[..., object])

_MARK = "__kernel__"


def kernel(function: Function) -> Function:
    """Mark a function as one that can be compiled: numbers, arrays and named tuples only."""
    setattr(function, _MARK, True)
    return function


def compiled(module: ModuleType) -> SimpleNamespace:
    """Make compiled twins of a module's kernels, by name; the module itself stays as it is.

    They call each other, so the module's kernels must not call another module's.
    """
    numba = importlib.import_module("numba")
    scope: dict[str, Any] = dict(vars(module))
    plain = {name: one for name, one in scope.items() if hasattr(one, _MARK)}
    twins = {}
    for name, function in plain.items():
        twin = FunctionType(function.__code__, scope, name, function.__defaults__)
        twins[name] = scope[name] = numba.njit(cache=True)(twin)
    return SimpleNamespace(**twins)


def install(module: ModuleType, twins: SimpleNamespace) -> None:
    """Put compiled twins in the place of a module's kernels; call it between two passes."""
    for name, twin in vars(twins).items():
        setattr(twin, _MARK, True)
        setattr(module, name, twin)


def is_compiled(module: ModuleType) -> bool:
    """Tell whether a module's kernels are in their compiled form."""
    kernels = [one for one in vars(module).values() if hasattr(one, _MARK)]
    return not any(isinstance(one, FunctionType) for one in kernels)
