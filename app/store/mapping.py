"""Where each kind of row goes, and the statements that take it there, made from the schema.

INSERT  a new row
UPSERT  inserted, or replaced by its table's primary key
UPDATE  changes the columns it names of the row with its key, which must be there

A row's fields are columns in any order, except that the key's come first. A statement takes rows as
they are: one at a time, or many at once, which spares a round trip through the driver for each.
Within one kind later rows replace earlier ones, so a key that comes twice in an update or upsert
counts once: the last.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, auto
from operator import itemgetter
from typing import Any, Final

from sqlalchemy import Table
from sqlmodel import SQLModel

from app.store import chain, notice_rows, notice_tables, rows, tables
from app.store.audit_tables import Audit
from app.store.columns import Kept
from app.store.deposit_tables import Deposit
from app.store.plan_tables import PlanChange
from app.store.query import DIALECTS, fields_of, table_of
from app.trading import deposits, ledger, plan_changes

Rows = Sequence[tuple[Any, ...]]


class Mode(Enum):
    """How a row reaches its table."""

    INSERT = auto()
    UPSERT = auto()
    UPDATE = auto()


DESTINATIONS: Final[dict[type[tuple[Any, ...]], tuple[type[SQLModel], Mode]]] = {
    ledger.WalletRow: (tables.User, Mode.INSERT),
    ledger.BalanceRow: (tables.User, Mode.UPDATE),
    ledger.ShadowRow: (tables.User, Mode.UPDATE),
    deposits.ResetRow: (tables.User, Mode.UPDATE),
    deposits.DepositRow: (Deposit, Mode.INSERT),
    ledger.TokenRow: (tables.Token, Mode.UPSERT),
    ledger.TickRow: (tables.Tick, Mode.INSERT),
    ledger.CandleRow: (tables.Candle, Mode.UPSERT),
    ledger.SignalRow: (tables.Signal, Mode.INSERT),
    ledger.SignalUpdate: (tables.Signal, Mode.UPDATE),
    ledger.EvaluationRow: (tables.Evaluation, Mode.INSERT),
    ledger.DecisionRow: (tables.Decision, Mode.INSERT),
    ledger.OrderRow: (tables.Order, Mode.INSERT),
    ledger.FillRow: (tables.Fill, Mode.INSERT),
    ledger.TradeRow: (tables.Trade, Mode.INSERT),
    ledger.TradeUpdate: (tables.Trade, Mode.UPDATE),
    plan_changes.TradePlan: (tables.Trade, Mode.UPDATE),
    plan_changes.PlanChangeRow: (PlanChange, Mode.INSERT),
    ledger.PositionRow: (tables.Position, Mode.UPSERT),
    ledger.SnapshotRow: (tables.PortfolioSnapshot, Mode.UPSERT),
    ledger.SettingsRow: (tables.Setting, Mode.INSERT),
    ledger.EventRow: (tables.Event, Mode.INSERT),
    ledger.ReplayRow: (tables.Replay, Mode.UPSERT),
    rows.SessionRow: (tables.Session, Mode.INSERT),
    rows.SessionSeen: (tables.Session, Mode.UPDATE),
    rows.SessionRenewed: (tables.Session, Mode.UPDATE),
    rows.SessionRevoked: (tables.Session, Mode.UPDATE),
    rows.ChallengeRow: (tables.Challenge, Mode.INSERT),
    rows.IdempotencyRow: (tables.IdempotencyKey, Mode.INSERT),
    rows.IdempotencyAnswer: (tables.IdempotencyKey, Mode.UPDATE),
    rows.AuditRow: (Audit, Mode.INSERT),
    notice_rows.TargetRow: (notice_tables.NoticeTarget, Mode.UPSERT),
    notice_rows.DeliveryRow: (notice_tables.NoticeDelivery, Mode.INSERT),
    notice_rows.DeliveryTried: (notice_tables.NoticeDelivery, Mode.UPDATE),
    notice_rows.CursorRow: (notice_tables.NoticeCursor, Mode.UPSERT),
}
"""Every kind of row that may be written."""

ADDED: Final[dict[type[tuple[Any, ...]], tuple[str, ...]]] = {ledger.EventRow: (chain.COLUMN,)}
"""What writers know and those who give rows do not."""


@dataclass(frozen=True, slots=True)
class Target:
    """One kind of row, its table and its columns."""

    kind: type[tuple[Any, ...]]
    table: Table
    mode: Mode
    fields: tuple[str, ...]
    keys: tuple[str, ...]
    added: tuple[str, ...] = ()
    """Columns that the writer adds to each row."""

    @property
    def columns(self) -> tuple[str, ...]:
        """Return the columns of a row as it is written."""
        return self.fields + self.added

    def last_of_each(self, written: Rows) -> Rows:
        """Keep the last row of each key; the same object when no key comes twice."""
        key = itemgetter(0) if len(self.keys) == 1 else itemgetter(slice(len(self.keys)))
        kept = {key(row): row for row in written}
        return written if len(kept) == len(written) else list(kept.values())


def _target(kind: type[tuple[Any, ...]], model: type[SQLModel], mode: Mode) -> Target:
    table = table_of(model)
    fields = fields_of(kind)
    keys = tuple(column.name for column in table.primary_key)
    if fields[: len(keys)] != keys or not set(fields) <= set(table.c.keys()):
        message = f"{kind.__name__} must begin with {keys} and name only columns of {table.name}"
        raise TypeError(message)
    return Target(kind, table, mode, fields, keys, ADDED.get(kind, ()))


def _in_order() -> dict[type[tuple[Any, ...]], Target]:
    """Sort the kinds so that what is referred to is there first; updates come last."""
    place = {table.name: index for index, table in enumerate(Kept.metadata.sorted_tables)}
    targets = [_target(kind, model, mode) for kind, (model, mode) in DESTINATIONS.items()]
    targets.sort(key=lambda target: (target.mode is Mode.UPDATE, place[target.table.name]))
    return {target.kind: target for target in targets}


TARGETS: Final = _in_order()
"""The kinds in the order in which they are written."""

PLACES: Final = {kind: place for place, kind in enumerate(TARGETS)}
"""Where each kind stands in that order."""

_quote = DIALECTS["postgresql"].identifier_preparer.quote_identifier
"""Both databases take an identifier in double quotes."""


def _list(names: Sequence[str]) -> str:
    return ", ".join(map(_quote, names))


def _replacing(target: Target) -> str:
    if target.mode is not Mode.UPSERT:
        return ""
    changed = [name for name in target.fields if name not in target.keys]
    values = ", ".join(f"{_quote(name)} = excluded.{_quote(name)}" for name in changed)
    return f" ON CONFLICT ({_list(target.keys)}) DO UPDATE SET {values}"


def _updating(target: Target, source: str, columns: dict[str, str]) -> str:
    """Write an update from a source of rows whose columns are named by `columns`."""
    table = _quote(target.table.name)
    values = ", ".join(
        f"{_quote(name)} = {columns[name]}" for name in target.fields if name not in target.keys
    )
    matches = " AND ".join(f"{table}.{_quote(name)} = {columns[name]}" for name in target.keys)
    return f"UPDATE {table} SET {values}{source} WHERE {matches}"  # noqa: S608  # names of the schema


def sqlite_statement(target: Target, count: int = 1) -> str:
    """Write the statement that takes `count` rows, their values one after the other."""
    if target.mode is Mode.UPDATE and count == 1:
        numbered = {name: f"?{place}" for place, name in enumerate(target.fields, 1)}
        return _updating(target, "", numbered)
    one = "(" + ", ".join("?" * len(target.columns)) + ")"
    values = "VALUES " + ", ".join([one] * count)
    if target.mode is Mode.UPDATE:
        columns = {name: f"v.column{place}" for place, name in enumerate(target.fields, 1)}
        return _updating(target, f" FROM ({values}) AS v", columns)
    table = _quote(target.table.name)
    return f"INSERT INTO {table} ({_list(target.columns)}) {values}{_replacing(target)}"


def postgres_statement(target: Target) -> str:
    """Write the statement that takes any number of rows as one array per column."""
    dialect = DIALECTS["postgresql"]
    types = [target.table.c[name].type.compile(dialect=dialect) for name in target.columns]
    arrays = ", ".join(f"${place}::{kind}[]" for place, kind in enumerate(types, 1))
    source = f"unnest({arrays}) AS v ({_list(target.columns)})"
    if target.mode is Mode.UPDATE:
        columns = {name: f"v.{_quote(name)}" for name in target.fields}
        return _updating(target, f" FROM {source}", columns)
    table = _quote(target.table.name)
    return (
        f"INSERT INTO {table} ({_list(target.columns)}) "  # noqa: S608  # names of the schema
        f"SELECT * FROM {source}{_replacing(target)}"
    )
