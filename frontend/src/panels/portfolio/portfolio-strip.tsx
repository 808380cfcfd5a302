import type { ReactNode } from "react";
import { changeOf, exactSol, formatCount, formatPercent } from "@/lib/format";
import { Definition } from "@/ui/definition";
import { Failure } from "@/ui/failure";
import { Change, Sol } from "@/ui/figures";
import { usePortfolio } from "./use-portfolio";

interface FigureProps {
  label: string;
  definition: string;
  children: ReactNode;
  /** A smaller figure beside it. */
  aside?: ReactNode;
}

function Figure({ label, definition, children, aside }: FigureProps) {
  return (
    <div className="flex min-w-0 flex-col gap-0.5 bg-surface px-3 py-2">
      <dt className="truncate text-muted text-sm">
        <Definition text={definition}>{label}</Definition>
      </dt>
      {/* One line of one height, so that nothing below moves when digits come and go. */}
      <dd className="flex h-6 items-baseline gap-x-2 overflow-hidden whitespace-nowrap">
        <span className="font-semibold text-lg">{children}</span>
        {aside !== undefined && <span className="truncate text-sm">{aside}</span>}
      </dd>
    </div>
  );
}

const unit = <span className="font-normal text-faint text-sm max-sm:sr-only">SOL</span>;

type Statistics = ReturnType<typeof usePortfolio>["statistics"];

function WinRate({ statistics }: { statistics: Statistics }) {
  const rate = statistics?.win_rate;
  const trades = statistics?.trades ?? 0;
  const isKnown = rate !== null && rate !== undefined;
  return (
    <Figure
      label="Win rate"
      definition="Finished trades with a profit ÷ finished trades. A draw is no win."
      aside={
        <span className="num text-faint">
          {isKnown
            ? `of ${formatCount(trades)} ${trades === 1 ? "trade" : "trades"}`
            : "after the first sale"}
        </span>
      }
    >
      <span className="num">{isKnown ? formatPercent(100 * rate, 0) : "–"}</span>
    </Figure>
  );
}

/** The answer to "am I making money?" in one line. */
export function PortfolioStrip() {
  const { query, open, statistics, figures } = usePortfolio();
  if (query.isError && !figures) {
    return (
      <div className="rounded-lg border border-line bg-surface">
        <Failure
          title="Your portfolio could not be loaded"
          error={query.error}
          onRetry={query.refetch}
          busy={query.isFetching}
        />
      </div>
    );
  }
  return (
    <section aria-label="Portfolio">
      <dl className="grid grid-cols-2 gap-px overflow-hidden rounded-lg border border-line bg-line sm:grid-cols-3 lg:grid-cols-6">
        <Figure
          label="Total value"
          definition="Free SOL and what open positions are worth at their last prices. Beside it the profit or loss since the start, in percent of what was paid in."
          aside={
            <span title={`Overall P&L: ${exactSol(changeOf(figures?.overallPnl, "sol"))}`}>
              <Change value={figures?.overallPercent} unit="percent" />
            </span>
          }
        >
          <Sol value={figures?.totalValue} /> {unit}
        </Figure>
        <Figure
          label="Today's P&L"
          definition="Total value now less total value at your midnight; fees and open positions are in it."
          aside={<Change value={figures?.todayPercent} unit="percent" />}
        >
          <Change value={figures?.todayPnl} />
        </Figure>
        <Figure
          label="Open P&L"
          definition="What open positions would bring at their last prices, with what was sold of them, less what they cost."
        >
          <Change value={figures?.openPnl} />
        </Figure>
        <WinRate statistics={statistics} />
        <Figure label="Open positions" definition="Trades of which something is still held.">
          <span className="num">{figures ? formatCount(open) : "–"}</span>
        </Figure>
        <Figure label="SOL free" definition="SOL that is not in a position.">
          <Sol value={figures?.free} /> {unit}
        </Figure>
      </dl>
    </section>
  );
}
