/** Lines of the chart by mouse and finger. The library knows no dragging, so pointers are caught before it. */
import { createStore, type StoreApi } from "zustand/vanilla";
import type { Drawing } from "./drawing";
import { distanceAt, type Handle, type Moves } from "./moves";

/** A line in the trader's hand, by pointer or keyboard. */
export interface Held {
  handle: Handle;
  distance: number;
}

export type HeldStore = StoreApi<Held | null>;
export const holding = (): HeldStore => createStore<Held | null>(() => null);

const REACH = { mouse: 5, pen: 10, touch: 16 } as const;

interface Around {
  drawing: () => Drawing | null;
  moves: () => Moves;
  held: HeldStore;
  onDrop: (held: Held) => void;
}

const reachOf = (kind: string) => (kind === "touch" || kind === "pen" ? REACH[kind] : REACH.mouse);

/** Makes lines draggable inside a container; the returned function ends it. */
export function makeDraggable(container: HTMLElement, around: Around): () => void {
  const { held } = around;
  let pointer: number | null = null;
  const listeners = new AbortController();
  const options = { capture: true, signal: listeners.signal };

  const heightIn = (event: PointerEvent) => event.clientY - container.getBoundingClientRect().top;

  function linesAt(event: PointerEvent) {
    const drawing = around.drawing();
    const box = container.getBoundingClientRect();
    const plot = drawing?.plot();
    const [x, y] = [event.clientX - box.left, event.clientY - box.top];
    if (!drawing || !plot || x < 0 || x > plot.width || y < 0 || y > plot.height) return [];
    return drawing.linesNear(y, reachOf(event.pointerType));
  }

  function hover(event: PointerEvent) {
    const lines = linesAt(event);
    const { handles, fixed } = around.moves();
    container.toggleAttribute(
      "data-grip",
      lines.some((line) => handles[line.id]),
    );
    const first = lines[0];
    const words = first && (handles[first.id] ? "Drag to move" : fixed[first.id]);
    container.title = words ? `${first.title}: ${words}` : "";
  }

  function move(event: PointerEvent) {
    const now = held.getState();
    const drawing = around.drawing();
    if (now === null || drawing === null) return;
    const y = heightIn(event);
    const [price, next] = [drawing.priceAt(y), drawing.priceAt(y + 1)];
    if (price === null || next === null) return;
    const distance = distanceAt(now.handle, price, next - price);
    if (distance !== now.distance) held.setState({ ...now, distance });
  }

  function release(): Held | null {
    const last = held.getState();
    if (pointer !== null && container.hasPointerCapture(pointer)) {
      container.releasePointerCapture(pointer);
    }
    pointer = null;
    container.removeAttribute("data-grip");
    held.setState(null, true);
    return last;
  }

  container.addEventListener(
    "pointerdown",
    (event) => {
      const { handles } = around.moves();
      const handle = linesAt(event).map((line) => handles[line.id])[0];
      if (!handle || event.button !== 0 || pointer !== null) return;
      // The chart would scroll with it.
      event.preventDefault();
      event.stopPropagation();
      pointer = event.pointerId;
      container.setPointerCapture(pointer);
      container.title = "";
      held.setState({ handle, distance: handle.distance }, true);
    },
    options,
  );
  container.addEventListener(
    "pointermove",
    (event) => {
      if (pointer === null) {
        if (event.buttons === 0) hover(event);
        return;
      }
      event.stopPropagation();
      if (event.pointerId === pointer) move(event);
    },
    options,
  );
  container.addEventListener(
    "pointerup",
    (event) => {
      if (event.pointerId !== pointer) return;
      move(event);
      const last = release();
      if (last !== null && last.distance !== last.handle.distance) around.onDrop(last);
    },
    options,
  );
  container.addEventListener("pointercancel", release, options);
  // A finger on a line moves the line, neither the chart nor the page.
  for (const name of ["touchstart", "touchmove"] as const) {
    container.addEventListener(
      name,
      (event) => {
        if (pointer === null) return;
        event.preventDefault();
        event.stopPropagation();
      },
      { ...options, passive: false },
    );
  }
  window.addEventListener(
    "keydown",
    (event) => {
      if (event.key !== "Escape" || pointer === null) return;
      event.stopPropagation();
      release();
    },
    options,
  );
  return () => listeners.abort();
}
