import { type RefObject, useEffect } from "react";
import type { TourStep } from "@/lib/tour";
import { placeCard, placeRing, scrollTo } from "./place";
import { targets } from "./words";

/** A panel's frame has no box of its own: what it holds has. */
function targetOf(step: TourStep): Element | null {
  return document.querySelector(`[data-panel="${targets[step]}"]`)?.firstElementChild ?? null;
}

/** How long a scroll may take before the next one. */
const PATIENCE = 700;
const scrolling = ["wheel", "touchmove"] as const;

const view = () => ({ width: document.documentElement.clientWidth, height: innerHeight });
const sizeOf = (element: HTMLElement) => ({
  width: element.offsetWidth,
  height: element.offsetHeight,
});

/** Brings the target into sight, at once for who wishes no motion. */
function reveal(target: Element, card: HTMLElement) {
  const by = scrollTo(target.getBoundingClientRect(), sizeOf(card), view());
  const isCalm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  if (by !== 0) scrollBy({ top: by, behavior: isCalm ? "instant" : "smooth" });
}

/** Writes where something stands, only when that has changed. */
class Placed {
  private before = "";

  constructor(private readonly element: HTMLElement) {}

  put(left: number, top: number, size?: { width: number; height: number }) {
    const key = `${left} ${top} ${size?.width} ${size?.height}`;
    if (key === this.before) return;
    this.before = key;
    this.element.style.translate = `${left}px ${top}px`;
    if (size !== undefined) {
      this.element.style.width = `${size.width}px`;
      this.element.style.height = `${size.height}px`;
    }
  }
}

/**
 * Keeps ring and card at a step's target, wherever the page moves it. A panel can load late, grow
 * or break, so it is looked for anew with every frame; React is not asked.
 */
export function usePlace(
  step: TourStep,
  ring: RefObject<HTMLElement | null>,
  card: RefObject<HTMLElement | null>,
) {
  useEffect(() => {
    if (ring.current === null || card.current === null) return;
    const [ringBox, cardBox] = [ring.current, card.current];
    const [placedRing, placedCard] = [new Placed(ringBox), new Placed(cardBox)];
    let revealedAt = Number.NEGATIVE_INFINITY;
    let frame = 0;
    // Panels above may still grow; but where a person scrolled to, the page stays.
    let isLeft = false;
    const leave = () => {
      isLeft = true;
    };
    for (const name of scrolling) addEventListener(name, leave, { passive: true });
    const follow = (now: number) => {
      frame = requestAnimationFrame(follow);
      const target = targetOf(step);
      const isThere = target !== null;
      ringBox.hidden = !isThere;
      if (!isThere) return;
      if (!isLeft && now - revealedAt > PATIENCE) {
        reveal(target, cardBox);
        revealedAt = now;
      }
      const box = target.getBoundingClientRect();
      const { left, top, ...size } = placeRing(box, view());
      placedRing.put(left, top, size);
      const at = placeCard(box, sizeOf(cardBox), view());
      placedCard.put(at.left, at.top);
    };
    follow(performance.now());
    return () => {
      cancelAnimationFrame(frame);
      for (const name of scrolling) removeEventListener(name, leave);
    };
  }, [step, ring, card]);
}
