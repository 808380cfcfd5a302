"""What is done now and then beside trading: thinning snapshots, archiving prices, cleaning up."""

from collections.abc import Mapping
from pathlib import Path

import structlog

from app.engine.platform import Chore
from app.ports import Clock
from app.store.archive import archive_ticks
from app.store.database import Database
from app.store.journal import Journal
from app.store.retention import tidy

log = structlog.get_logger(__name__)

TIDY_SECONDS = 600.0
FIRST_SECONDS = 30.0


def chores(
    journal: Journal, database: Database, clock: Clock, data_dir: Path
) -> Mapping[str, Chore]:
    """Name the chores of a platform; each runs for ever and fails without harm."""

    async def retention() -> None:
        await clock.sleep(FIRST_SECONDS)
        while True:
            tidied = await tidy(database, journal, clock.now())
            archived = await archive_ticks(database, journal, data_dir, clock.now())
            if any(tidied) or archived:
                log.info("tidied", ticks_archived=archived, **tidied._asdict())
            await clock.sleep(TIDY_SECONDS)

    return {"retention": retention}
