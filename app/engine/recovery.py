"""Builds the engine from the record: start-up is recovery, and so is every failed commit.

What the record holds is taken as it is; exit state is folded forward over the prices that came
after a position's last row. Nothing here decides anything: a price that sold something is in the
record together with what it sold.
"""

import asyncio
from collections import defaultdict
from collections.abc import Iterable, Mapping

import numpy as np
import structlog

from app.engine.live import Recovered
from app.engine.views import BUSY, Views
from app.engine.warm import compiled_exits
from app.store.candles import newest_candles
from app.store.counters import highest_numbers
from app.store.database import Database
from app.store.events import last_told
from app.store.positions import OpenPosition, open_positions
from app.store.refusals import last_answers
from app.store.settings import current_settings
from app.store.signals import SignalLine, active_signals, failed_signals, seen_signals
from app.store.snapshots import newest_snapshot
from app.store.ticks import last_tick, ticks_after
from app.store.tokens import all_tokens
from app.store.trades import bought_on, closes_since
from app.store.wallets import all_wallets
from app.trading import accounts, exits, standing
from app.trading.books import Book
from app.trading.engine import FOREVER, Engine
from app.trading.entry import EntryStrategy
from app.trading.ids import TokenId
from app.trading.inputs import Written
from app.trading.judging import REASONS, reason_code
from app.trading.kernels import install, is_compiled
from app.trading.leaving import REMEMBERED_STOPS
from app.trading.market import Token
from app.trading.plans import ExitPlan, Profile
from app.trading.risk import MINUTE_MS
from app.trading.signals import Sentiment, Signal, SignalStatus
from app.trading.soundness import fault_of
from app.trading.state import Aside, Ended, Rules, State
from app.trading.watches import Watch, Wishes

log = structlog.get_logger(__name__)
Past = Mapping[int, int]
"""The last trade or decision of each wallet that a reset lets its rules forget; 0 without one."""

SET_ASIDE = "PositionSetAside"
OPEN_CANDLES = 2
"""A trade that ended so many candles ago may have ended inside the one that is open."""


async def recover(
    database: Database,
    rules: Rules,
    strategies: Mapping[str, type[EntryStrategy]],
    batch: int,
    now: int,
) -> Recovered:
    """Build an engine that stands where the record ends; `now` in Unix ms bounds what is old.

    Raises what the store raises.
    """
    engine = Engine(rules, strategies)
    state = engine.state
    await _counters(database, state)
    for token in await all_tokens(database):
        number = TokenId(token.id)
        state.tokens[number] = Token(
            number, token.mint, token.symbol, token.decimals, token.pool_address, token.logo_url
        )
        state.mints[token.mint] = number
    wallets = await all_wallets(database)
    for wallet in wallets:
        accounts.take_in(state, wallet)
    past = {wallet.id: wallet.reset_trade or 0 for wallet in wallets}
    await _settings(database, state)
    await _positions(database, state)
    await _signals(database, state)
    _name(state, now)
    await _refusals(database, state, past)
    await _losses(database, state, past, now)
    await _windows(database, state)
    await _snapshots(database, state)
    return Recovered(engine, batch)


async def _counters(database: Database, state: State) -> None:
    highest = await highest_numbers(database)
    following = state.next
    following.wallet = highest.wallet + 1
    following.token = highest.token + 1
    following.signal = highest.signal + 1
    following.evaluation = highest.evaluation + 1
    following.decision = max(highest.decision, highest.trade) + 1
    following.tick = highest.tick + 1
    following.event = highest.event + 1


async def _settings(database: Database, state: State) -> None:
    for row in await current_settings(database):
        state.versions[row.wallet_id, row.symbol] = row.version
        if row.resolved is not None and accounts.unable(state, row.wallet_id) is None:
            profile = Profile.model_validate_json(row.resolved)
            written = Written(symbol=row.symbol, body=row.body, profile=profile)
            accounts.wear(state, row.wallet_id, written)


async def _positions(database: Database, state: State) -> None:
    by_token: defaultdict[int, list[OpenPosition]] = defaultdict(list)
    found = await open_positions(database)
    if len(found) > BUSY and not is_compiled(exits):
        install(exits, await asyncio.to_thread(compiled_exits))
    for position in found:
        fault = _fault_of(position)
        if fault is None:
            by_token[position.token_id].append(position)
        else:
            await _set_aside(database, state, position, fault)
    for token_id, positions in by_token.items():
        book = state.book(state.tokens[token_id])
        fill(book, state.wishes, positions)
        await _fold(database, state, book, [position.tick_seq for position in positions])
        book.restore(state.wishes.plans)


def _fault_of(position: OpenPosition) -> str | None:
    state, price = position.exit_state, position.current_price
    return fault_of(position.exit_plan, state, price, position.sol_invested)


async def _set_aside(database: Database, state: State, position: OpenPosition, fault: str) -> None:
    """Leave out a position that cannot be led, so that the others can; its wallet is told once."""
    trade = position.trade_id
    told = await last_told(database, trade, (SET_ASIDE,)) is not None
    state.aside[trade] = Aside(position.wallet_id, position.mint, position.symbol, fault, told)
    log.error("position set aside", trade=trade, reason=fault)


def fill(book: Book, wishes: Wishes, positions: list[OpenPosition]) -> None:
    """Put recorded positions into an empty book, as they stood at their last row."""
    book.reserve(len(positions))
    columns = book.columns
    for slot, position in enumerate(positions):
        columns.plan[slot] = wishes.plan(ExitPlan.model_validate_json(position.exit_plan))
        columns.entry[slot], columns.stop[slot] = position.entry_price, position.stop_loss
        columns.initial[slot], columns.left[slot] = position.initial_tokens, position.tokens
        columns.highest[slot], columns.deadline[slot] = position.highest_price, position.deadline
        columns.tiers[slot], columns.phase[slot] = position.tiers_taken, position.phase
        book.trade[slot], book.wallet[slot] = position.trade_id, position.wallet_id
        book.strategy[slot], book.orders[slot] = wishes.name(position.strategy), position.orders
        book.cost[slot], book.returned[slot] = position.sol_invested, position.sol_returned
        book.entry_time[slot], book.signal[slot] = position.entry_time, position.signal_id or 0
        book.price, book.price_at = position.current_price, position.last_updated


async def _fold(database: Database, state: State, book: Book, seen: list[int]) -> None:
    """Show the positions of a book the prices that they saw after their last row."""
    seqs: list[int] = []
    prices: list[float] = []
    times: list[int] = []
    async for page in ticks_after(database, book.token.id, min(seen)):
        for tick in page:
            seqs.append(tick.seq)
            prices.append(tick.price)
            times.append(tick.at)
    first = np.searchsorted(np.array(seqs, np.int64), np.array(seen, np.int64), side="right")
    wrong = exits.fold(
        state.wishes.plans,
        book.columns,
        book.count,
        first.astype(np.int64),
        np.array(prices, np.float64),
        np.array(times, np.int64),
    )
    if wrong:
        log.error("the record contradicts itself", token=book.token.symbol, positions=wrong)
    newest = await last_tick(database, book.token.id)
    if newest is not None:
        book.price, book.price_at = newest.price, newest.at
    await _standing(database, book)


async def _standing(database: Database, book: Book) -> None:
    """Read how the token's price stands from what its holders were told last; of all of them the
    oldest trade was told everything.
    """
    oldest = int(book.trade[: book.count].min())
    told = await last_told(database, oldest, standing.FLAGGING)
    if told is not None:
        book.standing = standing.FLAGS[told.kind]
        if book.standing == standing.RUGGED:
            book.price, book.price_at = 0.0, told.at


async def _signals(database: Database, state: State) -> None:
    for seen in await seen_signals(database):
        state.remember((seen.mint, seen.triggered_at))
    state.ended.extend(_ended(state, line) for line in reversed(await failed_signals(database)))
    active = await active_signals(database)
    watched = [line for line in active if line.status == SignalStatus.MONITORING]
    for line in active:
        if line.status == SignalStatus.SCREENING:
            state.screening[line.id] = _signal(line)
    for line in watched:
        await _watch(database, state, line)
    if watched:
        watches = {watch.signal: watch for group in state.watches.values() for watch in group}
        for trade in await bought_on(database, watched[0].id):
            watch = watches.get(trade.signal_id)
            if watch is not None:
                watch.acted[trade.wallet_id] = True


async def _watch(database: Database, state: State, line: SignalLine) -> None:
    """Watch a token again, for the candles that were left."""
    if line.token_id is None or line.screened_at is None:
        return
    rules, token = state.rules, state.tokens[line.token_id]
    since = line.screened_at - rules.timeframe_ms + 1
    window = rules.confirmation_window
    closed = await newest_candles(
        database, line.token_id, rules.timeframe, since=since, limit=window
    )
    sentiment = Sentiment(score=line.sentiment_score, mentions=line.mention_count or 0)
    left = max(window - len(closed), 1)
    watch = Watch(token, line.id, left, line.screened_at, sentiment)
    watch.make_room(state.wallets.count)
    state.watches.setdefault(token.id, []).append(watch)


def _name(state: State, now: int) -> None:
    """Watch the tokens that settings name."""
    views = Views(state)
    for symbol in state.wishes.symbols():
        token = views.token_named(symbol)
        if token is not None and token.pool is not None and not views.is_named(symbol):
            state.watches.setdefault(token.id, []).append(Watch(token, None, FOREVER, now))


async def _refusals(database: Database, state: State, past: Past) -> None:
    """Remember what each wallet was refused for: it is told again only when the reason changes."""
    for token, watches in state.watches.items():
        for watch in watches:
            watch.make_room(state.wallets.count)
            for answer in await last_answers(database, token, watch.signal):
                if answer.reason in REASONS and answer.id > past[answer.wallet_id]:
                    watch.refused[answer.wallet_id] = reason_code(answer.reason)


async def _snapshots(database: Database, state: State) -> None:
    """Go on after the last minute that was marked; who changed since is not known, so all did."""
    newest = await newest_snapshot(database)
    state.snapshot_minute = 0 if newest is None else newest // MINUTE_MS
    state.changed_since_snapshot.update(range(1, state.wallets.count))


def _signal(line: SignalLine) -> Signal:
    return Signal(
        mint=line.mint,
        triggered_at=line.triggered_at,
        received_at=line.received_at,
        unique_wallets=line.unique_wallets,
        wallets=(),
        window_start=None,
        window_end=None,
        source=line.source,
        payload=line.payload,
    )


def _ended(state: State, line: SignalLine) -> Ended:
    token = None if line.token_id is None else state.tokens.get(line.token_id)
    return Ended(
        line.id,
        token,
        line.mint,
        line.ended_at or line.received_at,
        line.status,
        line.reason or "",
        line.sentiment_score,
        line.mention_count,
    )


async def _losses(database: Database, state: State, past: Past, now: int) -> None:
    """Remember losses and stops as long as rules ask for them, and who ended in the open candle."""
    candle = OPEN_CANDLES * state.rules.timeframe_ms
    memory = max(int(_memory(state.wishes.profiles)), candle)
    for close in await closes_since(database, now - memory):
        if close.trade_id <= past[close.wallet_id]:
            continue
        inside = close.exit_time % state.rules.timeframe_ms != 0
        if inside and close.exit_time > now - candle and close.exit_reason != exits.MANUAL:
            pair = (close.wallet_id, state.wishes.name(close.strategy))
            state.bar(close.token_id, {pair}, close.exit_time)
        if close.pnl_sol < 0:
            state.last_loss.setdefault(close.token_id, {})[close.wallet_id] = close.exit_time
        if close.exit_reason == exits.reason_name(exits.STOPPED, -1):
            stops = state.stops.setdefault(close.wallet_id, [])
            stops.append(close.exit_time)
            del stops[:-REMEMBERED_STOPS]


def _memory(profiles: Iterable[Profile]) -> float:
    """Return how far back the rules look, in ms; a guard's pause follows its window."""
    minutes = [0.0]
    for profile in profiles:
        if profile.limits is not None:
            minutes += [profile.limits.loss_cooldown_minutes, 2 * profile.limits.stop_guard_minutes]
    return max(minutes) * MINUTE_MS


async def _windows(database: Database, state: State) -> None:
    for token_id in {*state.books, *state.watches}:
        window = state.window(state.tokens[token_id])
        for candle in await newest_candles(
            database, token_id, state.rules.timeframe, limit=window.keep
        ):
            window.add(candle)
