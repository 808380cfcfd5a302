import type { ListedSignal, SignalStatus } from "@/api/signals";
import { formatCount, formatNumber, shortAddress } from "@/lib/format";
import { inWords } from "@/lib/reasons";
import { cleanText } from "@/lib/text";
import { parseTime } from "@/lib/time";
import { Ago } from "@/ui/ago";
import { Badge, type Tone } from "@/ui/badge";
import { classes } from "@/ui/classes";
import { statuses } from "../search";

export const tones: Record<SignalStatus, Tone> = {
  Screening: "accent",
  Monitoring: "accent",
  Finished: "up",
  Failed: "neutral",
};

const standing: Record<SignalStatus, string> = {
  Screening: "Asking what people say",
  Monitoring: "Waiting for an entry",
  Finished: "Bought by somebody",
  Failed: "Ended",
};

export function nameOf({ token }: Pick<ListedSignal, "token">): string {
  return token.symbol === null ? shortAddress(token.address) : cleanText(token.symbol, 24);
}

export function standingOf({ reason, status }: ListedSignal): string {
  return inWords(reason) || standing[status];
}

export const grid =
  "grid items-center gap-x-3 grid-cols-[minmax(0,1fr)_auto] sm:grid-cols-[7rem_6rem_minmax(0,1fr)_6.5rem_4.5rem] lg:grid-cols-[8rem_6rem_minmax(0,1fr)_6.5rem_4.5rem_8.5rem_4.5rem] px-3";

interface SignalRowProps {
  signal: ListedSignal;
  isSelected: boolean;
  onOpen: (id: number) => void;
}

export function SignalRow({ signal, isSelected, onOpen }: SignalRowProps) {
  const { status, sentiment_score: score, mention_count: mentions } = signal;
  return (
    <button
      type="button"
      aria-haspopup="dialog"
      onClick={() => onOpen(signal.id)}
      className={classes(
        grid,
        "w-full border-line border-b py-2 text-left hover:bg-hover focus-visible:outline-offset-[-2px]",
        isSelected && "bg-accent-soft",
      )}
    >
      <span className="min-w-0 truncate font-semibold">{nameOf(signal)}</span>
      <span className="justify-self-end sm:justify-self-start" title={statuses[status]}>
        <Badge tone={tones[status]}>{status}</Badge>
      </span>
      <span className="min-w-0 truncate text-muted max-sm:text-sm">{standingOf(signal)}</span>
      <span
        className="num text-right text-muted max-sm:hidden"
        title="Sentiment score of 100, and mentions"
      >
        {score === null ? "–" : formatNumber(Math.round(score))}
        {mentions !== null && <span className="text-faint"> · {formatCount(mentions)}×</span>}
      </span>
      <span className="num text-right text-muted max-lg:hidden" title="Wallets that bought it">
        {formatCount(signal.unique_wallets)}
      </span>
      <span className="min-w-0 truncate pl-3 text-faint max-lg:hidden">
        {cleanText(signal.source, 60)}
      </span>
      <Ago
        at={parseTime(signal.triggered_at)}
        className="num text-right text-faint max-sm:text-sm"
      />
    </button>
  );
}

/** The heads of the columns; each row says by itself what its figures are. */
export function SignalHead() {
  return (
    <div
      aria-hidden="true"
      className={classes(
        grid,
        "sticky top-0 z-10 border-line border-b bg-surface py-1.5 text-faint text-sm max-sm:hidden",
      )}
    >
      <span>Token</span>
      <span>Status</span>
      <span>How it stands</span>
      <span className="text-right">Score</span>
      <span className="text-right max-lg:hidden">Wallets</span>
      <span className="pl-3 max-lg:hidden">Source</span>
      <span className="text-right">Came in</span>
    </div>
  );
}
