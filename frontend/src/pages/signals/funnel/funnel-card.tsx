import { useQuery } from "@tanstack/react-query";
import { type Funnel, funnelQuery } from "@/api/signals";
import { formatCount } from "@/lib/format";
import { useWallet } from "@/lib/session";
import { formatDuration, parseTime } from "@/lib/time";
import { Card } from "@/ui/card";
import { classes } from "@/ui/classes";
import { Definition } from "@/ui/definition";
import { Empty } from "@/ui/empty";
import { Failure } from "@/ui/failure";
import { Skeleton } from "@/ui/skeleton";
import { Twin } from "@/ui/twin";
import type { Days } from "../search";
import {
  type Loss,
  lossesInWords,
  lossInWords,
  type Stage,
  shareInWords,
  stages,
  widthOf,
} from "./stages";

const SHOWN = 3;

function LossList({ lost }: { lost: Loss[] }) {
  const shown = lost.length > SHOWN + 1 ? lost.slice(0, SHOWN) : lost;
  const others = lost.slice(shown.length);
  const rest = others.reduce((sum, { signals }) => sum + signals, 0);
  if (shown.length === 0) return null;
  return (
    <ul className="flex flex-wrap gap-x-3 gap-y-0.5 text-sm">
      {shown.map((loss) => (
        <li key={loss.reason} className={loss.pending ? "text-accent" : "text-muted"}>
          {lossInWords(loss)} <span className="num text-faint">{formatCount(loss.signals)}</span>
        </li>
      ))}
      {rest > 0 && (
        <li className="text-faint" title={lossesInWords({ lost: others } as Stage)}>
          {others.length} other reasons <span className="num">{formatCount(rest)}</span>
        </li>
      )}
    </ul>
  );
}

function StageRow({ stage, all }: { stage: Stage; all: Stage[] }) {
  const { title, definition } = stages[stage.stage];
  const isWon = stage.stage === "won";
  return (
    <li className="flex flex-col gap-1 border-line border-b px-3 py-2 last:border-b-0">
      <div className="flex items-baseline gap-2">
        <span className="min-w-0 flex-1 font-medium">
          <Definition text={definition}>{title}</Definition>
        </span>
        <span className="num text-faint text-sm">{shareInWords(stage)}</span>
        <span className="num w-14 text-right font-semibold">{formatCount(stage.signals)}</span>
      </div>
      <div aria-hidden="true" className="h-2 rounded-sm bg-raised">
        <div
          className={classes("h-full min-w-px rounded-sm", isWon ? "bg-up" : "bg-accent")}
          style={{ width: `${100 * widthOf(stage, all)}%` }}
        />
      </div>
      <LossList lost={stage.lost} />
    </li>
  );
}

function Stages({ funnel, days }: { funnel: Funnel; days: Days }) {
  const counted = parseTime(funnel.at) - parseTime(funnel.since);
  const isYoung = counted < days * 86_400_000 - 60_000;
  return (
    <>
      {isYoung && (
        <p className="border-line border-b px-3 py-1.5 text-muted text-sm">
          Counted since your wallet joined, {formatDuration(counted)} ago.
        </p>
      )}
      {!funnel.complete && (
        <p className="border-line border-b px-3 py-1.5 text-sm text-warn">
          Only the newest 50,000 signals of this period count.
        </p>
      )}
      <ol>
        {funnel.stages.map((stage) => (
          <StageRow key={stage.stage} stage={stage} all={funnel.stages} />
        ))}
      </ol>
      <Twin
        title="The funnel as a table"
        headings={["Stage", "Signals", "Of the stage before", "What stopped the others"]}
        rows={funnel.stages.map((stage) => ({
          key: stage.stage,
          cells: [
            stages[stage.stage].title,
            formatCount(stage.signals),
            shareInWords(stage),
            <span key="lost" className="whitespace-normal">
              {lossesInWords(stage)}
            </span>,
          ],
        }))}
      />
    </>
  );
}

/** How far signals got with this wallet, and what stopped the others. */
export function FunnelCard({ days, of }: { days: Days; of: string | undefined }) {
  const query = useQuery(funnelQuery(useWallet(), days, of));
  const received = query.data?.stages[0]?.signals ?? 0;
  return (
    <Card title="Your funnel">
      {query.isPending && <Skeleton label="The funnel loads" rows={8} />}
      {query.isError && !query.data && (
        <Failure
          title="The funnel could not be loaded"
          error={query.error}
          onRetry={query.refetch}
          busy={query.isFetching}
        />
      )}
      {query.data && received === 0 && (
        <Empty title="No signal in this period">
          Each signal that comes in is counted here, and what stopped it or what it made.
        </Empty>
      )}
      {query.data && received > 0 && <Stages funnel={query.data} days={days} />}
    </Card>
  );
}
