"""The process that computes, started and ended by the platform (see `foreman`).

It reads jobs from its standard input and writes to its standard output what came of them, one job
at a time. It gives way to everybody else on the machine, and it ends with whoever started it.
"""

import ctypes
import hashlib
import os
import queue
import signal
import sys
import threading
import time
import traceback
import zlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import BinaryIO

import msgspec
from pydantic import ValidationError

from app.research.code import code_digest, code_version
from app.research.jobs import (
    Answer,
    Broken,
    Cancel,
    Done,
    Job,
    Message,
    Progress,
    Ready,
    Refused,
    Stopped,
    next_asked,
    pack,
    written,
)
from app.research.loading import Sources
from app.research.results import Backtest, Cancelled, Sweep, Tell, Unfit
from app.research.summary import summary_of

NICE = 10
TELL_SECONDS = 0.2
PR_SET_PDEATHSIG = 1

Work = Callable[[bytes, Sources, Tell], Answer]
"""Takes a request as JSON, and whose it is. Raises ValidationError, Unfit or Cancelled."""


class Worker:
    """Computes one job after the other."""

    def __init__(self, out: BinaryIO, works: Mapping[str, Work]) -> None:
        self._out = out
        self._works = works
        self._jobs: queue.SimpleQueue[Job] = queue.SimpleQueue()
        self._unwanted: set[int] = set()
        self._told = 0.0

    def listen(self, stream: BinaryIO) -> None:
        """Take what is asked, for ever; the process ends with the stream."""
        while True:
            asked = next_asked(stream)
            if asked is None:
                os._exit(0)
            if isinstance(asked, Cancel):
                self._unwanted.add(asked.id)
            else:
                self._jobs.put(asked)

    def serve(self) -> None:
        """Say that this process is ready, then compute, for ever."""
        self.say(Ready(version=code_version(), digest=code_digest()))
        while True:
            job = self._jobs.get()
            self.say(self.answer(job))

    def say(self, message: Message) -> None:
        """Say something to the platform."""
        self._out.write(written(message))
        self._out.flush()

    def answer(self, job: Job) -> Answer:
        """Compute a job, whatever comes of it."""
        self._told = 0.0

        def tell(share: float) -> None:
            if job.id in self._unwanted:
                raise Cancelled
            if time.monotonic() - self._told >= TELL_SECONDS:
                self._told = time.monotonic()
                self.say(Progress(share=min(max(share, 0.0), 1.0)))

        try:
            sources = Sources(Path(job.data_dir), job.wallet, job.database_url)
            return self._works[job.kind](zlib.decompress(job.request), sources, tell)
        except Cancelled:
            return Stopped()
        except Unfit as unfit:
            return Refused(place=list(unfit.place), detail=unfit.detail)
        except ValidationError as error:
            return invalid(error)
        except MemoryError:
            return Refused(place=[], detail="this needs more memory than a run may take")
        except Exception:  # whoever asked must get an answer, whatever it is
            return Broken(traceback=traceback.format_exc())


def data_hash_of(result: Backtest | Sweep) -> str:
    """Hash the candles of all tokens of a run."""
    hashes = [token.data_hash for token in result.tokens]
    if len(hashes) == 1:
        return hashes[0]
    return hashlib.sha256("\n".join(hashes).encode()).hexdigest()


def done(result: Backtest | Sweep, seconds: float) -> Done:
    """Pack a result."""
    return Done(
        result=pack(result),
        summary=msgspec.json.encode(summary_of(result)).decode(),
        data_hash=data_hash_of(result),
        seconds=seconds,
    )


def invalid(error: ValidationError) -> Refused:
    """Say what is wrong with a request."""
    first = error.errors(include_url=False)[0]
    return Refused(place=list(first["loc"]), detail=first["msg"].removeprefix("Value error, "))


def die_with(parent: int) -> None:
    """Ask the system to end this process with its parent; elsewhere the end of the input does."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(0)


def main(works: Mapping[str, Work]) -> None:
    """Serve whoever started this process, whose number is the first argument."""
    die_with(int(sys.argv[1]))
    os.nice(NICE)
    out = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # what a library prints is no message
    worker = Worker(out, works)
    listening = threading.Thread(target=worker.listen, args=(sys.stdin.buffer,), daemon=True)
    listening.start()
    worker.serve()
