import { useQuery } from "@tanstack/react-query";
import { useLive } from "@/api/live";
import { tradeQuery } from "@/api/queries";
import type { TradeDetail } from "@/api/wire";
import { shortAddress } from "@/lib/format";
import { inWords } from "@/lib/reasons";
import { useWallet } from "@/lib/session";
import { cleanText } from "@/lib/text";
import { formatDuration, parseTime } from "@/lib/time";
import { Ago } from "@/ui/ago";
import { Badge, type Tone } from "@/ui/badge";
import { Dialog } from "@/ui/dialog";
import { ErrorBoundary } from "@/ui/error-boundary";
import { Failure } from "@/ui/failure";
import { Change } from "@/ui/figures";
import { Skeleton } from "@/ui/skeleton";
import { Fills } from "./fills";
import { ReplayBadge, ReplayDifferences } from "./replay-badge";
import { Timeline, WhyOpened } from "./timeline-list";
import { WhatIf } from "./what-if";

const tones: Record<TradeDetail["status"], Tone> = {
  active: "accent",
  finished: "neutral",
  failed: "warn",
};

function Headline({ trade }: { trade: TradeDetail }) {
  const position = useLive((state) => state.positions[trade.id]);
  const entered = parseTime(trade.entry_time);
  return (
    <div className="flex flex-wrap items-center gap-x-4 gap-y-1.5">
      <span className="flex items-baseline gap-2">
        <Change
          value={trade.pnl_sol ?? position?.unrealised_pnl}
          className="font-semibold text-2xl"
        />
        <span className="text-muted">SOL</span>
        <Change
          value={trade.pnl_percent ?? position?.unrealised_pnl_percent}
          unit="percent"
          className="text-lg"
        />
      </span>
      <span className="flex flex-wrap items-center gap-2">
        <Badge tone={tones[trade.status]}>{inWords(trade.status)}</Badge>
        <Badge>{inWords(trade.strategy)}</Badge>
        {trade.exit_reason !== null && <Badge>{inWords(trade.exit_reason)}</Badge>}
      </span>
      <span className="text-muted text-sm">
        opened <Ago at={entered} />
        {trade.exit_time !== null &&
          `, held for ${formatDuration(parseTime(trade.exit_time) - entered)}`}
      </span>
      <span className="sm:ml-auto">
        <ReplayBadge replay={trade.replay} />
      </span>
    </div>
  );
}

const SOON = 3_000;

/** A trade that has just ended is run again within seconds. */
function isAwaited(trade: TradeDetail | undefined): boolean {
  return trade !== undefined && trade.status !== "active" && trade.replay.checked_at === null;
}

function Body({ id, name }: { id: number; name: string }) {
  const query = useQuery({
    ...tradeQuery(useWallet(), id),
    refetchInterval: ({ state }) => (isAwaited(state.data) ? SOON : false),
  });
  if (query.isPending) return <Skeleton label="The trade loads" rows={12} />;
  if (!query.data) {
    return (
      <Failure
        title="The trade could not be loaded"
        error={query.error}
        onRetry={query.refetch}
        busy={query.isFetching}
      />
    );
  }
  const trade = query.data;
  return (
    <div className="flex flex-col gap-5">
      <Headline trade={trade} />
      <ReplayDifferences replay={trade.replay} />
      <ErrorBoundary title="What-if">
        <WhatIf key={trade.id} trade={trade} name={name} />
      </ErrorBoundary>
      <div className="grid grid-cols-1 gap-5 lg:grid-cols-2">
        <div className="flex min-w-0 flex-col gap-5">
          <Timeline trade={trade} />
          <Fills fills={trade.fills} />
        </div>
        <WhyOpened trade={trade} />
      </div>
    </div>
  );
}

/** One trade in full: what happened, why, and what another plan would have made of it. */
export function TradeDrawer({ id, onClose }: { id: number; onClose: () => void }) {
  const { data } = useQuery(tradeQuery(useWallet(), id));
  const name = data ? cleanText(data.token.symbol ?? shortAddress(data.token.address), 24) : "";
  return (
    <Dialog open side wide onClose={onClose} title={name ? `${name}, trade ${id}` : `Trade ${id}`}>
      <Body key={id} id={id} name={name} />
    </Dialog>
  );
}
