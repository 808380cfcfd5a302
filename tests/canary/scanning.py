"""Looks for secrets in whatever a platform leaves behind."""

import io
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import polars as pl
import psutil

from tests.secretforms import forms

Canaries = Mapping[str, bytes]
"""Each secret by its name, as bytes."""


def needles(canaries: Canaries) -> dict[str, bytes]:
    """Write every secret in every form, and as it is where it is text."""
    found: dict[str, bytes] = {}
    for name, secret in canaries.items():
        found |= {f"{name} as {form}": text.encode() for form, text in forms(secret).items()}
        found[f"{name} as it is"] = secret
    return found


def hits(data: bytes, sought: Mapping[str, bytes]) -> set[str]:
    """Name the secrets that stand in some bytes."""
    return {name for name, needle in sought.items() if needle in data}


def readable(file: Path) -> bytes:
    """Return what stands in a file, unpacked where that hides it."""
    data = file.read_bytes()
    if data.startswith(b"PAR1"):
        table = pl.read_parquet(io.BytesIO(data))
        data += table.select(pl.all().cast(pl.String, strict=False)).write_csv().encode()
    return data


def in_files(files: Iterable[Path], sought: Mapping[str, bytes]) -> dict[str, set[str]]:
    """Name the files in which secrets stand, and which."""
    return {
        str(file): found
        for file in files
        if file.is_file() and (found := hits(readable(file), sought))
    }


def environments(process: int) -> Iterator[tuple[str, bytes]]:
    """Give the environment and the command line of every child of a process."""
    for child in psutil.Process(process).children(recursive=True):
        try:
            yield (
                f"child {child.pid}",
                "\0".join(
                    [
                        *child.cmdline(),
                        *(f"{name}={value}" for name, value in child.environ().items()),
                    ]
                ).encode(),
            )
        except psutil.NoSuchProcess:
            continue
