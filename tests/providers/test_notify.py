"""Messages go out, and no address that a person gives leads inside."""

import asyncio
import http.server
import json
import socket
import threading
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest

from app.ports import Message, ProviderError, RejectedError, UnavailableError
from app.providers.notify import apprise as carrying
from app.providers.notify.apprise import AppriseNotifier
from app.providers.notify_apart import __main__ as apart
from app.providers.notify_apart.addresses import (
    MAIL_PORTS,
    OWN_HOSTS,
    PLAIN,
    SERVICES,
    allowed,
    is_public,
    ports_of,
)
from app.providers.notify_apart.http import MOST_BYTES, Door, RefusedAddressError, Trip, _some

SECRET = "kOnMsGfTzQ"  # stands for one
HELLO = Message(title="BONK: closed", body="+0.1 SOL", tone="good")

INSIDE = [
    "127.0.0.1",
    "127.255.255.254",
    "0.0.0.0",  # noqa: S104  # asked for, not listened on
    "10.0.0.1",
    "100.64.0.1",
    "169.254.169.254",
    "172.16.0.1",
    "192.168.1.1",
    "192.0.2.1",
    "198.18.0.1",
    "224.0.0.1",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "64:ff9b::7f00:1",
    "64:ff9b::808:808",
    "64:ff9b:1::1",
    "2002:7f00:1::",
    "2001:0:4136:e378:8000:63bf:3fff:fdd2",
    "fe80::1",
    "fe80::1%eth0",
    "fc00::1",
    "fec0::1",
    "ff02::1",
    "2001:db8::1",
    "localhost",
    "",
]
"""Addresses that are not of the public net, or one in the clothes of another."""

DISGUISES = [
    "0x7f.1",
    "2130706433",
    "017700000001",
    "127.1",
    "\uff11\uff12\uff17.0.0.1",  # full-width digits
    "127\u30020\u30020\u30021",  # full stops of another script
]
"""Other ways to write 127.0.0.1."""


@pytest.mark.parametrize("address", INSIDE)
def test_an_address_inside_is_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["1.1.1.1", "8.8.8.8", "2606:4700::1111", "::ffff:8.8.8.8"])
def test_an_address_outside_is_public(address: str) -> None:
    assert is_public(address)


def test_only_encrypted_schemas_are_allowed_unless_the_operator_says_so() -> None:
    for schema in SERVICES | OWN_HOSTS | {"mailtos"}:
        assert allowed(schema, private=False)
    for schema in PLAIN:
        assert not allowed(schema, private=False)
        assert allowed(schema, private=True)
    for schema in ("file", "exec", "syslog", "dbus", "windows", "gopher", "", "http"):
        assert not allowed(schema, private=True)
    assert ports_of("mailtos") == MAIL_PORTS
    assert ports_of("jsons") == {443}


@pytest.mark.parametrize(
    "address",
    [("127.0.0.1", 443), ("10.1.2.3", 443), ("8.8.8.8", 80), ("::1", 443, 0, 0), "/run/x.sock"]
    + [(one, 443) for one in DISGUISES]
    + [("example.org", 443)],
)
def test_a_connection_is_judged_by_the_very_address_it_goes_to(address: Any) -> None:
    """A name that was public when it was looked up and is not now changes nothing."""
    door = Door(private=False)
    with pytest.raises(RefusedAddressError):
        door.look("socket.connect", (None, address))
    assert door.trip.refused is not None


def test_a_connection_outside_is_let_through() -> None:
    door = Door(private=False)
    door.look("socket.connect", (None, ("8.8.8.8", 443)))
    door.look("open", ("anything",))
    door.trip.ports = MAIL_PORTS
    door.look("socket.connect", (None, ("2606:4700::1111", 465, 0, 0)))
    assert door.trip.refused is None


@pytest.mark.parametrize("event", ["subprocess.Popen", "os.system", "socket.sendto"])
@pytest.mark.parametrize("private", [False, True])
def test_the_process_starts_nothing(event: str, private: bool) -> None:
    with pytest.raises(RefusedAddressError):
        Door(private=private).look(event, ())


def test_of_an_answer_so_much_is_read_and_no_more() -> None:
    class Endless:
        def iter_content(self, size: int) -> Iterator[bytes]:
            while True:
                yield b"x" * size

    assert len(_some(Endless(), until=float("inf"))) == MOST_BYTES
    assert len(_some(Endless(), until=0.0)) < MOST_BYTES


@pytest.mark.parametrize(
    ("status", "final"),
    [(302, True), (400, True), (404, True), (408, False), (429, False), (500, False), (503, False)],
)
def test_a_refusal_says_whether_to_try_again(status: int, final: bool) -> None:
    trip = Trip()
    trip.status = status
    assert apart.outcome(trip) == {"final": final, "error": f"the service answered {status}"}


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        (f"discord://123456789012345678/{SECRET}{SECRET}", "discord://…GfTz"),
        (f"ntfy://{SECRET}", "ntfy://…zQ"),
        ("ntfy://abc", "ntfy://…"),
        (f"jsons://hooks.example.org/{SECRET}?x={SECRET}", "jsons://hooks.example.org/…"),
        (f"mailtos://me:{SECRET}@gmail.com", "mailtos://…@gmail.com"),
    ],
)
def test_little_of_an_address_is_shown(url: str, shown: str) -> None:
    schema = apart.schema_of(url)
    host = {"jsons": "hooks.example.org", "mailtos": "gmail.com"}.get(schema, SECRET)
    told = apart.masked(schema, host, url)
    assert told == shown.replace("GfTz", f"{SECRET}"[-4:])
    assert SECRET not in told


@pytest.fixture(scope="module")
async def notifier() -> AsyncIterator[AppriseNotifier]:
    """Refuse all that these tests ask for, in one process: each start of it takes a second."""
    made = AppriseNotifier()
    yield made
    await made.aclose()


@pytest.fixture(scope="module")
async def home() -> AsyncIterator[AppriseNotifier]:
    """Send to this machine, in one process as well."""
    made = AppriseNotifier(private_hosts=True)
    yield made
    await made.aclose()


@pytest.fixture
async def at_home() -> AsyncIterator[AppriseNotifier]:
    made = AppriseNotifier(private_hosts=True)
    yield made
    await made.aclose()


@pytest.mark.parametrize("schema", ["jsons", "ntfys", "gotifys"])
async def test_no_address_leads_inside(notifier: AppriseNotifier, schema: str) -> None:
    hosts = [one if ":" not in one else f"[{one}]" for one in [*INSIDE, *DISGUISES] if one]
    for host in hosts:
        url = f"{schema}://{host}/{SECRET}"
        with pytest.raises(RejectedError) as refused:
            await notifier.check(url)
        assert SECRET not in str(refused.value)
        with pytest.raises(ProviderError) as failed:  # also where nobody checked before
            await notifier.send(url, HELLO)
        assert "answered" not in str(failed.value)
        assert SECRET not in str(failed.value)
    assert notifier.snapshot()["sent"] == 0


@pytest.mark.parametrize(
    "url",
    [
        "json://example.org/x",
        "jsons://8.8.8.8:8443/x",
        "file:///etc/passwd",
        "syslog://",
        "exec://x",
        "http://example.org",
        "nonsense",
        "://",
        "discord://",
        "tgram://x",
        "jsons://",
    ],
)
async def test_what_is_no_place_for_messages_is_refused(
    notifier: AppriseNotifier, url: str
) -> None:
    with pytest.raises(RejectedError):
        await notifier.check(url)


async def test_services_are_known_by_name(notifier: AppriseNotifier) -> None:
    known = await notifier.check("tgram://123456789:abcdefghijklmnopqrstuvwxyz-ABCDEFGH/12345")
    assert (known.service, known.shown) == ("Telegram", "tgram://…2345")


class Receiver(http.server.BaseHTTPRequestHandler):
    """Answers as its server is told, and keeps what it was sent."""

    def do_POST(self) -> None:
        size = int(self.headers["content-length"])
        self.server.got.append((self.path, self.rfile.read(size)))  # type: ignore[attr-defined]
        self.send_response(self.server.status)  # type: ignore[attr-defined]
        self.send_header("location", "/elsewhere")
        self.end_headers()
        self.wfile.write(SECRET.encode())

    def log_message(self, *_: object) -> None:
        """Keep quiet."""


@pytest.fixture
def receiver() -> Iterator[Any]:
    server: Any = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
    server.got, server.status = [], 200
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def url_of(receiver: Any) -> str:
    return f"json://127.0.0.1:{receiver.server_address[1]}/hook"


async def test_a_message_arrives_where_the_operator_allows_it(
    at_home: AppriseNotifier, receiver: Any
) -> None:
    known = await at_home.check(url_of(receiver))
    assert known.shown == "json://127.0.0.1/…"
    await at_home.send(url_of(receiver), HELLO)
    ((path, body),) = receiver.got
    told = json.loads(body)
    assert (path, told["title"], told["message"]) == ("/hook", HELLO.title, HELLO.body)
    assert at_home.snapshot() == {"sent": 1, "failed": 0, "processes": 1}


@pytest.mark.parametrize(
    ("status", "error"), [(302, RejectedError), (404, RejectedError), (503, UnavailableError)]
)
async def test_no_redirect_is_followed_and_no_answer_is_told(
    home: AppriseNotifier, receiver: Any, status: int, error: type[Exception]
) -> None:
    receiver.status = status
    with pytest.raises(error, match=f"answered {status}") as failed:
        await home.send(f"{url_of(receiver)}?redirect=yes", HELLO)
    assert SECRET not in str(failed.value)
    assert [path for path, _ in receiver.got] == ["/hook"]


async def test_a_proxy_of_the_environment_is_not_asked(
    receiver: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    notifier = AppriseNotifier(private_hosts=True)
    await notifier.send(url_of(receiver), HELLO)
    await notifier.aclose()
    assert len(receiver.got) == 1


async def test_a_service_that_hangs_keeps_nobody(
    at_home: AppriseNotifier, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"json://127.0.0.1:{silent.getsockname()[1]}/"
        await at_home.check(url)
        monkeypatch.setattr(carrying, "SECONDS", 0.5)
        with pytest.raises(UnavailableError, match=r"0\.5 s"):
            await at_home.send(url, HELLO)


async def test_a_process_that_died_is_replaced(at_home: AppriseNotifier, receiver: Any) -> None:
    await at_home.check(url_of(receiver))
    assert at_home._process is not None
    at_home._process.kill()
    await at_home._process.wait()
    await at_home.send(url_of(receiver), HELLO)
    assert at_home.snapshot()["processes"] == 2


async def test_an_idle_process_ends(
    at_home: AppriseNotifier, receiver: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(carrying, "IDLE_SECONDS", 0.01)
    await at_home.check(url_of(receiver))
    process = at_home._process
    assert process is not None
    async with asyncio.timeout(20):
        assert await process.wait() == 0
    await at_home.send(url_of(receiver), HELLO)
    another = at_home._process
    assert another is not None
    assert another.stdout is not None
    async with asyncio.timeout(20):
        assert await another.stdout.read() == b""
        assert await another.wait() == 0
