"""Open positions, each with what its trade knows."""

from operator import attrgetter
from typing import NamedTuple

from sqlalchemy import Select, bindparam, select

from app.store.database import Database
from app.store.query import Query, picked, table_of
from app.store.tables import OPEN, Position, Token, Trade
from app.trading.exits import State

_P = table_of(Position).c
_T = table_of(Trade).c
_K = table_of(Token).c


class OpenPosition(NamedTuple):
    """A position's exit state, then its trade's fields, then its token's."""

    trade_id: int
    wallet_id: int
    token_id: int
    strategy: str
    side: str
    status: str
    tokens: int
    initial_tokens: int
    cost_basis: int
    entry_price: float
    entry_time: int
    current_price: float
    stop_loss: float
    highest_price: float
    phase: int
    tiers_taken: int
    orders: int
    deadline: int
    tick_seq: int
    last_updated: int
    signal_id: int | None
    source: str
    quantity: int
    sol_invested: int
    sol_returned: int
    take_profit_tiers: str
    exit_plan: str
    initial_sentiment_score: float | None
    initial_mention_count: int | None
    mint: str
    symbol: str
    decimals: int

    @property
    def exit_state(self) -> State:
        """Read where its exit machine stood."""
        return State(
            self.entry_price,
            self.initial_tokens,
            self.tokens,
            self.stop_loss,
            self.highest_price,
            self.tiers_taken,
            self.phase,
            self.deadline,
        )


_OF_POSITION = picked(Position, OpenPosition)
_NAMES = {column.name for column in _OF_POSITION}
_OF_TRADE = [column for column in picked(Trade, OpenPosition) if column.name not in _NAMES]
_OPEN: Select[tuple[object, ...]] = (
    select(*_OF_POSITION, *_OF_TRADE, _K.mint, _K.symbol, _K.decimals)
    .join(Trade, _T.id == _P.trade_id)
    .join(Token, _K.id == _P.token_id)
    .where(OPEN)
    .order_by(_P.wallet_id, _P.token_id)  # as the index of open ones has them
)
_OF_ALL = Query(_OPEN, OpenPosition)
_OF_WALLET = Query(_OPEN.where(_P.wallet_id == bindparam("wallet")), OpenPosition)


async def open_positions(database: Database, wallet_id: int | None = None) -> list[OpenPosition]:
    """Load the open positions of all wallets, or of one, oldest trade first."""
    if wallet_id is None:
        found = await database.rows(_OF_ALL)
    else:
        found = await database.rows(_OF_WALLET, wallet=wallet_id)
    return sorted(found, key=attrgetter("trade_id"))
