"""Secrets that people entrust to the platform, encrypted before they reach the database.

The key is a file of the data folder that only its owner may read, made when it is first needed: a
database, or a copy of one, tells nobody where messages go. Who restores a backup elsewhere takes
`secrets.key` along; without it the secrets are lost, and people enter them again.
"""

import os
import secrets
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from app.store.files import FILE_MODE, make_folders

KEY_FILE = "secrets.key"
KEY_BYTES = 32
NONCE_BYTES = 12


class SealedError(Exception):
    """A secret that this key does not open, or a key file that is none."""


class Vault:
    """Encrypts and decrypts with the key of a data folder (AES-256-GCM)."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / KEY_FILE
        self._cipher: AESGCM | None = None

    def close_up(self, secret: str, about: str) -> bytes:
        """Encrypt a text; `about` says what it belongs to and must be said again to open it."""
        nonce = secrets.token_bytes(NONCE_BYTES)
        return nonce + self._key().encrypt(nonce, secret.encode(), about.encode())

    def open_up(self, sealed: bytes, about: str) -> str:
        """Decrypt a text. Raises SealedError."""
        nonce, rest = sealed[:NONCE_BYTES], sealed[NONCE_BYTES:]
        try:
            return self._key().decrypt(nonce, rest, about.encode()).decode()
        except (InvalidTag, ValueError) as error:
            raise SealedError(f"{KEY_FILE} does not open what was entrusted") from error

    def _key(self) -> AESGCM:
        if self._cipher is None:
            self._cipher = AESGCM(self._read())
        return self._cipher

    def _read(self) -> bytes:
        """Read the key; the first process that needs one makes it."""
        if not self._path.exists():
            self._make()
        key = self._path.read_bytes()
        if len(key) != KEY_BYTES:
            raise SealedError(f"{self._path.name} is no key of {KEY_BYTES} bytes")
        return key

    def _make(self) -> None:
        """Write the key whole before it has its name, so that nobody reads half of one."""
        make_folders(self._path.parent)
        draft = self._path.with_name(f".{KEY_FILE}.{os.getpid()}.{secrets.token_hex(4)}")
        number = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, FILE_MODE)
        with os.fdopen(number, "wb") as file:
            file.write(secrets.token_bytes(KEY_BYTES))
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(draft, self._path)
        except FileExistsError:
            pass  # another process was first
        finally:
            draft.unlink()
