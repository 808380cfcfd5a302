import type { Position } from "@/api/wire";
import { classes } from "@/ui/classes";

const flags = {
  stale: { text: "old price", colour: "text-warn", title: "No fresh price for too long" },
  rugged: { text: "no price", colour: "text-down", title: "Its pool is gone or worth nothing" },
} as const;

/** Says when a position has no price to go by. */
export function PriceFlag({ state }: { state: Position["price_state"] }) {
  if (state === "fresh") return null;
  const { text, colour, title } = flags[state];
  return (
    <span className={classes("shrink-0 text-xs", colour)} title={title}>
      {text}
    </span>
  );
}
