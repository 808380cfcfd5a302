"""Downloads: every table that a wallet sees, as CSV or Parquet."""

from typing import Annotated

from fastapi import Path
from pydantic import AfterValidator
from starlette.requests import Request
from starlette.responses import Response

from app.api.deps import Own, Platform
from app.api.exports.files import answer
from app.api.exports.tables import REPEATED, TABLES, parameters
from app.api.nouns import Noun, query

router = Noun()

NAMES = [f"{name}.{kind}" for name in TABLES for kind in ("csv", "parquet")]


def _known(name: str) -> str:
    if name not in NAMES:
        message = f"there is no such file, only {', '.join(NAMES)}"
        raise ValueError(message)
    return name


FileName = Annotated[
    str,
    AfterValidator(_known),
    Path(description="What, and in which format.", json_schema_extra={"enum": NAMES}),
]


@router.get(
    "/{wallet}/{name}",
    response_class=Response,
    responses={
        200: {
            "description": "The file.",
            "content": {
                "text/csv": {"example": "id,token_address,symbol\n42,6XnC…,BONK\n"},
                "application/vnd.apache.parquet": {
                    "schema": {"type": "string", "format": "binary"}
                },
            },
        }
    },
    openapi_extra=parameters(),
)
async def export_file(
    request: Request,
    parts: Platform,
    me: Own,
    name: FileName,
) -> Response:
    """Download a table with the filters of its list; a filter that it does not have is refused.

    In CSV, texts that a spreadsheet would take for a formula get an apostrophe before them.
    """
    table = TABLES[name.rpartition(".")[0]]
    return await answer(name, table.pages(parts, me, query(table.asked, request, REPEATED)))
