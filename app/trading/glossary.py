"""Every figure that the platform shows, those of signals included: one table for page and docs."""

from app.trading.definitions import EQUITY, EXCURSIONS, TRADES, Definition, define

SKIPPED = define(
    "skipped",
    (
        "skipped",
        "Skipped",
        "count",
        "Signals that a filter kept the wallet from buying: the first refusal on a signal that it "
        "never bought on, or the end of a signal that no strategy of the wallet confirmed.",
    ),
    (
        "unpriced",
        "Without prices",
        "count",
        "Skipped signals after which no prices are recorded; they count in no other figure.",
    ),
    (
        "open",
        "Still open",
        "count",
        "Skipped signals whose recorded prices end (15 minutes or 3 candles without one) before "
        "the exit plan sold all; what is left is valued at the last price.",
    ),
    ("won", "Would have won", "count", "Skipped signals that would have ended above their cost."),
    ("lost", "Would have lost", "count", "Skipped signals that would have ended below their cost."),
    ("drew", "Would have drawn", "count", "Skipped signals that would have ended at their cost."),
    (
        "average_pnl_percent",
        "Average would-have P&L",
        "percent",
        "Mean of (value − cost) ÷ cost of what would have been bought, fees and slippage inside. "
        "A refusal is bought at the close it was judged at, another signal at the first price "
        "after its screening; both are sold by the exit plan that the wallet had then.",
    ),
    (
        "total_pnl_percent",
        "Total would-have P&L",
        "percent",
        "Σ (value − cost) ÷ Σ cost at the sizes that the wallet would have used.",
    ),
    (
        "average_pnl_sol",
        "Average would-have P&L",
        "SOL",
        "Mean of value − cost at the size that was judged, else at the wallet's size at the time.",
    ),
    ("total_pnl_sol", "Total would-have P&L", "SOL", "Σ (value − cost) at those sizes."),
    (
        "saved_sol",
        "Saved by the filter",
        "SOL",
        "−Σ (value − cost): positive where the filter saved SOL, negative where it cost some.",
    ),
)

SCORECARDS = define(
    "scorecards",
    ("signals", "Signals", "count", "Signals of a source that came in."),
    ("judged", "Judged", "count", "Signals whose screening ended."),
    ("screened", "Screened", "count", "Signals that passed the screening."),
    (
        "confirmed",
        "Confirmed",
        "count",
        "Signals to which a strategy said yes: of the default settings for the platform (or that "
        "anybody bought), of its own for a wallet.",
    ),
    ("bought", "Bought", "count", "Signals that were bought: by anybody, or by the wallet."),
    ("screened_rate", "Pass rate of the screening", "fraction", "Screened ÷ judged."),
    ("confirmed_rate", "Pass rate of the confirmation", "fraction", "Confirmed ÷ screened."),
    ("bought_rate", "Pass rate of the risk rules", "fraction", "Bought ÷ confirmed."),
    (
        "made",
        "Results",
        "ratio",
        "Of a wallet its finished trades. Of the platform every signal, followed from the first "
        "price after its screening under the default exit plan, whoever bought it.",
    ),
    (
        "not_bought",
        "Results of what was not bought",
        "ratio",
        "The same for signals that were not bought: what they would have made.",
    ),
    ("results", "Results", "count", "Signals or trades that came to an end."),
    (
        "win_rate_interval",
        "Interval of the win rate",
        "fraction",
        "The 95 % interval of Wilson for wins ÷ results.",
    ),
    (
        "calibration",
        "Calibration",
        "count",
        "Signals with a score and a result, in bins of ten points of the score: mean score against "
        "the share that won, with the interval of Wilson. What was not bought counts as followed.",
    ),
    (
        "brier",
        "Brier score",
        "ratio",
        "Mean of (score ÷ 100 − outcome)², outcome 1 for a win, else 0; 0 is perfect, and a score "
        "that knows something is below the one of the base rate.",
    ),
    (
        "brier_of_base_rate",
        "Brier score of the base rate",
        "ratio",
        "p · (1 − p), p = share of wins: what always saying p would get.",
    ),
)

EVERY: tuple[Definition, ...] = (*TRADES, *EXCURSIONS, *EQUITY, *SKIPPED, *SCORECARDS)
