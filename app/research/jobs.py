"""What the platform and the process that computes say to each other, and how a result is kept.

A message is msgpack behind four bytes of length. A result is JSON in lines, compressed: the first
is the result without its trades or rows, each further line is one of these. So a reader takes them
one at a time and never keeps others of its process waiting for long.
"""

import struct
import zlib
from collections.abc import Callable, Iterable
from typing import BinaryIO

import msgspec

from app.research.results import Backtest, RunTrade, Sweep, SweepRow

LENGTH = struct.Struct(">I")
COMPRESSION = 3


class Message(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """Anything that is said."""


class Job(Message, frozen=True, kw_only=True):
    """Compute this; `request` is JSON, compressed as it is kept."""

    id: int
    kind: str
    request: bytes
    data_dir: str
    wallet: str | None
    database_url: str | None = None


class Cancel(Message, frozen=True, kw_only=True):
    """Nobody wants the answer to this job any more."""

    id: int


class Ready(Message, frozen=True, kw_only=True):
    """The process runs this version of the code; `digest` is of its rules and strategies."""

    version: str
    digest: str


class Progress(Message, frozen=True, kw_only=True):
    """So much is done, 0 to 1."""

    share: float


class Done(Message, frozen=True, kw_only=True):
    """The result, packed; `summary` is JSON."""

    result: bytes
    summary: str
    data_hash: str
    seconds: float


class Refused(Message, frozen=True, kw_only=True):
    """The request cannot be run; `place` is the path to the field."""

    place: list[str | int]
    detail: str


class Checked(Message, frozen=True, kw_only=True):
    """The request can be run; `settings` is JSON of it without its candles."""

    settings: str


class Faulty(Message, frozen=True, kw_only=True):
    """The request cannot be run: the path to each field at fault, and what was expected."""

    faults: list[tuple[list[str | int], str]]


class Stopped(Message, frozen=True, kw_only=True):
    """The job was cancelled."""


class Broken(Message, frozen=True, kw_only=True):
    """What nobody foresaw, for the log of the server."""

    traceback: str


Answer = Done | Refused | Checked | Faulty | Stopped | Broken
Said = Ready | Progress | Answer
Asked = Job | Cancel

_encoder = msgspec.msgpack.Encoder()
_said: msgspec.msgpack.Decoder[Said] = msgspec.msgpack.Decoder(Said)
_asked: msgspec.msgpack.Decoder[Asked] = msgspec.msgpack.Decoder(Asked)
_json = msgspec.json.Encoder()


def written(message: Message) -> bytes:
    """Write a message with its length."""
    body = _encoder.encode(message)
    return LENGTH.pack(len(body)) + body


def said(body: bytes) -> Said:
    """Read what the process said. Raises msgspec.MsgspecError."""
    return _said.decode(body)


def next_asked(stream: BinaryIO) -> Asked | None:
    """Wait for what is asked of this process; None at the end."""
    head = stream.read(LENGTH.size)
    if len(head) < LENGTH.size:
        return None
    (length,) = LENGTH.unpack(head)
    body = stream.read(length)
    return _asked.decode(body) if len(body) == length else None


def _lines(head: object, items: Iterable[object]) -> bytes:
    return zlib.compress(b"\n".join(map(_json.encode, [head, *items])), COMPRESSION)


def pack(result: Backtest | Sweep) -> bytes:
    """Write a result as it is kept."""
    if isinstance(result, Backtest):
        return _lines(msgspec.structs.replace(result, trades=[]), result.trades)
    return _lines(msgspec.structs.replace(result, rows=[]), result.rows)


def unpack_backtest(packed: bytes) -> Backtest:
    """Read a backtest. Raises zlib.error or msgspec.MsgspecError for what is none."""
    head, *lines = zlib.decompress(packed).split(b"\n")
    decode: Callable[[bytes], RunTrade] = msgspec.json.Decoder(RunTrade).decode
    trades = [decode(line) for line in lines]
    return msgspec.structs.replace(msgspec.json.decode(head, type=Backtest), trades=trades)


def unpack_sweep(packed: bytes) -> tuple[Sweep, list[bytes]]:
    """Read a sweep without its rows, and these as JSON, best first (see `row`).

    Raises zlib.error or msgspec.MsgspecError for what is none.
    """
    head, *lines = zlib.decompress(packed).split(b"\n")
    return msgspec.json.decode(head, type=Sweep), lines


row: Callable[[bytes], SweepRow] = msgspec.json.Decoder(SweepRow).decode
"""Read one row of a sweep."""
