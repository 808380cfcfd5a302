/** Where the tour's card stands beside what it speaks of. Pure; all in pixels of the window. */

export interface Rect {
  left: number;
  top: number;
  width: number;
  height: number;
}

export interface Size {
  width: number;
  height: number;
}

export interface Point {
  left: number;
  top: number;
}

const GAP = 14;
const EDGE = 8;
/** Below this width the card stands at the bottom, above the navigation there. */
export const NARROW = 768;
const NAVIGATION = 56;

function between(value: number, least: number, most: number): number {
  return Math.max(least, Math.min(value, most));
}

/** Beside the target where there is room – right, left, below, above –, else over its end. */
export function placeCard(target: Rect, card: Size, view: Size): Point {
  if (view.width < NARROW) {
    return { left: EDGE, top: view.height - NAVIGATION - EDGE - card.height };
  }
  const lowest = view.height - card.height - EDGE;
  const rightmost = view.width - card.width - EDGE;
  const beside = between(target.top, EDGE, lowest);
  const along = between(target.left, EDGE, rightmost);
  const right = target.left + target.width + GAP;
  const left = target.left - card.width - GAP;
  const below = target.top + target.height + GAP;
  const above = target.top - card.height - GAP;
  if (right <= rightmost) return { left: right, top: beside };
  if (left >= EDGE) return { left, top: beside };
  if (below <= lowest) return { left: along, top: below };
  if (above >= EDGE) return { left: along, top: above };
  return { left: along, top: lowest };
}

const RING = 3;

/** The ring around the target, as far as it is in sight. */
export function placeRing(target: Rect, view: Size): Rect {
  const left = between(target.left - RING, 2, view.width - 2);
  const top = between(target.top - RING, 2, view.height - 2);
  const right = between(target.left + target.width + RING, left, view.width - 2);
  const bottom = between(target.top + target.height + RING, top, view.height - 2);
  return { left, top, width: right - left, height: bottom - top };
}

/** How far the page must scroll so that the target can be seen; 0 where it can. */
export function scrollTo(target: Rect, card: Size, view: Size): number {
  const isNarrow = view.width < NARROW;
  const end = view.height - (isNarrow ? NAVIGATION + card.height + 2 * EDGE : EDGE);
  const isSeen = target.top >= 0 && target.top + target.height <= end;
  return isSeen ? 0 : target.top - EDGE;
}
