"""What simulated runs share: the strategies, an empty database in memory, a quiet log."""

import sqlite3
from collections import Counter
from collections.abc import Iterator, Mapping, MutableMapping
from pathlib import Path
from typing import Any

import pytest
import structlog

from app import strategies
from app.trading.entry import EntryStrategy
from tests.databases import sqlite_template
from tests.simulation.record import template

__all__ = ["sqlite_template"]


@pytest.fixture(scope="session")
def known() -> Mapping[str, type[EntryStrategy]]:
    """Find the strategies that there are."""
    return strategies.load()


@pytest.fixture(scope="session")
def blank(sqlite_template: Path) -> Iterator[sqlite3.Connection]:
    """Hold a migrated, empty database in memory."""
    held = template(sqlite_template)
    yield held
    held.close()


@pytest.fixture(autouse=True)
def lines() -> Iterator[Counter[str]]:
    """Count what is logged instead of writing it: faults by the thousand are not worth reading."""
    counted: Counter[str] = Counter()

    def count(_: object, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
        counted[str(event["event"])] += 1
        raise structlog.DropEvent

    before = structlog.get_config()
    structlog.configure(processors=[count], cache_logger_on_first_use=False)
    yield counted
    structlog.configure(**before)
