"""What people entrust is readable with the key of the data folder only."""

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from app.store.vault import KEY_FILE, SealedError, Vault


def test_a_secret_comes_back_for_what_it_belongs_to_and_nothing_else(tmp_path: Path) -> None:
    vault = Vault(tmp_path)
    sealed = vault.close_up("ntfy://✓", "one")
    assert vault.open_up(sealed, "one") == "ntfy://✓"
    assert b"ntfy" not in sealed
    assert vault.close_up("ntfy://✓", "one") != sealed
    for wrong, about in ((sealed, "two"), (sealed[:-1], "one"), (b"", "one"), (b"x" * 40, "one")):
        with pytest.raises(SealedError):
            vault.open_up(wrong, about)


def test_the_key_is_its_owners_alone_and_stays(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "data"
    sealed = Vault(folder).close_up("secret", "it")
    mode = (folder / KEY_FILE).stat().st_mode
    assert stat.S_IMODE(mode) == 0o600
    assert [path.name for path in folder.iterdir()] == [KEY_FILE]
    assert Vault(folder).open_up(sealed, "it") == "secret"


def test_another_key_opens_nothing(tmp_path: Path) -> None:
    sealed = Vault(tmp_path / "one").close_up("secret", "it")
    with pytest.raises(SealedError):
        Vault(tmp_path / "two").open_up(sealed, "it")


def test_a_file_that_is_no_key_is_told(tmp_path: Path) -> None:
    (tmp_path / KEY_FILE).write_bytes(b"short")
    with pytest.raises(SealedError, match="no key"):
        Vault(tmp_path).close_up("secret", "it")


def test_many_who_need_the_first_key_get_the_same(tmp_path: Path) -> None:
    vaults = [Vault(tmp_path) for _ in range(16)]
    with ThreadPoolExecutor(16) as threads:
        sealed = list(threads.map(lambda vault: vault.close_up("secret", "it"), vaults))
    assert {Vault(tmp_path).open_up(one, "it") for one in sealed} == {"secret"}
