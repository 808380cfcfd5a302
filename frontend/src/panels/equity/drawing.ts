import {
  AreaSeries,
  type AutoscaleInfo,
  createChart,
  type IChartApi,
  type ISeriesApi,
  type UTCTimestamp,
} from "lightweight-charts";
import { chartOptions } from "@/lib/chart-options";
import { formatPercent, formatSol } from "@/lib/format";
import { readPalette } from "@/lib/palette";
import type { Lines, Point } from "./points";

function timed(points: Point[]) {
  return points.map(({ time, value }) => ({ time: time as UTCTimestamp, value }));
}

/** A fall smaller than this fills the pane no further: noise must not look like a crash. */
const SHALLOWEST = -1;

function fromZero(original: () => AutoscaleInfo | null): AutoscaleInfo | null {
  const found = original();
  const lowest = found?.priceRange?.minValue ?? SHALLOWEST;
  return { priceRange: { minValue: Math.min(lowest, SHALLOWEST), maxValue: 0 } };
}

/** Equity above, how far below its peak underneath. */
export class Drawing {
  private readonly chart: IChartApi;
  private readonly equity: ISeriesApi<"Area">;
  private readonly drawdown: ISeriesApi<"Area">;

  private since: number | undefined;

  constructor(container: HTMLElement) {
    this.chart = createChart(container, chartOptions(readPalette()));
    this.equity = this.chart.addSeries(AreaSeries, {
      lineWidth: 2,
      priceFormat: { type: "custom", formatter: formatSol, minMove: 1e-4 },
    });
    this.drawdown = this.chart.addSeries(
      AreaSeries,
      {
        lineWidth: 1,
        invertFilledArea: true,
        priceLineVisible: false,
        autoscaleInfoProvider: fromZero,
        priceFormat: {
          type: "custom",
          formatter: (value: number) => formatPercent(value),
          minMove: 0.01,
        },
      },
      1,
    );
    // Zero stands at the top edge: the pane reads like a depth.
    this.drawdown.priceScale().applyOptions({ scaleMargins: { top: 0.02, bottom: 0.08 } });
    const [main, below] = this.chart.panes();
    main?.setStretchFactor(0.7);
    below?.setStretchFactor(0.3);
    this.recolour();
  }

  show({ equity, drawdown }: Lines) {
    this.equity.setData(timed(equity));
    this.drawdown.setData(timed(drawdown));
    // A point a second must not undo how the person zoomed.
    if (equity[0]?.time !== this.since) this.chart.timeScale().fitContent();
    this.since = equity[0]?.time;
  }

  recolour() {
    const palette = readPalette();
    const { accent, accentSoft, down, downSoft, ground } = palette;
    this.chart.applyOptions(chartOptions(palette));
    this.equity.applyOptions({ lineColor: accent, topColor: accentSoft, bottomColor: ground });
    this.drawdown.applyOptions({ lineColor: down, topColor: downSoft, bottomColor: downSoft });
  }

  remove() {
    this.chart.remove();
  }
}
