import { FlaskConical } from "lucide-react";
import type { SweepRow } from "@/api/research";
import { formatCount } from "@/lib/format";
import { Button } from "@/ui/button";
import { Card } from "@/ui/card";
import { Scroller } from "@/ui/scroller";
import { pathInWords, valueInShort } from "../titles";
import { measures, readOf } from "./measures";

interface SetCardProps {
  row: SweepRow;
  /** Its place by the objective, from 1. */
  place: number;
  many: number;
  busy: boolean;
  onRun: () => void;
  onAdopt: () => void;
}

/** One set: its values, what it did in the sample and out of it, and what can be done with it. */
export function SetCard({ row, place, many, busy, onRun, onAdopt }: SetCardProps) {
  return (
    <Card title={`Set ${row.number}: place ${formatCount(place)} of ${formatCount(many)}`}>
      <dl className="flex flex-wrap gap-x-6 gap-y-1 border-line border-b px-3 py-2">
        {Object.entries(row.params).map(([path, value]) => (
          <div key={path}>
            <dt className="text-muted text-sm">{pathInWords(path)}</dt>
            <dd className="num whitespace-normal font-semibold text-lg">
              {valueInShort(value, path)}
            </dd>
          </div>
        ))}
      </dl>
      <Scroller label="Figures of the set">
        <table className="w-full" aria-label="Figures of the set">
          <thead>
            <tr className="border-line border-b text-muted text-sm">
              <th scope="col" className="px-3 py-1.5 text-left font-medium">
                Figure
              </th>
              <th scope="col" className="px-3 py-1.5 text-right font-medium">
                In the sample
              </th>
              <th scope="col" className="px-3 py-1.5 text-right font-medium">
                Out of it
              </th>
            </tr>
          </thead>
          <tbody>
            {measures.map((measure) => (
              <tr key={measure.key} className="border-line border-b last:border-b-0">
                <th scope="row" className="px-3 py-1 text-left font-normal">
                  {measure.title}
                </th>
                <td className="num px-3 py-1 text-right">{readOf(measure, row.inside)}</td>
                <td className="num px-3 py-1 text-right">{readOf(measure, row.outside)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scroller>
      <div className="flex flex-wrap gap-2 border-line border-t p-3">
        <Button busy={busy} onClick={onRun}>
          <FlaskConical size={14} aria-hidden="true" />
          Run as a backtest
        </Button>
        <Button look="primary" onClick={onAdopt}>
          Adopt
        </Button>
      </div>
    </Card>
  );
}
