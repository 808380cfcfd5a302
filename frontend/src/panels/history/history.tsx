import { useQuery } from "@tanstack/react-query";
import { useCallback, useMemo, useState } from "react";
import { tradesFromQuery } from "@/api/analytics";
import { useDrawers } from "@/lib/drawers";
import { type TradeSearch, tradesOf, useProfile } from "@/lib/profile";
import { useWallet } from "@/lib/session";
import { Button } from "@/ui/button";
import { Card } from "@/ui/card";
import { Empty } from "@/ui/empty";
import { ExportMenu } from "@/ui/export-menu";
import { Failure } from "@/ui/failure";
import { Skeleton } from "@/ui/skeleton";
import { nextSorting } from "@/ui/sort";
import { Chips } from "./chips";
import { FilterBar } from "./filter-bar";
import { chipsOf, periodOf, sortingOf, sortOf, wantedOf } from "./filters";
import { STRETCH, skipFor } from "./stretch";
import { TradeTable } from "./trade-table";

function NoTrades({ isFiltered }: { isFiltered: boolean }) {
  return isFiltered ? (
    <Empty title="No trade fits">Take a filter away to see more.</Empty>
  ) : (
    <Empty title="No trade yet">
      Each trade appears here when it opens, most within a minute after you start.
    </Empty>
  );
}

const cleared = (names: (keyof TradeSearch)[]): TradeSearch =>
  Object.fromEntries(names.map((name) => [name, undefined]));

export function History() {
  const { search, show } = useProfile();
  const { openTrade, openPeriod } = useDrawers();
  const wanted = useMemo(() => wantedOf(search), [search]);
  const listed = JSON.stringify(wanted);
  const [at, setAt] = useState({ listed, skip: 0 });
  // Another list begins at its top, whatever was in sight of the one before.
  const skip = at.listed === listed ? at.skip : 0;
  const query = useQuery(tradesFromQuery(useWallet(), { ...wanted, limit: STRETCH }, skip));
  const [shownList, setShownList] = useState(listed);
  if (!query.isPlaceholderData && shownList !== listed) setShownList(listed);
  const onRow = useCallback(
    (row: number) => {
      const next = { listed: shownList, skip: skipFor(row) };
      setAt((now) => (now.listed === next.listed && now.skip === next.skip ? now : next));
    },
    [shownList],
  );
  const symbol = query.data?.trades[0]?.token.symbol ?? undefined;
  const chips = chipsOf(tradesOf(search), symbol);
  const sorting = sortingOf(search);
  const total = query.data?.total ?? null;
  return (
    <Card
      title="History"
      actions={
        <div className="flex items-center gap-2">
          <Button size="small" disabled={!total} onClick={() => openPeriod(periodOf(search))}>
            What if…
          </Button>
          <ExportMenu name="trades" filters={wanted} disabled={!total} />
        </div>
      }
    >
      <FilterBar search={search} onChange={(change) => show(change)} />
      <Chips chips={chips} total={total} onRemove={(names) => show(cleared(names))} />
      {query.isPending && <Skeleton label="Trades load" rows={8} />}
      {query.isError && !query.data && (
        <Failure
          title="Your trades could not be loaded"
          error={query.error}
          onRetry={query.refetch}
          busy={query.isFetching}
        />
      )}
      {total === 0 && <NoTrades isFiltered={chips.length > 0} />}
      {query.data && query.data.total > 0 && (
        <TradeTable
          stretch={query.data}
          sorting={sorting}
          onSort={(column) => show(sortOf(nextSorting(sorting, column)))}
          onOpen={({ id }) => openTrade(id)}
          onRow={onRow}
          listed={shownList}
          isStale={shownList !== listed}
        />
      )}
    </Card>
  );
}
