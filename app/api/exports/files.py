"""Pages of rows as one file: CSV is streamed, Parquet is put together on disk.

Neither holds more than a few pages in memory, however long the file becomes.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, Any

import polars as pl
from starlette.responses import Response, StreamingResponse

Frames = AsyncIterator[pl.DataFrame]
Schema = Mapping[str, Any]

TIME = pl.Datetime("ms", "UTC")
CSV, PARQUET = "text/csv; charset=utf-8", "application/vnd.apache.parquet"
TIMES = "%Y-%m-%dT%H:%M:%S%.3fZ"
FORMULA = r"^[=+\-@\t\r\n\x00\x{FF1D}\x{FF0B}\x{FF0D}\x{FF20}]"
"""What a spreadsheet computes when a cell begins with it, written wide as well."""

PART_ROWS = 20_000
CHUNK = 1 << 18


def frame(rows: Sequence[tuple[Any, ...]], schema: Schema) -> pl.DataFrame:
    """Lay rows in columns; those of TIME are given in Unix milliseconds."""
    raw = {name: pl.Int64 if kind == TIME else kind for name, kind in schema.items()}
    made = pl.DataFrame(rows, schema=raw, orient="row")
    return made.with_columns(
        pl.from_epoch(name, "ms").dt.replace_time_zone("UTC")
        for name, kind in schema.items()
        if kind == TIME
    )


async def answer(name: str, pages: Frames) -> Response:
    """Answer with a file; its name ends in `.csv` or `.parquet`.

    `pages` begin with a frame of the columns. What goes wrong with the first rows goes wrong
    before the answer begins, so that it can be told as a problem.
    """
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    if name.endswith(".csv"):
        first = [await anext(pages), *[page async for page in _next(pages)]]
        return StreamingResponse(_csv(first, pages), media_type=CSV, headers=headers)
    file, size = await _parquet(pages)
    headers["Content-Length"] = str(size)
    return StreamingResponse(_chunks(file), media_type=PARQUET, headers=headers)


async def _next(pages: Frames) -> Frames:
    async for page in pages:
        yield page
        return


async def _csv(first: list[pl.DataFrame], pages: Frames) -> AsyncIterator[bytes]:
    yield _lines(pl.concat(first), head=True)
    async for page in pages:
        yield await asyncio.to_thread(_lines, page)


def _lines(page: pl.DataFrame, *, head: bool = False) -> bytes:
    texts = pl.col(pl.String)
    safe = page.with_columns(
        pl.when(texts.str.contains(FORMULA)).then("'" + texts).otherwise(texts).name.keep()
    )
    return safe.write_csv(include_header=head, datetime_format=TIMES).encode()


async def _parquet(pages: Frames) -> tuple[IO[bytes], int]:
    """Write parts of many rows each, then join them; the file is nameless when this returns."""
    with TemporaryDirectory(prefix="autotrader-") as name:
        folder = Path(name)
        waiting = [await anext(pages)]
        parts: list[Path] = []
        async for page in pages:
            waiting.append(page)
            if sum(map(len, waiting)) >= PART_ROWS:
                parts.append(await asyncio.to_thread(_part, folder, len(parts), waiting))
                waiting = []
        if waiting:
            parts.append(await asyncio.to_thread(_part, folder, len(parts), waiting))
        return await asyncio.to_thread(_joined, folder, parts)


def _part(folder: Path, number: int, pages: list[pl.DataFrame]) -> Path:
    path = folder / f"{number}.parquet"
    pl.concat(pages).write_parquet(path)
    return path


def _joined(folder: Path, parts: list[Path]) -> tuple[IO[bytes], int]:
    whole = parts[0]
    if len(parts) > 1:
        whole = folder / "whole.parquet"
        pl.scan_parquet(parts).sink_parquet(whole)
    return whole.open("rb"), whole.stat().st_size


async def _chunks(file: IO[bytes]) -> AsyncIterator[bytes]:
    with file:
        while chunk := await asyncio.to_thread(file.read, CHUNK):
            yield chunk
