/** Candles of the past with the trades of a run on them; nothing here is a React component. */
import {
  CandlestickSeries,
  createChart,
  createSeriesMarkers,
  type IChartApi,
  type IPriceLine,
  type ISeriesApi,
  type ISeriesMarkersPluginApi,
  LineStyle,
  type Time,
  type UTCTimestamp,
} from "lightweight-charts";
import type { Candle } from "@/api/wire";
import { chartOptions } from "@/lib/chart-options";
import { formatPrice } from "@/lib/format";
import { type Palette, readPalette } from "@/lib/palette";
import { type Mark, markersOf } from "./marks";

const SIGNIFICANT = 5;
const NEAR_THE_EDGE = 40;
const ROOM = 0.6;
const LEAST_SHOWN = 60;
/** Pixels a candle: all of a trade fits a phone, too. */
const CLOSEST = 0.1;

export interface Focus {
  /** Unix seconds. */
  from: number;
  to: number;
  entry: number;
  exit: number | null;
  /** Its number. */
  trade: number;
}

type Edge = "before" | "after";

export class CandleDrawing {
  private readonly chart: IChartApi;
  private readonly series: ISeriesApi<"Candlestick">;
  private readonly markers: ISeriesMarkersPluginApi<Time>;
  private palette: Palette = readPalette();
  private candles: Candle[] = [];
  private marks: Mark[] = [];
  private lines: IPriceLine[] = [];
  private chosen: number | null = null;
  /** What is to be brought into sight once its candles are there. */
  private wanted: Focus | null = null;

  constructor(
    container: HTMLElement,
    /** When the last candle there is opens, Unix seconds. */
    private readonly end: number,
    private readonly onEdge: (edge: Edge) => void,
  ) {
    this.chart = createChart(container, chartOptions(this.palette));
    this.series = this.chart.addSeries(CandlestickSeries, {
      priceLineVisible: false,
      lastValueVisible: false,
    });
    this.markers = createSeriesMarkers(this.series, []);
    this.chart.timeScale().subscribeVisibleLogicalRangeChange((range) => {
      if (range === null || this.candles.length === 0) return;
      if (range.from < NEAR_THE_EDGE) this.onEdge("before");
      if (range.to > this.candles.length - NEAR_THE_EDGE) this.onEdge("after");
    });
    this.recolour();
  }

  show(candles: Candle[], marks: Mark[]) {
    const shown = this.chart.timeScale().getVisibleRange();
    const isFirst = this.candles.length === 0;
    this.candles = candles;
    this.marks = marks;
    this.draw();
    // More candles to the left must not move what is in sight.
    if (!isFirst && shown) this.chart.timeScale().setVisibleRange(shown);
    this.look();
  }

  /** Brings a trade into the middle, with its prices as lines. */
  setFocus(focus: Focus | null) {
    this.wanted = focus;
    this.chosen = focus?.trade ?? null;
    this.mark();
    for (const line of this.lines) this.series.removePriceLine(line);
    this.lines = [];
    if (focus === null) return;
    const { accent, faint, ground } = this.palette;
    const line = (price: number, title: string, color: string) =>
      this.series.createPriceLine({
        price,
        title,
        color,
        lineWidth: 1,
        lineStyle: LineStyle.Dashed,
        axisLabelTextColor: ground,
      });
    this.lines.push(line(focus.entry, "Entry", accent));
    if (focus.exit !== null) this.lines.push(line(focus.exit, "Exit", faint));
    this.look();
  }

  recolour() {
    this.palette = readPalette();
    const { candleUp, candleDown } = this.palette;
    this.chart.applyOptions(chartOptions(this.palette));
    this.chart.timeScale().applyOptions({ secondsVisible: false, minBarSpacing: CLOSEST });
    this.series.applyOptions({
      upColor: candleUp,
      downColor: candleDown,
      wickUpColor: candleUp,
      wickDownColor: candleDown,
      borderVisible: false,
    });
    this.mark();
  }

  remove() {
    this.chart.remove();
  }

  private draw() {
    const last = this.candles.at(-1);
    if (last) {
      const minMove = 10 ** (Math.floor(Math.log10(last.close)) - SIGNIFICANT);
      this.series.applyOptions({
        priceFormat: {
          type: "custom",
          formatter: (price: number) => formatPrice(price, SIGNIFICANT),
          minMove,
        },
      });
    }
    this.series.setData(
      this.candles.map((candle) => ({ ...candle, time: candle.time as UTCTimestamp })),
    );
    this.mark();
  }

  private mark() {
    this.markers.setMarkers(markersOf(this.marks, this.candles, this.palette, this.chosen));
  }

  private look() {
    const focus = this.wanted;
    const [first, last] = [this.candles[0], this.candles.at(-1)];
    if (focus === null || !first || !last) return;
    if (first.time > focus.from || last.time < Math.min(focus.to, this.end)) return;
    this.wanted = null;
    const at = (time: number) => this.candles.findLastIndex((candle) => candle.time <= time);
    const [from, to] = [at(focus.from), at(focus.to)];
    const room = Math.round(ROOM * Math.max(to - from, LEAST_SHOWN));
    this.chart.timeScale().setVisibleLogicalRange({ from: from - room, to: to + room });
  }
}
