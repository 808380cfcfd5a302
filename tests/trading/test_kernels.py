"""The compiled exit machine and the plain one are the same machine, bit for bit."""

import importlib.util
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import numba
import numpy as np
import pytest

from app.engine.warm import compiled_exits
from app.trading import exits, kernels
from app.trading.books import Book, Opening
from app.trading.exits import BLOCK, NEVER_MS
from app.trading.ids import TokenId
from app.trading.kernels import compiled, install, is_compiled
from app.trading.market import Token
from app.trading.plans import ExitPlan

PLANS = [
    ExitPlan(),
    ExitPlan(trailing_after_tier=0, stop_loss=0.05),
    ExitPlan(take_profit=((0.02, 0.5), (0.04, 0.5)), breakeven_after_tier=2),
    ExitPlan(trailing_stop=None, max_holding_candles=3),
]
MANY = 2 * BLOCK + 40

Seen = list[tuple[object, ...]]


def lived(seed: int) -> Seen:
    """Open and tick a book at random; return what every price sold and how it left the columns."""
    rng = np.random.default_rng(seed)
    laid_out = exits.plans(PLANS)
    book = Book(Token(TokenId(1), "mint", "TOKEN", 6))
    price, now, trade = 1e-5, 0, 0
    seen: Seen = []
    for _ in range(60):
        price *= float(np.exp(0.02 * rng.standard_normal()))
        now += 1000
        sold = book.tick(laid_out, price, now)
        if sold is not None:
            columns = (sold.slot, sold.tier, sold.reason, sold.units)
            seen.append(tuple(column.tobytes() for column in columns))
            book.remove_sold()
        if book.count < MANY:
            many = int(rng.integers(1, 60))
            numbers = np.arange(trade, trade + many, dtype=np.int64)
            plan = rng.integers(0, len(PLANS), many).astype(np.int32)
            deadline = np.where(plan == len(PLANS) - 1, now + 5000, NEVER_MS).astype(np.int64)
            units = rng.integers(1, 10**9, many)
            zero = np.zeros(many, np.int32)
            opening = Opening(numbers, zero, zero, plan, units, units, deadline, 0)
            book.open(laid_out, opening, price, now)
            trade += many
        highest = [book.highest(slot) for slot in range(book.count)]
        state = [column[: book.count].tobytes() for column in book.columns]
        seen.append((highest, state))
    return seen


@pytest.fixture(autouse=True)
def plain(monkeypatch: pytest.MonkeyPatch) -> None:
    """Begin with plain kernels, whatever ran in this process before."""
    for name, kernel in list(vars(exits).items()):
        if hasattr(kernel, "__plain__"):
            monkeypatch.setattr(exits, name, kernel.__plain__)


@pytest.mark.parametrize("seed", range(6))
def test_compiled_and_plain_agree_bit_for_bit(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    assert not is_compiled(exits)
    plain = lived(seed)
    for name, twin in vars(compiled_exits()).items():
        monkeypatch.setattr(exits, name, twin)
    assert lived(seed) == plain
    assert any(len(row) > 2 for row in plain)


SUMS = """
from app.trading.kernels import kernel


@kernel
def add(left, right):
    return left + right


@kernel
def add_thrice(left, right):
    return add(left, add(left, add(left, right)))
"""


def written(tmp_path: Path) -> ModuleType:
    """Write a module with kernels, and load it."""
    file = tmp_path / "sums.py"
    file.write_text(SUMS, encoding="utf-8")
    spec = importlib.util.spec_from_file_location("sums", file)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_installing_puts_every_kernel_of_a_module_in_its_compiled_form(tmp_path: Path) -> None:
    module = written(tmp_path)
    twins = compiled(module)
    assert not is_compiled(module)
    install(module, twins)
    assert is_compiled(module)
    assert module.add_thrice(1.0, 2.0) == 5.0


def test_compiled_code_is_kept_apart_for_each_state_of_the_sources() -> None:
    folder = kernels.cache_folder()
    assert folder is not None
    assert folder.name.startswith("kernels-")
    compiled_exits()
    assert any(folder.rglob("*.nbi"))


@pytest.fixture
def asked_again() -> Iterator[None]:
    """Let the folder be looked for anew, before and after."""
    kernels.cache_folder.cache_clear()
    yield
    kernels.cache_folder.cache_clear()


def test_a_folder_that_was_asked_for_is_used_and_emptied_of_older_states(
    asked_again: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    del asked_again
    (tmp_path / "kernels-0123456789abcdef").mkdir()
    monkeypatch.setattr(numba.config, "CACHE_DIR", str(tmp_path))
    folder = kernels.cache_folder()
    assert folder is not None
    assert folder.parent == tmp_path
    assert list(tmp_path.glob("kernels-*")) == [folder]
    kernels.cache_folder.cache_clear()
    assert kernels.cache_folder() == folder


def test_where_nothing_can_be_kept_nothing_is(
    asked_again: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    del asked_again
    file = tmp_path / "file"
    file.touch()
    monkeypatch.setattr(kernels, "__file__", str(file / "kernels.py"))
    monkeypatch.setattr(Path, "expanduser", lambda _: file)
    monkeypatch.setattr(numba.config, "CACHE_DIR", str(file))
    assert kernels.cache_folder() is None


def test_kernels_are_compiled_for_a_while() -> None:
    before = exits.step
    with kernels.in_place(exits):
        assert is_compiled(exits)
    assert exits.step is before
    assert not is_compiled(exits)


def test_kernels_are_compiled_where_nothing_can_be_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kernels, "cache_folder", lambda: None)
    assert compiled(written(tmp_path)).add_thrice(1.0, 2.0) == 5.0
