import {
  type Amount,
  arrow,
  changeOf,
  type Direction,
  directionOf,
  exactSol,
  formatChange,
  formatPercentChange,
  formatPrice,
  formatSol,
} from "@/lib/format";
import { classes } from "./classes";

const colours: Record<Direction, string> = { up: "text-up", down: "text-down", flat: "text-muted" };

interface ChangeProps {
  value: Amount;
  /** `sol` (default): an amount; `percent`: 12.5 means 12.5 %. */
  unit?: "sol" | "percent";
  className?: string;
}

/** A profit or loss: arrow, sign and colour, so that none of them stands alone. */
export function Change({ value, unit = "sol", className }: ChangeProps) {
  const direction = directionOf(changeOf(value, unit));
  const text = unit === "sol" ? formatChange(value) : formatPercentChange(value);
  return (
    <span
      className={classes("num", colours[direction], className)}
      title={unit === "sol" ? exactSol(value) : undefined}
    >
      {direction !== "flat" && (
        <span aria-hidden="true" className="mr-0.5 text-[0.7em]">
          {arrow(direction)}
        </span>
      )}
      {text}
    </span>
  );
}

/** An amount of SOL, exact on hover. */
export function Sol({ value, className }: { value: Amount; className?: string }) {
  return (
    <span className={classes("num", className)} title={exactSol(value)}>
      {formatSol(value)}
    </span>
  );
}

/** A token's price; read out in full, because 0.0₅123 is for eyes. */
export function Price({ value, className }: { value: Amount; className?: string }) {
  return (
    <span className={classes("num", className)} title={value == null ? undefined : String(value)}>
      {formatPrice(value)}
    </span>
  );
}
