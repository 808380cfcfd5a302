import { type RefObject, useEffect, useState } from "react";

/** Pixels from the top of what is scrolled. */
export interface Sight {
  top: number;
  height: number;
}

const STEPS = 4;

/** Which part of a scrolled list can be seen; coarse, so that React hears of it every few rows. */
export function useSight(scroller: RefObject<HTMLElement | null>, row: number): Sight {
  const step = STEPS * row;
  const [sight, setSight] = useState<Sight>({ top: 0, height: 0 });
  useEffect(() => {
    const element = scroller.current;
    if (element === null) return;
    const look = () => {
      const top = Math.floor(element.scrollTop / step) * step;
      const height = element.clientHeight + step;
      setSight((before) =>
        before.top === top && before.height === height ? before : { top, height },
      );
    };
    // It also looks once by itself, when the page is laid out anyway.
    const sizes = new ResizeObserver(look);
    sizes.observe(element);
    element.addEventListener("scroll", look, { passive: true });
    return () => {
      sizes.disconnect();
      element.removeEventListener("scroll", look);
    };
  }, [scroller, step]);
  return sight;
}
