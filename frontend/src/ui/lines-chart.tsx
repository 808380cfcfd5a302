import { useEffect, useRef } from "react";
import { themes } from "@/lib/theme";
import { type Curve, LinesDrawing } from "./lines-drawing";

interface LinesChartProps {
  label: string;
  lines: Curve[];
  /** How a value is written on the axis. */
  format: (value: number) => string;
}

/** Curves, with their drawdown below where they have one; what it shows must stand beside it as text, too. */
export function LinesChart({ label, lines, format }: LinesChartProps) {
  const container = useRef<HTMLDivElement>(null);
  const drawing = useRef<LinesDrawing | null>(null);
  const writer = useRef(format);
  writer.current = format;
  useEffect(() => {
    if (container.current === null) return;
    const made = new LinesDrawing(container.current, (value) => writer.current(value));
    drawing.current = made;
    const unsubscribe = themes.subscribe(() => made.recolour());
    return () => {
      unsubscribe();
      made.remove();
      drawing.current = null;
    };
  }, []);
  useEffect(() => drawing.current?.show(lines), [lines]);
  return <div ref={container} role="img" aria-label={label} className="h-full min-h-0" />;
}
