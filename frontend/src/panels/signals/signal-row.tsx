import { memo } from "react";
import { useLive } from "@/api/live";
import type { Summary, SummaryStatus } from "@/api/wire";
import { formatCount, formatNumber, shortAddress } from "@/lib/format";
import { inWords } from "@/lib/reasons";
import { select } from "@/lib/selection";
import { cleanText } from "@/lib/text";
import { parseTime } from "@/lib/time";
import { Ago } from "@/ui/ago";
import { classes } from "@/ui/classes";
import { Change } from "@/ui/figures";

/** What a signal waits for while nothing else is to be said of it. */
const waiting: Partial<Record<SummaryStatus, string>> = {
  Screening: "Asking what people say",
  Monitoring: "Waiting for an entry",
};

/** What stands at the end of the first line: money where there is some, else the crowd's feeling. */
function Figure({ summary }: { summary: Summary }) {
  const { trade_id: trade, sentiment_score: score, mention_count: mentions } = summary;
  // Summaries come with what happens, a position with every price.
  const pnl = useLive(({ positions }) =>
    trade === null ? undefined : positions[trade]?.unrealised_pnl,
  );
  const shown = pnl ?? summary.pnl;
  if (shown !== null) return <Change value={shown} className="font-medium" />;
  if (score === null) return null;
  return (
    <span className="num text-muted text-sm" title="Sentiment score and mentions">
      {formatNumber(Math.round(score))}/100 · {formatCount(mentions)}×
    </span>
  );
}

export function nameOf({ token }: Summary): string {
  return (token.symbol && cleanText(token.symbol, 24)) || shortAddress(token.address);
}

interface SignalRowProps {
  summary: Summary;
  /** Its number among all rows, by which keys find it. */
  row: number;
  isSelected: boolean;
  /** The one that the tab key leads to. */
  isReached: boolean;
}

export const SignalRow = memo(function SignalRow(props: SignalRowProps) {
  const { summary, row, isSelected, isReached } = props;
  const { token, trade_id: trade, signal_id: signal } = summary;
  return (
    <button
      type="button"
      data-row={row}
      tabIndex={isReached ? 0 : -1}
      aria-pressed={isSelected}
      onClick={() => select({ token, trade, signal })}
      className={classes(
        "flex h-[53px] w-full flex-col justify-center gap-0.5 border-line border-b border-l-2 pr-3 pl-2.5 text-left hover:bg-hover focus-visible:outline-offset-[-2px]",
        isSelected ? "border-l-accent bg-accent-soft" : "border-l-transparent",
      )}
    >
      <span className="flex w-full items-baseline justify-between gap-2">
        <span className="min-w-0 truncate font-semibold">{nameOf(summary)}</span>
        <Figure summary={summary} />
      </span>
      <span className="flex w-full items-baseline justify-between gap-2 text-sm">
        <span className="min-w-0 truncate text-muted">
          {inWords(summary.reason) || waiting[summary.status]}
        </span>
        <Ago at={parseTime(summary.at)} className="num shrink-0 text-faint" />
      </span>
    </button>
  );
});
