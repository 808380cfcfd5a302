"""Bodies of answers: unpacked within a limit, and shown in messages without anything secret."""

import zlib
from collections.abc import Iterable
from dataclasses import dataclass

from app.ports import BadPayloadError
from app.providers.payloads import decode
from app.providers.text import clean
from app.trading.ids import is_address

SHOWN_CHARACTERS = 200
SECRET_CHARACTERS = 8
SECRET_WORDS = ("auth", "key", "token", "secret", "cookie")
LONG_SEGMENT = 24
WINDOW_BITS_GZIP = 16 + zlib.MAX_WBITS
HIDDEN = "[hidden]"


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: the status and the decoded JSON (None for an allowed error without JSON)."""

    status: int
    json: object


class Unpacker:
    """Collects a body, plain or gzip, and refuses to hold more than `max_bytes` unpacked."""

    def __init__(self, encoding: str, max_bytes: int) -> None:
        if encoding not in {"", "identity", "gzip"}:
            raise BadPayloadError(
                f"the answer is packed as {clean(encoding, 20)!r}, which nobody asked for"
            )
        self._zip = zlib.decompressobj(WINDOW_BITS_GZIP) if encoding == "gzip" else None
        self._body = bytearray()
        self._max = max_bytes

    def feed(self, chunk: bytes) -> None:
        """Take the next bytes from the wire. Raises BadPayloadError past the limit."""
        if self._zip is None:
            self._body += chunk
        else:
            try:
                self._body += self._zip.decompress(chunk, self._max + 1 - len(self._body))
            except zlib.error as error:
                raise BadPayloadError(f"the answer is not gzip: {error}") from error
        if len(self._body) > self._max:
            raise BadPayloadError(f"the answer is larger than {self._max} bytes")

    def body(self) -> bytes:
        """Return what was collected."""
        return bytes(self._body)


def secrets(sent: Iterable[tuple[str, str]]) -> list[str]:
    """Pick what must not be shown out of the named values that were sent with a request."""
    kept = [value for name, value in sent if any(word in name.lower() for word in SECRET_WORDS)]
    parts = [*kept, *(value.partition(" ")[2] for value in kept)]
    return [one for one in parts if len(one) >= SECRET_CHARACTERS and not is_address(one)]


def show(body: bytes, hide: Iterable[str] = ()) -> str:
    """Return the first 200 characters of a body for a message, cleaned, and no secret we sent."""
    text = body[: SHOWN_CHARACTERS * 16].decode("utf-8", "replace")
    for secret in hide:
        text = text.replace(secret, HIDDEN)
    return clean(text, SHOWN_CHARACTERS) or "an empty body"


def read_json(body: bytes, text: str, *, strict: bool) -> object:
    """Decode a body; what is no JSON is None, or BadPayloadError with a text when strict."""
    try:
        return decode(body)
    except ValueError as error:
        if strict:
            raise BadPayloadError(f"{text} (not JSON)") from error
        return None


def show_path(path: str) -> str:
    """Return a path for a message: addresses stay, other long parts may be keys and are hidden."""
    parts = path.split("/")
    return "/".join(one if len(one) < LONG_SEGMENT or is_address(one) else HIDDEN for one in parts)
