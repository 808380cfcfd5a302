/** Equity curves on one axis: percent since the first of them began. Pure. */
import type { Snapshot } from "@/api/wire";
import { parseTime } from "@/lib/time";
import type { Line, Point } from "@/ui/lines-drawing";

interface Curve {
  id: string;
  history: Snapshot[];
}

/** One point a second at most, oldest first, from a moment on. */
function pointsOf(history: Snapshot[], since: number): Point[] {
  const bySecond = new Map(
    history.map((it) => [Math.floor(parseTime(it.timestamp) / 1000), it.total_value]),
  );
  return [...bySecond]
    .filter(([time]) => time >= since)
    .sort(([one], [other]) => one - other)
    .map(([time, value]) => ({ time, value }));
}

/** How far a value stands above or below another, in percent. */
const change = (value: number, from: number) => 100 * (value / from - 1);

function drawdownOf(points: Point[]): Point[] {
  let peak = 0;
  return points.map(({ time, value }) => {
    peak = Math.max(peak, 100 + value);
    return { time, value: 0 - Math.abs(change(100 + value, peak)) };
  });
}

function lineOf(id: string, points: Point[]): Line {
  return { id, points, drawdown: drawdownOf(points) };
}

/** A worth is marked when it changes: each line goes on to the newest mark of any. */
function reaching(lines: Line[]): Line[] {
  const end = Math.max(...lines.map(({ points }) => points.at(-1)?.time ?? 0));
  const goOn = (points: Point[]) => {
    const last = points.at(-1);
    return last && last.time < end ? [...points, { time: end, value: last.value }] : points;
  };
  return lines.map(({ id, points, drawdown }) => ({
    id,
    points: goOn(points),
    drawdown: goOn(drawdown),
  }));
}

/**
 * My curve begins at 0 with the first shadow; each shadow leaves it where that shadow began, so
 * that whatever lies between them was made since.
 */
export function curvesOf(mine: Snapshot[], shadows: Curve[]): Line[] {
  const begins = shadows.map(({ history }) =>
    history.length > 0
      ? Math.floor(Math.min(...history.map((it) => parseTime(it.timestamp))) / 1000)
      : Infinity,
  );
  const since = Math.min(...begins);
  const own = pointsOf(mine, Number.isFinite(since) ? since : 0);
  const first = own[0]?.value;
  if (first === undefined) return [];
  const base = own.map(({ time, value }) => ({ time, value: change(value, first) }));
  const lines = shadows.map(({ id, history }, index) => {
    const points = pointsOf(history, 0);
    const start = points[0]?.value ?? 1;
    const from = base.findLast(({ time }) => time <= (begins[index] ?? 0))?.value ?? 0;
    return lineOf(
      id,
      points.map(({ time, value }) => ({ time, value: (100 + from) * (value / start) - 100 })),
    );
  });
  return reaching([lineOf("mine", base), ...lines]);
}
