import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { faultsIn } from "@/api/problem";
import { strategiesQuery } from "@/api/queries";
import { askBacktest, askSweep, type RunKind } from "@/api/research";
import { Failure } from "@/ui/failure";
import { Segments } from "@/ui/segments";
import { Skeleton } from "@/ui/skeleton";
import type { Draft } from "./draft";
import { ExitSection } from "./exit-section";
import { HistorySection } from "./history-section";
import { MoneySection } from "./money-section";
import { backtestOf } from "./request";
import { RunCard } from "./run-card";
import { SearchSection } from "./search-section";
import { change, tellFaults, useDraft, useTold } from "./store";
import { StrategySection } from "./strategy-section";
import { sweepOf } from "./sweep-request";

const kinds: { value: RunKind; title: string }[] = [
  { value: "backtest", title: "Backtest" },
  { value: "sweep", title: "Sweep" },
];
const abouts: Record<RunKind, string> = {
  backtest: "One wallet over history, by the rules that trade live.",
  sweep: "Many sets of parameters over the same history, and how likely the best of them is luck.",
};

interface RunFormProps {
  onStarted: (kind: RunKind, id: number) => void;
  onUpload: () => void;
}

function useRun(draft: Draft, onStarted: RunFormProps["onStarted"]) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: Record<string, unknown>) => {
      const asked = { name: draft.name.trim(), body };
      return draft.kind === "backtest" ? askBacktest(asked) : askSweep(asked);
    },
    onSuccess: ({ id }) => {
      client.invalidateQueries({ queryKey: ["runs", draft.kind], exact: true });
      onStarted(draft.kind, id);
    },
    onError: (error) => {
      const told = faultsIn(error).map(({ pointer, detail }) => [pointer, detail]);
      tellFaults(Object.fromEntries(told));
    },
  });
}

/** Sets a run up and starts it. */
export function RunForm({ onStarted, onUpload }: RunFormProps) {
  const strategies = useQuery(strategiesQuery);
  const draft = useDraft();
  const told = useTold();
  const items = strategies.data?.items;
  const sweep = useMemo(
    () => (draft.kind === "sweep" ? sweepOf(draft, items ?? []) : null),
    [draft, items],
  );
  const built = useMemo(() => sweep ?? backtestOf(draft, items ?? []), [sweep, draft, items]);
  // Nobody is told off before they tried; from then on each change is judged at once.
  const [tried, setTried] = useState(false);
  const run = useRun(draft, onStarted);
  const faults = tried ? { ...told, ...built.faults } : told;
  const start = () => {
    setTried(true);
    if (Object.keys(built.faults).length === 0) run.mutate(built.body);
  };
  if (strategies.isPending) return <Skeleton label="Strategies load" rows={8} />;
  if (!items) {
    return (
      <Failure
        title="The strategies could not be loaded"
        error={strategies.error}
        onRetry={strategies.refetch}
        busy={strategies.isFetching}
      />
    );
  }
  return (
    <form
      noValidate
      aria-label="New run"
      onSubmit={(event) => {
        event.preventDefault();
        start();
      }}
      className="grid min-w-0 items-start gap-3 lg:grid-cols-[minmax(0,1fr)_20rem]"
    >
      <div className="flex min-w-0 flex-col gap-3">
        <div className="flex flex-wrap items-center gap-3">
          <Segments
            label="Kind of run"
            value={draft.kind}
            onChange={(kind) => change({ type: "set", values: { kind } })}
            options={kinds}
          />
          <p className="min-w-0 flex-1 basis-56 text-muted text-sm">{abouts[draft.kind]}</p>
        </div>
        <HistorySection number={1} draft={draft} faults={faults} onUpload={onUpload} />
        <StrategySection number={2} draft={draft} strategies={items} faults={faults} />
        <ExitSection number={3} draft={draft} faults={faults} />
        <MoneySection number={4} draft={draft} faults={faults} />
        {draft.kind === "sweep" && <SearchSection number={5} draft={draft} faults={faults} />}
      </div>
      <RunCard
        draft={draft}
        varied={sweep?.varied ?? null}
        faults={faults}
        error={run.error}
        busy={run.isPending}
      />
    </form>
  );
}
