import { X } from "lucide-react";
import type { PeriodWhatIfOut } from "@/api/generated/types.gen";
import { formatCount, formatPercent } from "@/lib/format";
import { type Plan, planOf } from "@/lib/settings/plan";
import { exitSpecs } from "@/lib/settings/specs";
import { tierText, valueInWords } from "@/lib/settings/words";
import { cleanText } from "@/lib/text";
import { IconButton } from "@/ui/button";
import { Change } from "@/ui/figures";
import { Scroller } from "@/ui/scroller";

type Found = PeriodWhatIfOut["results"][number];

export interface Total {
  title: string;
  total: Found;
  onShow: () => void;
  onRemove: (() => void) | null;
}

const rate = (value: number | null) => formatPercent(value === null ? null : 100 * value, 0);

/** A plan in one line. */
function planInWords(plan: Plan): string {
  const word = (name: keyof Plan) => {
    const spec = exitSpecs.find((it) => it.name === name);
    return spec ? valueInWords(spec, plan[name]) : "";
  };
  const targets = plan.take_profit.map(tierText).join(", ") || "no targets";
  return `stop ${word("stop_loss")}, trailing ${word("trailing_stop")}, ${targets}`;
}

interface TotalsProps {
  recorded: PeriodWhatIfOut["recorded"];
  rows: Total[];
}

/** Totals plan by plan beside what was really made. */
export function Totals({ recorded, rows }: TotalsProps) {
  return (
    <Scroller label="Totals per plan" className="rounded-lg border border-line">
      <table className="w-full text-sm">
        <thead>
          <tr className="border-line border-b text-muted">
            <th scope="col" className="px-3 py-1.5 text-left font-medium">
              Plan
            </th>
            {["P&L, SOL", "Difference", "Win rate", "Still open"].map((title) => (
              <th key={title} scope="col" className="px-3 py-1.5 text-right font-medium">
                {title}
              </th>
            ))}
            <th scope="col">
              <span className="sr-only">Remove</span>
            </th>
          </tr>
        </thead>
        <tbody>
          <tr className="border-line border-b">
            <th scope="row" className="px-3 py-1.5 text-left font-medium">
              As it was
            </th>
            <td className="px-3 text-right">
              <Change value={recorded.pnl_sol} />
            </td>
            <td />
            <td className="num px-3 text-right">{rate(recorded.win_rate)}</td>
            <td className="num px-3 text-right">{formatCount(recorded.still_open)}</td>
            <td />
          </tr>
          {rows.map(({ title, total, onShow, onRemove }) => (
            <tr key={title} className="border-line border-b last:border-b-0">
              <th scope="row" className="min-w-40 px-3 py-1.5 text-left font-normal">
                <button type="button" onClick={onShow} className="font-medium hover:underline">
                  {title}
                </button>
                <span className="block text-faint text-xs">{planInWords(planOf(total.plan))}</span>
              </th>
              <td className="px-3 text-right">
                <Change value={total.pnl_sol} />
              </td>
              <td className="px-3 text-right">
                <Change value={total.difference_sol} />
              </td>
              <td className="num px-3 text-right">{rate(total.win_rate)}</td>
              <td className="num px-3 text-right">{formatCount(total.still_open)}</td>
              <td className="pr-2">
                {onRemove && (
                  <IconButton label={`Remove ${title}`} onClick={onRemove} className="size-6">
                    <X size={13} aria-hidden="true" />
                  </IconButton>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Scroller>
  );
}

/** Trades that could not be led again, and why. */
export function Skipped({ skipped }: { skipped: PeriodWhatIfOut["skipped"] }) {
  if (skipped.length === 0) return null;
  return (
    <details className="text-sm">
      <summary className="text-warn">
        {skipped.length === 1 ? "1 trade is" : `${skipped.length} trades are`} left out
      </summary>
      <ul className="mt-1 max-h-40 list-disc overflow-y-auto pl-6 text-muted">
        {skipped.map(({ trade_id, reason }) => (
          <li key={trade_id}>
            Trade {trade_id}: {cleanText(reason, 160)}
          </li>
        ))}
      </ul>
    </details>
  );
}
