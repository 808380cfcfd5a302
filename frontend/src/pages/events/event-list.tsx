import { useMemo, useState } from "react";
import { Button } from "@/ui/button";
import { Empty } from "@/ui/empty";
import { Failure } from "@/ui/failure";
import { NewerButton } from "@/ui/newer-button";
import { Skeleton } from "@/ui/skeleton";
import { VirtualList } from "@/ui/virtual-list";
import { EventRow } from "./event-row";
import { type EventsSearch, isFiltered, queryOf } from "./filters";
import { useEventLog } from "./use-event-log";

function NoEvents({ search }: { search: EventsSearch }) {
  return isFiltered(search) ? (
    <Empty title="No event fits">Loosen a filter to see more; new ones appear by themselves.</Empty>
  ) : (
    <Empty title="No event yet">
      Everything that happens to your wallet appears here: the first trade most within a minute.
    </Empty>
  );
}

interface EventListProps {
  search: EventsSearch;
  isLive: boolean;
}

/** The events that fit, the newest first. Give it a key of its filters. */
export function EventList({ search, isLive }: EventListProps) {
  const [isAtTop, setAtTop] = useState(true);
  const [toTop, setToTop] = useState(0);
  const [opened, setOpened] = useState<number | null>(null);
  const query = useMemo(() => queryOf(search), [search]);
  // Who reads further down, or what an event holds, is not pushed away by new ones.
  const isFollowing = isLive && isAtTop && opened === null;
  const { log, asked, error, more, retry, release } = useEventLog(query, isFollowing);
  if (!log.isLoaded) {
    return error === null ? (
      <Skeleton label="Events load" rows={12} />
    ) : (
      <Failure title="Your events could not be loaded" error={error} onRetry={retry} />
    );
  }
  const showNewer = () => {
    setOpened(null);
    setToTop((count) => count + 1);
    release();
  };
  return (
    <div className="relative flex min-h-0 flex-1 flex-col">
      <NewerButton count={log.held.length} onShow={showNewer} />
      {log.rows.length === 0 ? (
        <NoEvents search={search} />
      ) : (
        <VirtualList
          label="Events of your wallet"
          rows={log.rows}
          keyOf={({ seq }) => seq}
          estimate={37}
          render={(event) => (
            <EventRow
              event={event}
              isOpen={event.seq === opened}
              onToggle={(seq) => setOpened((before) => (before === seq ? null : seq))}
            />
          )}
          onEnd={more}
          onTop={setAtTop}
          toTop={toTop}
          foot={
            asked === "more" ? (
              <Skeleton label="Older events load" rows={2} />
            ) : (
              error !== null && (
                <p role="alert" className="flex items-center justify-center gap-2 p-3 text-muted">
                  Older ones could not be loaded
                  <Button size="small" onClick={retry}>
                    Retry
                  </Button>
                </p>
              )
            )
          }
          className="min-h-0 flex-1"
        />
      )}
    </div>
  );
}
