import type { Sweep } from "@/api/research";
import { Card } from "@/ui/card";
import { Empty } from "@/ui/empty";
import { Scroller } from "@/ui/scroller";
import { setInWords } from "../titles";
import { formatDay } from "../words";
import { type Measure, measureOf } from "./measures";

/** The folds tell the raw objective: amounts in SOL, rates as shares. */
function write(measure: Measure, value: number | null): string {
  if (value === null) return "–";
  return measure.write(measure.key === "win_rate" ? 100 * value : value);
}

/** Each fold chooses on what came before it; what counts is what followed. */
export function FoldsCard({ sweep }: { sweep: Sweep }) {
  const measure = measureOf(sweep.objective);
  if (sweep.folds.length === 0) {
    return (
      <Card title="Walk forward">
        <Empty title="No folds were asked for">
          Run the sweep again with walk-forward folds: each chooses on what came before it and is
          judged on what follows, as you would have done live.
        </Empty>
      </Card>
    );
  }
  return (
    <Card title={`Walk forward: ${measure.title}`}>
      <Scroller label="Folds of the walk forward">
        <table className="w-full" aria-label="Walk forward">
          <thead>
            <tr className="border-line border-b text-muted text-sm">
              <th scope="col" className="px-3 py-2 text-left font-medium">
                Fold
              </th>
              <th scope="col" className="px-3 py-2 text-left font-medium">
                Judged on
              </th>
              <th scope="col" className="px-3 py-2 text-left font-medium">
                Chosen
              </th>
              <th scope="col" className="px-3 py-2 text-right font-medium">
                Before
              </th>
              <th scope="col" className="px-3 py-2 text-right font-medium">
                In the fold
              </th>
            </tr>
          </thead>
          <tbody>
            {sweep.folds.map((fold, index) => {
              const row = sweep.rows.find((it) => it.number === fold.chosen);
              return (
                <tr key={fold.since} className="border-line border-b last:border-b-0">
                  <th scope="row" className="px-3 py-1.5 text-left font-semibold">
                    {index + 1}
                  </th>
                  <td className="num px-3 py-1.5">
                    {formatDay(fold.since)} to {formatDay(fold.until)}
                  </td>
                  <td className="px-3 py-1.5">
                    {row ? setInWords(row.params) : `Set ${fold.chosen}`}
                  </td>
                  <td className="num px-3 py-1.5 text-right">{write(measure, fold.inside)}</td>
                  <td className="num px-3 py-1.5 text-right font-semibold">
                    {write(measure, fold.outside)}
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </Scroller>
    </Card>
  );
}
