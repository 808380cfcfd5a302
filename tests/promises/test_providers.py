"""What every provider keeps, also one that is written tomorrow."""

import ast
import importlib
import inspect
from pathlib import Path

import pytest

from app import ports, providers
from app.ports import (
    CandleSource,
    Notifier,
    PriceSource,
    SentimentSource,
    SignalSource,
    TokenDirectory,
)
from app.registry import differences, find

PORTS: dict[str, type] = {
    "signals": SignalSource,
    "tokens": TokenDirectory,
    "sentiment": SentimentSource,
    "candles": CandleSource,
    "prices": PriceSource,
    "notify": Notifier,
}
FOUND = [
    pytest.param(port, name, provider, id=f"{port}.{name}")
    for port, protocol in PORTS.items()
    for name, provider in find(f"app.providers.{port}", protocol).items()
]
every_provider = pytest.mark.parametrize(("port", "name", "provider"), FOUND)
SOURCES = sorted(Path(providers.__path__[0]).rglob("*.py"))
every_module = pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.stem)


def test_every_port_has_a_provider() -> None:
    assert {str(one.values[0]) for one in FOUND} == set(PORTS)
    assert all(getattr(ports, protocol.__name__) is protocol for protocol in PORTS.values())


@every_provider
def test_it_is_the_one_public_class_of_its_module(port: str, name: str, provider: type) -> None:
    assert provider.__module__ == f"app.providers.{port}.{name}"
    assert differences(provider, PORTS[port]) == []


@every_provider
def test_it_says_what_it_is(port: str, name: str, provider: type) -> None:
    module = importlib.import_module(provider.__module__)
    assert (module.__doc__ or "").strip()
    assert (provider.__doc__ or "").strip()
    public = [one for key, one in vars(provider).items() if not key.startswith("_")]
    assert all(inspect.getdoc(one) for one in public if inspect.isfunction(one))


@every_provider
def test_it_tells_how_it_does(port: str, name: str, provider: type) -> None:
    snapshot = inspect.getattr_static(provider, "snapshot")
    assert inspect.isfunction(snapshot)
    assert list(inspect.signature(snapshot).parameters) == ["self"]
    assert not inspect.iscoroutinefunction(snapshot)


@every_provider
def test_it_asks_for_named_things_only(port: str, name: str, provider: type) -> None:
    parameters = list(inspect.signature(provider).parameters.values())
    kinds = {one.kind for one in parameters}
    assert kinds <= {inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.KEYWORD_ONLY}
    assert all(one.annotation is not inspect.Parameter.empty for one in parameters)


@every_module
def test_all_requests_leave_through_one_door(path: Path) -> None:
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add((node.module or "").partition(".")[0])
    doors = {"httpx", "httpx_sse", "httpx2", "aiohttp", "requests", "urllib3", "websockets"}
    assert path.name == "http.py" or not names & doors
