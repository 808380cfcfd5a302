"""The tables of runs: backtests and sweeps that people asked for, and what came of them.

Columns as in `tables`. What may be large – the request as it was given, the result – is kept in
parts beside the run, so that no write is large and no list reads them.
"""

from app.store.columns import CLUSTERED, STRICT, Kept, blob, exact, index, key, real, refers, words


class Run(Kept, table=True):
    """A backtest or a sweep; `settings` is its request without candles, `summary` a few figures.

    Both are JSON. `size` counts the bytes of its parts, `owner` is the process that works on it,
    `seen_at` when that last said so by the database's clock; `error_pointer` is a JSON pointer
    into the request.
    """

    __tablename__ = "runs"
    __table_args__ = (index("wallet_id", "created_at"), index("status"), STRICT)
    id: int = key()
    wallet_id: int = refers("users.id")
    kind: str = words()
    name: str | None = words()
    status: str = words()
    progress: float = real()
    settings: str = words()
    size: int = exact()
    code_version: str | None = words()
    code_digest: str | None = words()
    data_hash: str | None = words()
    error: str | None = words()
    error_pointer: str | None = words()
    summary: str | None = words()
    created_at: int = exact()
    started_at: int | None = exact()
    finished_at: int | None = exact()
    seconds: float | None = real()
    owner: str | None = words()
    seen_at: int | None = exact()
    adopted_at: int | None = exact()
    adopted_symbol: str | None = words()


class RunPart(Kept, table=True):
    """A piece of a run's compressed `request` or `result`."""

    __tablename__ = "run_parts"
    __table_args__ = (CLUSTERED,)
    run_id: int = key("runs.id")
    what: str = key(text=True)
    number: int = key()
    body: bytes = blob()
