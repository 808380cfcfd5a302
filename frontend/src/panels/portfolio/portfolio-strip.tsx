import type { ReactNode } from "react";
import { Failure } from "@/ui/failure";
import { Change, Sol } from "@/ui/figures";
import { usePortfolio } from "./use-portfolio";

function Figure({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div className="flex min-w-0 flex-col gap-0.5 bg-surface px-3 py-2">
      <dt className="truncate text-muted text-sm">{label}</dt>
      <dd className="flex flex-wrap items-baseline gap-x-1.5 font-semibold text-lg">{children}</dd>
    </div>
  );
}

const unit = <span className="font-normal text-faint text-sm">SOL</span>;

/** The answer to "am I making money?" in one line. */
export function PortfolioStrip() {
  const { query, open, figures } = usePortfolio();
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
        <Figure label="Total value">
          <Sol value={figures?.totalValue} /> {unit}
        </Figure>
        <Figure label="Today's P&L">
          <Change value={figures?.todayPnl} />
        </Figure>
        <Figure label="Overall P&L">
          <Change value={figures?.overallPnl} />
          <Change value={figures?.overallPercent} unit="percent" className="font-normal text-sm" />
        </Figure>
        <Figure label="Open P&L">
          <Change value={figures?.openPnl} />
        </Figure>
        <Figure label="SOL free">
          <Sol value={figures?.free} /> {unit}
        </Figure>
        <Figure label="Open positions">
          <span className="num">{open}</span>
        </Figure>
      </dl>
    </section>
  );
}
