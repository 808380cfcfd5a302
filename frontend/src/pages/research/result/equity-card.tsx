import { useMemo } from "react";
import type { Backtest } from "@/api/research";
import { exactSol, formatPercent, formatSol } from "@/lib/format";
import { Card } from "@/ui/card";
import { Empty } from "@/ui/empty";
import { LinesChart } from "@/ui/lines-chart";
import { Twin } from "@/ui/twin";
import { formatUtc } from "../words";
import { lineOf, risingPoints, thinned } from "./curve";

const TWIN_ROWS = 60;

/** What the wallet of the run was worth, and how far below its peak. */
export function EquityCard({ run }: { run: Backtest }) {
  const line = useMemo(() => lineOf("equity", risingPoints(run.equity)), [run.equity]);
  const lines = useMemo(() => [line], [line]);
  const rows = useMemo(
    () =>
      thinned(
        line.points.map((point, index) => ({ point, fall: line.drawdown[index]?.value ?? 0 })),
        TWIN_ROWS,
      ).map(({ point, fall }) => ({
        key: point.time,
        cells: [formatUtc(1_000 * point.time), exactSol(point.value), formatPercent(fall)],
      })),
    [line],
  );
  return (
    <Card title="Equity and drawdown, SOL">
      {line.points.length < 2 ? (
        <Empty title="Nothing to draw">The run was over after one mark of its worth.</Empty>
      ) : (
        <>
          <div className="h-80">
            <LinesChart label="Equity and drawdown" lines={lines} format={formatSol} />
          </div>
          <Twin
            title="Equity as a table"
            headings={["Time, UTC", "Equity", "Drawdown"]}
            rows={rows}
          />
        </>
      )}
    </Card>
  );
}
