import { useCallback, useMemo, useState } from "react";
import { Button } from "@/ui/button";
import { Empty } from "@/ui/empty";
import { Failure } from "@/ui/failure";
import { NewerButton } from "@/ui/newer-button";
import { Skeleton } from "@/ui/skeleton";
import { VirtualList } from "@/ui/virtual-list";
import { type Filters, isFiltered, queryOf } from "../search";
import { SignalHead, SignalRow } from "./signal-row";
import { useSignalLog } from "./use-signal-log";

interface SignalListProps {
  filters: Filters;
  selected: number | undefined;
  onOpen: (id: number) => void;
}

function NoSignals({ filters }: { filters: Filters }) {
  return isFiltered(filters) ? (
    <Empty title="No signal fits">
      Loosen a filter to see more; new ones appear by themselves.
    </Empty>
  ) : (
    <Empty title="No signal yet">
      Tokens that several tracked wallets buy at once appear here, most within half a minute.
    </Empty>
  );
}

/** Every signal that fits, the newest first, live. Give it a key of its filters. */
export function SignalList({ filters, selected, onOpen }: SignalListProps) {
  const [isAtTop, setAtTop] = useState(true);
  const [toTop, setToTop] = useState(0);
  const query = useMemo(() => queryOf(filters), [filters]);
  const { log, asked, error, more, retry } = useSignalLog(query, isAtTop);
  const goUp = useCallback(() => {
    setAtTop(true);
    setToTop((count) => count + 1);
  }, []);
  if (!log.isLoaded) {
    return error === null ? (
      <Skeleton label="Signals load" rows={12} />
    ) : (
      <Failure title="The signals could not be loaded" error={error} onRetry={retry} />
    );
  }
  if (log.rows.length === 0) return <NoSignals filters={filters} />;
  return (
    <div className="relative flex min-h-0 flex-1 flex-col">
      <NewerButton count={log.held.length} onShow={goUp} isBelowHead />
      <VirtualList
        label="List of signals"
        rows={log.rows}
        keyOf={({ id }) => id}
        estimate={37}
        render={(signal) => (
          <SignalRow signal={signal} isSelected={signal.id === selected} onOpen={onOpen} />
        )}
        onEnd={more}
        onTop={setAtTop}
        toTop={toTop}
        head={<SignalHead />}
        foot={
          asked === "more" ? (
            <Skeleton label="More signals load" rows={2} />
          ) : (
            error !== null && (
              <p role="alert" className="flex items-center justify-center gap-2 p-3 text-muted">
                More could not be loaded
                <Button size="small" onClick={retry}>
                  Retry
                </Button>
              </p>
            )
          )
        }
        className="min-h-0 flex-1"
      />
    </div>
  );
}
