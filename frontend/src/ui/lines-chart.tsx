import { useEffect, useRef } from "react";
import { themes } from "@/lib/theme";
import { type Line, LinesDrawing } from "./lines-drawing";

interface LinesChartProps {
  label: string;
  lines: Line[];
  /** How a value is written on the axis. It is read once. */
  format: (value: number) => string;
  onPoint?: (time: number | null) => void;
}

/** Curves with their drawdown below; what it shows must stand beside it as text, too. */
export function LinesChart({ label, lines, format, onPoint }: LinesChartProps) {
  const container = useRef<HTMLDivElement>(null);
  const drawing = useRef<LinesDrawing | null>(null);
  const options = useRef({ format, onPoint });
  options.current = { format, onPoint };
  useEffect(() => {
    if (container.current === null) return;
    const made = new LinesDrawing(container.current, {
      format: (value) => options.current.format(value),
      onPoint: (time) => options.current.onPoint?.(time),
    });
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
