"""The engine: inputs in, changes out; nothing else changes trading state.

`handle` takes a batch in order and returns everything it causes, and an answer to each input. It
is a function of its memory and the batch: no clock, no network, no database. If the changes cannot
be made durable, the caller throws the engine away and builds a new one from the record.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple, TypeVar, cast

from app.trading import (
    accounts,
    closing,
    doubts,
    entering,
    leaving,
    moving,
    resets,
    shadows,
    standing,
)
from app.trading.entry import EntryStrategy
from app.trading.ids import TokenId
from app.trading.inputs import (
    AdoptShadow,
    Answer,
    Beat,
    CandleClosed,
    ChangePlan,
    ChangeSettings,
    ClosePosition,
    EditShadow,
    History,
    Input,
    Pause,
    PriceGone,
    PriceSeen,
    PriceUnfit,
    Refused,
    Register,
    ResetWallet,
    Resume,
    RetireShadow,
    SignalArrived,
    SignalFailed,
    SignalScreened,
    TokenNamed,
)
from app.trading.judging import Close, max_price_age_ms
from app.trading.ledger import CandleRow, Changes, EvaluationRow, SignalRow, SignalUpdate, TokenRow
from app.trading.market import Candle, Token, is_candle, is_price
from app.trading.signals import SignalStatus
from app.trading.state import Batch, Ended, Rules, State, to_json
from app.trading.watches import Watch

NOT_CONFIRMED = "not_confirmed"
SUPERSEDED = "superseded"
FOREVER = 2**62

Kind = TypeVar("Kind", bound=Input)


class Handled(NamedTuple):
    """What a batch caused, and the answer to each of its inputs in order."""

    changes: Changes
    answers: list[Answer]


class Engine:
    """The one place where trading state changes."""

    def __init__(self, rules: Rules, strategies: Mapping[str, type[EntryStrategy]]) -> None:
        self.state = State(rules, strategies)
        self._handlers: dict[type[Input], Callable[[Batch, Input], Answer]] = {}
        self._on(SignalArrived, _signal_arrived)
        self._on(SignalScreened, _signal_screened)
        self._on(SignalFailed, _signal_failed)
        self._on(TokenNamed, _token_named)
        self._on(History, _history)
        self._on(PriceSeen, standing.price_seen)
        self._on(PriceUnfit, standing.price_unfit)
        self._on(PriceGone, standing.price_gone)
        self._on(CandleClosed, _candle_closed)
        self._on(Beat, _beat)
        self._on(ClosePosition, closing.close_position)
        self._on(ChangePlan, moving.change_plan)
        self._on(Register, shadows.register)
        self._on(Pause, accounts.pause)
        self._on(Resume, accounts.resume)
        self._on(ResetWallet, resets.reset)
        self._on(ChangeSettings, accounts.change_settings)
        self._handlers.update(doubts.HANDLERS)
        self._on(EditShadow, shadows.edit)
        self._on(RetireShadow, shadows.retire)
        self._on(AdoptShadow, shadows.adopt)

    def _on(self, kind: type[Kind], handler: Callable[[Batch, Kind], Answer]) -> None:
        def handle(batch: Batch, wish: Input) -> Answer:
            return handler(batch, cast("Kind", wish))

        self._handlers[kind] = handle

    def handle(self, batch: Sequence[Input]) -> Handled:
        """Take inputs in order; raises nothing for bad ones, they are answered with Refused."""
        making = Batch(self.state)
        answers = [self._handlers[type(wish)](making, wish) for wish in batch]
        return Handled(making.close(), answers)


def _signal_arrived(batch: Batch, wish: SignalArrived) -> Answer:
    state, signal = batch.state, wish.signal
    identity = (signal.mint, signal.triggered_at)
    if identity in state.seen:
        return Refused(slug="duplicate-signal", detail="this signal came in before")
    if wish.at - signal.triggered_at > state.rules.max_signal_age_ms:
        return Refused(slug="stale-signal", detail="this signal is too old to act on")
    state.remember(identity)
    number = state.next.signal
    state.next.signal += 1
    state.screening[number] = signal
    batch.changes.add(
        SignalRow(
            number,
            signal.mint,
            signal.triggered_at,
            signal.received_at,
            signal.unique_wallets,
            signal.source,
            signal.payload,
            SignalStatus.SCREENING,
        )
    )
    return number


def introduce(batch: Batch, token: Token, at: int) -> Token:
    """Take in a token by its mint; its decimals never change once known, an empty id is given
    one.
    """
    state = batch.state
    known = state.mints.get(token.mint)
    if known is not None:
        old = state.tokens[known]
        if old.pool == token.pool and old.symbol == token.symbol:
            return old
        number, decimals = TokenId(known), old.decimals
    else:
        number, decimals = TokenId(state.next.token), token.decimals
        state.next.token += 1
    new = Token(number, token.mint, token.symbol, decimals, token.pool, token.logo_url)
    state.tokens[number] = new
    state.mints[token.mint] = number
    book = state.books.get(number)
    if book is not None:
        book.token = new
    batch.changes.add(TokenRow(number, new.mint, new.symbol, decimals, new.pool, new.logo_url, at))
    return new


def _signal_screened(batch: Batch, wish: SignalScreened) -> Answer:
    state, screened = batch.state, wish.screened
    if state.screening.pop(screened.signal, None) is None:
        return Refused(slug="unknown-signal", detail="this signal is not being screened")
    token = introduce(batch, screened.token, wish.at)
    _begin_window(state, token)
    watches = state.watches.setdefault(token.id, [])
    for old in list(watches):
        if old.signal is not None:
            watches.remove(old)
            _end_watch(batch, old, old.signal, SUPERSEDED, at=wish.at)
    watch = Watch(
        token, screened.signal, state.rules.confirmation_window, wish.at, screened.sentiment
    )
    watches.insert(0, watch)
    sentiment = screened.sentiment
    batch.changes.add(
        SignalUpdate(
            screened.signal,
            token.id,
            SignalStatus.MONITORING,
            None,
            sentiment.score,
            sentiment.mentions,
            wish.at,
            None,
        )
    )
    return token.id


def _begin_window(state: State, token: Token) -> None:
    """Make room for candles; of a token that was left alone, a stray one must not bar history."""
    held = token.id in state.books and state.books[token.id].count > 0
    if not held and not state.watches.get(token.id):
        state.windows.pop(token.id, None)
    state.window(token)


def _signal_failed(batch: Batch, wish: SignalFailed) -> Answer:
    state = batch.state
    signal = state.screening.pop(wish.signal, None)
    if signal is None:
        return Refused(slug="unknown-signal", detail="this signal is not being screened")
    token = introduce(batch, wish.token, wish.at) if wish.token is not None else None
    score = wish.sentiment.score if wish.sentiment else None
    mentions = wish.sentiment.mentions if wish.sentiment else None
    batch.changes.add(
        SignalUpdate(
            wish.signal,
            token.id if token else None,
            SignalStatus.FAILED,
            wish.reason,
            score,
            mentions,
            wish.at,
            wish.at,
        )
    )
    numbers = {"score": score, "mentions": mentions}
    limits = {} if wish.limit is None else {wish.reason: wish.limit}
    _evaluate_all(
        batch,
        wish.signal,
        token,
        wish.reason,
        numbers=to_json(numbers),
        limits=to_json(limits),
        at=wish.at,
    )
    state.ended.append(
        Ended(
            wish.signal,
            token,
            signal.mint,
            wish.at,
            SignalStatus.FAILED,
            wish.reason,
            score,
            mentions,
        )
    )
    return None


def _evaluate_all(
    batch: Batch,
    signal: int,
    token: Token | None,
    reason: str,
    *,
    numbers: str,
    limits: str,
    at: int,
) -> None:
    """Record an end that concerns every wallet."""
    counters = batch.state.next
    batch.changes.add(
        EvaluationRow(
            counters.evaluation,
            signal,
            token.id if token else None,
            None,
            None,
            at,
            "failed",
            reason,
            numbers,
            limits,
        )
    )
    counters.evaluation += 1


def _end_watch(batch: Batch, watch: Watch, signal: int, reason: str, *, at: int) -> None:
    """End a signal's watch: Finished when anybody bought on it, else Failed; shadows are nobody."""
    state = batch.state
    bought = bool((watch.acted & (state.wallets.owner[: len(watch.acted)] == 0)).any())
    status = SignalStatus.FINISHED if bought else SignalStatus.FAILED
    score = watch.sentiment.score if watch.sentiment else None
    mentions = watch.sentiment.mentions if watch.sentiment else None
    batch.changes.add(
        SignalUpdate(
            signal,
            watch.token.id,
            status,
            None if bought else reason,
            score,
            mentions,
            watch.since,
            at,
        )
    )
    window = state.rules.confirmation_window
    numbers = to_json(
        {"candles": window - watch.candles_left, "score": score, "mentions": mentions}
    )
    _evaluate_all(
        batch,
        signal,
        watch.token,
        reason,
        numbers=numbers,
        limits=to_json({"candles": window}),
        at=at,
    )
    if not bought:
        state.ended.append(
            Ended(signal, watch.token, watch.token.mint, at, status, reason, score, mentions)
        )


def _token_named(batch: Batch, wish: TokenNamed) -> Answer:
    state, token = batch.state, introduce(batch, wish.token, wish.at)
    if all(watch.signal is not None for watch in state.watches.get(token.id, ())):
        _begin_window(state, token)
        watch = Watch(token, None, FOREVER, wish.at)
        state.watches.setdefault(token.id, []).append(watch)
    return token.id


def _history(batch: Batch, wish: History) -> Answer:
    token = batch.state.tokens.get(wish.token)
    if token is None:
        return Refused(slug="unknown-token", detail="no such token")
    taken = [candle.time for candle in wish.candles if _take(batch, token, candle)]
    for watch in list(batch.state.watches.get(token.id, ())):
        for time in taken:
            _count(batch, watch, time + batch.state.rules.timeframe_ms, wish.at)
    return None


def _take(batch: Batch, token: Token, candle: Candle) -> bool:
    """Add a closed candle to the window and the record; False when it cannot be one or is not
    newer.
    """
    state = batch.state
    if not is_candle(candle) or not state.window(token).add(candle):
        return False
    batch.changes.add(
        CandleRow(token.id, state.rules.timeframe, candle.time, token.symbol, *candle[1:])
    )
    return True


def _candle_closed(batch: Batch, wish: CandleClosed) -> Answer:
    state, candle = batch.state, wish.candle
    token = state.tokens.get(wish.token)
    if token is None:
        return Refused(slug="unknown-token", detail="no such token")
    if not is_candle(candle):
        bad = next((price for price in candle[1:5] if not is_price(price)), candle.close)
        leaving.refuse_price(batch, token, bad, wish.at)
        return Refused(
            slug="invalid-candle",
            detail="prices are positive and finite, high and low enclose the rest",
        )
    if not _take(batch, token, candle):
        return Refused(slug="old-candle", detail="a newer candle came before")
    closed_at = candle.time + state.rules.timeframe_ms
    barred = standing.see(batch, token, candle.close, closed_at)
    if barred is None:
        return Refused(slug="invalid-candle", detail="the price is too large for the books")
    barred |= state.barred(token.id, candle.time, closed_at)
    close, answers = Close(candle.close, closed_at, wish.at), state.answers(token, candle)
    for watch in list(state.watches.get(token.id, ())):
        if closed_at > watch.since:
            entering.confirm_entries(batch, watch, close, barred, answers)
        _count(batch, watch, closed_at, wish.at)
    return None


def _count(batch: Batch, watch: Watch, closed_at: int, at: int) -> None:
    """Count a candle that closed under a signal's watch; the last one ends the watch."""
    watches = batch.state.watches[watch.token.id]
    if watch.signal is None or closed_at <= watch.since or watch not in watches:
        return
    watch.candles_left -= 1
    if watch.candles_left <= 0:
        watches.remove(watch)
        _end_watch(batch, watch, watch.signal, NOT_CONFIRMED, at=at)


def _beat(batch: Batch, wish: Beat) -> Answer:
    state = batch.state
    patience = max_price_age_ms(state.rules.timeframe_ms)
    for token, book in sorted(state.books.items()):
        state.bar(token, leaving.sell_overdue(batch, book, wish.at, patience), wish.at)
        standing.beat(batch, book, wish.at)
    standing.tell_aside(batch, wish.at)
    if accounts.beat(batch, wish.at):
        state.forget_idle()
        state.forget_losses(wish.at)
    return None
