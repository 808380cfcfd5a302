import type { UseQueryResult } from "@tanstack/react-query";
import { useMemo } from "react";
import { formatChange } from "@/lib/format";
import { shownNumber } from "@/lib/settings/fields";
import type { Plan } from "@/lib/settings/plan";
import { Failure } from "@/ui/failure";
import { HeatMap } from "@/ui/heat-map";
import { Skeleton } from "@/ui/skeleton";
import { Twin } from "@/ui/twin";
import { bestOf, cellsOf } from "./heat";
import { cellOf, type MapAxes } from "./plan";

const percent = (value: number) => `${Number(shownNumber(value, "percent").toFixed(1))} %`;

interface PlanMapProps {
  axes: MapAxes;
  query: UseQueryResult<{ pnl_sol: number }[]>;
  plan: Plan;
  /** What was really made: greener is better than that. */
  recorded: number;
  onPick: (plan: Plan) => void;
}

/** P&L over stop loss and trailing stop, everything else as the sliders stand. */
export function PlanMap({ axes, query, plan, recorded, onPick }: PlanMapProps) {
  const { stops, trails } = axes;
  const values = useMemo(
    () =>
      stops.map((_, row) =>
        trails.map((_, column) => query.data?.[row * trails.length + column]?.pnl_sol ?? null),
      ),
    [query.data, stops, trails],
  );
  if (query.isPending) return <Skeleton label="The map loads" rows={8} />;
  if (query.isError && !query.data) {
    return (
      <Failure
        title="The map could not be computed"
        error={query.error}
        onRetry={query.refetch}
        busy={query.isFetching}
      />
    );
  }
  const rows = { title: "Stop", values: stops.map(percent) };
  const columns = {
    title: "Trailing",
    values: trails.map((it) => (it === null ? "off" : percent(it))),
  };
  const [y, x] = cellOf(plan, axes);
  const cells = cellsOf({
    values,
    rows,
    columns,
    pivot: recorded,
    here: { x, y },
    write: formatChange,
  });
  const best = bestOf(values);
  const bestCell = best && cells[best.y]?.[best.x];
  return (
    <>
      <HeatMap
        label="P&L over stop and trailing stop"
        xTitle={columns.title}
        yTitle={rows.title}
        xs={columns.values}
        ys={rows.values}
        cells={cells}
        best={best}
        selected={{ x, y }}
        onSelect={(column, row) => {
          const stop = stops[row];
          const trailing = trails[column];
          if (stop === undefined || trailing === undefined) return;
          onPick({ ...plan, stop_loss: stop, trailing_stop: trailing });
        }}
        showsText={false}
      />
      <p className="px-1 text-muted text-sm">
        {bestCell
          ? `★ the best: ${bestCell.about}. Greener than it was is better, redder worse; the framed cell is where you are.`
          : "All of these plans come to the same. The framed cell is where you are."}
      </p>
      <Twin
        title="The map as a table, P&L in SOL"
        headings={["Stop \\ trailing", ...columns.values]}
        rows={cells.map((line, row) => ({
          key: rows.values[row] ?? row,
          cells: [rows.values[row], ...line.map((cell) => cell.text ?? "–")],
        }))}
      />
    </>
  );
}

/** The plan as a grid whose stops and trailing stops vary. */
export function gridOf(plan: Plan, { stops, trails }: MapAxes) {
  const { take_profit, ...rest } = plan;
  // The last field varies first: rows are stops, columns trailing stops.
  const { stop_loss: _, trailing_stop: __, ...others } = rest;
  return { ...others, take_profit, stop_loss: stops, trailing_stop: trails };
}
