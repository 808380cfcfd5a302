import { type RefObject, useEffect } from "react";

/** Where the focus was when the page was written anew; a change of how times are written does that. */
let left: string | null = null;
const SOON = 500;

export function keepFocus(name: string) {
  left = name;
  setTimeout(() => {
    left = null;
  }, SOON);
}

/** Gives the focus back to what `keepFocus` named; `find` picks it below the element. */
export function useRefocus(
  name: string,
  element: RefObject<HTMLElement | null>,
  find: (within: HTMLElement) => HTMLElement | null,
) {
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when the page was just written
  useEffect(() => {
    if (left !== name || element.current === null) return;
    left = null;
    find(element.current)?.focus({ preventScroll: true });
  }, []);
}
