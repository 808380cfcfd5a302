"""The frames of the WebSocket, published in OpenAPI as webhooks so that clients get their types."""

from typing import Annotated, Literal

from pydantic import Field, RootModel

from app.api.shapes.events import EventOut, Seq
from app.api.shapes.market import CandleOut, MarketTradeOut, TokenOut, VolumeOut
from app.api.shapes.trades import PositionOut, Side, TierOut
from app.api.wire import Address, ChartTime, Id, In, Out, Price, Sol, Time, Tokens

SummaryStatus = Literal["Screening", "Pending", "Monitoring", "Active", "Finished", "Failed"]
MAX_SUBSCRIPTIONS = 50


class AuthIn(In):
    """Who speaks. A browser may leave `token` out: its cookie counts."""

    token: Annotated[str | None, Field(max_length=256)] = None
    wallet_address: Annotated[str, Field(max_length=64)]
    after: Annotated[
        int | None, Field(ge=0, lt=2**63, description="The last `seq` seen: what was missed comes.")
    ] = None


class TokensIn(In):
    """Tokens by their mints."""

    tokens: Annotated[
        list[Annotated[str, Field(max_length=64)]], Field(max_length=MAX_SUBSCRIPTIONS)
    ]


class AuthFrame(In):
    """The first frame; its data may stand at the top level too."""

    type: Literal["AUTH"]
    data: AuthIn


class SubscribeFrame(In):
    """Send me these tokens' market."""

    type: Literal["SUBSCRIBE"]
    data: TokensIn


class UnsubscribeFrame(In):
    """Send me these tokens' market no more."""

    type: Literal["UNSUBSCRIBE"]
    data: TokensIn


class PingFrame(In):
    """Are you there?"""

    type: Literal["PING"]


class PongFrame(In):
    """I am."""

    type: Literal["PONG"]


class ClientFrame(
    RootModel[
        Annotated[
            AuthFrame | SubscribeFrame | UnsubscribeFrame | PingFrame | PongFrame,
            Field(discriminator="type"),
        ]
    ]
):
    """Whatever a client may send."""


class AuthSuccessOut(Out):
    """Who is signed in, and the newest event they have."""

    wallet_address: Address
    initial_sol_balance: Sol
    created_at: Time
    seq: Seq


class AuthSuccessFrame(Out):
    """Signed in."""

    type: Literal["AUTH_SUCCESS"]
    data: AuthSuccessOut


class SummaryOut(Out):
    """How one token stands for the wallet."""

    token: TokenOut
    status: SummaryStatus
    signal_id: Id | None
    trade_id: Id | None
    at: Time
    pnl: Annotated[Sol | None, Field(description="Of the trade so far.")]
    sentiment_score: float | None
    mention_count: int | None
    reason: Annotated[str | None, Field(examples=["sentiment_low"])]


class SummariesOut(Out):
    """Every token in play, and what ended lately."""

    summaries: list[SummaryOut]


class SummaryFrame(Out):
    """How every token in play stands."""

    type: Literal["TRADE_SUMMARY_UPDATE"]
    data: SummariesOut


class BotTradeOut(Out):
    """A fill of this wallet, as a chart marks it."""

    time: ChartTime
    side: Side
    price: Price
    sol_amount: Sol
    token_amount: Tokens
    reason: Annotated[str, Field(examples=["entry"])]


class HoldingOut(Out):
    """What is held of a token."""

    tokens: Tokens
    cost_basis: Sol


class PortfolioOut(Out):
    """What the wallet is worth."""

    sol_balance: Sol
    total_value: Sol
    trade_pnl: Sol
    overall_pnl: Sol
    positions: Annotated[dict[str, HoldingOut], Field(description="By the token's address.")]


class StrategyStateOut(Out):
    """Where the exit state machine of the newest trade in a token stands."""

    trade_id: Id
    entry_price: Price
    stop_loss_price: Price
    take_profit_tiers: list[TierOut]
    highest_price_seen: Price
    phase: str


class StartingOut(Out):
    """A chart to begin with."""

    token_info: TokenOut
    candles: list[CandleOut]
    volumes: list[VolumeOut]
    bot_trades: list[BotTradeOut]
    strategy_state: StrategyStateOut | None
    portfolio: PortfolioOut


class StartingFrame(Out):
    """A trade began, or the market index stands in for one."""

    type: Literal["NEW_TRADE_STARTING"]
    data: StartingOut


class UpdateOut(Out):
    """What is new. `token` says of which token; fields that are not there did not change."""

    token: Annotated[Address | None, Field(description="null: of the wallet as a whole.")] = None
    candle: CandleOut | None = None
    volume: VolumeOut | None = None
    market_trade: MarketTradeOut | None = None
    portfolio: PortfolioOut | None = None
    strategy_state: StrategyStateOut | None = None
    bot_trade: BotTradeOut | None = None
    position: Annotated[
        PositionOut | None, Field(description="An open position as it stands now.")
    ] = None


class UpdateFrame(Out):
    """Something moved."""

    type: Literal["UPDATE"]
    data: UpdateOut


class EventFrame(Out):
    """A stored event of this wallet; events never skip."""

    type: Literal["EVENT"]
    seq: Seq
    data: EventOut


class ResetOut(Out):
    """Why the past is not sent."""

    seq: Seq
    reason: Annotated[str, Field(examples=["too far back"])]


class ResetFrame(Out):
    """What was missed is too much to send: read the lists again."""

    type: Literal["RESET"]
    data: ResetOut


class ErrorOut(Out):
    """What went wrong."""

    code: Annotated[int, Field(examples=[4401])]
    message: str


class ErrorFrame(Out):
    """Something went wrong; a close with the same code may follow."""

    type: Literal["ERROR"]
    data: ErrorOut


class ServerPingFrame(Out):
    """Are you there?"""

    type: Literal["PING"]


class ServerPongFrame(Out):
    """I am."""

    type: Literal["PONG"]


class ServerFrame(
    RootModel[
        Annotated[
            AuthSuccessFrame
            | SummaryFrame
            | StartingFrame
            | UpdateFrame
            | EventFrame
            | ResetFrame
            | ErrorFrame
            | ServerPingFrame
            | ServerPongFrame,
            Field(discriminator="type"),
        ]
    ]
):
    """Whatever the platform sends."""
