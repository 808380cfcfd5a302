import { useQueries, useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { equityQuery, type Resolution } from "@/api/queries";
import { comparisonQuery, shadowQuery } from "@/api/shadows";
import type { Shadow } from "@/api/wire";
import { useNow } from "@/lib/clock";
import { formatPercentChange } from "@/lib/format";
import { useWallet } from "@/lib/session";
import { cleanText } from "@/lib/text";
import { formatMoment, parseTime } from "@/lib/time";
import { Card } from "@/ui/card";
import { Empty } from "@/ui/empty";
import { Failure } from "@/ui/failure";
import { LinesChart } from "@/ui/lines-chart";
import { Skeleton } from "@/ui/skeleton";
import { Twin } from "@/ui/twin";
import { curvesOf } from "./curves";
import { PairTable } from "./pair-table";

const HOUR = 3_600_000;
const MOST_ROWS = 200;
const strokes = ["border-solid", "border-dashed", "border-dotted", "border-dashed"];
const colours = ["border-series-1", "border-series-2", "border-series-3", "border-series-4"];

/** As fine as the newest thousand points reach back to the beginning. */
function resolutionFor(age: number): Resolution {
  if (age < 12 * HOUR) return "1m";
  return age < 30 * 24 * HOUR ? "1h" : "1d";
}

function Legend({ names }: { names: string[] }) {
  return (
    <ul className="flex flex-wrap gap-x-4 gap-y-1 px-3 py-2 text-sm sm:px-4">
      {names.map((name, index) => (
        <li key={name} className="flex items-center gap-1.5">
          <span
            aria-hidden="true"
            className={`w-5 border-t-2 ${strokes[index] ?? ""} ${colours[index] ?? ""}`}
          />
          {name}
        </li>
      ))}
    </ul>
  );
}

/** Curves and figures of the chosen shadows beside one's own. */
export function Comparison({ shadows }: { shadows: Shadow[] }) {
  const wallet = useWallet();
  const oldest = Math.min(...shadows.map((it) => parseTime(it.since)));
  const resolution = resolutionFor(useNow() - oldest);
  const mine = useQuery(equityQuery(wallet, resolution));
  const pairs = useQuery(comparisonQuery(wallet));
  const details = useQueries({
    queries: shadows.map((it) => shadowQuery(wallet, it.number, resolution)),
  });
  const histories = details.map((query) => query.data?.history ?? []);
  const ids = shadows.map((it) => String(it.number));
  const key = histories.map((it) => `${it.length}/${it.at(-1)?.timestamp ?? ""}`).join();
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key says when histories are others
  const lines = useMemo(
    () =>
      curvesOf(
        mine.data ?? [],
        histories.map((history, index) => ({ id: ids[index] ?? "", history })),
      ),
    [mine.data, key, ids.join()],
  );
  const names = ["Mine", ...shadows.map((it) => cleanText(it.name, 40))];
  const isEnough = lines.length > 1 && lines.every((line) => line.points.length > 1);
  const found = pairs.data?.items.filter((pair) => ids.includes(String(pair.number))) ?? [];
  return (
    <Card title="Mine beside the shadows">
      <Legend names={names} />
      <div className={isEnough ? "h-72" : undefined}>
        {isEnough ? (
          <LinesChart
            label={`Return and drawdown of ${names.join(", ")}, percent`}
            lines={lines}
            format={(value) => formatPercentChange(value, 2)}
          />
        ) : (
          <Empty title="Not enough to draw yet">
            Worth is marked every minute; the curves start with the second mark.
          </Empty>
        )}
      </div>
      {isEnough && (
        <Twin
          title="Returns as a table"
          headings={["Time", ...names]}
          rows={(lines[0]?.points ?? []).slice(-MOST_ROWS).map(({ time }) => ({
            key: time,
            cells: [
              formatMoment(1000 * time),
              ...lines.map((line) =>
                formatPercentChange(line.points.findLast((it) => it.time <= time)?.value, 2),
              ),
            ],
          }))}
        />
      )}
      {pairs.isPending && <Skeleton label="The comparison loads" rows={4} />}
      {pairs.isError && !pairs.data && (
        <Failure
          title="The comparison could not be made"
          error={pairs.error}
          onRetry={pairs.refetch}
          busy={pairs.isFetching}
        />
      )}
      <div className="grid grid-cols-[repeat(auto-fit,minmax(min(18rem,100%),1fr))]">
        {found.map((pair) => (
          <PairTable key={pair.number} pair={pair} />
        ))}
      </div>
      <p className="border-line border-t px-3 py-2 text-faint text-sm sm:px-4">
        Each shadow's curve leaves yours where it began. Days are compared in pairs, because the
        same market made both; the verdict asks for more the more shadows you run.
      </p>
    </Card>
  );
}
