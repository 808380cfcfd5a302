/**
 * The chart itself, made once and moved ever after: nothing here is a React component.
 * It is given data and draws it; where data come from is the hook's business.
 */
import {
  type AutoscaleInfo,
  CandlestickSeries,
  createChart,
  createSeriesMarkers,
  HistogramSeries,
  type IChartApi,
  type ISeriesApi,
  type ISeriesMarkersPluginApi,
  type Time,
  type UTCTimestamp,
} from "lightweight-charts";
import { chartOptions } from "@/lib/chart-options";
import { formatPrice, formatTokens } from "@/lib/format";
import { type Palette, readPalette } from "@/lib/palette";
import { type Bar, type Bars, barAt } from "./bars";
import { Curves } from "./curves";
import type { LegendLine } from "./legend";
import { type Line, pricesInView } from "./lines";
import { type Mark, markersOf } from "./marks";
import { PriceLines } from "./price-lines";
import { type Curve, type Point, valueAt } from "./strategy-lines";

const SIGNIFICANT = 6;
const VOLUME_SHARE = 0.2;
const SHOWN_BARS = 120;
const FEWEST = 40;
const ROOM_AT_THE_END = 6;
const NEAR_THE_START = 40;

const candlePoint = (bar: Bar) => ({ ...bar, time: bar.time as UTCTimestamp });

const candleColours = ({ candleUp, candleDown }: Palette) => ({
  upColor: candleUp,
  downColor: candleDown,
  wickUpColor: candleUp,
  wickDownColor: candleDown,
  borderVisible: false,
});

/** Steps of the price axis: a hundred-thousandth of the price, as a power of ten. */
function minMove(price: number): number {
  return 10 ** (Math.floor(Math.log10(price)) - SIGNIFICANT + 1);
}

interface Told {
  onLegend: (bar: Bar | null, lines: LegendLine[]) => void;
  /** A mark was clicked: the moment of its fill, Unix seconds. */
  onMark: (time: number) => void;
  /** The first bars come into view. */
  onStart: () => void;
}

export class Drawing {
  private palette: Palette = readPalette();
  private readonly chart: IChartApi;
  private readonly candles: ISeriesApi<"Candlestick">;
  private readonly volumes: ISeriesApi<"Histogram">;
  private readonly markers: ISeriesMarkersPluginApi<Time>;
  private readonly lines: PriceLines;
  private readonly curves: Curves;
  private marks: Mark[] = [];
  private shown: Bars = { width: 1, bars: [], newest: null, revision: -1 };
  private crosshair: number | null = null;

  constructor(
    container: HTMLElement,
    private readonly told: Told,
  ) {
    this.chart = createChart(container, chartOptions(this.palette));
    this.candles = this.chart.addSeries(CandlestickSeries, {
      ...candleColours(this.palette),
      autoscaleInfoProvider: (original: () => AutoscaleInfo | null) => this.scale(original()),
    });
    this.volumes = this.chart.addSeries(
      HistogramSeries,
      {
        priceFormat: { type: "custom", formatter: formatTokens, minMove: 0.01 },
        lastValueVisible: false,
        priceLineVisible: false,
      },
      1,
    );
    const [main, below] = this.chart.panes();
    main?.setStretchFactor(1 - VOLUME_SHARE);
    below?.setStretchFactor(VOLUME_SHARE);
    this.markers = createSeriesMarkers(this.candles, []);
    this.lines = new PriceLines(this.candles, this.palette);
    this.curves = new Curves(this.chart, this.palette);
    this.chart.subscribeCrosshairMove(({ time }) => {
      this.crosshair = time === undefined ? null : Number(time);
      this.legend();
    });
    this.chart.subscribeClick(({ hoveredObjectId: id }) => {
      if (typeof id === "string") told.onMark(Number.parseInt(id, 10));
    });
    this.chart.timeScale().subscribeVisibleLogicalRangeChange((range) => {
      if (range !== null && range.from < NEAR_THE_START) told.onStart();
    });
  }

  /** Draws bars: all of them when they are others or not only their end moved, else the end. */
  show(shown: Bars, isOther: boolean) {
    const before = this.shown;
    this.shown = shown;
    if (isOther || shown.revision !== before.revision) this.redraw();
    else this.extend(before.bars.at(-1)?.time ?? 0);
    if (isOther) {
      // Setting it computes every scale anew, also where it was set.
      const scale = this.chart.priceScale("right");
      if (!scale.options().autoScale) scale.setAutoScale(true);
      this.chart.timeScale().setVisibleLogicalRange({
        from: shown.bars.length - Math.min(Math.max(shown.bars.length, FEWEST), SHOWN_BARS),
        to: shown.bars.length + ROOM_AT_THE_END,
      });
    }
    this.legend();
  }

  setLines(lines: Line[]) {
    this.lines.set(lines);
  }

  setDraft(draft: Line | null) {
    this.lines.setDraft(draft);
  }

  /** Draws what strategies saw; a point that no bar is there for yet waits for it. */
  setCurves(curves: Curve[]) {
    const last = this.shown.bars.at(-1)?.time ?? 0;
    const isHere = ([time]: Point) => time <= last;
    this.curves.set(curves.map((it) => ({ ...it, points: it.points.filter(isHere) })));
    this.legend();
  }

  setMarks(marks: Mark[]) {
    this.marks = marks;
    this.markers.setMarkers(markersOf(marks, this.shown.bars, this.palette));
  }

  /** The lines within reach of a height, the nearest first. */
  linesNear(y: number, reach: number): Line[] {
    const away = (line: Line) => Math.abs(this.heightOf(line.price) - y);
    const near = this.lines.all().filter((line) => away(line) <= reach);
    return near.sort((one, other) => away(one) - away(other));
  }

  /** Where a price stands, in pixels from the top. */
  heightOf(price: number): number {
    return this.candles.priceToCoordinate(price) ?? Number.NaN;
  }

  priceAt(y: number): number | null {
    return this.candles.coordinateToPrice(y);
  }

  /** How wide and high the candles' part is, without the axes. */
  plot(): { width: number; height: number } {
    const width = this.chart.timeScale().width();
    return { width, height: this.chart.panes()[0]?.getHeight() ?? 0 };
  }

  /** Takes the colours of the theme as it is now. */
  recolour() {
    this.palette = readPalette();
    this.chart.applyOptions(chartOptions(this.palette));
    this.candles.applyOptions(candleColours(this.palette));
    this.lines.recolour(this.palette);
    this.curves.recolour(this.palette);
    this.redraw();
  }

  toNow() {
    this.chart.timeScale().scrollToRealTime();
  }

  remove() {
    this.chart.remove();
  }

  /** Draws what is as new as the last bar drawn, or newer: several can come at once. */
  private extend(since: number) {
    const { bars } = this.shown;
    for (const bar of bars.slice(bars.findLastIndex((it) => it.time < since) + 1)) {
      this.candles.update(candlePoint(bar));
      this.volumes.update(this.volumePoint(bar));
    }
  }

  private redraw() {
    const { bars } = this.shown;
    const last = bars.at(-1);
    this.candles.applyOptions({
      priceFormat: {
        type: "custom",
        formatter: (price: number) => formatPrice(price, SIGNIFICANT - 1),
        minMove: last ? minMove(last.close) : 1e-9,
      },
    });
    this.candles.setData(bars.map(candlePoint));
    this.volumes.setData(bars.map((bar) => this.volumePoint(bar)));
    this.setMarks(this.marks);
  }

  private volumePoint({ time, open, close, volume }: Bar) {
    const { volumeDown, volumeUp } = this.palette;
    const color = close < open ? volumeDown : volumeUp;
    return { time: time as UTCTimestamp, value: volume, color };
  }

  private scale(info: AutoscaleInfo | null): AutoscaleInfo | null {
    const last = this.shown.bars.at(-1);
    if (!info?.priceRange || !last) return info;
    const prices = pricesInView(this.lines.all(), last.close);
    const minValue = Math.min(info.priceRange.minValue, ...prices);
    const maxValue = Math.max(info.priceRange.maxValue, ...prices);
    return { ...info, priceRange: { minValue, maxValue } };
  }

  private legend() {
    const { bars } = this.shown;
    const bar = this.crosshair === null ? bars.at(-1) : barAt(bars, this.crosshair);
    const curves = this.curves.all();
    // The strategies see closed candles only: the newest bar shows what they saw last.
    const seenBy = (curve: Curve) =>
      this.crosshair === null ? curve.points.at(-1)?.[1] : bar && valueAt(curve, bar.time);
    const lines = curves.map((curve, place) => ({
      title: curve.title,
      colour: Curves.colour(place),
      value: seenBy(curve),
    }));
    this.told.onLegend(bar ?? null, lines);
  }
}
