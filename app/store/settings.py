"""Settings: every version is kept, the newest counts; one without a body means removed."""

from sqlalchemy import bindparam, func, select

from app.store.database import Database
from app.store.query import LIMIT, Query, picked, table_of
from app.store.tables import Setting
from app.trading.ledger import SettingsRow

_S = table_of(Setting).c
_OTHER = table_of(Setting).alias("newer")
_COLUMNS = picked(Setting, SettingsRow)
_NEWEST = (
    select(func.max(_OTHER.c.version))
    .where(_OTHER.c.wallet_id == _S.wallet_id, _OTHER.c.symbol == _S.symbol)
    .scalar_subquery()
)
_CURRENT = select(*_COLUMNS).where(_S.version == _NEWEST).order_by(_S.wallet_id, _S.symbol)
_OF_ALL = Query(_CURRENT, SettingsRow)
_OF_WALLET = Query(_CURRENT.where(_S.wallet_id == bindparam("wallet")), SettingsRow)
_HISTORY = Query(
    select(*_COLUMNS)
    .where(_S.wallet_id == bindparam("wallet"), _S.symbol == bindparam("symbol"))
    .order_by(_S.version.desc())
    .limit(LIMIT),
    SettingsRow,
)


async def current_settings(database: Database, wallet_id: int | None = None) -> list[SettingsRow]:
    """Load the newest version of each wallet and symbol, or of one wallet; removed ones too."""
    if wallet_id is None:
        return await database.rows(_OF_ALL)
    return await database.rows(_OF_WALLET, wallet=wallet_id)


async def settings_versions(
    database: Database, wallet_id: int, symbol: str, limit: int = 100
) -> list[SettingsRow]:
    """Load a wallet's versions for a symbol, newest first."""
    return await database.rows(_HISTORY, wallet=wallet_id, symbol=symbol, limit=limit)
