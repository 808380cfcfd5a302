import { useMemo } from "react";
import { useLive } from "@/api/live";
import { Card } from "@/ui/card";
import { Empty } from "@/ui/empty";
import { InSlices } from "@/ui/in-slices";
import { Skeleton } from "@/ui/skeleton";
import { groupsOf } from "./groups";
import { SignalList } from "./signal-list";

export function Signals() {
  const summaries = useLive((state) => state.summaries);
  const groups = useMemo(() => groupsOf(summaries ?? []), [summaries]);
  return (
    <div className="flex max-h-96 min-h-0 flex-col xl:max-h-none xl:flex-1">
      <Card title="Signals" fill className="flex flex-col">
        {summaries === null && <Skeleton label="Signals load" rows={6} />}
        {summaries?.length === 0 && (
          <Empty title="No signal yet">
            Tokens that several tracked wallets buy at once appear here, most within half a minute.
          </Empty>
        )}
        {summaries !== null && summaries.length > 0 && (
          <InSlices>
            <SignalList groups={groups} />
          </InSlices>
        )}
      </Card>
    </div>
  );
}
