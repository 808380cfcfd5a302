import { useEffect, useRef } from "react";
import { themes } from "@/lib/theme";
import { Drawing } from "./drawing";
import type { Lines } from "./points";

export function EquityChart({ lines }: { lines: Lines }) {
  const container = useRef<HTMLDivElement>(null);
  const drawing = useRef<Drawing | null>(null);
  useEffect(() => {
    if (container.current === null) return;
    const made = new Drawing(container.current);
    drawing.current = made;
    const unsubscribe = themes.subscribe(() => made.recolour());
    return () => {
      unsubscribe();
      made.remove();
    };
  }, []);
  useEffect(() => drawing.current?.show(lines), [lines]);
  return <div ref={container} role="img" aria-label="Equity and drawdown" className="h-full" />;
}
