/** The prices of a trade on a canvas, with the plan's levels and the sales. */
import {
  AreaSeries,
  type AutoscaleInfo,
  createChart,
  createSeriesMarkers,
  type IChartApi,
  type IPriceLine,
  type ISeriesApi,
  type ISeriesMarkersPluginApi,
  LineStyle,
  type SeriesMarker,
  type Time,
  type UTCTimestamp,
} from "lightweight-charts";
import { chartOptions } from "@/lib/chart-options";
import { formatPrice } from "@/lib/format";
import { readPalette } from "@/lib/palette";
import type { Scene, SceneLine, SceneMark } from "./scene";

const SIGNIFICANT = 6;
const ROOM = 0.07;

function minMove(price: number): number {
  return 10 ** (Math.floor(Math.log10(price)) - SIGNIFICANT + 1);
}

export class PathDrawing {
  private palette = readPalette();
  private readonly chart: IChartApi;
  private readonly prices: ISeriesApi<"Area">;
  private readonly markers: ISeriesMarkersPluginApi<Time>;
  private readonly drawn = new Map<string, IPriceLine>();
  private scene: Scene = { points: [], lines: [], marks: [] };

  constructor(container: HTMLElement) {
    this.chart = createChart(container, chartOptions(this.palette));
    this.prices = this.chart.addSeries(AreaSeries, {
      lineWidth: 2,
      priceLineVisible: false,
      lastValueVisible: false,
      autoscaleInfoProvider: (original: () => AutoscaleInfo | null) => this.scale(original()),
    });
    this.markers = createSeriesMarkers(this.prices, []);
    this.recolour();
  }

  show(scene: Scene) {
    const before = this.scene;
    this.scene = scene;
    if (scene.points !== before.points) this.setPoints();
    this.setLines(scene.lines);
    this.setMarks();
    const ends = ({ points }: Scene) => `${points[0]?.time}/${points.at(-1)?.time}`;
    if (ends(scene) !== ends(before)) this.fit();
  }

  recolour() {
    this.palette = readPalette();
    const { text, accentSoft, ground } = this.palette;
    this.chart.applyOptions(chartOptions(this.palette));
    this.prices.applyOptions({ lineColor: text, topColor: accentSoft, bottomColor: ground });
    for (const line of this.scene.lines) this.drawn.get(line.id)?.applyOptions(this.look(line));
    this.setMarks();
  }

  remove() {
    this.chart.remove();
  }

  /** With room at both ends for the words of the marks. */
  private fit() {
    const count = this.scene.points.length;
    const room = Math.max(1, count * ROOM);
    this.chart.timeScale().setVisibleLogicalRange({ from: -room, to: count - 1 + 2 * room });
  }

  private setPoints() {
    const { points } = this.scene;
    const price = points[0]?.price;
    if (price !== undefined) {
      this.prices.applyOptions({
        priceFormat: {
          type: "custom",
          formatter: (value: number) => formatPrice(value, SIGNIFICANT - 1),
          minMove: minMove(price),
        },
      });
    }
    this.prices.setData(
      points.map(({ time, price: value }) => ({ time: time as UTCTimestamp, value })),
    );
  }

  private setLines(lines: SceneLine[]) {
    const ids = new Set(lines.map((line) => line.id));
    for (const [id, line] of this.drawn) {
      if (ids.has(id)) continue;
      this.prices.removePriceLine(line);
      this.drawn.delete(id);
    }
    for (const line of lines) {
      const known = this.drawn.get(line.id);
      if (known) known.applyOptions(this.look(line));
      else this.drawn.set(line.id, this.prices.createPriceLine(this.look(line)));
    }
  }

  private setMarks() {
    this.markers.setMarkers(this.scene.marks.map((mark) => this.markOf(mark)));
  }

  /** Recorded fills are arrows, the sales of a tried plan are circles of another colour. */
  private markOf({ time, of, side, text }: SceneMark): SeriesMarker<Time> {
    const at = time as UTCTimestamp;
    const { up, down, accent } = this.palette;
    if (of === "tried") {
      return { time: at, position: "belowBar", shape: "circle", color: accent, text };
    }
    const isBuy = side === "BUY";
    return {
      time: at,
      position: isBuy ? "belowBar" : "aboveBar",
      shape: isBuy ? "arrowUp" : "arrowDown",
      color: isBuy ? up : down,
      text,
    };
  }

  private look({ price, title, kind }: SceneLine) {
    const { accent, down, up, ground } = this.palette;
    return {
      price,
      title,
      lineWidth: 1 as const,
      axisLabelVisible: true,
      axisLabelTextColor: ground,
      color: { entry: accent, stop: down, target: up }[kind],
      lineStyle: kind === "entry" ? LineStyle.Solid : LineStyle.Dashed,
    };
  }

  /** Entry and stop are always in sight, the targets as far as the price nearly came. */
  private scale(info: AutoscaleInfo | null): AutoscaleInfo | null {
    if (!info?.priceRange) return info;
    const { minValue, maxValue } = info.priceRange;
    const near = this.scene.lines.filter(
      ({ kind, price }) => kind !== "target" || price <= maxValue * 1.15,
    );
    const prices = near.map(({ price }) => price).filter((price) => price >= minValue * 0.6);
    return {
      ...info,
      priceRange: {
        minValue: Math.min(minValue, ...prices),
        maxValue: Math.max(maxValue, ...prices),
      },
    };
  }
}
