"""Messages through Apprise: Discord, Telegram, ntfy, mail and more, each by its address.

The library and every connection live in a process of their own (`notify_apart`), which can reach
public addresses only, unless private ones are allowed. It starts with the first message, carries
one at a time, and ends when there was nothing to do for a while.
"""

import asyncio
import json
import os
import sys
from pathlib import Path
from typing import Any

import app
from app.ports import Known, Message, RejectedError, UnavailableError

SECONDS = 30.0
IDLE_SECONDS = 60.0
KEPT = ("PATH", "SYSTEMROOT", "LD_LIBRARY_PATH", "TMPDIR", "TEMP", "SSL_CERT_FILE", "SSL_CERT_DIR")
"""Of the environment the process gets what a program needs to start: no secret and no proxy."""

Told = dict[str, Any]


class AppriseNotifier:
    """Carries messages by Apprise."""

    def __init__(self, private_hosts: bool = False) -> None:
        self._private = private_hosts
        self._turn = asyncio.Lock()
        self._process: asyncio.subprocess.Process | None = None
        self._ending: asyncio.TimerHandle | None = None
        self._going: asyncio.Task[int] | None = None
        self._sent = 0
        self._failed = 0
        self._starts = 0

    def snapshot(self) -> dict[str, object]:
        """Count messages that arrived, those that did not, and processes that were started."""
        return {"sent": self._sent, "failed": self._failed, "processes": self._starts}

    async def check(self, address: str) -> Known:
        """Judge an address. Raises RejectedError when it must or can not be used."""
        told = await self._ask({"check": address})
        if told.get("error"):
            raise RejectedError(str(told["error"]))
        return Known(shown=told["shown"], service=told["service"])

    async def send(self, address: str, message: Message) -> None:
        """Carry a message. Raises RejectedError when trying again is of no use."""
        words = {"title": message.title, "body": message.body, "tone": message.tone}
        try:
            told = await self._ask({"url": address, **words})
        except UnavailableError:
            self._failed += 1
            raise
        if told["sent"]:
            self._sent += 1
            return
        self._failed += 1
        kind = RejectedError if told["final"] else UnavailableError
        raise kind(str(told["error"]))

    async def aclose(self) -> None:
        """End the process."""
        async with self._turn:
            await self._end()

    async def _ask(self, job: Told) -> Told:
        """Hand the process a job and wait for its answer. Raises UnavailableError."""
        async with self._turn:
            self._rest(None)
            try:
                async with asyncio.timeout(SECONDS):
                    told = await self._exchange(job)
            except TimeoutError as error:
                await self._end()
                raise UnavailableError(f"no answer within {SECONDS:g} s") from error
            except (OSError, ValueError) as error:
                await self._end()
                raise UnavailableError("the process that carries messages ended") from error
            except asyncio.CancelledError:
                await self._end()  # its answer would be taken for another job's
                raise
            self._rest(IDLE_SECONDS)
            return told

    async def _exchange(self, job: Told) -> Told:
        process = await self._running()
        if process.stdin is None or process.stdout is None:
            raise OSError("it has no pipes")
        process.stdin.write(json.dumps(job).encode() + b"\n")
        await process.stdin.drain()
        told: Told = json.loads(await process.stdout.readline())
        return told

    async def _running(self) -> asyncio.subprocess.Process:
        """Return the process; start it where there is none."""
        if self._process is not None and self._process.returncode is None:
            return self._process
        self._starts += 1
        self._process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "app.providers.notify_apart",
            cwd=Path(app.__file__).parents[1],
            env={name: os.environ[name] for name in KEPT if name in os.environ},
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
        )
        if self._process.stdin is not None:
            self._process.stdin.write(json.dumps({"private": self._private}).encode() + b"\n")
        return self._process

    def _rest(self, seconds: float | None) -> None:
        """Let the process end after so many idle seconds; None: it has work."""
        if self._ending is not None:
            self._ending.cancel()
            self._ending = None
        process = self._process
        if seconds is not None and process is not None and process.stdin is not None:
            loop = asyncio.get_running_loop()
            self._ending = loop.call_later(seconds, self._let_go)

    def _let_go(self) -> None:
        """Let the process end by itself; the next message starts another one."""
        process, self._process = self._process, None
        if process is not None and process.stdin is not None:
            process.stdin.close()
            self._going = asyncio.create_task(process.wait())

    async def _end(self) -> None:
        self._rest(None)
        process, self._process = self._process, None
        if process is not None and process.returncode is None:
            process.kill()
            await process.wait()
