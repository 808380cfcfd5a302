"""Stored candles over REST: everybody reads the shared ones, nobody touches another's."""

import asyncio
import io
from collections.abc import AsyncIterator
from typing import Any

import httpx
import polars as pl
import pytest

from app.api.bodies import LARGE_BODY
from app.api.routes import history as routes
from app.store import history_library
from app.store.history_library import shared_history
from tests.api.stage import Person, Stage
from tests.research.series import START, candles

FRAME = candles(600)
MINUTE = 60_000
CSV = {"Content-Type": "text/csv; charset=utf-8"}
RAW = {"Content-Type": "application/octet-stream"}


def csv(frame: pl.DataFrame) -> bytes:
    return frame.write_csv().encode()


def parquet(frame: pl.DataFrame) -> bytes:
    file = io.BytesIO()
    frame.write_parquet(file)
    return file.getvalue()


async def upload(
    stage: Stage, person: Person, path: str, content: Any, **headers: str
) -> httpx.Response:
    sent = {**person.headers, **(headers or CSV)}
    return await stage.client.post(f"/api/history/{path}", content=content, headers=sent)


def share(stage: Stage, token: str, frame: pl.DataFrame = FRAME) -> None:
    folder = stage.app.state.settings.data_dir
    shared_history(folder).merge(token, token.lower(), "1m", frame, "file")


async def test_an_upload_is_seen_by_its_wallet_only(stage: Stage, person: Person) -> None:
    other = await stage.register()
    answer = await upload(stage, person, "MINE/1m?symbol=ME", csv(FRAME))
    assert answer.status_code == 200, answer.text
    told = answer.json()
    assert (told["added"], told["replaced"], told["rows"], told["gaps"]) == (600, 0, 600, 0)
    (entry,) = (one for one in (await stage.get(person, "/api/history"))["items"] if one["own"])
    assert entry == {
        "token": "MINE",
        "symbol": "ME",
        "timeframe": "1m",
        "first": "2024-10-04T00:00:00.000Z",
        "last": "2024-10-04T09:59:00.000Z",
        "candles": 600,
        "gaps": 0,
        "missing": 0,
        "source": "upload",
        "own": True,
    }
    assert all(one["token"] != "MINE" for one in (await stage.get(other, "/api/history"))["items"])
    for method in ("GET", "DELETE"):
        path = "/api/history/MINE/1m"
        foreign = await stage.client.request(method, path, headers=other.headers)
        assert foreign.status_code == 404, method
        assert person.wallet not in foreign.text
    assert (await stage.get(person, "/api/history/MINE/1m", limit=5000))["candles"][0]["open"]


@pytest.mark.parametrize("kind", ["application/vnd.apache.parquet", "application/octet-stream"])
async def test_a_file_is_told_by_its_content(stage: Stage, person: Person, kind: str) -> None:
    for content in (parquet(FRAME), csv(FRAME)):
        answer = await upload(stage, person, "FILE/1m", content, **{"Content-Type": kind})
        assert answer.status_code == 200, answer.text


async def test_candles_are_shown_as_a_chart_takes_them(stage: Stage, person: Person) -> None:
    share(stage, "SHOWN")
    shown = await stage.get(person, "/api/history/SHOWN/1m", limit=3)
    assert [one["time"] for one in shown["candles"]] == [
        START // 1000 + 60 * minute for minute in (597, 598, 599)
    ]
    assert shown["candles"][-1]["close"] == FRAME["close"][-1]
    assert shown["volumes"][-1]["value"] == FRAME["volume"][-1]
    bounds = {"from": "2024-10-04T01:00:00Z", "to": "2024-10-04T03:00:00Z"}
    hours = await stage.get(person, "/api/history/SHOWN/1h", **bounds)
    assert [one["time"] for one in hours["candles"]] == [
        START // 1000 + 3600 * hour for hour in (1, 2)
    ]
    by_symbol = await stage.get(person, "/api/history/shown/1h")
    assert len(by_symbol["candles"]) == 10


async def test_the_own_candles_come_first_and_shared_ones_stay(
    stage: Stage, person: Person
) -> None:
    share(stage, "BOTH")
    other = await stage.register()
    own = candles(60, seed=9)
    assert (await upload(stage, person, "BOTH/1m", csv(own))).status_code == 200
    mine = await stage.get(person, "/api/history/BOTH/1m")
    assert [one["close"] for one in mine["candles"]] == own["close"].to_list()
    assert len((await stage.get(other, "/api/history/BOTH/1h"))["candles"]) == 10
    path = "/api/history/BOTH/1m"
    gone = await stage.client.delete(path, headers=person.headers)
    assert gone.status_code == 204
    assert len((await stage.get(person, path, limit=5000))["candles"]) == 600
    again = await stage.client.delete(path, headers=person.headers)
    assert again.status_code == 404


async def test_what_was_found_is_told(stage: Stage, person: Person) -> None:
    holed = pl.concat([FRAME[:100], FRAME[105:], FRAME[:1]])
    path = "TOLD/1m?fill=previous_close"
    told = (await upload(stage, person, path, csv(holed))).json()
    assert (told["candles"], told["gaps"], told["missing"], told["filled"]) == (600, 1, 5, 5)
    assert (told["unordered"], told["duplicates"], told["conflicts"]) == (1, 1, 0)
    assert told["gaps_shown"] == [
        {"first": "2024-10-04T01:40:00.000Z", "last": "2024-10-04T01:44:00.000Z"}
    ]
    told = (await upload(stage, person, "TOLD/1m", csv(FRAME))).json()
    assert (told["added"], told["replaced"]) == (0, 5)


async def test_a_bad_row_refuses_the_file(stage: Stage, person: Person) -> None:
    bad = FRAME.with_columns(
        close=pl.when(pl.int_range(600) == 5).then(float("nan")).otherwise(pl.col("close"))
    )
    answer = await upload(stage, person, "BAD/1m", csv(bad))
    assert answer.status_code == 422
    problem = answer.json()
    assert problem["detail"].startswith("1 of 600 row is no candle, nothing was imported:")
    assert problem["errors"][0] == {
        "pointer": "/7/close",
        "location": "body",
        "detail": "found 'NaN', expected a finite number above 0",
    }
    skipped = await upload(stage, person, "BAD/1m?skip_bad=true", csv(bad))
    assert (skipped.json()["added"], skipped.json()["bad_rows"]) == (599, 1)
    assert skipped.json()["bad"][0]["row"] == 7


@pytest.mark.parametrize(
    ("path", "content", "status", "why"),
    [
        ("X/1m", b"", 422, "empty"),
        ("X/1m", b"\x89PNG", 422, "neither UTF-8"),
        ("X/1m", b"PAR1" + b"\xff" * 50, 422, "cannot be read"),
        ("X/5m", csv(FRAME), 422, "a whole number of 5m"),
        ("X/2m", csv(FRAME), 422, "Input should be"),
        ("..%2F..%2Fetc/1m", csv(FRAME), 404, "nothing here"),
        ("..X/1m", csv(FRAME), 422, "cannot name stored candles"),
        ("%2e%2e/1m", csv(FRAME), 422, "cannot name stored candles"),
        ("a%5Cb/1m", csv(FRAME), 422, "cannot name stored candles"),
        ("a%00b/1m", csv(FRAME), 422, "cannot name stored candles"),
        (f"{'x' * 65}/1m", csv(FRAME), 422, "at most 64"),
        ("X/1m?fill=linear", csv(FRAME), 422, "Input should be"),
    ],
)
async def test_a_bad_upload_is_answered(
    stage: Stage, path: str, content: bytes, status: int, why: str
) -> None:
    person = await stage.register()
    answer = await upload(stage, person, path, content)
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert why in answer.text
    assert "Traceback" not in answer.text
    owned = [one for one in (await stage.get(person, "/api/history"))["items"] if one["own"]]
    assert owned == []


async def test_only_files_are_taken(stage: Stage, person: Person) -> None:
    for kind in ("application/json", "text/plain", "multipart/form-data", ""):
        answer = await upload(stage, person, "X/1m", b"{}", **{"Content-Type": kind})
        assert answer.status_code == 415, kind
        assert "text/csv" in answer.json()["detail"]


async def many(size: int) -> AsyncIterator[bytes]:
    for _ in range(size // 65_536):
        yield b"\n" * 65_536


async def test_a_body_may_hold_32_mib(stage: Stage, person: Person) -> None:
    for content in (b"\n" * (LARGE_BODY + 1), many(LARGE_BODY + 65_536)):
        answer = await upload(stage, person, "X/1m", content)
        assert answer.status_code == 413
        assert answer.json()["detail"] == "A body may hold 32 MiB."
    full = await upload(stage, person, "X/1m", many(LARGE_BODY))
    assert full.status_code == 422
    assert "no rows" in full.text
    # Everywhere else 64 KiB are the most.
    other = await stage.client.post("/api/auth/login", content=b" " * 65_537, headers=RAW)
    assert (other.status_code, other.json()["detail"]) == (413, "A body may hold 64 KiB.")


async def test_nobody_without_a_session_has_a_file_read(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def receive(*_: object) -> None:
        raise AssertionError

    monkeypatch.setattr(routes, "_receive", receive)
    answer = await stage.client.post("/api/history/X/1m", content=many(LARGE_BODY), headers=CSV)
    assert answer.status_code == 401


async def test_a_wallet_uploads_one_file_at_a_time(stage: Stage, person: Person) -> None:
    begun = asyncio.Event()

    async def slow() -> AsyncIterator[bytes]:
        yield csv(FRAME[:2])
        begun.set()
        while True:
            await asyncio.sleep(0.01)
            yield b"\n"

    first = asyncio.create_task(upload(stage, person, "SLOW/1m", slow()))
    await begun.wait()
    while not routes._uploading:  # noqa: ASYNC110  # what is waited for tells nobody
        await asyncio.sleep(0.01)
    second = await upload(stage, person, "SLOW/1m", csv(FRAME))
    assert second.status_code == 429
    assert second.headers["retry-after"] == "5"
    first.cancel()
    await asyncio.gather(first, return_exceptions=True)
    while routes._uploading:  # noqa: ASYNC110  # what is waited for tells nobody
        await asyncio.sleep(0.01)
    assert (await upload(stage, person, "SLOW/1m", csv(FRAME))).status_code == 200


async def test_a_file_that_does_not_come_is_given_up(
    stage: Stage, person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(routes, "READ_SECONDS", 0.05)
    head = (
        "POST /api/history/X/1m HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/csv\r\n"
        f"Authorization: Bearer {person.token}\r\nContent-Length: 1000\r\n\r\ntime,open"
    )
    reader, writer = await asyncio.open_connection("127.0.0.1", stage.port)
    writer.write(head.encode())
    answer = await reader.read()  # to the end: the connection is closed
    assert answer.startswith(b"HTTP/1.1 408")
    assert b"did not arrive" in answer
    writer.close()
    assert not routes._uploading


async def test_a_wallet_has_only_so_much_room(
    stage: Stage, person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert (await upload(stage, person, "ROOM/1m", csv(FRAME))).status_code == 200
    monkeypatch.setattr(history_library, "MOST_BYTES", 1_000)
    full = await upload(stage, person, "MORE/1m", csv(FRAME))
    assert (full.status_code, full.json()["type"]) == (409, "/problems/history-full")
    path = "/api/history/ROOM/1m"
    assert (await stage.client.delete(path, headers=person.headers)).status_code == 204
    assert (await upload(stage, person, "MORE/1m", csv(FRAME))).status_code == 200


async def test_a_damaged_file_is_said_and_can_be_deleted(stage: Stage, person: Person) -> None:
    assert (await upload(stage, person, "HURT/1m", csv(FRAME))).status_code == 200
    folder = stage.app.state.settings.data_dir / "history" / "wallets" / person.wallet
    (path,) = folder.rglob("*.parquet")
    path.write_bytes(b"PAR1")
    for asked in ("/api/history", "/api/history/HURT/1m"):
        answer = await stage.client.get(asked, headers=person.headers)
        assert answer.status_code == 409
        assert "HURT/1m/2024-10.parquet is damaged" in answer.json()["detail"]
        assert str(folder) not in answer.text
    gone = await stage.client.delete("/api/history/HURT/1m", headers=person.headers)
    assert gone.status_code == 204


async def test_the_list_goes_on_page_by_page(stage: Stage, person: Person) -> None:
    for number in range(5):
        share(stage, f"PAGE{number}", FRAME[:2])
    found: list[str] = []
    cursor: dict[str, str] = {}
    while True:
        page = await stage.get(person, "/api/history", limit=2, **cursor)
        assert len(page["items"]) <= 2
        found += [one["token"] for one in page["items"]]
        if page["next_cursor"] is None:
            break
        cursor = {"cursor": page["next_cursor"]}
    assert found == sorted(set(found))
    assert {f"PAGE{number}" for number in range(5)} <= set(found)
