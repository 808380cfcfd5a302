import { useMemo } from "react";
import { useLive } from "@/api/live";
import { Card } from "@/ui/card";
import { Empty } from "@/ui/empty";
import { Skeleton } from "@/ui/skeleton";
import { type Group, groupsOf, keyOf } from "./groups";
import { SignalRow } from "./signal-row";

function GroupSection({ group }: { group: Group }) {
  return (
    <section aria-label={group.status}>
      <h3
        title={group.meaning}
        className="sticky top-0 z-10 flex items-center justify-between border-line border-b bg-raised px-3 py-1 font-medium text-muted text-sm"
      >
        {group.status}
        <span className="num text-faint">{group.summaries.length}</span>
      </h3>
      <ul>
        {group.summaries.map((summary) => (
          <SignalRow key={keyOf(summary)} summary={summary} />
        ))}
      </ul>
    </section>
  );
}

export function Signals() {
  const summaries = useLive((state) => state.summaries);
  const groups = useMemo(() => groupsOf(summaries ?? []), [summaries]);
  const filled = groups.filter((group) => group.summaries.length > 0);
  return (
    <div className="flex max-h-96 min-h-0 flex-col xl:max-h-none xl:flex-1">
      <Card title="Signals" fill scrolls>
        {summaries === null && <Skeleton label="Signals load" rows={6} />}
        {summaries !== null && filled.length === 0 && (
          <Empty title="No signal yet">
            Tokens that several tracked wallets buy at once appear here, most within half a minute.
          </Empty>
        )}
        {filled.map((group) => (
          <GroupSection key={group.status} group={group} />
        ))}
      </Card>
    </div>
  );
}
