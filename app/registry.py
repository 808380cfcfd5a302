"""Discovery by file: one public class per module, found by the module's name.

A strategy or a provider is one new file in its folder and no edit elsewhere. What a port asks of
an implementation is compared method by method, because a Protocol is not inherited. It knows no
particular port and no particular package.
"""

import importlib
import inspect
import pkgutil
from collections.abc import Callable
from types import ModuleType
from typing import Protocol, TypeVar, cast

T = TypeVar("T")


class RegistryError(Exception):
    """A module that is not exactly one implementation; the message says which one and why."""


def find(package: str, port: Callable[..., T]) -> dict[str, type[T]]:
    """Find every implementation of a Protocol or base class in a package, by module name, sorted.

    Modules whose name starts with an underscore are passed over. Raises RegistryError for a module
    that cannot be imported, has no public class or several, or whose class is no implementation.
    """
    found: dict[str, type[T]] = {}
    for name in _modules(package):
        module = _import(f"{package}.{name}")
        found[name] = implementation(_only_class(module), port)
    return found


def implementation(candidate: type, port: Callable[..., T]) -> type[T]:
    """Return the class as an implementation of the port; raises RegistryError when it is none."""
    name = f"{candidate.__module__}.{candidate.__qualname__}"
    wanted = port if isinstance(port, type) else type(port)
    if Protocol not in wanted.__bases__:
        if not issubclass(candidate, wanted):
            raise RegistryError(f"{name} is not a {wanted.__name__}")
        return cast("type[T]", candidate)
    wrong = differences(candidate, wanted)
    if wrong:
        raise RegistryError(f"{name} is not a {wanted.__name__}: {'; '.join(wrong)}")
    return cast("type[T]", candidate)


def differences(candidate: type, protocol: type) -> list[str]:
    """Say where a class does not answer as a Protocol asks: methods, parameters, awaiting."""
    wrong = []
    for name, asked in vars(protocol).items():
        if name.startswith("_") or not inspect.isfunction(asked):
            continue
        given = inspect.getattr_static(candidate, name, None)
        if not inspect.isfunction(given):
            wrong.append(f"has no method {name}{inspect.signature(asked)}")
        elif _shape(given) != _shape(asked):
            wrong.append(
                f"{name}{inspect.signature(given)} is not {name}{inspect.signature(asked)}"
            )
        elif inspect.iscoroutinefunction(given) != inspect.iscoroutinefunction(asked):
            wrong.append(
                f"{name} must {'' if inspect.iscoroutinefunction(asked) else 'not '}be awaited"
            )
    return wrong


def build(candidate: Callable[..., T], **offered: object) -> T:
    """Make an implementation; of what is offered it gets the arguments that its constructor names.

    Raises RegistryError when it needs something that is not offered.
    """
    parameters = inspect.signature(candidate).parameters
    needed = [
        name for name, one in parameters.items() if one.default is one.empty and name not in offered
    ]
    if needed:
        raise RegistryError(
            f"{getattr(candidate, '__name__', candidate)} needs {', '.join(needed)}"
        )
    return candidate(**{name: offered[name] for name in parameters if name in offered})


def _modules(package: str) -> list[str]:
    paths = getattr(_import(package), "__path__", None)
    if paths is None:
        raise RegistryError(f"{package} is a module, not a folder of modules")
    return sorted(one.name for one in pkgutil.iter_modules(paths) if not one.name.startswith("_"))


def _import(name: str) -> ModuleType:
    try:
        return importlib.import_module(name)
    except Exception as error:
        raise RegistryError(f"{name} cannot be imported: {error}") from error


def _only_class(module: ModuleType) -> type:
    public = [
        one
        for name, one in vars(module).items()
        if isinstance(one, type) and one.__module__ == module.__name__ and not name.startswith("_")
    ]
    if len(public) != 1:
        names = ", ".join(one.__name__ for one in public) or "none"
        raise RegistryError(
            f"{module.__name__} must have exactly one public class, not {len(public)} ({names})"
        )
    return public[0]


def _shape(function: Callable[..., object]) -> list[tuple[str, bool]]:
    parameters = inspect.signature(function).parameters.values()
    return [(one.name, one.default is one.empty) for one in parameters]
