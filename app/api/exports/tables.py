"""Every file that can be had, by its name: what may be asked of it, and who writes its rows."""

from collections.abc import Callable
from typing import Any, NamedTuple

from pydantic import BaseModel

from app.api.deps import Parts
from app.api.exports import figures, record, signals, trading
from app.api.exports.asked import (
    CalendarAsked,
    DecisionsAsked,
    EquityAsked,
    EventsAsked,
    Ranged,
    SignalsAsked,
    TradesAsked,
)
from app.api.exports.files import Frames
from app.api.sessions import Session

BY_CALENDAR = {"per-hour", "per-weekday", "per-day"}
REPEATED = {"kind"}
"""Filters that may stand in a query more than once."""


class Table(NamedTuple):
    """A file: the shape of its filters, and what reads its rows page by page."""

    asked: type[BaseModel]
    pages: Callable[[Parts, Session, Any], Frames]


TABLES = {
    "trades": Table(TradesAsked, trading.trades),
    "fills": Table(Ranged, trading.fills),
    "decisions": Table(DecisionsAsked, record.decisions),
    "events": Table(EventsAsked, record.events),
    "equity": Table(EquityAsked, record.marks),
    "skipped": Table(Ranged, record.skipped),
    "signals": Table(SignalsAsked, signals.signals),
    **{
        name: Table(CalendarAsked if name in BY_CALENDAR else Ranged, pages)
        for name, pages in figures.per.items()
    },
}


def parameters() -> dict[str, Any]:
    """Describe the filters of all files for the document, each with the files that have it."""
    found: dict[str, dict[str, Any]] = {}
    owners: dict[str, list[str]] = {}
    for name, table in TABLES.items():
        for filtered, schema in table.asked.model_json_schema()["properties"].items():
            found.setdefault(filtered, schema)
            owners.setdefault(filtered, []).append(name)
    return {
        "parameters": [
            {
                "name": name,
                "in": "query",
                "required": False,
                "schema": schema,
                "description": " ".join(
                    [*filter(None, [schema.get("description")]), f"For {', '.join(owners[name])}."]
                ),
            }
            for name, schema in found.items()
        ]
    }
