"""Bad frames, made from a seed: what a client may send that no client should.

A case is what goes over the wire after the upgrade, and how many frames that is. Most cases are
made by hand to meet one rule of RFC 6455 or of ours; the rest are good frames with bytes changed.
"""

import json
import struct
from collections.abc import Callable
from random import Random
from typing import Any

from tests.load.clients import CLOSE, PING, PONG, TEXT, frame

CONT, BINARY = 0, 2
LARGEST = 64 * 1024
GIB = 1 << 30
Case = tuple[bytes, int]


def text(said: str | bytes, random: Random) -> bytes:
    """Write a text frame with a random mask."""
    payload = said.encode("utf-8", "surrogatepass") if isinstance(said, str) else said
    return frame(TEXT, payload, mask=random.randbytes(4))


def not_json(random: Random) -> Case:
    """Text that is no JSON, or none that we take."""
    deep = random.choice((50, 500, 20_000))
    said = random.choice(
        (
            "",
            "{",
            "nonsense",
            "'single'",
            '{"type": "PING", "x": NaN}',
            '{"type": "PING", "x": -Infinity}',
            '{"type": "PING", "x": 1e999}',
            '{"type": "PING", "x": ' + "9" * 5_000 + "}",
            "[" * deep,
            "[" * deep + "]" * deep,
            '{"a":' * deep + "1" + "}" * deep,
            '"\\ud800"',
            '{"type": "PING", "type": "AUTH"}',
            '{"type": "PING"}\x00',
            "\ufeff{}",
            "".join(chr(random.randrange(32, 0x2FFF)) for _ in range(random.randrange(200))),
        )
    )
    return text(said, random), 1


def wrong_shape(random: Random) -> Case:
    """JSON that is no frame of ours."""
    values: tuple[Any, ...] = (
        None,
        True,
        -1,
        0.5,
        "x",
        [],
        {},
        [[]],
        "\u0000",
        2**70,
        ["x"] * 51,
        "x" * 65,
    )
    kinds: tuple[Any, ...] = (
        "PING",
        "PONG",
        "AUTH",
        "SUBSCRIBE",
        "UNSUBSCRIBE",
        "BUY",
        "",
        None,
        7,
        [],
        {},
    )
    said = {
        "type": random.choice(kinds),
        "data": random.choice((*values, {"tokens": random.choice(values)}, {"token": "x"})),
    }
    if random.random() < 0.3:
        said[random.choice(("seq", "wallet_address", "token", "", "type "))] = random.choice(values)
    return text(json.dumps(random.choice((said, [said], said["data"]))), random), 1


def bad_text(random: Random) -> Case:
    """Text that is no UTF-8; sometimes with more behind it in the same piece."""
    payload = random.choice((b"\xff", b"\xc0\xaf", b"\xed\xa0\x80", b"ab\xe2\x82", b"\xf5" * 9))
    rest = random.choice((b"", frame(CLOSE, b"\x03\xe8"), frame(TEXT, b"\xff"), frame(PING, b"x")))
    return frame(TEXT, payload) + rest, 1 + bool(rest)


def large(random: Random) -> Case:
    """A frame that is as large as allowed or larger, or only says so."""
    size = random.choice((LARGEST - 1, LARGEST, LARGEST + 1, 2 * LARGEST))
    claim = random.choice((GIB, 1 << 40, (1 << 63) - 1, 1 << 63, (1 << 64) - 1))
    head = bytes((0x81, 0x80 | 127)) + struct.pack("!Q", claim) + bytes(4)
    return random.choice((frame(TEXT, b"x" * size), head + b"x" * 100)), 1


def pieces(random: Random) -> Case:
    """Messages in pieces: whole, without an end, without a beginning, too large together."""
    whole = b'{"type": "PING"}'
    cut = random.randrange(len(whole))
    good = frame(TEXT, whole[:cut], fin=False) + frame(CONT, whole[cut:])
    many = frame(TEXT, b"", fin=False) + frame(CONT, b"x" * 9_000, fin=False) * 9
    return random.choice(
        (
            (good, 2),
            (frame(TEXT, b"{", fin=False) + frame(TEXT, b"}"), 2),
            (frame(CONT, b"{}"), 1),
            (frame(TEXT, b"{", fin=False) + frame(PING, b"!") + frame(CONT, b"}"), 3),
            (frame(TEXT, b"\xe2", fin=False) + frame(CONT, b"\x82\xac"), 2),
            (many, 10),
            (frame(BINARY, b"x", fin=False), 1),
        )
    )


def against_the_rules(random: Random) -> Case:
    """Frames that the protocol forbids."""
    good = bytearray(text('{"type": "PING"}', random))
    wrong = random.choice(("reserved bit", "opcode", "no mask", "control"))
    if wrong == "reserved bit":
        good[0] |= random.choice((0x10, 0x20, 0x40, 0x70))
    elif wrong == "opcode":
        good[0] = 0x80 | random.choice((3, 4, 5, 6, 7, 11, 12, 13, 14, 15))
    elif wrong == "no mask":
        return bytes((0x81, 2)) + b"{}", 1
    else:
        opcode, size = random.choice((CLOSE, PING, PONG)), random.choice((2, 126, 200))
        return frame(opcode, b"x" * size, fin=size > 125), 1
    return bytes(good), 1


def goodbye(random: Random) -> Case:
    """Closes, good and bad, and what comes behind them."""
    codes = (0, 999, 1000, 1004, 1005, 1006, 1015, 2999, 3000, 4999, 5000, 65535)
    payload = random.choice(
        (
            b"",
            b"\x03",
            struct.pack("!H", random.choice(codes)),
            struct.pack("!H", 1000) + b"\xff\xfe",
            struct.pack("!H", 1000) + b"x" * 120,
        )
    )
    return frame(CLOSE, payload) + random.choice((b"", frame(TEXT, b"{}"), b"\xff\xff")), 1


def controls(random: Random) -> Case:
    """Pings and pongs in plenty."""
    many = random.randrange(1, 30)
    return frame(random.choice((PING, PONG)), random.randbytes(random.randrange(126))) * many, many


def binary(random: Random) -> Case:
    """A message of bytes."""
    return frame(BINARY, random.randbytes(random.randrange(200))), 1


def changed(random: Random) -> Case:
    """A good frame with some bytes changed, or noise."""
    made = bytearray(text('{"type": "SUBSCRIBE", "data": {"tokens": ["x"]}}', random))
    for _ in range(random.randrange(1, 4)):
        made[random.randrange(len(made))] = random.randrange(256)
    noise = random.randbytes(random.randrange(1, 300))
    return random.choice((bytes(made), bytes(made[: random.randrange(1, len(made))]), noise)), 1


CASES: tuple[Callable[[Random], Case], ...] = (
    not_json,
    wrong_shape,
    bad_text,
    large,
    pieces,
    against_the_rules,
    goodbye,
    controls,
    binary,
    changed,
)
