import { useMemo } from "react";
import type { Sweep, SweepRow } from "@/api/research";
import { formatCount } from "@/lib/format";
import { Card } from "@/ui/card";
import type { Column } from "@/ui/sortable-table";
import { VirtualTable } from "@/ui/virtual-table";
import { pathInWords, valueInShort } from "../titles";
import { type Measure, measureOf, measures, readOf } from "./measures";

interface Placed {
  row: SweepRow;
  place: number;
}

type SetColumn = Column<Placed> & { width: number };

function sortKey(value: unknown): string | number | null {
  if (value === null || value === undefined) return null;
  return typeof value === "number" ? value : JSON.stringify(value);
}

function paramColumn(path: string): SetColumn {
  return {
    id: path,
    title: pathInWords(path),
    width: path.endsWith("take_profit") ? 220 : 130,
    isNumber: true,
    sortBy: ({ row }) => sortKey(row.params[path]),
    cell: ({ row }) => valueInShort(row.params[path], path),
  };
}

function figureColumns(measure: Measure, isSplit: boolean): SetColumn[] {
  const column = (sample: "inside" | "outside", title: string): SetColumn => ({
    id: `${measure.key}-${sample}`,
    title,
    width: 150,
    isNumber: true,
    sortBy: ({ row }) => {
      const score = row[sample];
      return score === null ? null : measure.read(score);
    },
    cell: ({ row }) => readOf(measure, row[sample]),
  });
  if (!isSplit) return [column("inside", measure.title)];
  return [column("inside", `${measure.title} in`), column("outside", `${measure.title} out`)];
}

const others = ["net_pnl", "max_drawdown", "trades", "win_rate", "profit_factor", "sharpe"];

function columnsOf(sweep: Sweep): SetColumn[] {
  const isSplit = sweep.rows.some((row) => row.outside);
  const first = measureOf(sweep.objective);
  const rest = measures.filter((it) => others.includes(it.key) && it.key !== first.key);
  return [
    {
      id: "place",
      title: "Place",
      width: 90,
      isNumber: true,
      sortBy: ({ place }) => place,
      cell: ({ place }) => (
        <button
          type="button"
          aria-label={`Place ${place}: choose this set`}
          className="font-semibold hover:underline"
        >
          {place}
        </button>
      ),
    },
    ...sweep.varied.map(paramColumn),
    ...[first, ...rest].flatMap((measure) => figureColumns(measure, isSplit)),
  ];
}

interface SetTableProps {
  sweep: Sweep;
  selected: SweepRow | null;
  onSelect: (row: SweepRow) => void;
}

/** Every set, the best first, with what it did out of the sample beside what it did in it. */
export function SetTable({ sweep, selected, onSelect }: SetTableProps) {
  const columns = useMemo(() => columnsOf(sweep), [sweep]);
  const rows = useMemo(
    () => sweep.rows.map((row, index): Placed => ({ row, place: index + 1 })),
    [sweep.rows],
  );
  return (
    <Card title={`Sets (${formatCount(rows.length)})`}>
      <VirtualTable
        label="Sets of the sweep"
        columns={columns}
        rows={rows}
        keyOf={({ row }) => row.number}
        initial={{ column: "place", descending: false }}
        selected={selected?.number ?? null}
        onSelect={({ row }) => onSelect(row)}
        className="max-h-[34rem]"
      />
    </Card>
  );
}
