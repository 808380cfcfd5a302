import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { tradesQuery } from "@/api/queries";
import { useDrawers } from "@/lib/drawers";
import { useWallet } from "@/lib/session";
import { Button } from "@/ui/button";
import { Card } from "@/ui/card";
import { Empty } from "@/ui/empty";
import { Failure } from "@/ui/failure";
import { Skeleton } from "@/ui/skeleton";
import { FilterBar } from "./filter-bar";
import { type Filters, isFiltered, noFilters, periodOf, queryOf } from "./filters";
import { TradeTable } from "./trade-table";

function NoTrades({ filters }: { filters: Filters }) {
  return isFiltered(filters) ? (
    <Empty title="No trade fits">Loosen a filter to see more.</Empty>
  ) : (
    <Empty title="No trade yet">
      Each trade appears here when it opens, most within a minute after you start.
    </Empty>
  );
}

export function History() {
  const [filters, setFilters] = useState(noFilters);
  const { openTrade, openPeriod } = useDrawers();
  const query = useInfiniteQuery(tradesQuery(useWallet(), queryOf(filters)));
  const trades = query.data?.pages.flatMap((page) => page.items);
  return (
    <Card
      title="History"
      actions={
        <Button
          size="small"
          disabled={!trades?.length}
          onClick={() => openPeriod(periodOf(filters))}
        >
          What if…
        </Button>
      }
    >
      <FilterBar filters={filters} onChange={setFilters} />
      {query.isPending && <Skeleton label="Trades load" rows={8} />}
      {query.isError && !trades && (
        <Failure
          title="Your trades could not be loaded"
          error={query.error}
          onRetry={query.refetch}
          busy={query.isFetching}
        />
      )}
      {trades?.length === 0 && <NoTrades filters={filters} />}
      {trades && trades.length > 0 && (
        <TradeTable trades={trades} onOpen={({ id }) => openTrade(id)} />
      )}
      {query.hasNextPage && (
        <div className="flex justify-center p-3">
          <Button busy={query.isFetchingNextPage} onClick={() => query.fetchNextPage()}>
            Show more
          </Button>
        </div>
      )}
    </Card>
  );
}
