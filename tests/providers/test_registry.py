import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.ports import SentimentSource, TokenDirectory
from app.registry import RegistryError, build, find

GOOD = '''
class Good:
    """Knows nothing."""

    async def token(self, mint: str) -> None:
        return None

    def snapshot(self) -> dict[str, object]:
        return {}
'''


class Base:
    pass


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    package = tmp_path / "found_by_file"
    package.mkdir()
    (package / "__init__.py").touch()
    monkeypatch.syspath_prepend(str(tmp_path))
    yield package
    for name in [name for name in sys.modules if name.startswith("found_by_file")]:
        del sys.modules[name]


def write(folder: Path, name: str, text: str) -> None:
    (folder / name).write_text(textwrap.dedent(text))


def test_a_new_file_is_found_by_its_name_and_private_things_are_not(folder: Path) -> None:
    write(folder, "second.py", GOOD)
    write(folder, "first.py", GOOD + "\nclass _Hidden:\n    pass\n\nfrom pathlib import Path\n")
    write(folder, "_shared.py", "class One: ...\nclass Two: ...\n")
    found = find("found_by_file", TokenDirectory)
    assert list(found) == ["first", "second"]
    assert {one.__name__ for one in found.values()} == {"Good"}


def test_a_base_class_is_a_port_too(folder: Path) -> None:
    write(folder, "mine.py", f"from {__name__} import Base\nclass Mine(Base): ...\n")
    sys.modules.setdefault(__name__, sys.modules[Base.__module__])
    assert list(find("found_by_file", Base)) == ["mine"]
    write(folder, "other.py", "class Other: ...\n")
    with pytest.raises(RegistryError, match=r"found_by_file\.other\.Other is not a Base"):
        find("found_by_file", Base)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", r"wrong must have exactly one public class, not 0 \(none\)"),
        ("class A: ...\nclass B: ...\n", r"not 2 \(A, B\)"),
        ("import nothing_of_that_name\n", "wrong cannot be imported: No module named"),
        ("class A: ...\n", r"A is not a TokenDirectory: has no method token\(self, mint: str\)"),
        ("class A:\n    async def token(self, key): ...\n", "is not token"),
        ("class A:\n    def token(self, mint): ...\n", "token must be awaited"),
    ],
)
def test_a_wrong_module_is_named(folder: Path, text: str, message: str) -> None:
    write(folder, "wrong.py", text)
    with pytest.raises(RegistryError, match=message):
        find("found_by_file", TokenDirectory)


def test_a_module_is_no_folder_and_nothing_is_nothing() -> None:
    with pytest.raises(RegistryError, match="not a folder"):
        find("app.ports", SentimentSource)
    with pytest.raises(RegistryError, match="cannot be imported"):
        find("app.no_such_folder", SentimentSource)


def test_a_constructor_gets_what_it_names() -> None:
    class Wants:
        def __init__(self, one: int, two: int = 2) -> None:
            self.got = (one, two)

    assert build(Wants, one=1, three=3).got == (1, 2)
    assert build(Wants, one=1, two=5).got == (1, 5)
    with pytest.raises(RegistryError, match="Wants needs one"):
        build(Wants, two=2)
