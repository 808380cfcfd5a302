/** The strategies' lines on the chart: their ends move, the rest is drawn once. */
import { type IChartApi, type ISeriesApi, LineSeries, type UTCTimestamp } from "lightweight-charts";
import type { Palette } from "@/lib/palette";
import type { Curve, Point } from "./strategy-lines";

export const curveColours = ["series2", "series4", "series1", "series3"] as const;

interface Drawn {
  series: ISeriesApi<"Line">;
  first: number | undefined;
  last: number;
  count: number;
}

const pointOf = ([time, value]: Point) => ({ time: time as UTCTimestamp, value });

export class Curves {
  private readonly drawn = new Map<string, Drawn>();
  private shown: Curve[] = [];

  constructor(
    private readonly chart: IChartApi,
    private palette: Palette,
  ) {}

  all(): Curve[] {
    return this.shown;
  }

  /** The colour's name of a curve, by its place. */
  static colour(place: number): (typeof curveColours)[number] {
    return curveColours[place % curveColours.length] ?? "series2";
  }

  set(curves: Curve[]) {
    const ids = new Set(curves.map((curve) => curve.id));
    for (const [id, { series }] of this.drawn) {
      if (ids.has(id)) continue;
      this.chart.removeSeries(series);
      this.drawn.delete(id);
    }
    this.shown = curves;
    for (const [place, curve] of curves.entries()) this.draw(curve, place);
  }

  recolour(palette: Palette) {
    this.palette = palette;
    for (const [place, { id }] of this.shown.entries()) {
      this.drawn.get(id)?.series.applyOptions({ color: palette[Curves.colour(place)] });
    }
  }

  private draw({ id, points }: Curve, place: number) {
    const known = this.drawn.get(id);
    const series = known?.series ?? this.make(place);
    const fresh = known ? points.filter(([time]) => time >= known.last) : [];
    const first = points[0]?.[0];
    const grew = known && known.first === first && points.length - known.count <= fresh.length;
    if (grew) for (const point of fresh) series.update(pointOf(point));
    else series.setData(points.map(pointOf));
    this.drawn.set(id, { series, first, last: points.at(-1)?.[0] ?? 0, count: points.length });
  }

  private make(place: number): ISeriesApi<"Line"> {
    return this.chart.addSeries(LineSeries, {
      color: this.palette[Curves.colour(place)],
      lineWidth: 1,
      priceLineVisible: false,
      lastValueVisible: false,
      crosshairMarkerVisible: false,
    });
  }
}
