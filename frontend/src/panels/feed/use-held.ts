import { useEffect, useRef, useState } from "react";
import type { Transaction } from "@/api/live-state";

const AT_TOP = 8;

/** How many are newer than the newest of those shown; the list keeps the newest first. */
export function newerThan(shown: Transaction[], all: Transaction[]): number {
  const seen = new Set(shown.map(({ key }) => key));
  const known = all.findIndex(({ key }) => seen.has(key));
  return known < 0 ? all.length : known;
}

/** The list as it was when the reader left its top: nothing moves under their eyes. */
export function useHeld(token: string, items: Transaction[]) {
  const scroller = useRef<HTMLElement>(null);
  const [held, setHeld] = useState<Transaction[] | null>(null);
  const newest = useRef(items);
  newest.current = items;
  const show = () => {
    setHeld(null);
    scroller.current?.scrollTo({ top: 0 });
  };
  // Another token's list begins at its top. Where it stands there already nothing is scrolled: that
  // would have the browser lay out the whole page at once.
  const isHeld = useRef(false);
  isHeld.current = held !== null;
  // biome-ignore lint/correctness/useExhaustiveDependencies: only another token is a reason
  useEffect(() => {
    if (isHeld.current) show();
  }, [token]);
  useEffect(() => {
    const element = scroller.current;
    if (element === null) return;
    const look = () => {
      const isAtTop = element.scrollTop <= AT_TOP;
      setHeld((before) => (isAtTop ? null : (before ?? newest.current)));
    };
    element.addEventListener("scroll", look, { passive: true });
    return () => element.removeEventListener("scroll", look);
  }, []);
  const shown = held ?? items;
  return { scroller, shown, newer: held === null ? 0 : newerThan(held, items), show };
}
