import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { FlaskConical, Trash2 } from "lucide-react";
import { useState } from "react";
import { type HistoryEntry, historyQuery, removeHistory, type Timeframe } from "@/api/history";
import { formatCount } from "@/lib/format";
import { cleanText } from "@/lib/text";
import { parseTime } from "@/lib/time";
import { Badge } from "@/ui/badge";
import { Button, IconButton } from "@/ui/button";
import { Card } from "@/ui/card";
import { Dialog } from "@/ui/dialog";
import { Failure } from "@/ui/failure";
import { Scroller } from "@/ui/scroller";
import { Skeleton } from "@/ui/skeleton";
import { type Column, SortableTable } from "@/ui/sortable-table";
import { notify } from "@/ui/toast";
import { change } from "../form/store";
import { formatDay } from "../words";
import { NoHistory } from "./no-history";
import { UploadCard } from "./upload-card";

const nameOf = (entry: HistoryEntry) =>
  `${cleanText(entry.symbol || entry.token, 24)} ${entry.timeframe}`;

interface Actions {
  onRun: (entry: HistoryEntry) => void;
  onDelete: (entry: HistoryEntry) => void;
}

function columnsOf({ onRun, onDelete }: Actions): Column<HistoryEntry>[] {
  return [
    {
      id: "token",
      title: "Token",
      sortBy: (entry) => entry.symbol.toLowerCase(),
      cell: (entry) => (
        <span className="flex flex-wrap items-center gap-x-2" title={entry.token}>
          <span className="font-semibold">{cleanText(entry.symbol || entry.token, 24)}</span>
          {entry.own && <Badge tone="accent">Yours</Badge>}
        </span>
      ),
    },
    {
      id: "timeframe",
      title: "Timeframe",
      sortBy: (it) => it.timeframe,
      cell: (it) => it.timeframe,
    },
    {
      id: "first",
      title: "From",
      isNumber: true,
      sortBy: (entry) => parseTime(entry.first),
      cell: (entry) => formatDay(entry.first),
    },
    {
      id: "last",
      title: "To",
      isNumber: true,
      sortBy: (entry) => parseTime(entry.last),
      cell: (entry) => formatDay(entry.last),
    },
    {
      id: "candles",
      title: "Candles",
      isNumber: true,
      sortBy: (entry) => entry.candles,
      cell: (entry) => formatCount(entry.candles),
    },
    {
      id: "gaps",
      title: "Gaps",
      isNumber: true,
      sortBy: (entry) => entry.missing,
      cell: (entry) =>
        entry.gaps === 0 ? (
          <span className="text-faint">none</span>
        ) : (
          `${formatCount(entry.gaps)} (${formatCount(entry.missing)} missing)`
        ),
    },
    {
      id: "source",
      title: "Source",
      sortBy: (it) => it.source,
      cell: (it) => cleanText(it.source),
    },
    {
      id: "actions",
      title: "Actions",
      isNumber: true,
      sortBy: () => null,
      cell: (entry) => (
        <span className="flex items-center justify-end">
          <IconButton label={`Run on ${nameOf(entry)}`} onClick={() => onRun(entry)}>
            <FlaskConical size={15} aria-hidden="true" />
          </IconButton>
          {entry.own && (
            <IconButton label={`Delete ${nameOf(entry)}`} onClick={() => onDelete(entry)}>
              <Trash2 size={15} aria-hidden="true" />
            </IconButton>
          )}
        </span>
      ),
    },
  ];
}

function DeleteHistory({ entry, onClose }: { entry: HistoryEntry; onClose: () => void }) {
  const client = useQueryClient();
  const remove = useMutation({
    mutationFn: () => removeHistory(entry.token, entry.timeframe as Timeframe),
    onSuccess: () => {
      onClose();
      notify("Deleted.");
      client.invalidateQueries({ queryKey: ["history"] });
    },
  });
  return (
    <Dialog open onClose={onClose} title={`Delete ${nameOf(entry)}?`}>
      <div className="flex flex-col gap-4">
        <p>
          Your {formatCount(entry.candles)} uploaded candles go. Runs that stood on them keep what
          they came to, but cannot draw these candles any more.
        </p>
        {remove.isError && (
          <p role="alert" className="text-down text-sm">
            {remove.error.message}
          </p>
        )}
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Keep them</Button>
          <Button look="danger" busy={remove.isPending} onClick={() => remove.mutate()}>
            Delete
          </Button>
        </div>
      </div>
    </Dialog>
  );
}

/** The candles of the past: what is stored, and a place for files. */
export function HistoryView({ onNew }: { onNew: () => void }) {
  const query = useQuery(historyQuery);
  const [leaving, setLeaving] = useState<HistoryEntry | null>(null);
  const run = ({ token }: HistoryEntry) => {
    change({ type: "set", values: { tokens: [token], timeframe: "", from: "", to: "" } });
    onNew();
  };
  return (
    <div className="grid min-w-0 items-start gap-3 lg:grid-cols-[minmax(0,1fr)_24rem]">
      <Card title="Stored history">
        {query.isPending && <Skeleton label="History loads" rows={6} />}
        {query.isError && !query.data && (
          <Failure
            title="The stored history could not be loaded"
            error={query.error}
            onRetry={query.refetch}
            busy={query.isFetching}
          />
        )}
        {query.data?.length === 0 && <NoHistory />}
        {query.data && query.data.length > 0 && (
          <Scroller label="List of stored history">
            <SortableTable
              label="Stored history"
              columns={columnsOf({ onRun: run, onDelete: setLeaving })}
              rows={query.data}
              keyOf={(entry) => `${entry.own}/${entry.token}/${entry.timeframe}`}
              initial={{ column: "candles", descending: true }}
            />
          </Scroller>
        )}
      </Card>
      <UploadCard />
      {leaving && <DeleteHistory entry={leaving} onClose={() => setLeaving(null)} />}
    </div>
  );
}
