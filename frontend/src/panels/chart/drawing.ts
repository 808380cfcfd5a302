/**
 * The chart itself, made once and moved ever after: nothing here is a React component.
 * It is given data and draws it; where data come from is the hook's business.
 */
import {
  type AutoscaleInfo,
  CandlestickSeries,
  type CreatePriceLineOptions,
  createChart,
  createSeriesMarkers,
  HistogramSeries,
  type IChartApi,
  type IPriceLine,
  type ISeriesApi,
  type ISeriesMarkersPluginApi,
  LineStyle,
  type Time,
  type UTCTimestamp,
} from "lightweight-charts";
import type { Series } from "@/api/live-state";
import type { Candle, Volume } from "@/api/wire";
import { chartOptions } from "@/lib/chart-options";
import { formatPrice, formatTokens } from "@/lib/format";
import { type Palette, readPalette } from "@/lib/palette";
import { changeOf, type Line, type LineKind, pricesInView } from "./lines";
import { type Mark, markersOf } from "./marks";

const SIGNIFICANT = 6;
const VOLUME_SHARE = 0.2;
const SHOWN_CANDLES = 120;
const ROOM_AT_THE_END = 6;

function candlePoint(candle: Candle) {
  return { ...candle, time: candle.time as UTCTimestamp };
}

/** Steps of the price axis: a hundred-thousandth of the price, as a power of ten. */
function minMove(price: number): number {
  return 10 ** (Math.floor(Math.log10(price)) - SIGNIFICANT + 1);
}

export class Drawing {
  private palette: Palette = readPalette();
  private readonly chart: IChartApi;
  private readonly candles: ISeriesApi<"Candlestick">;
  private readonly volumes: ISeriesApi<"Histogram">;
  private readonly markers: ISeriesMarkersPluginApi<Time>;
  private readonly priceLines = new Map<string, IPriceLine>();
  private lines: Line[] = [];
  private marks: Mark[] = [];
  private series: Series = { revision: -1, candles: [], volumes: [] };

  constructor(
    container: HTMLElement,
    private readonly onLegend: (candle: Candle | null, volume: number | null) => void,
    /** A mark was clicked: the moment of its fill, Unix seconds. */
    onMark: (time: number) => void,
  ) {
    this.chart = createChart(container, chartOptions(this.palette));
    this.candles = this.chart.addSeries(CandlestickSeries, {
      priceFormat: {
        type: "custom",
        formatter: (price: number) => formatPrice(price),
        minMove: 1e-9,
      },
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
    this.chart.subscribeCrosshairMove(({ time }) => this.legend(time));
    this.chart.subscribeClick(({ hoveredObjectId: id }) => {
      if (typeof id === "string") onMark(Number.parseInt(id, 10));
    });
    this.recolour();
  }

  /** Draws a series: all of it when it is another, else only its end. */
  show(series: Series, isOther: boolean) {
    const before = this.series;
    this.series = series;
    if (isOther || series.revision !== before.revision) {
      this.redraw();
      this.chart.timeScale().setVisibleLogicalRange({
        from: series.candles.length - SHOWN_CANDLES,
        to: series.candles.length + ROOM_AT_THE_END,
      });
    } else {
      this.extend(before.candles.at(-1)?.time ?? 0);
    }
    this.legend();
  }

  setLines(lines: Line[]) {
    const { added, moved, removed } = changeOf(this.lines, lines);
    this.lines = lines;
    for (const id of removed) {
      const line = this.priceLines.get(id);
      if (line) this.candles.removePriceLine(line);
      this.priceLines.delete(id);
    }
    for (const line of moved) this.priceLines.get(line.id)?.applyOptions(this.lineOptions(line));
    for (const line of added) {
      this.priceLines.set(line.id, this.candles.createPriceLine(this.lineOptions(line)));
    }
  }

  setMarks(marks: Mark[]) {
    this.marks = marks;
    this.markers.setMarkers(markersOf(marks, this.series.candles, this.palette));
  }

  /** Takes the colours of the theme as it is now. */
  recolour() {
    this.palette = readPalette();
    const { candleUp, candleDown } = this.palette;
    this.chart.applyOptions(chartOptions(this.palette));
    this.candles.applyOptions({
      upColor: candleUp,
      downColor: candleDown,
      wickUpColor: candleUp,
      wickDownColor: candleDown,
      borderVisible: false,
    });
    for (const line of this.lines)
      this.priceLines.get(line.id)?.applyOptions(this.lineOptions(line));
    this.redraw();
  }

  toNow() {
    this.chart.timeScale().scrollToRealTime();
  }

  remove() {
    this.chart.remove();
  }

  /** Draws what is as new as the last candle drawn, or newer: several can come at once. */
  private extend(since: number) {
    const { candles, volumes } = this.series;
    const fresh = candles.slice(candles.findLastIndex((it) => it.time < since) + 1);
    const byTime = new Map(fresh.map((candle) => [candle.time, candle]));
    for (const candle of fresh) this.candles.update(candlePoint(candle));
    for (const volume of volumes.slice(volumes.findLastIndex((it) => it.time < since) + 1)) {
      this.volumes.update(this.volumePoint(volume, byTime.get(volume.time)));
    }
  }

  private redraw() {
    const { candles, volumes } = this.series;
    const last = candles.at(-1);
    if (last) {
      this.candles.applyOptions({
        priceFormat: {
          type: "custom",
          formatter: (price: number) => formatPrice(price, SIGNIFICANT - 1),
          minMove: minMove(last.close),
        },
      });
    }
    const byTime = new Map(candles.map((candle) => [candle.time, candle]));
    this.candles.setData(candles.map(candlePoint));
    this.volumes.setData(volumes.map((it) => this.volumePoint(it, byTime.get(it.time))));
    this.setMarks(this.marks);
  }

  private volumePoint(volume: Volume, candle: Candle | undefined) {
    const fell = candle !== undefined && candle.close < candle.open;
    return {
      time: volume.time as UTCTimestamp,
      value: volume.value,
      color: fell ? this.palette.volumeDown : this.palette.volumeUp,
    };
  }

  private lineOptions(line: Line): CreatePriceLineOptions {
    const { accent, down, up, faint } = this.palette;
    const looks: Record<LineKind, { color: string; lineStyle: LineStyle }> = {
      entry: { color: accent, lineStyle: LineStyle.Solid },
      stop: { color: down, lineStyle: LineStyle.Dashed },
      target: { color: up, lineStyle: LineStyle.Dashed },
      taken: { color: faint, lineStyle: LineStyle.SparseDotted },
      highest: { color: faint, lineStyle: LineStyle.Dotted },
    };
    const axisLabelTextColor = this.palette.ground;
    const { price, title } = line;
    return {
      price,
      title,
      lineWidth: 1,
      axisLabelVisible: true,
      axisLabelTextColor,
      ...looks[line.kind],
    };
  }

  private scale(info: AutoscaleInfo | null): AutoscaleInfo | null {
    const last = this.series.candles.at(-1);
    if (!info?.priceRange || !last) return info;
    const prices = pricesInView(this.lines, last.close);
    const minValue = Math.min(info.priceRange.minValue, ...prices);
    const maxValue = Math.max(info.priceRange.maxValue, ...prices);
    return { ...info, priceRange: { minValue, maxValue } };
  }

  private legend(time?: Time) {
    const at = time === undefined ? undefined : Number(time);
    const find = <Point extends { time: number }>(points: Point[]) =>
      at === undefined ? points.at(-1) : points.find((point) => point.time === at);
    const volume = find(this.series.volumes);
    this.onLegend(find(this.series.candles) ?? null, volume?.value ?? null);
  }
}
