import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useMemo } from "react";
import { pulseQuery, type Sample, type Service } from "@/api/status";
import { formatNumber } from "@/lib/format";
import { formatClock } from "@/lib/time";
import { Card } from "@/ui/card";
import { Empty } from "@/ui/empty";
import { Failure } from "@/ui/failure";
import { LinesChart } from "@/ui/lines-chart";
import type { Curve } from "@/ui/lines-drawing";
import { Skeleton } from "@/ui/skeleton";
import { Twin } from "@/ui/twin";
import { isEnough, lagCurves, priceCurves, rateCurves } from "./pulse-lines";
import { formatDelay, serviceParts } from "./words";

const feeds: Service["name"][] = ["signals", "sentiment", "tokens"];
const strokes = ["border-solid", "border-dashed", "border-dotted", "border-dashed"];
const colours = ["border-series-1", "border-series-2", "border-series-3", "border-series-4"];

interface LegendProps {
  names: string[];
  curves: Curve[];
  format: (value: number) => string;
}

/** Which curve is which, and what it stands at. */
function Legend({ names, curves, format }: LegendProps) {
  return (
    <ul className="flex flex-wrap gap-x-4 gap-y-1 px-3 py-2 text-sm">
      {names.map((name, index) => (
        <li key={name} className="flex items-center gap-1.5">
          <span
            aria-hidden="true"
            className={`w-5 border-t-2 ${strokes[index] ?? ""} ${colours[index] ?? ""}`}
          />
          <span className="text-muted">{name}</span>
          <span className="num">{lastOf(curves[index], format)}</span>
        </li>
      ))}
    </ul>
  );
}

function lastOf(curve: Curve | undefined, format: (value: number) => string): string {
  const last = curve?.points.at(-1);
  return last === undefined ? "–" : format(last.value);
}

interface PastProps {
  title: string;
  names: string[];
  curves: Curve[];
  format: (value: number) => string;
  rows: { key: number; cells: ReactNode[] }[];
}

function Past({ title, names, curves, format, rows }: PastProps) {
  return (
    <Card title={title}>
      {isEnough(curves) ? (
        <>
          <Legend names={names} curves={curves} format={format} />
          <div className="h-44">
            <LinesChart label={`${title}: ${names.join(", ")}`} lines={curves} format={format} />
          </div>
          <Twin title={`${title} as a table`} headings={["Time", ...names]} rows={rows} />
        </>
      ) : (
        <Empty title="Measuring has just begun">
          A sample is taken every ten seconds; the curve starts with the second one and reaches back
          half an hour.
        </Empty>
      )}
    </Card>
  );
}

const lagNames = ["Mean", "Longest", "Event loop"];
const feedNames = feeds.map((name) => serviceParts[name].title);
const priceNames = [serviceParts.candles.title, "Commits"];
const rate = (value: number | undefined) =>
  value === undefined ? "–" : formatNumber(Math.round(10 * value) / 10);

function lagRow(sample: Sample) {
  const { lag_ms, longest_ms, loop_lag_ms } = sample;
  const lag = lag_ms === null ? "–" : formatDelay(lag_ms);
  return [formatClock(1_000 * sample.time), lag, formatDelay(longest_ms), formatDelay(loop_lag_ms)];
}

/** How it was over the last half hour, kept in the platform's memory. */
export function PulseCharts() {
  const query = useQuery(pulseQuery);
  const samples = query.data?.samples;
  const lag = useMemo(() => lagCurves(samples ?? []), [samples]);
  const rates = useMemo(() => rateCurves(samples ?? [], feeds), [samples]);
  const prices = useMemo(() => priceCurves(samples ?? []), [samples]);
  if (samples === undefined) {
    return (
      <Card title="The last half hour">
        {query.isError ? (
          <Failure
            title="The last half hour could not be loaded"
            error={query.error}
            onRetry={query.refetch}
            busy={query.isFetching}
          />
        ) : (
          <Skeleton label="The last half hour loads" rows={6} />
        )}
      </Card>
    );
  }
  const newestFirst = [...samples].reverse();
  return (
    <div className="grid grid-cols-1 items-start gap-3 lg:grid-cols-3">
      <Past
        title="Engine lag"
        names={lagNames}
        curves={lag}
        format={formatDelay}
        rows={newestFirst.map((sample, key) => ({ key, cells: lagRow(sample) }))}
      />
      <Past
        title="Signals and screening, per minute"
        names={feedNames}
        curves={rates}
        format={rate}
        rows={newestFirst.map((sample, key) => ({
          key,
          cells: [
            formatClock(1_000 * sample.time),
            ...feeds.map((name) => rate(sample.answers[name])),
          ],
        }))}
      />
      <Past
        title="Prices and commits, per minute"
        names={priceNames}
        curves={prices}
        format={rate}
        rows={newestFirst.map((sample, key) => ({
          key,
          cells: [
            formatClock(1_000 * sample.time),
            rate(sample.answers.candles),
            rate(sample.commits),
          ],
        }))}
      />
    </div>
  );
}
