"""How many decimals each mint has: asked of the record once, because they never change."""

from collections.abc import Iterable

from app.store.database import Database
from app.store.tokens import find_mint


class Decimals:
    """Decimals by mint."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._known: dict[str, int] = {}

    async def of(self, mints: Iterable[str]) -> dict[str, int]:
        """Return the decimals of mints; one that nobody introduced has none."""
        for mint in mints:
            if mint not in self._known:
                row = await find_mint(self._database, mint)
                if row is not None:
                    self._known[mint] = row.decimals
        return self._known
