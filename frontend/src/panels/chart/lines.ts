/** The exit plan as horizontal lines. Pure. */
import type { StrategyState } from "@/api/wire";

export type LineKind =
  | "entry"
  | "stop"
  | "target"
  | "taken"
  | "highest"
  /** In the trader's hand. */
  | "draft";

export interface Line {
  id: string;
  kind: LineKind;
  price: number;
  title: string;
}

/** Entry, stop, every target and the highest price; what is not a price is left out. */
export function linesOf(state: StrategyState | null): Line[] {
  if (state === null) return [];
  const targets = state.take_profit_tiers.map(
    (tier, index): Line => ({
      id: `target-${index + 1}`,
      kind: tier.taken ? "taken" : "target",
      price: tier.price,
      title: tier.taken ? `T${index + 1} ✓` : `T${index + 1}`,
    }),
  );
  const lines: Line[] = [
    { id: "entry", kind: "entry", price: state.entry_price, title: "Entry" },
    { id: "stop", kind: "stop", price: state.stop_loss_price, title: "Stop" },
    ...targets,
  ];
  if (state.highest_price_seen > state.entry_price) {
    lines.push({ id: "highest", kind: "highest", price: state.highest_price_seen, title: "High" });
  }
  return lines.filter((line) => Number.isFinite(line.price) && line.price > 0);
}

const FAR = 0.25;

/** The prices that the scale should keep in view: entry, stop and the next target, unless far off. */
export function pricesInView(lines: Line[], last: number): number[] {
  const next = lines.find((line) => line.kind === "target");
  return lines
    .filter((line) => line.kind === "entry" || line.kind === "stop" || line === next)
    .map((line) => line.price)
    .filter((price) => Math.abs(price / last - 1) <= FAR);
}

function isEqual(one: Line, other: Line): boolean {
  return one.price === other.price && one.kind === other.kind && one.title === other.title;
}

export interface LineChange {
  added: Line[];
  moved: Line[];
  removed: string[];
}

/** What has to be done to the lines on the chart, so that those that stay are never redrawn. */
export function changeOf(before: Line[], after: Line[]): LineChange {
  const old = new Map(before.map((line) => [line.id, line]));
  const ids = new Set(after.map((line) => line.id));
  return {
    added: after.filter((line) => !old.has(line.id)),
    moved: after.filter((line) => {
      const was = old.get(line.id);
      return was !== undefined && !isEqual(was, line);
    }),
    removed: before.filter((line) => !ids.has(line.id)).map((line) => line.id),
  };
}
