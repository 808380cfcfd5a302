"""What wallets were given beside trading, and what was taken from them."""

from sqlalchemy import bindparam, select

from app.store.database import Database
from app.store.deposit_tables import Deposit
from app.store.query import Query, picked, table_of
from app.trading.deposits import DepositRow

_D = table_of(Deposit).c
_OF_WALLET = Query(
    select(*picked(Deposit, DepositRow))
    .where(_D.wallet_id == bindparam("wallet"))
    .order_by(_D.at, _D.id),
    DepositRow,
)


async def deposits_of(database: Database, wallet_id: int) -> list[DepositRow]:
    """Load the deposits of a wallet, oldest first."""
    return await database.rows(_OF_WALLET, wallet=wallet_id)
