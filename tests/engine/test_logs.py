"""What the log says, and what it never says."""

import asyncio
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
import structlog
from solders.keypair import Keypair

from app.engine.logs import configure_logging, current_request, in_request, of_wallet
from app.engine.redaction import HIDDEN, clean, redact
from tests.secretforms import forms

WALLET = "DezXAZ8z7PnrnRJjz3wXBoRgixCa6xjnB7YaB1pPB263"
TOKEN = "kJ8s0ZtUx3bVw_Qm-1nPq7RrYy5LcEaHdGfTiOoKkNw"


@pytest.fixture
def configured() -> Iterator[None]:
    """Leave logging as other tests want it."""
    before, handlers = structlog.get_config(), logging.getLogger().handlers[:]
    levels = {name: logging.getLogger(name).level for name in ("", "uvicorn.error", "httpx")}
    try:
        yield
    finally:
        structlog.configure(**before)
        logging.getLogger().handlers = handlers
        for name, level in levels.items():
            logging.getLogger(name).setLevel(level)


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in capsys.readouterr().err.splitlines()]


@pytest.mark.parametrize(
    "text",
    [
        f"postgresql+asyncpg://trader:{TOKEN}@db:5432/trader",
        f"redis://:{TOKEN}@cache:6379/0",
        f"https://user:{TOKEN}@signals.example/stream",
        f"https://{TOKEN}@signals.example/stream",
        f"discord://1234567/{TOKEN}",
        f"could not reach tgram://{TOKEN}/4711?silent=yes",
        f"mailtos://me:{TOKEN}@mail.example",
        f"https://discord.com/api/webhooks/17/{TOKEN}",
        f"https://api.telegram.org/bot{TOKEN}/sendMessage",
        f"GET /stream?since=1&api_key={TOKEN}",
        f"/ws?token={TOKEN}&after=3",
        f"Authorization: Bearer {TOKEN}",
        f"cookie: autotrader_session={TOKEN}; theme=dark",
        f"cookie: __Host-autotrader_session={TOKEN}",
        f'{{"secret_key": "{TOKEN}", "a": 1}}',
        f"{{'token': '{TOKEN}'}}",
        f"Session(id=1, token='{TOKEN}')",
    ],
)
def test_secrets_are_known_by_what_stands_around_them(text: str) -> None:
    assert TOKEN not in clean(text)
    assert HIDDEN in clean(text)


def test_secret_keys_are_known_by_their_form() -> None:
    for _ in range(50):
        for name, form in forms(bytes(Keypair())).items():
            assert form not in clean(f"the key is {form}, is it not"), name


@pytest.mark.parametrize(
    "text",
    [
        f"wallet {WALLET} bought",
        "https://api.geckoterminal.com/api/v2/networks/solana/pools",
        "sqlite+aiosqlite:///./data/autotrader.db",
        "batch not kept: StoreBusyError: database is locked (SQLITE_BUSY)",
        "GET /api/trades/{wallet}?status=open",
        "Uvicorn running on http://127.0.0.1:8000 (Press CTRL+C to quit)",
    ],
)
def test_what_is_no_secret_stays(text: str) -> None:
    assert clean(text) == text


def test_fields_are_judged_by_name_at_any_depth() -> None:
    line: dict[str, Any] = {
        "event": "asked",
        "token": TOKEN,
        "headers": {"Cookie": TOKEN, "accept": "text/html"},
        "wallet": WALLET,
        "mint": WALLET,
        "whoever": [WALLET],
        "key": list(bytes(Keypair())),
        "many": 3,
    }
    told = redact(None, "info", line)
    assert TOKEN not in json.dumps(told)
    assert told["headers"] == {"Cookie": HIDDEN, "accept": "text/html"}
    assert (told["wallet"], told["mint"], told["many"]) == ("DezX…B263", WALLET, 3)
    assert told["whoever"] == ["DezX…B263"]
    assert told["key"] == HIDDEN


def test_no_value_can_forge_a_line_or_paint_a_terminal() -> None:
    told = redact(None, "info", {"event": "seen", "path": "/a\n2026 [info] ready\x1b[2J\u202e"})
    assert told["path"] == "/a\\n2026 [info] ready\\x1b[2J\\u202e"


@pytest.mark.usefixtures("configured")
def test_everybody_writes_the_same_lines(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging("json", "INFO")
    with in_request("request-1"):
        of_wallet(WALLET)
        structlog.get_logger("ours").info("bought", wallet=WALLET)
        logging.getLogger("uvicorn.error").info("%s - told", "127.0.0.1")
        logging.getLogger("sqlalchemy.pool").warning("lost redis://:%s@cache", TOKEN)
    logging.getLogger("httpx").warning("late")
    told = lines(capsys)
    assert [line["event"] for line in told] == [
        "bought",
        "127.0.0.1 - told",
        f"lost redis://{HIDDEN}@cache",
        "late",
    ]
    assert all(line.keys() >= {"level", "timestamp"} for line in told)
    assert [line.get("request_id") for line in told] == ["request-1"] * 3 + [None]
    assert told[1]["wallet"] == "DezX…B263"


@pytest.mark.usefixtures("configured")
@pytest.mark.parametrize("form", ["json", "console"])
def test_a_failure_is_told_without_its_variables(
    form: str, capsys: pytest.CaptureFixture[str]
) -> None:
    configure_logging(form, "INFO")

    def fail(password: str) -> None:
        raise ValueError(f"no {len(password)} letters")

    try:
        fail(TOKEN)
    except ValueError:
        structlog.get_logger("ours").exception("failed")
        logging.getLogger("asyncio").exception("failed, too")
    told = capsys.readouterr().err
    assert told.count("no 43 letters") == 2
    assert "in fail" in told or '"fail"' in told
    assert TOKEN not in told


@pytest.mark.usefixtures("configured")
def test_nobody_tells_headers_or_statements_even_when_all_is_told(
    capsys: pytest.CaptureFixture[str],
) -> None:
    configure_logging("json", "DEBUG")
    for name in ("uvicorn.error", "httpx", "httpcore.http11", "websockets.server", "aiosqlite"):
        logging.getLogger(name).debug("> Cookie: %s", TOKEN)
    logging.getLogger("sqlalchemy.engine.Engine").info("SELECT %s", TOKEN)
    logging.getLogger("uvicorn.access").info("GET /ws?token=%s", TOKEN)
    assert capsys.readouterr().err == ""


async def test_a_request_id_stays_with_its_request() -> None:
    async def ask(name: str) -> str | None:
        with in_request(name):
            await asyncio.sleep(0)
            return current_request()

    one, two = await asyncio.gather(ask("one"), ask("two"))
    assert (one, two) == ("one", "two")
    assert current_request() is None
