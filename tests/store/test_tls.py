"""A PostgreSQL server elsewhere: sslmode and sslrootcert of its address count in every way that the
record is reached, and a certificate that they do not allow ends it.

The server is the tests' own, behind a door that speaks TLS only.
"""

import asyncio
import contextlib
import datetime
import ipaddress
import ssl
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from sqlalchemy import make_url

from app.store import dumps
from app.store.database import Database
from app.store.errors import StoreUnavailableError
from app.store.journal import Journal
from app.store.location import locate
from app.store.migrate import upgrade
from app.store.version import reach

pytestmark = pytest.mark.parametrize("database_kind", ["postgres"], indirect=True)

ASKS_FOR_TLS = (80_877_103).to_bytes(4)
HERE = x509.IPAddress(ipaddress.ip_address("127.0.0.1"))
ELSEWHERE = x509.DNSName("elsewhere.example")


def certificate(path: Path, of: x509.GeneralName) -> Path:
    """Make a file with a certificate that proves a name or an address for an hour, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, path.stem)])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(minutes=5))
        .not_valid_after(now + datetime.timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([of]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem, plain = serialization.Encoding.PEM, serialization.NoEncryption()
    secret = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, plain)
    path.write_bytes(made.public_bytes(pem) + secret)
    return path


async def pipe(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Pass bytes on until either side ends."""
    with contextlib.suppress(OSError):
        while data := await reader.read(65_536):
            writer.write(data)
            await writer.drain()
    writer.close()


@contextlib.asynccontextmanager
async def behind_tls(url: str, shown: Path) -> AsyncIterator[str]:
    """Give a server's address behind a door that shows a certificate, and opens to TLS only."""
    place = make_url(url)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(shown)

    async def come_in(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while (await reader.readexactly(8))[4:] != ASKS_FOR_TLS:
                writer.write(b"N")
            writer.write(b"S")
            await writer.start_tls(context)
            inner = await asyncio.open_connection(place.host, place.port)
        except (OSError, asyncio.IncompleteReadError):
            writer.close()
            return
        await asyncio.gather(pipe(reader, inner[1]), pipe(inner[0], writer))

    async with await asyncio.start_server(come_in, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        yield place.set(host="127.0.0.1", port=port).render_as_string(hide_password=False)


async def migrated(url: str, folder: Path) -> None:
    del folder
    await asyncio.to_thread(upgrade, url)


async def written(url: str, folder: Path) -> None:
    del folder
    await (await Journal.open(url)).close()


async def read(url: str, folder: Path) -> None:
    del folder
    database = await Database.open(url)
    await reach(database)
    await database.close()


async def dumped(url: str, folder: Path) -> None:
    await dumps.dump(locate(url), folder / "record.dump")


async def managed(url: str, folder: Path) -> None:
    del folder
    assert await dumps.exists(locate(url))


WAYS = (migrated, written, read, dumped, managed)


async def test_a_server_is_reached_that_proves_itself_and_no_other(
    database_url: str, tmp_path: Path
) -> None:
    own, other = (certificate(tmp_path / f"{name}.pem", HERE) for name in ("own", "other"))
    wrong = [f"verify-full&sslrootcert={root}" for root in (other, tmp_path / "nothing.pem")]
    async with behind_tls(database_url, own) as url:
        for way in WAYS:
            await way(f"{url}?sslmode=verify-full&sslrootcert={own}", tmp_path)
            for mode in (*wrong, "verify-fully"):
                with pytest.raises(StoreUnavailableError):
                    await way(f"{url}?sslmode={mode}", tmp_path)


async def test_the_name_counts_for_verify_full_only(database_url: str, tmp_path: Path) -> None:
    own = certificate(tmp_path / "own.pem", ELSEWHERE)
    async with behind_tls(database_url, own) as url:
        await read(f"{url}?sslmode=verify-ca&sslrootcert={own}", tmp_path)
        with pytest.raises(StoreUnavailableError, match="certificate"):
            await read(f"{url}?sslmode=verify-full&sslrootcert={own}", tmp_path)
