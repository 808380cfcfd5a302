"""A candle closes on a watched token: strategies are asked once each, then every wallet that
wishes it is judged.

The work is done in columns: risk, size and units of all wallets with the same wishes at once; what
remains per wallet is writing the rows. A wallet buys at most once on a signal, and a refusal is
recorded when its reason changes.
"""

import numpy as np

from app.trading.amounts import MAX_AMOUNT
from app.trading.asking import trusted, watching
from app.trading.books import Book, Flags, Index, Ints, Opening
from app.trading.exits import NEVER_MS
from app.trading.fills import bought
from app.trading.judging import Ask, Close, Judged, judge, reason_code
from app.trading.leaving import Barred
from app.trading.ledger import DecisionRow, EvaluationRow
from app.trading.recording import record_entries
from app.trading.risk import Candidates
from app.trading.state import Batch, State, to_json
from app.trading.watches import Answers, Watch

SHADOWS_ONLY = -1
"""In the place of a profile's key: an evaluation that concerned shadows, and nobody's wishes else.
"""


def confirm_entries(
    batch: Batch, watch: Watch, close: Close, barred: Barred, answers: Answers
) -> None:
    """Ask every strategy that a watching profile wants, and let the wallets behind a yes buy.

    A profile's strategies are asked in its own order, so that what a wallet buys does not depend on
    which other wallets there are.
    """
    state = batch.state
    wishes = state.wishes
    profiles: Index | None = None
    for number in wishes.used(watch.token, everybody=watch.signal is not None):
        for asked in wishes.asked_by[number]:
            verdict = trusted(batch, watch, answers, asked, close.seen_at)
            if verdict is None or not verdict.confirmed:
                continue
            if profiles is None:
                profiles = watching(state, watch)
            book, question = state.book(watch.token), wishes.questions[asked]
            profile = wishes.profiles[number]
            ask = Ask(watch, book, question, verdict, number, profile, close)
            _buy(batch, ask, np.flatnonzero(profiles == number), barred)


def _buy(batch: Batch, ask: Ask, wallets: Ints, barred: Barred) -> None:
    state, watch = batch.state, ask.watch
    watch.make_room(state.wallets.count)
    strategy = state.wishes.name(ask.question.name)
    shut = {wallet for wallet, closed in barred if closed == strategy}
    free = ~watch.acted[wallets] if watch.signal is not None else np.ones(len(wallets), np.bool_)
    free &= state.wallets.created_at[wallets] <= ask.close.seen_at
    free &= state.wallets.reset_at[wallets] < ask.close.closed_at
    if shut:
        free &= ~np.isin(wallets, list(shut))
    wallets = wallets[free & ~_holds(ask.book, wallets, strategy)]
    if not len(wallets):
        return
    judged = judge(state, ask, wallets)
    _remember_lows(batch, judged.candidates)
    costs = state.rules.costs
    price = costs.buy_price(ask.close.price)
    units = bought(judged.candidates.spend, price, watch.token.decimals)
    taken = (judged.failed < 0) & (units >= 1) & (units < MAX_AMOUNT)
    judged.failed[(judged.failed < 0) & ~taken] = len(judged.names) - 1
    codes = judged.codes()
    refused = np.flatnonzero((codes > 0) & (watch.refused[wallets] != codes))
    chosen = np.flatnonzero(taken)
    if not len(refused) and not len(chosen):
        return
    evaluation = _evaluate(batch, ask, judged, refused, chosen)
    _refuse(batch, ask, judged, refused, evaluation)
    if len(chosen):
        _open(
            batch, ask, judged, chosen, units=units[chosen].astype(np.int64), evaluation=evaluation
        )


def _remember_lows(batch: Batch, candidates: Candidates) -> None:
    """Keep the lowest equity of the day: a loss seen once stops entries until midnight."""
    lows = batch.state.wallets.day_low
    sunk = candidates.day_low < lows[candidates.wallet]
    wallets = candidates.wallet[sunk]
    lows[wallets] = candidates.day_low[sunk]
    batch.touch(wallets.tolist())


def _holds(book: Book, wallets: Ints, strategy: int) -> Flags:
    """Tell which wallets hold the token by this strategy already: a trade belongs to wallet, token
    and strategy.
    """
    same = book.strategy[: book.count] == strategy
    return np.isin(wallets, book.wallet[: book.count][same])


def _evaluate(batch: Batch, ask: Ask, judged: Judged, refused: Ints, chosen: Ints) -> int:
    """Record the confirmation with the limits that its decisions were measured against."""
    counters = batch.state.next
    public, taken_any = _told(batch.state, judged, refused, chosen)
    row = EvaluationRow(
        id=counters.evaluation,
        signal_id=ask.watch.signal,
        token_id=ask.watch.token.id,
        strategy=ask.question.name,
        profile=batch.state.wishes.keys[ask.number] if public else SHADOWS_ONLY,
        at=ask.close.seen_at,
        verdict="taken" if taken_any else "refused",
        reason=ask.verdict.reason,
        numbers=to_json(
            {
                "params": ask.question.strategy.model_dump(),
                "price": ask.close.price,
                "closed_at": ask.close.closed_at,
                **ask.verdict.numbers,
            }
        ),
        limits=to_json(dict(zip(judged.names, judged.limits, strict=True))),
    )
    counters.evaluation += 1
    batch.changes.add(row)
    return row.id


def _told(state: State, judged: Judged, refused: Ints, chosen: Ints) -> tuple[bool, bool]:
    """Tell whether wallets other than shadows decided, and whether any bought.

    Whoever shares the wishes may read an evaluation, so it is as it would be without shadows.
    """
    if not state.shadows:
        return True, len(chosen) > 0
    alone = state.wallets.owner[judged.candidates.wallet] == 0
    if alone[refused].any() or alone[chosen].any():
        return True, bool(alone[chosen].any())
    return False, len(chosen) > 0


def _decision(
    batch: Batch, ask: Ask, evaluation: int, wallet: int, seen: list[float]
) -> DecisionRow:
    counters = batch.state.next
    row = DecisionRow(
        counters.decision,
        evaluation,
        wallet,
        ask.watch.token.id,
        ask.watch.signal,
        ask.question.name,
        ask.close.seen_at,
        "taken",
        None,
        None,
        None,
        to_json(seen),
    )
    counters.decision += 1
    return row


def _refuse(batch: Batch, ask: Ask, judged: Judged, refused: Ints, evaluation: int) -> None:
    for place in refused.tolist():
        wallet, rule = int(judged.candidates.wallet[place]), int(judged.failed[place])
        seen = judged.values[:, place].tolist()
        ask.watch.refused[wallet] = reason_code(judged.names[rule])
        row = _decision(batch, ask, evaluation, wallet, seen)
        batch.changes.add(
            row._replace(
                verdict="refused",
                reason=judged.names[rule],
                value=seen[rule],
                limit_value=judged.limits[rule],
            )
        )


def _open(
    batch: Batch, ask: Ask, judged: Judged, chosen: Ints, *, units: Ints, evaluation: int
) -> None:
    state, watch, book = batch.state, ask.watch, ask.book
    price = state.rules.costs.buy_price(ask.close.price)
    wallets = judged.candidates.wallet[chosen]
    spent = judged.candidates.spend[chosen]
    fees = state.rules.costs.buy_fees(spent)
    trades = state.next.decision + np.arange(len(chosen), dtype=np.int64)
    seen = judged.values[:, chosen].T.tolist()
    decisions = [
        _decision(batch, ask, evaluation, wallet, row)
        for wallet, row in zip(wallets.tolist(), seen, strict=True)
    ]
    held = ask.profile.exit.max_holding_candles
    at = ask.close.closed_at
    deadline = NEVER_MS if held is None else at + held * state.rules.timeframe_ms
    many = len(chosen)
    strategy = state.wishes.name(ask.question.name)
    opening = Opening(
        trade=trades,
        wallet=wallets.astype(np.int32),
        strategy=np.full(many, strategy, np.int32),
        plan=np.full(many, state.wishes.plan(ask.profile.exit), np.int32),
        units=units,
        cost=spent + fees,
        deadline=np.full(many, deadline, np.int64),
        signal=watch.signal or 0,
    )
    first = book.open(state.wishes.plans, opening, price, at)
    state.wallets.cash[wallets] -= spent + fees
    watch.acted[wallets] = True
    watch.refused[wallets] = 0
    batch.touch(wallets.tolist())
    batch.changes.extend(DecisionRow, decisions)
    amounts = list(zip(units.tolist(), spent.tolist(), fees.tolist(), strict=True))
    record_entries(batch, ask, first, amounts)
