import { useQuery } from "@tanstack/react-query";
import { perTokenQuery } from "@/api/queries";
import { useWallet } from "@/lib/session";
import { Card } from "@/ui/card";
import { Empty } from "@/ui/empty";
import { Failure } from "@/ui/failure";
import { Skeleton } from "@/ui/skeleton";
import { SortableTable } from "@/ui/sortable-table";
import { columns } from "./columns";

export function PerToken() {
  const query = useQuery(perTokenQuery(useWallet()));
  return (
    <Card title="Per token" className="overflow-x-auto">
      {query.isPending && <Skeleton label="Tokens load" rows={6} />}
      {query.isError && !query.data && (
        <Failure
          title="Your tokens could not be loaded"
          error={query.error}
          onRetry={query.refetch}
          busy={query.isFetching}
        />
      )}
      {query.data?.items.length === 0 && (
        <Empty title="No token traded yet">
          With the first trade its token appears here, with what it earned or lost.
        </Empty>
      )}
      {query.data && query.data.items.length > 0 && (
        <SortableTable
          label="Results per token"
          columns={columns}
          rows={query.data.items}
          keyOf={(group) => group.key ?? group.symbol}
          initial={{ column: "net", descending: true }}
        />
      )}
    </Card>
  );
}
