import { useMemo } from "react";
import { useLive } from "@/api/live";
import { strategyOf } from "@/api/shown";
import { classes } from "@/ui/classes";
import { Price } from "@/ui/figures";
import { type LineKind, linesOf } from "./lines";

const strokes: Record<LineKind, string> = {
  entry: "border-accent border-solid",
  stop: "border-down border-dashed",
  target: "border-up border-dashed",
  taken: "border-faint border-dotted",
  highest: "border-faint border-dotted",
};

interface LineListProps {
  token: string;
  trade: number | null;
}

/** The lines on the chart in figures: for those out of view, and for those who do not see it. */
export function LineList({ token, trade }: LineListProps) {
  const positions = useLive((state) => state.positions);
  const strategy = useLive((state) => state.strategy);
  const lines = useMemo(
    () => linesOf(strategyOf({ positions, strategy }, token, trade)),
    [positions, strategy, token, trade],
  );
  return (
    <dl aria-label="Lines on the chart" className="flex min-w-0 flex-wrap gap-x-4 gap-y-0.5">
      {lines.map((line) => (
        <div key={line.id} className="flex items-center gap-1.5">
          <dt className="flex items-center gap-1.5 text-muted">
            <span aria-hidden="true" className={classes("w-3 border-t-2", strokes[line.kind])} />
            {line.title}
          </dt>
          <dd>
            <Price value={line.price} />
          </dd>
        </div>
      ))}
    </dl>
  );
}
