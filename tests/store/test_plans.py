"""No query reads all of a table that grows: each has an index that leads to its rows."""

import importlib
import pkgutil
import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import app.store
from app.store import decisions, events, signals, trade_lists
from app.store.columns import Kept
from app.store.query import Query
from app.store.retention import Dated

MAY_SCAN = {
    "audits._LAST",  # backwards from the newest, one row
    "candles._RANGES",  # what is stored, for the command line
    "contradictions._PLANNED",  # the audit reads everything
    "notices._ALL",  # everybody's targets, read whole by whoever sends
    "replays._COUNTS",  # counts an index of one word, for the status page
    "sessions._CROWD_OUT",  # steps over the newest of an index that it keeps short itself
    "settings._OF_ALL",  # start-up needs all of them
    "signals._ENDED",  # backwards from the newest until there are enough
    "signals._SEEN",
    "sums._TRADES",  # the audit reads everything
    "sums._WALLETS",
    "tokens._ALL",
    "wallets._ALL",
}
TRADE_FILTERS = (
    (),
    ("mint",),
    ("symbol", "source", "exit_reason"),
    ("status", "strategy", "entry_time_since", "entry_time_until"),
    ("status", "exit_time_since", "exit_time_until"),
)
ONLY_POSTGRES = {"size._OF_SERVER"}
"""Asked of one database only, about itself."""

PARTIAL = "USING INDEX ix_positions_wallet_id_token_id"
"""Only open positions are in it."""


def queries() -> Iterator[tuple[str, Query[Any]]]:
    for found in pkgutil.iter_modules(app.store.__path__):
        module = importlib.import_module(f"app.store.{found.name}")
        for name, value in vars(module).items():
            if isinstance(value, Query) and f"{found.name}.{name}" not in ONLY_POSTGRES:
                yield f"{found.name}.{name}", value
            if isinstance(value, Dated):
                yield f"{found.name}.{name}.oldest", value.oldest
                yield f"{found.name}.{name}.delete", value.delete
    for further in (False, True):
        for wanted in ((), ("mint",), ("signal",)):
            yield "decisions._listing", decisions._listing(wanted, further)
        for sort in trade_lists._SORTS:
            for filters in TRADE_FILTERS:
                query = trade_lists._listing(filters, sort, True, further)
                yield "trade_lists._listing", query
    for filters in TRADE_FILTERS:
        yield "trade_lists._count", trade_lists._count(filters)


def chosen() -> Iterator[tuple[str, Query[Any]]]:
    for other in (False, True):
        for wanted in ((), ("status",), ("mint",), ("source", "reason"), ("symbol",)):
            yield "signals._listing", signals._listing(wanted, other)
        for chosen_by in ((), ("mint", "since", "until", "text")):
            yield "events._listing", events._listing(chosen_by, 2 * len(chosen_by), other)
    yield "events._last", events._last(3)


@pytest.mark.parametrize(("name", "query"), [*queries(), *chosen()])
def test_a_query_is_led_by_an_index(name: str, query: Query[Any], sqlite_template: Path) -> None:
    compiled = query.compiled("sqlite")
    connection = sqlite3.connect(sqlite_template)
    values = [None] * len(compiled.places)
    plan = connection.execute(f"EXPLAIN QUERY PLAN {compiled.text}", values).fetchall()
    connection.close()
    scanned = [step for *_, step in plan if step.startswith("SCAN") and PARTIAL not in step]
    tables = {match[1] for step in scanned if (match := re.match(r"SCAN (\w+)", step))}
    grown = tables & set(Kept.metadata.tables)
    if name == "archive._IDLE":
        grown -= {"tokens"}
    assert name in MAY_SCAN or not grown, plan
