import asyncio
import gzip
from collections.abc import Awaitable, Callable

import pytest

from app.ports import (
    BadPayloadError,
    UnavailableError,
)
from app.providers.hosts import AT_ONCE
from app.providers.http import Http
from tests.providers.clocks import RealClock
from tests.servers import head, serve_bytes

KEY = "sk-very-secret-key-123"

Writes = Callable[[bytes, asyncio.StreamWriter], Awaitable[None]]


def bomb(size: int) -> Writes:
    async def write(_: bytes, writer: asyncio.StreamWriter) -> None:
        writer.write(head(200, "application/json", "content-encoding: gzip\r\n"))
        writer.write(gzip.compress(b" " * size + b"1"))

    return write


async def test_packed_answers_are_unpacked_up_to_the_limit(http: Http) -> None:
    async with serve_bytes(bomb(1_000)) as address:
        assert (await http.get(address)).json == 1
    async with serve_bytes(bomb(50_000_000)) as address:
        with pytest.raises(BadPayloadError, match="larger than 8388608 bytes"):
            await http.get(address)


async def test_an_answer_without_end_is_cut(clock: RealClock) -> None:
    async def endless(_: bytes, writer: asyncio.StreamWriter) -> None:
        writer.write(head(200, "application/json"))
        while True:
            writer.write(b"1" * 65_536)
            await writer.drain()

    client = Http(clock, max_body_bytes=1_000_000)
    async with serve_bytes(endless) as address:
        with pytest.raises(BadPayloadError, match="larger than 1000000 bytes"):
            await client.get(address)
    await client.aclose()


async def dripping(_: bytes, writer: asyncio.StreamWriter) -> None:
    writer.write(head(200, "application/json"))
    while True:
        writer.write(b" ")
        await asyncio.sleep(0.02)


async def silent(_: bytes, writer: asyncio.StreamWriter) -> None:
    await asyncio.sleep(60)


async def closing(_: bytes, writer: asyncio.StreamWriter) -> None:
    writer.close()


async def cut(_: bytes, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{")


async def babble(_: bytes, writer: asyncio.StreamWriter) -> None:
    writer.write(b"SSH-2.0-OpenSSH\r\n")


@pytest.mark.parametrize("service", [dripping, silent, closing, cut, babble])
async def test_slow_and_broken_services_are_unavailable_in_time(
    http: Http, service: Writes
) -> None:
    async with serve_bytes(service) as address:
        with pytest.raises(UnavailableError):
            await asyncio.wait_for(http.get(address, seconds=0.2), 2)


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"\xff\xfe", b'{"a":' * 100_000, b"9" * 5_000, b"nope"],
)
async def test_what_is_no_json_is_a_bad_payload(http: Http, body: bytes) -> None:
    async def write(_: bytes, writer: asyncio.StreamWriter) -> None:
        writer.write(head(200, "application/json") + body)

    async with serve_bytes(write) as address:
        with pytest.raises(BadPayloadError):
            await http.get(address)


async def test_an_unknown_packing_is_refused(http: Http) -> None:
    async def write(_: bytes, writer: asyncio.StreamWriter) -> None:
        writer.write(head(200, "application/json", "content-encoding: br\r\n") + b"1")

    async def no_gzip(_: bytes, writer: asyncio.StreamWriter) -> None:
        writer.write(
            head(200, "application/json", "content-encoding: gzip\r\n") + b"no gzip at all"
        )

    for service in (write, no_gzip):
        async with serve_bytes(service) as address:
            with pytest.raises(BadPayloadError):
                await http.get(address)


async def test_nobody_listening_is_unavailable(http: Http) -> None:
    async with serve_bytes(closing) as address:
        pass
    with pytest.raises(UnavailableError, match="ConnectError"):
        await http.get(address)


async def test_a_cancelled_request_leaves_the_client_usable(http: Http) -> None:
    async with serve_bytes(silent) as address:
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(http.get(address), 0.05)
    async with serve_bytes(bomb(0)) as address:
        assert (await http.get(address)).json == 1


async def test_a_hung_host_takes_nobody_elses_room(http: Http) -> None:
    open_at_once = 0

    async def hang(_: bytes, writer: asyncio.StreamWriter) -> None:
        nonlocal open_at_once
        open_at_once += 1
        await asyncio.sleep(60)

    async with serve_bytes(hang) as hung, serve_bytes(bomb(0)) as well:
        stuck = [asyncio.create_task(http.get(hung, seconds=2)) for _ in range(150)]
        await asyncio.sleep(0.1)
        assert (await http.get(well, seconds=2)).json == 1
        assert open_at_once <= AT_ONCE
        failures = await asyncio.gather(*stuck, return_exceptions=True)
    assert {type(one) for one in failures} == {UnavailableError}
    assert open_at_once >= AT_ONCE
