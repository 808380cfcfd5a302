import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { type Grouping, groupsQuery } from "@/api/analytics";
import { zoneName } from "@/lib/preferences";
import { useProfile } from "@/lib/profile";
import { useWallet } from "@/lib/session";
import { Card } from "@/ui/card";
import { Empty } from "@/ui/empty";
import { ExportMenu } from "@/ui/export-menu";
import { Failure } from "@/ui/failure";
import { Scroller } from "@/ui/scroller";
import { Segments } from "@/ui/segments";
import { Skeleton } from "@/ui/skeleton";
import { SortableTable } from "@/ui/sortable-table";
import { columnsOf } from "./columns";
import { exportOf, groupings } from "./groups";

function groupingOf(asked: string | undefined): Grouping {
  return groupings.find(({ value }) => value === asked)?.value ?? "strategy";
}

const isByClock = (by: Grouping) => by === "hour" || by === "weekday";

export function Breakdown() {
  const { search, within, show, openTrades } = useProfile();
  const by = groupingOf(search.by);
  const query = useQuery(groupsQuery(useWallet(), by, within));
  const columns = useMemo(
    () => columnsOf(by, query.data ?? [], openTrades),
    [by, query.data, openTrades],
  );
  const filters = isByClock(by) ? { ...within, zone: zoneName() } : { ...within };
  return (
    <Card title="Results by group" actions={<ExportMenu name={exportOf(by)} filters={filters} />}>
      <div className="border-line border-b px-3 py-2">
        <Segments
          label="Grouped by"
          value={by}
          onChange={(chosen) => show({ by: chosen === "strategy" ? undefined : chosen })}
          options={groupings}
          wraps
        />
      </div>
      {query.isPending && <Skeleton label="Groups load" rows={6} />}
      {query.isError && !query.data && (
        <Failure
          title="Your groups could not be loaded"
          error={query.error}
          onRetry={query.refetch}
          busy={query.isFetching}
        />
      )}
      {query.data?.length === 0 && (
        <Empty title={search.period ? "No trade in this time" : "No trade yet"}>
          With the first trades their groups appear here, with what each earned or lost.
        </Empty>
      )}
      {query.data && query.data.length > 0 && (
        <Scroller label="Results by group, scrollable">
          <SortableTable
            key={by}
            label="Results by group"
            columns={columns}
            rows={query.data}
            keyOf={(group) => group.key ?? ""}
            initial={{ column: isByClock(by) ? "name" : "net", descending: !isByClock(by) }}
          />
        </Scroller>
      )}
    </Card>
  );
}
