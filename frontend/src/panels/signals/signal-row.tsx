import { useLive } from "@/api/live";
import type { Summary, SummaryStatus } from "@/api/wire";
import { formatCount, formatNumber, shortAddress } from "@/lib/format";
import { inWords } from "@/lib/reasons";
import { select, useSelection } from "@/lib/selection";
import { cleanText } from "@/lib/text";
import { parseTime } from "@/lib/time";
import { Ago } from "@/ui/ago";
import { classes } from "@/ui/classes";
import { Change } from "@/ui/figures";

function Feeling({ summary }: { summary: Summary }) {
  if (summary.sentiment_score === null) return null;
  return (
    <span className="num" title="Sentiment score and mentions">
      {formatNumber(Math.round(summary.sentiment_score))}/100 · {formatCount(summary.mention_count)}
      ×
    </span>
  );
}

/** What a signal waits for while nothing else is to be said of it. */
const waiting: Partial<Record<SummaryStatus, string>> = {
  Screening: "Asking what people say",
  Monitoring: "Waiting for an entry",
};

export function SignalRow({ summary }: { summary: Summary }) {
  const selected = useSelection();
  const { token, trade_id: trade, signal_id: signal } = summary;
  // Summaries come with what happens, a position with every price.
  const position = useLive((state) => (trade === null ? undefined : state.positions[trade]));
  const pnl = position?.unrealised_pnl ?? summary.pnl;
  const isSelected =
    selected.token?.address === token.address &&
    selected.trade === trade &&
    selected.signal === signal;
  return (
    <li>
      <button
        type="button"
        aria-pressed={isSelected}
        onClick={() => select({ token, trade, signal })}
        className={classes(
          "flex w-full flex-col gap-0.5 border-line border-b border-l-2 px-3 py-1.5 text-left hover:bg-hover focus-visible:outline-offset-[-2px]",
          isSelected ? "border-l-accent bg-accent-soft" : "border-l-transparent",
        )}
      >
        <span className="flex w-full items-baseline justify-between gap-2">
          <span className="min-w-0 truncate font-semibold">
            {token.symbol === null ? shortAddress(token.address) : cleanText(token.symbol, 24)}
          </span>
          {pnl === null ? (
            <Ago at={parseTime(summary.at)} className="num shrink-0 text-faint text-sm" />
          ) : (
            <Change value={pnl} className="font-medium" />
          )}
        </span>
        <span className="flex w-full justify-between gap-2 text-muted text-sm">
          <span className="min-w-0 truncate">
            {inWords(summary.reason) || waiting[summary.status]}
          </span>
          <Feeling summary={summary} />
        </span>
      </button>
    </li>
  );
}
