"""The application, run in the place of the command that asked for it."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess

from toolchain.install import build
from toolchain.steps import PYTHON, ROOT, WINDOWS, environment, fail, say

# One frame of a client is at most 64 KiB, and compressing small frames costs more than it saves.
WEBSOCKETS = "--ws websockets-sansio --ws-per-message-deflate false --ws-max-size 65536"
# What uvicorn refuses by itself has the headers of every answer.
HTTP = "--http app.api.unparsed:Protocol"
# AUTOTRADER_TRUSTED_PROXIES says which proxies are believed; uvicorn would believe 127.0.0.1.
OPTIONS = f"{HTTP} {WEBSOCKETS} --timeout-graceful-shutdown 5 --no-server-header --no-proxy-headers"


def setting(name: str, default: str) -> str:
    """Return AUTOTRADER_<name> from the environment, else from .env, else the default."""
    key = f"AUTOTRADER_{name}"
    file = ROOT / ".env"
    lines = file.read_text().splitlines() if file.is_file() else []
    pairs = dict(line.split("=", 1) for line in lines if "=" in line and not line.startswith("#"))
    return os.environ.get(key) or pairs.get(key, "").strip(" \"'") or default


def refuse_taken(host: str, port: str) -> None:
    """End with a suggestion when somebody listens there already."""
    with contextlib.closing(socket.socket()) as probe:
        probe.settimeout(1)
        if port.isdecimal() and probe.connect_ex((host, int(port))) == 0:
            fail(f"port {port} is taken: try `make run PORT={int(port) + 1}`")


def serve(typed_port: str | None) -> int:
    """Build what is missing and run the application in this process's place."""
    build()
    host, port = setting("HOST", "127.0.0.1"), typed_port or setting("PORT", "8000")
    refuse_taken(host, port)
    say(f"http://{host}:{port}")
    where = ["--host", host, "--port", port]
    command = [str(PYTHON), "-m", "uvicorn", "app.main:app", *where, *OPTIONS.split()]
    variables = environment() | {"AUTOTRADER_HOST": host, "AUTOTRADER_PORT": port}
    os.chdir(ROOT)
    if not WINDOWS:
        os.execve(command[0], command, variables)
    return subprocess.run(command, env=variables, check=False).returncode
