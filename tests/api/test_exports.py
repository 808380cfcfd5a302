"""Files to take away: every table, both formats, the filters of the list and no others."""

import csv
import io
from typing import Any

import polars as pl
import pytest

from app.api.exports import files, tables
from tests.api.stage import Person, Stage

NAMES = [f"{name}.{kind}" for name in tables.TABLES for kind in ("csv", "parquet")]


async def download(stage: Stage, person: Person, name: str, **asked: Any) -> pl.DataFrame:
    """Fetch a file and read it."""
    response = await stage.client.get(
        f"/api/export/{person.wallet}/{name}", headers=person.headers, params=asked
    )
    assert response.status_code == 200, response.text
    assert response.headers["content-disposition"] == f'attachment; filename="{name}"'
    read = pl.read_csv if name.endswith("csv") else pl.read_parquet
    return read(io.BytesIO(response.content))


async def sold(stage: Stage, person: Person, symbol: str) -> str:
    """Let everybody buy a token and one wallet sell it; return its address."""
    token = await stage.bought(symbol)
    response = await stage.client.post(
        f"/api/positions/{person.wallet}/{token.mint}/close",
        json={"portion": 1},
        headers=person.headers,
    )
    assert response.status_code == 200, response.text
    return token.mint


async def test_every_table_is_to_be_had(stage: Stage, person: Person) -> None:
    await sold(stage, person, "GONE")
    await stage.bought("KEPT")
    found = {name: await download(stage, person, name) for name in NAMES}
    for name in tables.TABLES:
        text, typed = found[f"{name}.csv"], found[f"{name}.parquet"]
        assert text.columns == typed.columns
        assert len(text) == len(typed)
        assert len(typed) > 0 or name == "skipped"
    assert found["trades.parquet"]["symbol"].to_list() == ["KEPT", "GONE"]
    tokens = found["per-token.parquet"].sort("symbol")
    assert tokens["trades"].to_list() == [1, 0]
    assert tokens["open_trades"].to_list() == [0, 1]
    items = (await stage.get(person, "/api/analytics/per-strategy/{}"))["items"]
    strategies = found["per-strategy.parquet"]
    assert strategies["strategy"].to_list() == [one["key"] for one in items]
    assert strategies["net_pnl_sol"].to_list() == [one["net_pnl_sol"] for one in items]
    shown = await stage.get(person, "/api/portfolio/history/{}")
    equity = found["equity.csv"]
    # A mark may have been added since: a wallet's value is written down again every little while.
    values = [one["total_value"] for one in shown]
    assert equity["total_value"].to_list() == values[: len(equity)]
    events = await stage.get(person, "/api/events/{}")
    assert found["events.csv"]["kind"].to_list() == [one["kind"] for one in events["items"]]
    decisions = await stage.get(person, "/api/decisions/{}")
    assert len(found["decisions.csv"]) == len(decisions["items"])


async def test_a_file_has_the_filters_of_its_list(stage: Stage, person: Person) -> None:
    gone = await sold(stage, person, "GONE")
    await stage.bought("KEPT")
    for asked, symbol in (({"token_address": gone}, "GONE"), ({"status": "active"}, "KEPT")):
        some = await download(stage, person, "trades.csv", **asked)
        assert some["symbol"].to_list() == [symbol]
    signals = await download(stage, person, "signals.csv", token_address=gone)
    assert signals["symbol"].to_list() == ["GONE"]
    kinds = ["TradeOpened", "TradeClosed"]
    events = await download(stage, person, "events.csv", kind=kinds, order="desc", q="gone")
    assert events["kind"].to_list() == kinds[::-1]
    past = "2020-01-01T00:00:00Z"
    for name in ("trades.csv", "per-day.csv", "fills.parquet"):
        assert len(await download(stage, person, name, to=past)) == 0


@pytest.mark.parametrize(
    ("name", "asked"),
    [
        ("trades.csv", {"colour": "red"}),
        ("fills.parquet", {"status": "active"}),
        ("per-token.csv", {"limit": "5"}),
        ("per-token.csv", {"zone": "Europe/Berlin"}),
        ("per-day.csv", {"zone": "Europe/Nowhere"}),
        ("trades.csv", {"status": "lost"}),
        ("trades.csv", {"symbol": "\0"}),
        ("events.csv", {"kind": "Nonsense"}),
        ("trades.csv", {"from": "2026-02-01T00:00:00Z", "to": "2026-01-01T00:00:00Z"}),
        ("users.csv", {}),
        ("trades.xlsx", {}),
    ],
)
async def test_what_is_not_known_is_refused(
    stage: Stage, person: Person, name: str, asked: dict[str, str]
) -> None:
    response = await stage.client.get(
        f"/api/export/{person.wallet}/{name}", headers=person.headers, params=asked
    )
    assert response.status_code == 422
    assert response.json()["errors"]


FORMULAS = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    "\0=1",
    "\uff1d1",
    "\uff0b1",
    "\uff0d1",
    "\uff201",
]
HARMLESS = ["a=1", "1", "", " =1", "'=1", "BONK", 'a "quoted", name', "two\nlines", "one\rline"]


async def test_no_cell_is_a_formula() -> None:
    texts = FORMULAS + HARMLESS

    async def pages() -> files.Frames:
        yield files.frame([], {"text": pl.String, "number": pl.Int64})
        yield files.frame([(text, -5) for text in texts], {"text": pl.String, "number": pl.Int64})

    response: Any = await files.answer("a.csv", pages())
    body = b"".join([chunk async for chunk in response.body_iterator]).decode()
    rows = list(csv.reader(io.StringIO(body, newline="")))
    assert rows[0] == ["text", "number"]
    assert [text for text, _ in rows[1:]] == [f"'{one}" for one in FORMULAS] + HARMLESS
    assert {number for _, number in rows[1:]} == {"-5"}, "a number is a number"


async def test_a_long_file_is_put_together_from_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "PART_ROWS", 10)
    schema = {"number": pl.Int64, "at": files.TIME, "text": pl.String}

    async def pages() -> files.Frames:
        yield files.frame([], schema)
        for first in range(0, 100, 7):
            numbers = range(first, min(first + 7, 100))
            yield files.frame([(number, number, f"={number}") for number in numbers], schema)

    for name, read in (("a.csv", pl.read_csv), ("a.parquet", pl.read_parquet)):
        response: Any = await files.answer(name, pages())
        body = b"".join([chunk async for chunk in response.body_iterator])
        made = read(io.BytesIO(body))
        assert made["number"].to_list() == list(range(100))
        assert made["text"][99] == ("'=99" if name == "a.csv" else "=99")
