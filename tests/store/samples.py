"""Rows to write in tests: one of each kind that fits the others, and changes of them."""

from app.store.notice_rows import CursorRow, DeliveryRow, TargetRow
from app.store.rows import AuditRow, ChallengeRow, IdempotencyRow, SessionRow
from app.trading.deposits import DepositRow, ResetRow
from app.trading.ids import TradeId, order_id
from app.trading.ledger import (
    CandleRow,
    DecisionRow,
    EvaluationRow,
    EventRow,
    FillRow,
    OrderRow,
    PositionRow,
    ReplayRow,
    SettingsRow,
    SignalRow,
    SnapshotRow,
    TickRow,
    TokenRow,
    TradeRow,
    TradeUpdate,
    WalletRow,
)
from app.trading.plan_changes import PlanChangeRow

MOST = 2**63 - 1
AT = 1_800_000_000_000
MINT = "So11111111111111111111111111111111111111112"


def wallet(number: int = 1) -> WalletRow:
    return WalletRow(
        number,
        f"wallet-{number}",
        "paper",
        AT,
        MOST,
        MOST,
        0,
        MOST,
        20_000,
        MOST,
        MOST,
        False,
        None,
    )


def token(number: int = 1) -> TokenRow:
    mint = MINT if number == 1 else f"mint-{number}"
    return TokenRow(number, mint, f"COIN{number}", 9, "pool", None, AT)


def signal(number: int = 1) -> SignalRow:
    return SignalRow(number, MINT, AT + number, AT + number, 3, "sse", "{}", "Screening")


def evaluation(number: int = 1, profile: int | None = None) -> EvaluationRow:
    return EvaluationRow(
        number, 1, 1, "breakout", profile, AT + number, "taken", "yes", '{"a":1}', '{"b":2}'
    )


def decision(number: int = 1, wallet_id: int = 1, evaluation_id: int = 1) -> DecisionRow:
    return DecisionRow(
        number,
        evaluation_id,
        wallet_id,
        1,
        1,
        "breakout",
        AT + evaluation_id,
        "taken",
        None,
        0.5,
        None,
        "[1.5,2]",
    )


def order(trade: int = 1, wallet_id: int = 1, place: int = 0) -> OrderRow:
    return OrderRow(
        order_id(TradeId(trade), place),
        trade,
        wallet_id,
        1,
        "breakout",
        "BUY",
        "market",
        "entry",
        MOST,
        None,
        "filled",
        AT,
    )


def fill(trade: int = 1, wallet_id: int = 1, place: int = 0) -> FillRow:
    number = order_id(TradeId(trade), place)
    return FillRow(
        number, number, trade, wallet_id, 1, "breakout", "BUY", 1e-9, MOST, MOST, 7, AT, "entry", 5
    )


def trade(number: int = 1, wallet_id: int = 1, entry_time: int = AT) -> TradeRow:
    return TradeRow(
        number,
        wallet_id,
        1,
        "breakout",
        1,
        "signal",
        "active",
        entry_time,
        1e-9,
        MOST,
        200_000_000,
        0.85e-9,
        "[[0.3,0.33]]",
        '{"stop_loss":0.15}',
        71.5,
        12,
        0,
        1e-9,
    )


def close(number: int = 1, pnl: int = -5, at: int = AT + 1_000) -> TradeUpdate:
    return TradeUpdate(
        number, "finished", 199_999_995, 1e-9, 0.85e-9, at, 0.9e-9, "stop_loss", pnl, pnl / 2e6
    )


def position(trade_id: int = 1, wallet_id: int = 1, units: int = MOST) -> PositionRow:
    return PositionRow(
        trade_id,
        wallet_id,
        1,
        "breakout",
        "LONG",
        "open" if units else "closed",
        units,
        MOST,
        200_000_000,
        1e-9,
        AT,
        1e-9,
        0.85e-9,
        1e-9,
        0,
        0,
        1,
        0,
        5,
        AT,
    )


def tick(seq: int, token_id: int = 1, at: int | None = None) -> TickRow:
    return TickRow(seq, token_id, AT + seq if at is None else at, 1e-9 * seq)


def candle(time: int = AT, token_id: int = 1, close_price: float = 1.5) -> CandleRow:
    return CandleRow(token_id, "1m", time, "COIN1", 1.0, 2.0, 0.5, close_price, 1e12)


def snapshot(at: int = AT, wallet_id: int = 1, resolution: str = "1m") -> SnapshotRow:
    return SnapshotRow(wallet_id, resolution, at, MOST, MOST, -MOST)


def settings(version: int = 1, profile: int | None = 77, at: int = AT) -> SettingsRow:
    body = None if profile is None else "{}"
    return SettingsRow(1, "*", version, body, body, profile, at)


def event(seq: int = 1, wallet_id: int | None = 1, trade_id: int | None = None) -> EventRow:
    return EventRow(seq, wallet_id, AT + seq, "TradeOpened", trade_id, '{"units":"✓"}')


def replay(trade_id: int = 1, wallet_id: int = 1, status: str = "equal") -> ReplayRow:
    return ReplayRow(trade_id, wallet_id, AT, status, None, None)


def deposit(number: int = 1, wallet_id: int = 1, lamports: int = -MOST) -> DepositRow:
    return DepositRow(number, wallet_id, AT + number, "reset", lamports)


def reset(wallet_id: int = 1) -> ResetRow:
    return ResetRow(wallet_id, AT, MOST, -MOST, MOST)


def plan_change(number: int = 1, trade_id: int = 1, wallet_id: int = 1) -> PlanChangeRow:
    plans = ('{"stop_loss":0.15}', '{"stop_loss":0.1}')
    return PlanChangeRow(number, trade_id, wallet_id, AT, 5, *plans, 0.85e-9, 0.9e-9)


def session(number: int = 1, wallet_id: int = 1) -> SessionRow:
    return SessionRow(
        number, wallet_id, f"{number:064x}", AT, AT + 100, AT + 1_000, AT, None, "browser"
    )


def challenge(nonce: str = "nonce") -> ChallengeRow:
    return ChallengeRow(nonce, "wallet-1", "sign me", AT + 100)


def claim(key: str = "key") -> IdempotencyRow:
    return IdempotencyRow(1, key, "digest", None, None, AT)


def audit(at: int = AT, faults: int = 0) -> AuditRow:
    return AuditRow(at, 1_200, 7, 3, 1, faults, "[]", faults == 0, 5, 5, "0f" * 32, None)


def target(number: int = 1, wallet_id: int = 1) -> TargetRow:
    kinds = '["trade_closed"]'
    return TargetRow(
        number, wallet_id, "phone", "ntfy", "ntfy://…opic", b"sealed", kinds, False, AT
    )


def delivery(target_id: int = 1, event_seq: int = 1, wallet_id: int = 1) -> DeliveryRow:
    texts = ("trade_closed", "Closed", "COIN1 was sold.", "good")
    return DeliveryRow(
        target_id, event_seq, wallet_id, *texts, AT + event_seq, "waiting", 0, AT, None, None
    )


def cursor(seq: int = 1) -> CursorRow:
    return CursorRow(1, seq)


def world() -> list[tuple[object, ...]]:
    """One of each kind, children before their parents."""
    return [
        event(1, trade_id=1),
        replay(),
        position(),
        fill(),
        order(),
        trade(),
        decision(),
        evaluation(),
        signal(),
        tick(5),
        candle(),
        snapshot(),
        deposit(),
        plan_change(),
        settings(),
        session(),
        challenge(),
        claim(),
        audit(),
        cursor(),
        delivery(),
        target(),
        token(),
        wallet(),
    ]
