"""The exit state of one trade, open or closed, as it was last written."""

from sqlalchemy import bindparam, select

from app.store.database import Database
from app.store.query import Query, picked, table_of
from app.store.tables import Position
from app.trading.ledger import PositionRow

_P = table_of(Position).c
_OF_TRADE = Query(
    select(*picked(Position, PositionRow)).where(
        _P.trade_id == bindparam("trade"), _P.wallet_id == bindparam("wallet")
    ),
    PositionRow,
)


async def find_exit_state(database: Database, wallet_id: int, trade_id: int) -> PositionRow | None:
    """Load the exit state of a wallet's trade."""
    return await database.one(_OF_TRADE, trade=trade_id, wallet=wallet_id)
