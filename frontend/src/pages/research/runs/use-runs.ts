import { useInfiniteQuery, useMutation, useQueryClient } from "@tanstack/react-query";
import { useMemo } from "react";
import { cancelRun, deleteRun, type RunKind, runsQuery } from "@/api/research";
import { notify } from "@/ui/toast";
import { joined } from "./filter";

/** Every run that was loaded so far, and a way to more. */
export function useRuns() {
  const backtests = useInfiniteQuery(runsQuery("backtest"));
  const sweeps = useInfiniteQuery(runsQuery("sweep"));
  const both = [backtests, sweeps];
  const runs = useMemo(
    () =>
      backtests.data && sweeps.data
        ? joined(
            backtests.data.pages.flatMap((page) => page.items),
            sweeps.data.pages.flatMap((page) => page.items),
          )
        : null,
    [backtests.data, sweeps.data],
  );
  return {
    runs,
    isPending: both.some((query) => query.isPending),
    error: both.find((query) => query.isError)?.error ?? null,
    isFetching: both.some((query) => query.isFetching),
    retry: () => {
      for (const query of both) if (query.isError) query.refetch();
    },
    hasMore: both.some((query) => query.hasNextPage),
    isLoadingMore: both.some((query) => query.isFetchingNextPage),
    more: () => {
      for (const query of both) if (query.hasNextPage) query.fetchNextPage();
    },
  };
}

interface Which {
  kind: RunKind;
  id: number;
}

/** Ends a run that waits or runs. */
export function useCancel() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ kind, id }: Which) => cancelRun(kind, id),
    onSuccess: () => notify("Cancelled."),
    onError: (error) => notify(error.message, { failed: true }),
    onSettled: () => client.invalidateQueries({ queryKey: ["runs"] }),
  });
}

/** Removes a run and all it came to. */
export function useDelete(onDone: () => void) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ kind, id }: Which) => deleteRun(kind, id),
    onSuccess: (_, { kind, id }) => {
      onDone();
      notify("Deleted.");
      client.removeQueries({ queryKey: ["runs", kind, id] });
      client.invalidateQueries({ queryKey: ["runs"] });
    },
  });
}
