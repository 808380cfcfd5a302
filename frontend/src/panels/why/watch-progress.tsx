import type { Watch } from "@/api/watches";
import { useNow } from "@/lib/clock";
import { formatCount } from "@/lib/format";
import { formatDuration, formatFull, parseTime } from "@/lib/time";
import { Progress } from "@/ui/progress";

/** How long a strategy may still confirm. */
export function WatchProgress({ watch }: { watch: Watch }) {
  const ends = parseTime(watch.ends_at);
  const left = Math.max(0, ends - useNow());
  return (
    <div className="my-2 rounded-md bg-raised px-2.5 py-2 text-sm">
      <p className="mb-1.5 flex justify-between gap-3">
        <span className="num">
          {formatCount(watch.candles_left)} of {formatCount(watch.candles)} candles left
        </span>
        <span className="num text-muted" title={formatFull(ends)}>
          about {formatDuration(left)}
        </span>
      </p>
      <Progress
        label="Time that has passed of the watch"
        share={1 - watch.candles_left / Math.max(1, watch.candles)}
      />
      <p className="mt-1.5 text-muted">
        Bought when every condition of one strategy holds at the end of a candle.
      </p>
    </div>
  );
}
