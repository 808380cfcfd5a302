"""What tests need of the machine: programs, and ports that nobody has."""

import os
import shutil
import socket
from pathlib import Path
from typing import NoReturn

import pytest


def missing(reason: str) -> NoReturn:
    """Skip what cannot be tested on this machine; in CI that is a failure."""
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)


def found(program: str) -> str:
    """Find a program, in the folder of Debian's PostgreSQL too."""
    folders = sorted(map(str, Path("/usr/lib/postgresql").glob("*/bin")), reverse=True)
    path = shutil.which(program, path=os.pathsep.join([*folders, os.environ["PATH"]]))
    return path or missing(f"{program} is not installed")


def free_port() -> int:
    """Find a port that nobody has."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port: int = listening.getsockname()[1]
        return port
