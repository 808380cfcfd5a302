import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { perTokenWithinQuery } from "@/api/analytics";
import { useProfile } from "@/lib/profile";
import { useWallet } from "@/lib/session";
import { Card } from "@/ui/card";
import { Empty } from "@/ui/empty";
import { ExportMenu } from "@/ui/export-menu";
import { Failure } from "@/ui/failure";
import { Skeleton } from "@/ui/skeleton";
import { VirtualTable } from "@/ui/virtual-table";
import { columnsOf, marksOf } from "./columns";

export function PerToken() {
  const { search, within, openTrades } = useProfile();
  const query = useQuery(perTokenWithinQuery(useWallet(), within));
  const columns = useMemo(() => columnsOf(marksOf(query.data ?? [])), [query.data]);
  return (
    <Card title="Per token" actions={<ExportMenu name="per-token" filters={{ ...within }} />}>
      {query.isPending && <Skeleton label="Tokens load" rows={6} />}
      {query.isError && !query.data && (
        <Failure
          title="Your tokens could not be loaded"
          error={query.error}
          onRetry={query.refetch}
          busy={query.isFetching}
        />
      )}
      {query.data?.length === 0 && (
        <Empty title={search.period ? "No token traded in this time" : "No token traded yet"}>
          With its first trade a token appears here, with what it earned or lost.
        </Empty>
      )}
      {query.data && query.data.length > 0 && (
        <VirtualTable
          label="Results per token"
          columns={columns}
          rows={query.data}
          keyOf={(group) => group.key ?? group.symbol}
          initial={{ column: "net", descending: true }}
          onSelect={({ key }) => key && openTrades({ token: key })}
          className="max-h-[max(24rem,calc(100dvh-14rem))]"
        />
      )}
    </Card>
  );
}
