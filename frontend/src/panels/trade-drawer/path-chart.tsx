import { useEffect, useRef } from "react";
import { themes } from "@/lib/theme";
import { formatMoment } from "@/lib/time";
import { Price } from "@/ui/figures";
import { Twin } from "@/ui/twin";
import { PathDrawing } from "./path-drawing";
import type { Scene } from "./scene";

const MOST_ROWS = 500;

/** The trade's own prices with the levels of the plan, recorded sales and those of the plan. */
export function PathChart({ scene, label }: { scene: Scene; label: string }) {
  const container = useRef<HTMLDivElement>(null);
  const drawing = useRef<PathDrawing | null>(null);
  useEffect(() => {
    if (container.current === null) return;
    const made = new PathDrawing(container.current);
    drawing.current = made;
    const unsubscribe = themes.subscribe(() => made.recolour());
    return () => {
      unsubscribe();
      made.remove();
      drawing.current = null;
    };
  }, []);
  useEffect(() => drawing.current?.show(scene), [scene]);
  const every = Math.ceil(scene.points.length / MOST_ROWS);
  const marked = new Set(scene.marks.map((mark) => mark.time));
  const rows = scene.points.filter((point, index) => index % every === 0 || marked.has(point.time));
  return (
    <>
      <div ref={container} role="img" aria-label={label} className="h-52 sm:h-64 lg:h-80" />
      <Twin
        title="Prices and sales as a table"
        headings={["Time", "Price", "Recorded", "With this plan"]}
        rows={rows.map(({ time, price }) => {
          const at = scene.marks.filter((mark) => mark.time === time);
          const texts = (of: "recorded" | "tried") =>
            at
              .filter((mark) => mark.of === of)
              .map((mark) => mark.text)
              .join(", ");
          return {
            key: time,
            cells: [
              formatMoment(1000 * time),
              <Price key="price" value={price} />,
              texts("recorded"),
              texts("tried"),
            ],
          };
        })}
      />
    </>
  );
}
