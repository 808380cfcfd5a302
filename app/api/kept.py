"""What was worked out of a database and stays true: kept for as long as the database is open."""

from collections.abc import Callable
from typing import Generic, TypeVar
from weakref import WeakKeyDictionary

from app.api.deps import Parts
from app.store.database import Database

T = TypeVar("T")


class Kept(Generic[T]):
    """One thing per database, made when it is first asked for."""

    def __init__(self, make: Callable[[Parts], T]) -> None:
        self._make = make
        self._made: WeakKeyDictionary[Database, T] = WeakKeyDictionary()

    def of(self, parts: Parts) -> T:
        """Return the thing that belongs to the database of these parts."""
        found = self._made.get(parts.database)
        if found is None:
            found = self._made[parts.database] = self._make(parts)
        return found
