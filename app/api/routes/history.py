"""Candles of the past: what backtests run on, shared ones and a wallet's own uploads."""

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path as FilePath
from tempfile import NamedTemporaryFile
from typing import IO, Annotated, Any

from fastapi import Path, Query, status
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from app.api import charts, cursors
from app.api.bodies import Upload
from app.api.deps import DEFAULT_PAGE, Cursor, From, Limit, Platform, SignedIn, To, span
from app.api.errors import FaultOut, Problem, invalid, invalid_fields
from app.api.nouns import Noun
from app.api.shapes.history import HistoryEntryOut, Timeframe, UploadedOut
from app.api.shapes.market import CandlesOut
from app.api.wire import LARGEST_PAGE, PageOut, encoded, iso
from app.research.importing import BadRowsError, Fill, Options
from app.research.importing_apart import read_apart
from app.research.importing_names import ImportFailedError
from app.store.history import HistoryEntry
from app.store.history_errors import (
    HistoryError,
    HistoryFullError,
    HistoryNotFoundError,
    UnsafeNameError,
)
from app.store.history_library import Library
from app.trading.market import Candle

router = Noun(route_class=Upload)

MOST_ROWS = 1_000_000
AT_ONCE = 4
READ_SECONDS = 60.0
RETRY_SECONDS = 5
_reader = ThreadPoolExecutor(1, "candle-files")
"""One file is read at a time, because each takes a core and several times its size in memory."""
_uploading: set[str] = set()

TokenPath = Annotated[
    str,
    Path(max_length=64, description="A mint, or a name for it.", examples=["BONK-SOL"]),
]
BODY = {
    "requestBody": {
        "required": True,
        "description": "CSV, Parquet or Feather, told by its content; at most 32 MiB.",
        "content": {
            "text/csv": {
                "schema": {"type": "string"},
                "example": "time,open,high,low,close,volume\n1710592200,1.5,1.6,1.4,1.5,1000\n",
            },
            "application/vnd.apache.parquet": {"schema": {"type": "string", "format": "binary"}},
            "application/octet-stream": {"schema": {"type": "string", "format": "binary"}},
        },
    }
}


class HistoryOut(PageOut[HistoryEntryOut]):
    """Stored candles, the wallet's own first."""


@contextmanager
def _problems() -> Iterator[None]:
    """Answer what stored candles and files may fail with."""
    try:
        yield
    except BadRowsError as error:
        rows = [
            FaultOut(
                pointer=f"/{one.row}/{one.column}",
                location="body",
                detail=f"found {one.found}, expected {one.expected}",
            )
            for one in error.bad
        ]
        problem = invalid_fields(rows)
        problem.detail = str(error).partition("\n")[0] + f" {problem.detail}"
        raise problem from error
    except ImportFailedError as error:
        raise invalid("", str(error)) from error
    except UnsafeNameError as error:
        raise invalid("/token", str(error), "path") from error
    except HistoryNotFoundError as error:
        raise Problem(404, "not-found", str(error)) from error
    except HistoryFullError as error:
        raise Problem(409, "history-full", str(error)) from error
    except HistoryError as error:
        raise Problem(409, "history-unusable", str(error)) from error


@router.get("", response_model=HistoryOut)
async def list_history(
    parts: Platform, me: SignedIn, limit: Limit = DEFAULT_PAGE, cursor: Cursor = None
) -> Response:
    """List the stored candles, by token and timeframe, the wallet's own first."""
    skip = (cursors.read(cursor, tuple[int]) or (0,))[0]
    if skip < 0:
        raise cursors.refused()
    library = Library(parts.settings.data_dir, me.wallet_address)
    with _problems():
        entries = await asyncio.to_thread(library.entries)
    shown = [_entry(entry, own=own) for entry, own in entries[skip : skip + limit]]
    more = cursors.write((skip + limit,)) if skip + limit < len(entries) else None
    return encoded({"items": shown, "next_cursor": more})


def _entry(entry: HistoryEntry, *, own: bool) -> dict[str, Any]:
    return {
        "token": entry.token,
        "symbol": entry.symbol,
        "timeframe": entry.timeframe,
        "first": iso(entry.first),
        "last": iso(entry.last),
        "candles": entry.candles,
        "gaps": entry.gaps,
        "missing": entry.missing,
        "source": entry.source,
        "own": own,
    }


@router.get("/{token}/{timeframe}", response_model=CandlesOut)
async def get_history(
    parts: Platform,
    me: SignedIn,
    *,
    token: TokenPath,
    timeframe: Timeframe,
    since: From = None,
    until: To = None,
    limit: Annotated[int, Query(ge=1, le=10 * LARGEST_PAGE, description="The newest so many.")] = (
        LARGEST_PAGE
    ),
) -> Response:
    """Show stored candles, oldest first: the wallet's own, else the shared ones.

    A timeframe that is not stored is made of a stored finer one. `token` may be a symbol that only
    one token has.
    """
    library = Library(parts.settings.data_dir, me.wallet_address)
    first, last = span(since, until)
    within = (first if since else None, last if until else None)
    with _problems():
        frame = await asyncio.to_thread(library.read, token, timeframe, *within)
    candles, volumes = charts.series(map(Candle._make, frame.tail(limit).rows()))
    body = {
        "token": charts.token(token, None),
        "timeframe": timeframe,
        "candles": candles,
        "volumes": volumes,
    }
    return encoded(body)


@router.post("/{token}/{timeframe}", response_model=UploadedOut, openapi_extra=BODY)
async def upload_history(
    request: Request,
    parts: Platform,
    me: SignedIn,
    *,
    token: TokenPath,
    timeframe: Timeframe,
    symbol: Annotated[str, Query(max_length=32, description="How people call it.")] = "",
    fill: Annotated[Fill, Query(description="What is put where candles miss.")] = "none",
    skip_bad: Annotated[bool, Query(description="Leave out rows that are no candles.")] = False,
) -> Response:
    """Upload candles of a token for this wallet alone; they are added to those uploaded before.

    Of two candles with one time the newer upload's stays. A row that is no candle refuses the file,
    unless `skip_bad` is set; nothing is stored then.
    """
    library = Library(parts.settings.data_dir, me.wallet_address)
    options = Options(timeframe=timeframe, fill=fill, skip_bad=skip_bad, most_rows=MOST_ROWS)

    def store(path: FilePath) -> dict[str, Any]:
        library.make_room()
        frame, told = read_apart(path, options)
        merged = library.own.merge(token, symbol or token, timeframe, frame, "upload")
        counts = {"added": merged.added, "replaced": merged.replaced}
        return {"token": token, **counts, **_uploaded(told)}

    with _place(me.wallet_address), _problems(), NamedTemporaryFile(prefix="autotrader-") as file:
        await _receive(request, file)
        loop = asyncio.get_running_loop()
        done = await loop.run_in_executor(_reader, store, FilePath(file.name))
    return encoded(done)


@contextmanager
def _place(wallet: str) -> Iterator[None]:
    """Take one of the few places for uploads, one a wallet. Raises a 429 problem without any."""
    if wallet in _uploading or len(_uploading) >= AT_ONCE:
        headers = {"Retry-After": str(RETRY_SECONDS)}
        detail = "Another upload is under way; send this one after it."
        raise Problem(429, "too-many-uploads", detail, headers=headers)
    _uploading.add(wallet)
    try:
        yield
    finally:
        _uploading.discard(wallet)


async def _receive(request: Request, file: IO[bytes]) -> None:
    """Write the body to a file; it is bounded on its way in."""
    try:
        async with asyncio.timeout(READ_SECONDS):
            async for chunk in request.stream():
                file.write(chunk)
    except TimeoutError:
        detail = f"The file did not arrive within {READ_SECONDS:g} s."
        raise Problem(408, "too-slow", detail, headers={"Connection": "close"}) from None
    except ClientDisconnect:
        raise Problem(400, "bad-request", "The file ended early.") from None
    file.flush()
    if not file.tell():
        raise invalid("", "the body is empty, expected a file of candles")


def _uploaded(told: dict[str, Any]) -> dict[str, Any]:
    """Write what an import has to say with times as people read them."""
    gaps = [{name: iso(at) for name, at in one.items()} for one in told["gaps_shown"]]
    times = [iso(at) for at in told["conflict_times"]]
    counted = told.pop("gaps_found")
    return {**told, "gaps": counted, "gaps_shown": gaps, "conflict_times": times}


@router.delete("/{token}/{timeframe}", status_code=status.HTTP_204_NO_CONTENT)
async def delete_history(
    parts: Platform, me: SignedIn, token: TokenPath, timeframe: Timeframe
) -> None:
    """Delete this wallet's own candles of a token in a timeframe; shared ones stay."""
    library = Library(parts.settings.data_dir, me.wallet_address)
    with _problems():
        await asyncio.to_thread(library.own.delete, token, timeframe)
