/** Where something that floats stands beside what it belongs to. Pure. */

export interface Box {
  left: number;
  top: number;
  width: number;
  height: number;
}

export interface Beside {
  side: "top" | "bottom";
  align: "start" | "centre" | "end";
}

const GAP = 6;
const EDGE = 8;

const within = (value: number, least: number, most: number) =>
  Math.max(least, Math.min(value, most));

function across(anchor: Box, width: number, align: Beside["align"]): number {
  if (align === "start") return anchor.left;
  const room = anchor.width - width;
  return anchor.left + (align === "end" ? room : room / 2);
}

/** On the side that is wished if it fits there, else on the other; never beyond the edge. */
export function placeBeside(
  anchor: Box,
  { width, height }: Pick<Box, "width" | "height">,
  view: Pick<Box, "width" | "height">,
  { side, align }: Beside,
): { left: number; top: number } {
  const above = anchor.top - GAP - height;
  const below = anchor.top + anchor.height + GAP;
  const fitsAbove = above >= EDGE;
  const fitsBelow = below + height <= view.height - EDGE;
  const top = (side === "top" ? fitsAbove : !fitsBelow && fitsAbove) ? above : below;
  return {
    left: within(across(anchor, width, align), EDGE, view.width - EDGE - width),
    top: within(top, EDGE, view.height - EDGE - height),
  };
}
