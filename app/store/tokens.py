"""Tokens that were ever watched or traded."""

from sqlalchemy import bindparam, select

from app.store.database import Database
from app.store.query import Query, picked, table_of
from app.store.tables import Token
from app.trading.ledger import TokenRow

_T = table_of(Token).c
_COLUMNS = picked(Token, TokenRow)
_ALL = Query(select(*_COLUMNS).order_by(_T.id), TokenRow)
_BY_MINT = Query(select(*_COLUMNS).where(_T.mint == bindparam("mint")), TokenRow)


async def all_tokens(database: Database) -> list[TokenRow]:
    """Load every token, oldest first."""
    return await database.rows(_ALL)


async def find_mint(database: Database, mint: str) -> TokenRow | None:
    """Load a token by its mint."""
    return await database.one(_BY_MINT, mint=mint)
