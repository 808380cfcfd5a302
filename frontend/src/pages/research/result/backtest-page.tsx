import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { type Backtest, backtestQuery } from "@/api/research";
import { formatCount } from "@/lib/format";
import { Button } from "@/ui/button";
import { Failure } from "@/ui/failure";
import { Skeleton } from "@/ui/skeleton";
import { Tabs } from "@/ui/tabs";
import { AdoptDialog } from "../adopt/adopt-dialog";
import type { Json } from "../form/restore";
import type { ResearchSearch } from "../places";
import { DeleteDialog } from "../runs/delete-dialog";
import { titleOf, tokensOf } from "../titles";
import { formatDay } from "../words";
import { Breakdown } from "./breakdown";
import { EquityCard } from "./equity-card";
import { FiguresCard, MainFigures } from "./figures-card";
import { Refusals } from "./refusals";
import { ReportLink } from "./report-link";
import { RunHeader } from "./run-header";
import { SettingsCard } from "./settings-card";
import { Standing } from "./standing";
import { TradesView } from "./trades-view";
import { useAgain } from "./use-again";

interface BacktestPageProps {
  id: number;
  onGo: (to: ResearchSearch) => void;
}

function factsOf(run: Backtest): string[] {
  const firsts = run.tokens.map((it) => it.first).sort();
  const lasts = run.tokens.map((it) => it.last).sort();
  const [first, last] = [firsts[0], lasts.at(-1)];
  if (!first || !last) return [];
  return [`${formatDay(first)} to ${formatDay(last)}`, `${formatCount(run.candles)} candles`];
}

function Result({ run }: { run: Backtest }) {
  const [tab, setTab] = useState("overview");
  const { statistics } = run;
  if (statistics === null) return null;
  return (
    <>
      <MainFigures statistics={statistics} />
      <Tabs
        label="Result"
        value={tab}
        onChange={setTab}
        tabs={[
          {
            value: "overview",
            title: "Overview",
            content: (
              <div className="flex flex-col gap-3">
                <EquityCard run={run} />
                <Breakdown trades={run.trades} />
                <Refusals refusals={run.refusals} />
              </div>
            ),
          },
          {
            value: "trades",
            title: `Trades (${formatCount(run.trades.length)})`,
            content: <TradesView run={run} name={titleOf(run)} />,
          },
          {
            value: "statistics",
            title: "Statistics",
            content: <FiguresCard statistics={statistics} />,
          },
          { value: "settings", title: "Settings", content: <SettingsCard run={run} /> },
        ]}
      />
    </>
  );
}

/** One backtest: how it stands, and what came of it. */
export function BacktestPage({ id, onGo }: BacktestPageProps) {
  const query = useQuery(backtestQuery(id));
  const again = useAgain();
  const [asks, setAsks] = useState<"adopt" | "delete" | null>(null);
  const run = query.data;
  if (query.isPending) return <Skeleton label="The backtest loads" rows={10} />;
  if (!run) {
    return (
      <Failure
        title="This backtest could not be loaded"
        error={query.error}
        onRetry={query.refetch}
        busy={query.isFetching}
      />
    );
  }
  const isFinished = run.status === "finished";
  const restore = () => {
    again("backtest", run);
    onGo({ view: "new" });
  };
  return (
    <div className="flex min-w-0 flex-col gap-3">
      <RunHeader
        kind="backtest"
        run={run}
        facts={factsOf(run)}
        actions={
          <>
            <Button size="small" onClick={restore}>
              Run again with changes
            </Button>
            {isFinished && <ReportLink kind="backtest" id={id} />}
            <Button size="small" look="quiet" onClick={() => setAsks("delete")}>
              Delete
            </Button>
            {isFinished && (
              <Button size="small" look="primary" onClick={() => setAsks("adopt")}>
                Adopt
              </Button>
            )}
          </>
        }
      />
      {isFinished ? <Result run={run} /> : <Standing kind="backtest" run={run} onAgain={restore} />}
      {asks === "adopt" && (
        <AdoptDialog
          run={id}
          number={null}
          request={run.request as Json}
          tokens={tokensOf(run)}
          onClose={() => setAsks(null)}
        />
      )}
      <DeleteDialog
        run={asks === "delete" ? { kind: "backtest", id, title: titleOf(run) } : null}
        onClose={() => setAsks(null)}
        onDeleted={() => onGo({})}
      />
    </div>
  );
}
