/** Lines over time on a canvas, with how far each stands below its peak underneath. */
import {
  AreaSeries,
  createChart,
  type IChartApi,
  type ISeriesApi,
  LineSeries,
  LineStyle,
  type UTCTimestamp,
} from "lightweight-charts";
import { chartOptions } from "@/lib/chart-options";
import { formatPercent } from "@/lib/format";
import { type Palette, readPalette } from "@/lib/palette";

export interface Point {
  time: number;
  value: number;
}

export interface Curve {
  id: string;
  points: Point[];
  /** Below its highest so far, in percent: zero or negative. Left out, nothing stands below. */
  drawdown?: Point[];
}

export interface Line extends Curve {
  drawdown: Point[];
}

/** How lines differ besides their colour, in their order. */
export const strokes = [LineStyle.Solid, LineStyle.Dashed, LineStyle.Dotted, LineStyle.LargeDashed];
const COLOURS = ["series1", "series2", "series3", "series4"] as const;
const DRAWDOWN_SHARE = 0.3;
/** Pixels a point: so many thousands fit the width. */
const CLOSEST = 0.02;

function timed(points: Point[]) {
  return points.map(({ time, value }) => ({ time: time as UTCTimestamp, value }));
}

function colourOf(palette: Palette, index: number): string {
  return palette[COLOURS[index % COLOURS.length] ?? "series1"];
}

interface Drawn {
  line: ISeriesApi<"Line">;
  fall: ISeriesApi<"Area"> | ISeriesApi<"Line"> | null;
}

export class LinesDrawing {
  private readonly chart: IChartApi;
  private drawn: Drawn[] = [];

  constructor(
    container: HTMLElement,
    /** How a value is written on the axis. */
    private readonly format: (value: number) => string,
  ) {
    this.chart = createChart(container, chartOptions(readPalette()));
    this.chart.timeScale().applyOptions({ secondsVisible: false, minBarSpacing: CLOSEST });
  }

  show(lines: Curve[]) {
    for (const { line, fall } of this.drawn) {
      this.chart.removeSeries(line);
      if (fall) this.chart.removeSeries(fall);
    }
    this.drawn = lines.map((line, index) => this.draw(line, index, lines.length === 1));
    const [main, below] = this.chart.panes();
    if (below) {
      main?.setStretchFactor(1 - DRAWDOWN_SHARE);
      below.setStretchFactor(DRAWDOWN_SHARE);
    }
    this.recolour();
    this.chart.timeScale().fitContent();
  }

  recolour() {
    const palette = readPalette();
    this.chart.applyOptions(chartOptions(palette));
    this.chart.timeScale().applyOptions({ secondsVisible: false, minBarSpacing: CLOSEST });
    const isOne = this.drawn.length === 1;
    for (const [index, { line, fall }] of this.drawn.entries()) {
      const color = colourOf(palette, index);
      line.applyOptions({ color });
      if (fall === null) continue;
      if (isOne) {
        const { down: lineColor, downSoft } = palette;
        fall.applyOptions({ lineColor, topColor: downSoft, bottomColor: downSoft });
      } else {
        fall.applyOptions({ color });
      }
    }
  }

  remove() {
    this.chart.remove();
  }

  private draw({ points, drawdown }: Curve, index: number, isOne: boolean): Drawn {
    const lineStyle = strokes[index % strokes.length];
    const line = this.chart.addSeries(LineSeries, {
      lineWidth: 2,
      lineStyle,
      priceLineVisible: false,
      // Curves that lie close together would hide each other's labels; a legend has the values.
      lastValueVisible: drawdown !== undefined,
      priceFormat: { type: "custom", formatter: this.format, minMove: 1e-4 },
    });
    line.setData(timed(points));
    if (drawdown === undefined) return { line, fall: null };
    const below = {
      priceLineVisible: false,
      priceFormat: {
        type: "custom" as const,
        formatter: (value: number) => formatPercent(value),
        minMove: 0.01,
      },
    };
    const fall = isOne
      ? this.chart.addSeries(AreaSeries, { ...below, lineWidth: 1, invertFilledArea: true }, 1)
      : this.chart.addSeries(LineSeries, { ...below, lineWidth: 1, lineStyle }, 1);
    fall.setData(timed(drawdown));
    return { line, fall };
  }
}
