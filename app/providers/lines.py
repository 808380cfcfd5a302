"""Lines of an event stream, with a limit: at most so many bytes between two blank lines.

Takes bytes as they come and gives back whole lines, always ended by LF; CRLF, CR and a byte order
mark at the start are understood as the standard asks. An event that grows past the limit and a
line that never ends are the same thing here: more bytes than allowed since the last blank line.
"""

from typing import NamedTuple

from app.ports import BadPayloadError

MAX_EVENT_BYTES = 1024 * 1024
BYTE_ORDER_MARK = b"\xef\xbb\xbf"


class TooLargeError(BadPayloadError):
    """An event grew past the limit; nothing more can be read from its connection."""


class Event(NamedTuple):
    """One event of a stream; `retry` is in milliseconds and unchecked, `data` may be empty."""

    name: str
    data: str
    id: str
    retry: int | None


class Lines:
    """Splits one stream; make a new one for each connection."""

    def __init__(self, max_event_bytes: int = MAX_EVENT_BYTES) -> None:
        self._max = max_event_bytes
        self._parts: list[bytes] = []
        self._held = 0
        self._event = 0
        self._after_cr = False
        self._start: bytes | None = b""

    def feed(self, chunk: bytes) -> bytes:
        """Take bytes and return the lines they complete (maybe none), each ended by LF.

        Raises TooLargeError when an event is larger than allowed.
        """
        chunk = self._without_mark(chunk)
        if self._after_cr and chunk:
            chunk = chunk.removeprefix(b"\n")
            self._after_cr = False
        if chunk.endswith(b"\r"):
            self._after_cr = True
        if b"\r" in chunk:
            chunk = chunk.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        whole, ended, rest = chunk.rpartition(b"\n")
        done = b"".join((*self._parts, whole, ended)) if ended else b""
        if ended:
            self._parts, self._held = [], 0
            self._measure(done)
        if rest:
            self._parts.append(rest)
            self._held += len(rest)
        self._check(self._event + self._held)
        return done

    def _without_mark(self, chunk: bytes) -> bytes:
        if self._start is None:
            return chunk
        self._start += chunk
        if len(self._start) < len(BYTE_ORDER_MARK) and BYTE_ORDER_MARK.startswith(self._start):
            return b""
        chunk, self._start = self._start.removeprefix(BYTE_ORDER_MARK), None
        return chunk

    def _measure(self, lines: bytes) -> None:
        begin = 1 if lines.startswith(b"\n") else 0
        events = lines[begin:].split(b"\n\n")
        if begin:
            self._event = 0
        self._check(self._event + len(events[0]))
        for event in events[1:]:
            self._check(len(event))
        self._event = self._event + len(lines) - begin if len(events) == 1 else len(events[-1])

    def _check(self, size: int) -> None:
        if size > self._max:
            raise TooLargeError(f"an event is larger than {self._max} bytes")
