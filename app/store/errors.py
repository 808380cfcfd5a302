"""What the store may fail with: each error says whether trying again can help."""


class StoreError(Exception):
    """The store did not do what it was asked; nothing of the transaction is kept."""


class StoreBusyError(StoreError):
    """Somebody else held the database for too long, or a statement ran out of time: try again."""


class NotInTimeError(StoreBusyError):
    """Whoever asked did not want to wait any longer; a write may still be done."""


class StoreFullError(StoreError):
    """There is no room left on the disk: nothing can be written until there is."""


class StoreUnavailableError(StoreError):
    """The database cannot be reached, opened, read or written as it is."""


class BrokenCopyError(StoreError):
    """A copy of a database that nobody should rely on; the message says what is wrong with it."""


class StoreDamagedError(StoreUnavailableError):
    """The database file holds what no database does: only a backup helps."""


class UnsupportedUrlError(StoreError):
    """A database URL that names no database this platform speaks to."""


class RowError(StoreError):
    """A value that its column cannot hold exactly: it will not work later either."""


class ConflictError(StoreError):
    """A row that contradicts the record: a second of its key, or one without its parent."""


class MissingRowError(ConflictError):
    """An update of a row that does not exist."""


class LeaseLostError(StoreError):
    """This process may not write as the engine: it holds no lease, or another one took it over."""


class LeaseHeldError(StoreError):
    """Another engine holds the lease; `owner` says who, `expires_in_ms` for how long at least."""

    def __init__(self, owner: str, expires_in_ms: int) -> None:
        super().__init__(f"the engine's lease is held by {owner} for another {expires_in_ms} ms")
        self.owner = owner
        self.expires_in_ms = expires_in_ms
