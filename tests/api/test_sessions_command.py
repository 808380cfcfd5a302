"""`python -m app sessions`: who runs the platform sees and ends sessions while it runs."""

import asyncio
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from app.__main__ import cli
from tests.api.stage import Person, Stage, hear
from tests.api.test_sessions import Hands

MINUTE = 60_000


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


async def typed(stage: Stage, *words: str) -> Result:
    url = stage.app.state.settings.database_url
    given = ["sessions", *words, "--database-url", url]
    return await asyncio.to_thread(CliRunner().invoke, cli, given)


async def asked(stage: Stage, *people: Person) -> list[int]:
    answers = [await stage.client.get("/api/strategies", headers=one.headers) for one in people]
    return [answer.status_code for answer in answers]


async def test_sessions_are_listed_without_their_tokens(stage: Stage, person: Person) -> None:
    other = await stage.register()
    told = await typed(stage, "--json")
    wallets = {json.loads(line)["wallet_address"] for line in told.stdout.splitlines()}
    assert {person.wallet, other.wallet} <= wallets
    mine = await typed(stage, person.wallet)
    assert mine.exit_code == 0, mine.output
    assert mine.stdout.startswith(f"{person.wallet}  since ")
    assert ": python-httpx/" in mine.stdout
    assert len(mine.stdout.splitlines()) == 1
    assert person.token not in told.stdout + mine.stdout


async def test_a_running_platform_notices_within_a_minute(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second, third = [await stage.register() for _ in range(3)]
    clock = Hands()
    monkeypatch.setattr(stage.app.state.sessions, "_clock", clock)
    async with stage.signed_in(first) as socket:
        await hear(socket, "AUTH_SUCCESS")
        assert (await typed(stage, "--revoke", first.wallet)).stdout == "1 sessions ended\n"
        clock.ahead += MINUTE
        assert await asked(stage, first, second, third) == [401, 200, 200]
        await stage.app.state.hub.check_sessions()
        await asyncio.wait_for(socket.wait_closed(), 5)
        assert socket.close_code == 4401
    ended = await typed(stage, "--revoke", "--all")
    assert int(ended.stdout.split()[0]) >= 2
    clock.ahead += MINUTE
    assert await asked(stage, second, third) == [401, 401]
    assert (await typed(stage)).stdout == ""
    assert (await typed(stage, "--revoke", "--all")).stdout == "0 sessions ended\n"


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        (("--revoke",), "say whose sessions end"),
        (("--revoke", "wallet", "--all"), "say either"),
        (("--revoke", "wallet"), "there is no wallet wallet"),
        (("wallet",), "there is no wallet wallet"),
    ],
)
async def test_what_cannot_be_done_is_said(
    stage: Stage, words: tuple[str, ...], answer: str
) -> None:
    told = await typed(stage, *words)
    assert told.exit_code == 2
    assert answer in told.stderr


def test_a_record_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    for words in ((), ("--revoke", "--all")):
        url = f"sqlite+aiosqlite:///{tmp_path}/none.db"
        told = CliRunner().invoke(cli, ["sessions", *words, "--database-url", url])
        assert told.exit_code == 2, told.output
        assert "none.db" in told.stderr
    assert not (tmp_path / "none.db").exists()
