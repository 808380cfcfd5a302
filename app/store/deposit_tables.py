"""The table of money that came or went beside trading; columns as in `tables`."""

from app.store.columns import STRICT, Kept, exact, index, key, refers, words


class Deposit(Kept, table=True):
    """Lamports that a wallet was given or, negative, that were taken from it; `kind` says why."""

    __tablename__ = "deposits"
    __table_args__ = (index("wallet_id", "at"), STRICT)
    id: int = key()
    wallet_id: int = refers("users.id")
    at: int = exact()
    kind: str = words()
    lamports: int = exact()
