import { useState } from "react";
import type { RunKind, RunStatus } from "@/api/research";
import { Button } from "@/ui/button";
import { Card } from "@/ui/card";
import { Empty } from "@/ui/empty";
import { Failure } from "@/ui/failure";
import { SelectField, TextField } from "@/ui/field";
import { Skeleton } from "@/ui/skeleton";
import { MOST_COMPARED } from "../places";
import { titleOf } from "../titles";
import { DeleteDialog } from "./delete-dialog";
import { everyRun, filtered, type KindedRun, type RunFilter } from "./filter";
import { RunTable } from "./run-table";
import { useRuns } from "./use-runs";

interface RunListProps {
  onNew: () => void;
  onCompare: (ids: number[]) => void;
}

function Filters({ filter, onChange }: { filter: RunFilter; onChange: (it: RunFilter) => void }) {
  return (
    <search className="grid grid-cols-2 items-end gap-2 border-line border-b p-3 sm:grid-cols-[minmax(0,1fr)_9rem_9rem]">
      <div className="col-span-2 sm:col-span-1">
        <TextField
          label="Find"
          type="search"
          placeholder="name, token or strategy"
          value={filter.text}
          onChange={(event) => onChange({ ...filter, text: event.target.value })}
        />
      </div>
      <SelectField
        label="Kind"
        value={filter.kind}
        onChange={(event) => onChange({ ...filter, kind: event.target.value as "" | RunKind })}
      >
        <option value="">All</option>
        <option value="backtest">Backtests</option>
        <option value="sweep">Sweeps</option>
      </SelectField>
      <SelectField
        label="Status"
        value={filter.status}
        onChange={(event) => onChange({ ...filter, status: event.target.value as "" | RunStatus })}
      >
        <option value="">All</option>
        <option value="queued">Waiting</option>
        <option value="running">Running</option>
        <option value="finished">Finished</option>
        <option value="failed">Failed</option>
        <option value="cancelled">Cancelled</option>
      </SelectField>
    </search>
  );
}

function CompareButton({ picked, onCompare }: { picked: number[]; onCompare: () => void }) {
  const isEnough = picked.length >= 2;
  return (
    <div className="flex items-center gap-2">
      <span className="hidden text-faint text-sm sm:inline">
        {isEnough ? "" : `Tick two to ${MOST_COMPARED} backtests to compare`}
      </span>
      <Button size="small" disabled={!isEnough} onClick={onCompare}>
        Compare{picked.length > 0 ? ` ${picked.length}` : ""}
      </Button>
    </div>
  );
}

/** Every run that was ever asked for. */
export function RunList({ onNew, onCompare }: RunListProps) {
  const query = useRuns();
  const [filter, setFilter] = useState(everyRun);
  const [picked, setPicked] = useState<number[]>([]);
  const [leaving, setLeaving] = useState<KindedRun | null>(null);
  const { runs } = query;
  const shown = runs === null ? [] : filtered(runs, filter);
  const pick = (id: number, isPicked: boolean) =>
    setPicked((before) => {
      const others = before.filter((it) => it !== id);
      return isPicked ? [...others, id] : others;
    });
  return (
    <Card
      title="Runs"
      actions={<CompareButton picked={picked} onCompare={() => onCompare(picked)} />}
    >
      {runs === null && query.isPending && <Skeleton label="Runs load" rows={8} />}
      {runs === null && query.error && (
        <Failure
          title="Your runs could not be loaded"
          error={query.error}
          onRetry={query.retry}
          busy={query.isFetching}
        />
      )}
      {runs?.length === 0 && (
        <div className="flex flex-col items-center pb-6">
          <Empty title="No run yet">
            Try a strategy on the past before it trades: every run is kept here with its settings
            and what came of it.
          </Empty>
          <Button look="primary" onClick={onNew}>
            Set up a run
          </Button>
        </div>
      )}
      {runs !== null && runs.length > 0 && (
        <>
          <Filters filter={filter} onChange={setFilter} />
          {shown.length === 0 ? (
            <Empty title="No run fits">Loosen a filter to see more.</Empty>
          ) : (
            <RunTable runs={shown} picked={picked} onPick={pick} onDelete={setLeaving} />
          )}
        </>
      )}
      {query.hasMore && (
        <div className="flex justify-center p-3">
          <Button busy={query.isLoadingMore} onClick={query.more}>
            Show more
          </Button>
        </div>
      )}
      <DeleteDialog
        run={leaving && { kind: leaving.kind, id: leaving.id, title: titleOf(leaving) }}
        onClose={() => setLeaving(null)}
        onDeleted={() => leaving && pick(leaving.id, false)}
      />
    </Card>
  );
}
