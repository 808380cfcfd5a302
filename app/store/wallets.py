"""Wallets, as they were last written."""

from sqlalchemy import bindparam, select

from app.store.database import Database
from app.store.query import Query, picked, table_of
from app.store.tables import User
from app.trading.ledger import WalletRow

_W = table_of(User).c
_COLUMNS = picked(User, WalletRow)
_ALL = Query(select(*_COLUMNS).order_by(_W.id), WalletRow)
_BY_ID = Query(select(*_COLUMNS).where(_W.id == bindparam("id")), WalletRow)
_BY_ADDRESS = Query(select(*_COLUMNS).where(_W.wallet_address == bindparam("address")), WalletRow)


async def all_wallets(database: Database) -> list[WalletRow]:
    """Load every wallet, oldest first."""
    return await database.rows(_ALL)


async def find_wallet(database: Database, wallet_id: int) -> WalletRow | None:
    """Load a wallet by its id."""
    return await database.one(_BY_ID, id=wallet_id)


async def find_address(database: Database, address: str) -> WalletRow | None:
    """Load a wallet by its address."""
    return await database.one(_BY_ADDRESS, address=address)
