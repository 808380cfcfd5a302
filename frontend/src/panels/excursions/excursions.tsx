import { useQuery } from "@tanstack/react-query";
import { type Excursion, excursionsQuery } from "@/api/analytics";
import { FEWEST } from "@/lib/certainty";
import { useDrawers } from "@/lib/drawers";
import { formatCount, formatPercentChange, shortAddress } from "@/lib/format";
import { useProfile } from "@/lib/profile";
import { useWallet } from "@/lib/session";
import { cleanText } from "@/lib/text";
import { formatDuration } from "@/lib/time";
import { Card } from "@/ui/card";
import { Empty } from "@/ui/empty";
import { Failure } from "@/ui/failure";
import { Change } from "@/ui/figures";
import { Skeleton } from "@/ui/skeleton";
import { Twin } from "@/ui/twin";
import { type Seen, seenOf, storyOf } from "./scale";
import { Scatter } from "./scatter";

/** What the points say, where there are enough to say anything. */
function Story({ seen, all }: { seen: Seen[]; all: Excursion[] }) {
  const { winnersFell, losersRose, winners, losers } = storyOf(seen);
  const unseen = all.length - seen.length;
  return (
    <div className="flex flex-col gap-1 border-line border-b px-3 py-2 text-muted text-sm">
      <p>
        {winners < FEWEST || winnersFell === null
          ? `${winners} winners: too few to tell how far they fall first.`
          : `Half of the ${formatCount(winners)} winners never stood below ${formatPercentChange(winnersFell)}: a stop far beyond that saves few of them.`}
      </p>
      <p>
        {losers < FEWEST || losersRose === null
          ? `${losers} losers: too few to tell how far they rise first.`
          : `Half of the ${formatCount(losers)} losers had been at ${formatPercentChange(losersRose)} or better: what a target or break-even stop there could have kept.`}
      </p>
      <p className="flex flex-wrap gap-x-4 text-faint text-xs">
        <span>
          <span className="text-up">●</span> won
        </span>
        <span>
          <span className="text-down">□</span> lost or drew
        </span>
        <span>
          The newest {formatCount(seen.length)} trades with recorded prices
          {unseen > 0 && `; of ${formatCount(unseen)} more no prices are kept`}.
        </span>
      </p>
    </div>
  );
}

function Table({ seen, onOpen }: { seen: Seen[]; onOpen: (trade: number) => void }) {
  return (
    <Twin
      title="Best and worst on the way as a table"
      headings={["Trade", "Worst", "Best", "Result", "To the peak"]}
      rows={seen.map(({ trade, worst, best }) => ({
        key: trade.trade_id,
        cells: [
          <button
            key="open"
            type="button"
            aria-haspopup="dialog"
            onClick={() => onOpen(trade.trade_id)}
            className="font-semibold hover:underline"
          >
            {cleanText(trade.token.symbol ?? shortAddress(trade.token.address), 24)}
          </button>,
          formatPercentChange(worst),
          formatPercentChange(best),
          <Change key="pnl" value={trade.pnl_percent} unit="percent" />,
          trade.time_to_peak_seconds === null
            ? "–"
            : formatDuration(1000 * trade.time_to_peak_seconds),
        ],
      }))}
    />
  );
}

export function Excursions() {
  const { within } = useProfile();
  const { openTrade } = useDrawers();
  const query = useQuery(excursionsQuery(useWallet(), within));
  const all = query.data?.items ?? [];
  const seen = seenOf(all);
  return (
    <Card title="Best and worst on the way">
      {query.isPending && <Skeleton label="Trades load" rows={8} />}
      {query.isError && !query.data && (
        <Failure
          title="How far your trades went could not be loaded"
          error={query.error}
          onRetry={query.refetch}
          busy={query.isFetching}
        />
      )}
      {query.data && seen.length === 0 && (
        <Empty title={all.length > 0 ? "No prices are kept of these trades" : "No trade ended yet"}>
          Each trade that ends becomes a point here: how far its price fell and rose while it was
          open.
        </Empty>
      )}
      {seen.length > 0 && (
        <>
          <Story seen={seen} all={all} />
          <Scatter seen={seen} onOpen={openTrade} />
          <Table seen={seen} onOpen={openTrade} />
        </>
      )}
    </Card>
  );
}
