import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { askBacktest, type Sweep, type SweepRow, sweepQuery } from "@/api/research";
import { formatCount } from "@/lib/format";
import { Button } from "@/ui/button";
import { Card } from "@/ui/card";
import { Empty } from "@/ui/empty";
import { Failure } from "@/ui/failure";
import { Skeleton } from "@/ui/skeleton";
import { Tabs } from "@/ui/tabs";
import { notify } from "@/ui/toast";
import { AdoptDialog } from "../adopt/adopt-dialog";
import { backtestOfSet, type Json } from "../form/restore";
import type { ResearchSearch } from "../places";
import { ReportLink } from "../result/report-link";
import { RunHeader } from "../result/run-header";
import { SettingsCard } from "../result/settings-card";
import { Standing } from "../result/standing";
import { useAgain } from "../result/use-again";
import { DeleteDialog } from "../runs/delete-dialog";
import { setInWords, titleOf, tokensOf } from "../titles";
import { formatDay } from "../words";
import { FoldsCard } from "./folds-card";
import { LuckCard } from "./luck-card";
import { MapCard } from "./map-card";
import { SetCard } from "./set-card";
import { SetTable } from "./set-table";

interface SweepPageProps {
  id: number;
  onGo: (to: ResearchSearch) => void;
}

function factsOf(sweep: Sweep): string[] {
  const firsts = sweep.tokens.map((it) => it.first).sort();
  const lasts = sweep.tokens.map((it) => it.last).sort();
  const [first, last] = [firsts[0], lasts.at(-1)];
  if (!first || !last) return [];
  const split = sweep.split ? [`out of sample from ${formatDay(sweep.split)}`] : [];
  return [
    `${formatCount(sweep.combinations)} sets`,
    `${formatDay(first)} to ${formatDay(last)}`,
    ...split,
  ];
}

function Result({ sweep, onGo }: { sweep: Sweep; onGo: SweepPageProps["onGo"] }) {
  const client = useQueryClient();
  const [tab, setTab] = useState("map");
  const [number, setNumber] = useState<number | null>(null);
  const [adopts, setAdopts] = useState(false);
  const request = sweep.request as Json;
  const run = useMutation({
    mutationFn: (row: SweepRow) =>
      askBacktest({
        name: `${titleOf(sweep)}: ${setInWords(row.params)}`.slice(0, 100),
        body: backtestOfSet(request, row.params),
      }),
    onSuccess: ({ id }) => {
      client.invalidateQueries({ queryKey: ["runs", "backtest"], exact: true });
      onGo({ view: "backtest", id });
    },
    onError: (error) => notify(error.message, { failed: true }),
  });
  const row = sweep.rows.find((it) => it.number === number) ?? sweep.rows[0] ?? null;
  const select = (chosen: SweepRow) => setNumber(chosen.number);
  if (row === null) {
    return (
      <Card title="Result">
        <Empty title="Nothing was tried">Every combination is impossible.</Empty>
      </Card>
    );
  }
  const set = (
    <SetCard
      row={row}
      place={sweep.rows.indexOf(row) + 1}
      many={sweep.rows.length}
      busy={run.isPending}
      onRun={() => run.mutate(row)}
      onAdopt={() => setAdopts(true)}
    />
  );
  return (
    <>
      <Tabs
        label="Result"
        value={tab}
        onChange={setTab}
        tabs={[
          {
            value: "map",
            title: "Map",
            content: (
              <div className="grid min-w-0 items-start gap-3 xl:grid-cols-[minmax(0,1fr)_24rem]">
                <div className="flex min-w-0 flex-col gap-3">
                  <LuckCard sweep={sweep} />
                  <MapCard sweep={sweep} selected={row} onSelect={select} />
                </div>
                {set}
              </div>
            ),
          },
          {
            value: "sets",
            title: `Sets (${formatCount(sweep.rows.length)})`,
            content: (
              <div className="grid min-w-0 items-start gap-3 xl:grid-cols-[minmax(0,1fr)_24rem]">
                <SetTable sweep={sweep} selected={row} onSelect={select} />
                {set}
              </div>
            ),
          },
          { value: "folds", title: "Walk forward", content: <FoldsCard sweep={sweep} /> },
          { value: "settings", title: "Settings", content: <SettingsCard run={sweep} /> },
        ]}
      />
      {adopts && (
        <AdoptDialog
          run={sweep.id}
          number={row.number}
          request={backtestOfSet(request, row.params)}
          tokens={tokensOf(sweep)}
          onClose={() => setAdopts(false)}
        />
      )}
    </>
  );
}

/** One sweep: how it stands, and what came of it. */
export function SweepPage({ id, onGo }: SweepPageProps) {
  const query = useQuery(sweepQuery(id));
  const again = useAgain();
  const [deletes, setDeletes] = useState(false);
  const sweep = query.data;
  if (query.isPending) return <Skeleton label="The sweep loads" rows={10} />;
  if (!sweep) {
    return (
      <Failure
        title="This sweep could not be loaded"
        error={query.error}
        onRetry={query.refetch}
        busy={query.isFetching}
      />
    );
  }
  const isFinished = sweep.status === "finished";
  const restore = () => {
    again("sweep", sweep);
    onGo({ view: "new" });
  };
  return (
    <div className="flex min-w-0 flex-col gap-3">
      <RunHeader
        kind="sweep"
        run={sweep}
        facts={factsOf(sweep)}
        actions={
          <>
            <Button size="small" onClick={restore}>
              Run again with changes
            </Button>
            {isFinished && <ReportLink kind="sweep" id={id} />}
            <Button size="small" look="quiet" onClick={() => setDeletes(true)}>
              Delete
            </Button>
          </>
        }
      />
      {isFinished ? (
        <Result sweep={sweep} onGo={onGo} />
      ) : (
        <Standing kind="sweep" run={sweep} onAgain={restore} />
      )}
      <DeleteDialog
        run={deletes ? { kind: "sweep", id, title: titleOf(sweep) } : null}
        onClose={() => setDeletes(false)}
        onDeleted={() => onGo({})}
      />
    </div>
  );
}
