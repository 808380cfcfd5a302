import {
  ArrowDownRight,
  ArrowUpRight,
  Clock,
  Hand,
  LogOut,
  MoveVertical,
  Shield,
  Target,
  TrendingUp,
} from "lucide-react";
import type { TradeDetail } from "@/api/wire";
import { formatDuration, formatFull, formatMoment, parseTime } from "@/lib/time";
import { Price } from "@/ui/figures";
import { Steps } from "@/ui/steps";
import { type Moment, type MomentKind, momentsOf } from "./timeline";

const icons: Record<MomentKind, typeof Clock> = {
  entry: ArrowUpRight,
  target: Target,
  breakeven: Shield,
  trailing: TrendingUp,
  exit: LogOut,
  hand: Hand,
  moved: MoveVertical,
  open: Clock,
};
const colours: Partial<Record<MomentKind, string>> = {
  entry: "text-accent",
  target: "text-up",
  breakeven: "text-up",
  trailing: "text-up",
  exit: "text-down",
  hand: "text-warn",
  moved: "text-accent",
};

function MomentItem({ moment, entered }: { moment: Moment; entered: number }) {
  const Icon = icons[moment.kind] ?? ArrowDownRight;
  const { at, fill } = moment;
  return (
    <li className="relative flex gap-3 pb-3 pl-0.5 last:pb-0">
      <span
        aria-hidden="true"
        className="absolute top-7 bottom-0 left-4 w-px bg-line [li:last-child>&]:hidden"
      />
      <span
        className={`flex size-7 shrink-0 items-center justify-center rounded-full border border-line bg-raised ${colours[moment.kind] ?? "text-muted"}`}
      >
        <Icon size={14} aria-hidden="true" />
      </span>
      <div className="min-w-0 flex-1">
        <p className="flex flex-wrap items-baseline justify-between gap-x-3">
          <span className="font-medium">{moment.title}</span>
          {at !== null && (
            <time
              dateTime={new Date(at).toISOString()}
              title={formatFull(at)}
              className="num text-faint text-sm"
            >
              {at === entered ? formatMoment(at) : `after ${formatDuration(at - entered)}`}
            </time>
          )}
        </p>
        <p className="text-muted text-sm">
          {moment.more}
          {fill && (
            <>
              {" "}
              at <Price value={fill.price} />
            </>
          )}
        </p>
      </div>
    </li>
  );
}

/** What happened, in order; the entry with every value beside its limit. */
export function Timeline({ trade }: { trade: TradeDetail }) {
  const entered = parseTime(trade.entry_time);
  return (
    <section aria-label="Timeline">
      <h3 className="mb-2 font-semibold">What happened</h3>
      <ol>
        {momentsOf(trade).map((moment) => (
          <MomentItem key={moment.key} moment={moment} entered={entered} />
        ))}
      </ol>
    </section>
  );
}

export function WhyOpened({ trade }: { trade: TradeDetail }) {
  return (
    <section aria-label="Why">
      <h3 className="mb-1 font-semibold">Why it was opened</h3>
      <Steps steps={trade.why} />
    </section>
  );
}
