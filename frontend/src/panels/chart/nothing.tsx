import { Empty } from "@/ui/empty";
import { Failure } from "@/ui/failure";
import { Skeleton } from "@/ui/skeleton";

interface NothingProps {
  /** The platform has not said yet what to show. */
  isWaiting: boolean;
  query: {
    error: Error | null;
    isFetching: boolean;
    isSuccess: boolean;
    isError: boolean;
    refetch: () => unknown;
  };
}

/** What stands where no candle is. */
export function Nothing({ isWaiting, query }: NothingProps) {
  return (
    <div className="absolute inset-0 z-20 bg-surface">
      {isWaiting && (
        <Empty title="Waiting for candles">
          The market index shows as soon as the platform is connected; the first trade takes its
          place.
        </Empty>
      )}
      {!isWaiting && query.isError && (
        <Failure
          title="The candles could not be loaded"
          error={query.error}
          onRetry={query.refetch}
          busy={query.isFetching}
        />
      )}
      {!isWaiting && query.isSuccess && (
        <Empty title="No candles of this token">
          They come in from the moment its signal passes the screening.
        </Empty>
      )}
      {!isWaiting && !query.isSuccess && !query.isError && (
        <Skeleton label="Candles load" rows={8} />
      )}
    </div>
  );
}
