/** What each figure of a scorecard means and how it is written. Pure. */
import type { Scorecard } from "@/api/scorecards";
import { formatCount, formatPercent, formatPercentChange, isKnown } from "@/lib/format";
import { formatDuration } from "@/lib/time";

export interface Figure {
  key: string;
  label: string;
  definition: string;
  read: (card: Scorecard) => number | null;
  write: (value: number) => string;
  /** A second line: an interval, or of how many. */
  more?: (card: Scorecard) => string | null;
  isChange?: boolean;
}

const share = (ratio: number) => formatPercent(100 * ratio);
const many = (count: number, what: string) => `${formatCount(count)} ${what}`;

function interval(low: number | null, high: number | null): string | null {
  return isKnown(low) && isKnown(high) ? `95 %: ${share(low)} to ${share(high)}` : null;
}

export const figures: Figure[] = [
  {
    key: "signals",
    label: "Signals",
    definition: "Signals of this source that came in.",
    read: ({ signals }) => signals,
    write: formatCount,
    more: ({ judged }) => many(judged, "judged"),
  },
  {
    key: "screened_rate",
    label: "Pass rate",
    definition: "Signals that passed the screening ÷ signals whose screening has ended.",
    read: (card) => card.screened_rate,
    write: share,
    more: ({ screened }) => many(screened, "passed"),
  },
  {
    key: "made.win_rate",
    label: "Win rate",
    definition:
      "Signals that end with a profit ÷ those with a result, when each that passed is followed from its first price under the platform's own exit plan. The interval is Wilson's, at 95 %.",
    read: ({ made }) => made.win_rate,
    write: share,
    more: ({ made }) => interval(made.win_rate_low, made.win_rate_high),
  },
  {
    key: "made.average_pnl_percent",
    label: "Average P&L",
    definition: "Mean profit or loss of a followed signal, in percent of what it cost.",
    read: ({ made }) => made.average_pnl_percent,
    write: (value) => formatPercentChange(value),
    more: ({ made }) => many(made.results, made.results === 1 ? "result" : "results"),
    isChange: true,
  },
  {
    key: "made.median_time_to_peak_seconds",
    label: "Time to peak",
    definition: "Half of the followed signals reached their highest price sooner than this.",
    read: ({ made }) => made.median_time_to_peak_seconds,
    write: (value) => formatDuration(1000 * value),
  },
  {
    key: "confirmed_rate",
    label: "Confirmed",
    definition: "Signals that a strategy of the platform's own settings confirmed ÷ those passed.",
    read: (card) => card.confirmed_rate,
    write: share,
    more: ({ confirmed }) => formatCount(confirmed),
  },
  {
    key: "bought_rate",
    label: "Bought",
    definition: "Signals that any wallet bought on ÷ those confirmed.",
    read: (card) => card.bought_rate,
    write: share,
    more: ({ bought }) => formatCount(bought),
  },
  {
    key: "not_bought.win_rate",
    label: "Win rate, not bought",
    definition: "The same win rate, of the signals that nobody bought: what the filters let go.",
    read: ({ not_bought }) => not_bought.win_rate,
    write: share,
    more: ({ not_bought }) => interval(not_bought.win_rate_low, not_bought.win_rate_high),
  },
  {
    key: "not_bought.average_pnl_percent",
    label: "Average P&L, not bought",
    definition: "The same average, of the signals that nobody bought.",
    read: ({ not_bought }) => not_bought.average_pnl_percent,
    write: (value) => formatPercentChange(value),
    more: ({ not_bought }) => many(not_bought.results, "results"),
    isChange: true,
  },
];

/** Why a figure is not there, as a sentence. */
export function missing(figure: Figure, card: Scorecard): string {
  const why = card.nulls[figure.key] ?? "not known";
  return why.charAt(0).toUpperCase() + why.slice(1);
}

/** The card of a source, or of all of them; null where no signal of it was counted. */
export function cardOf(cards: Scorecard[], source: string | undefined): Scorecard | null {
  return cards.find((card) => card.source === (source ?? null)) ?? null;
}

/** What the score is worth: whether it foretells better than always saying the share of wins. */
export function worthOf({ brier, brier_of_base_rate: base }: Scorecard["calibration"]) {
  if (brier === null || base === null) return null;
  return brier < base ? ("better" as const) : ("worse" as const);
}
