import { ChevronsUpDown } from "lucide-react";
import type { KeyboardEvent } from "react";
import { useStore } from "zustand";
import { classes } from "@/ui/classes";
import { Price } from "@/ui/figures";
import type { Held, HeldStore } from "./drag";
import type { Line, LineKind } from "./lines";
import { distanceText, type Handle, priceOf, snapped } from "./moves";
import type { LineMoves } from "./use-moves";

const strokes: Record<LineKind, string> = {
  entry: "border-accent border-solid",
  stop: "border-down border-dashed",
  target: "border-up border-dashed",
  taken: "border-faint border-dotted",
  highest: "border-faint border-dotted",
  draft: "border-text border-solid",
};

const STEP = 0.005;
const LEAP = 0.05;
const steps: Record<string, number> = {
  ArrowUp: STEP,
  ArrowRight: STEP,
  ArrowDown: -STEP,
  ArrowLeft: -STEP,
  PageUp: LEAP,
  PageDown: -LEAP,
};

function distanceAfter(key: string, handle: Handle, distance: number): number | null {
  if (key === "Home") return handle.least;
  if (key === "End") return handle.most;
  const step = steps[key];
  return step === undefined ? null : snapped(handle, distance + step);
}

interface MovableProps {
  line: Line;
  handle: Handle;
  held: HeldStore;
  onDrop: (held: Held) => void;
}

/** A line that moves by the keyboard, as it does on the chart by pointer. */
function Movable({ line, handle, held, onDrop }: MovableProps) {
  const now = useStore(held, (it) => (it?.handle.id === handle.id ? it : null));
  const distance = now?.distance ?? handle.distance;
  const onKeyDown = (event: KeyboardEvent) => {
    const after = distanceAfter(event.key, handle, distance);
    if (after !== null) held.setState({ handle, distance: after }, true);
    else if (event.key === "Escape" && now) held.setState(null, true);
    else if (event.key === "Enter" && distance !== handle.distance) onDrop({ handle, distance });
    else return;
    event.preventDefault();
  };
  return (
    <span
      role="slider"
      tabIndex={0}
      aria-label={line.title}
      aria-orientation="vertical"
      aria-valuemin={100 * handle.least}
      aria-valuemax={100 * handle.most}
      aria-valuenow={Number((100 * distance).toFixed(2))}
      aria-valuetext={`${priceOf(handle, distance)}, ${distanceText(handle, distance)}`}
      title="Arrow keys move it, Enter shows what that means, Esc leaves it. Or drag it on the chart."
      onKeyDown={onKeyDown}
      onBlur={() => {
        // A dialog takes the focus, and the line stays in the hand.
        if (now && !document.querySelector("dialog[open]")) held.setState(null, true);
      }}
      className="flex min-h-6 cursor-default items-center gap-1.5 rounded-sm px-1 hover:bg-hover"
    >
      <Stroke kind={now ? "draft" : line.kind} />
      <span className="text-muted">{line.title}</span>
      <Price value={priceOf(handle, distance)} className={now ? "font-semibold" : undefined} />
      {now && <span className="num text-faint">{distanceText(handle, distance)}</span>}
      <ChevronsUpDown size={11} aria-hidden="true" className="text-faint" />
    </span>
  );
}

function Stroke({ kind }: { kind: LineKind }) {
  return <span aria-hidden="true" className={classes("w-3 border-t-2", strokes[kind])} />;
}

/** The lines on the chart in figures: for those out of view, and for those who do not see it. */
export function LineList({ lines, moves, held, drop }: LineMoves) {
  return (
    <ul
      aria-label="Lines on the chart"
      className="-mx-1 flex min-w-0 flex-1 basis-64 flex-wrap gap-x-2"
    >
      {lines.map((line) => {
        const handle = moves.handles[line.id];
        return (
          <li key={line.id} className="flex min-w-0">
            {handle ? (
              <Movable line={line} handle={handle} held={held} onDrop={drop} />
            ) : (
              <span title={moves.fixed[line.id]} className="flex min-h-6 items-center gap-1.5 px-1">
                <Stroke kind={line.kind} />
                <span className="text-muted">{line.title}</span>
                <Price value={line.price} />
              </span>
            )}
          </li>
        );
      })}
    </ul>
  );
}
