/** What stands at the crosshair, else at the newest bar: written straight into the page. */
import {
  arrow,
  type Direction,
  directionOf,
  formatPercentChange,
  formatPrice,
  formatTokens,
} from "@/lib/format";
import { formatMoment } from "@/lib/time";
import type { Bar } from "./bars";

export interface LegendLine {
  title: string;
  /** A colour's name in the tokens: series1. */
  colour: string;
  value: number | undefined;
}

const colours: Record<Direction, string> = { up: "text-up", down: "text-down", flat: "text-muted" };

function part(label: string, text: string, className = ""): HTMLElement {
  const made = document.createElement("span");
  made.className = `whitespace-nowrap ${className}`;
  if (label !== "") {
    const name = document.createElement("span");
    name.className = "text-faint";
    name.textContent = `${label} `;
    made.append(name);
  }
  made.append(text);
  return made;
}

/** The stroke before a line's name; its colour by a class, as the policy wants no inline style. */
const strokes: Record<string, string> = {
  series1: "border-series-1",
  series2: "border-series-2",
  series3: "border-series-3",
  series4: "border-series-4",
};

function linePart({ title, colour, value }: LegendLine): HTMLElement {
  const made = part(title, formatPrice(value));
  const stroke = document.createElement("span");
  stroke.className = `mr-1 inline-block w-3 border-t-2 align-middle ${strokes[colour] ?? ""}`;
  made.prepend(stroke);
  return made;
}

export function writeLegend(element: HTMLElement, bar: Bar | null, lines: LegendLine[]) {
  if (bar === null) {
    element.replaceChildren();
    return;
  }
  const { time, open, high, low, close, volume } = bar;
  const change = 100 * (close / open - 1);
  const direction = directionOf(Number(change.toFixed(2)));
  element.replaceChildren(
    part("", formatMoment(1_000 * time), "text-muted"),
    part("O", formatPrice(open)),
    part("H", formatPrice(high)),
    part("L", formatPrice(low)),
    part("C", formatPrice(close)),
    part("", `${arrow(direction)} ${formatPercentChange(change, 2)}`, colours[direction]),
    part("Vol", formatTokens(volume)),
    ...lines.map(linePart),
  );
}
