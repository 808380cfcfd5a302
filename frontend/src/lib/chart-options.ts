/** What all charts of the dashboard have in common. Loaded with them, never with the first page. */
import {
  ColorType,
  CrosshairMode,
  type DeepPartial,
  LineStyle,
  type TickMarkType,
  type Time,
  type TimeChartOptions,
} from "lightweight-charts";
import type { Palette } from "./palette";
import { formatMoment, formatTime } from "./time";

const clock = { hour: "2-digit", minute: "2-digit" } as const;
const clockWithSeconds = { timeStyle: "medium" } as const;
const day = { day: "numeric", month: "short" } as const;
const year = { month: "short", year: "numeric" } as const;
// By the library's numbers of a tick's weight: year, month, day, time, time with seconds.
const ticks = [year, year, day, clock, clockWithSeconds];

function millisecondsOf(time: Time): number {
  return Number(time) * 1000;
}

/** Times in the person's own zone. The logo injects a style element, which the policy refuses; the
 * link to its makers stands below the chart instead. */
export function chartOptions(palette: Palette): DeepPartial<TimeChartOptions> {
  const label = { color: palette.crosshair, labelBackgroundColor: palette.crosshair };
  return {
    autoSize: true,
    layout: {
      attributionLogo: false,
      background: { type: ColorType.Solid, color: palette.ground },
      textColor: palette.text,
      fontFamily: palette.font,
      fontSize: 11,
      panes: { separatorColor: palette.grid, separatorHoverColor: palette.crosshair },
    },
    grid: {
      vertLines: { color: palette.grid, style: LineStyle.Dotted },
      horzLines: { color: palette.grid, style: LineStyle.Dotted },
    },
    crosshair: {
      mode: CrosshairMode.Normal,
      vertLine: { ...label, style: LineStyle.Dashed },
      horzLine: { ...label, style: LineStyle.Dashed },
    },
    rightPriceScale: { borderColor: palette.grid },
    timeScale: {
      borderColor: palette.grid,
      timeVisible: true,
      secondsVisible: true,
      tickMarkFormatter: (time: Time, type: TickMarkType) =>
        formatTime(millisecondsOf(time), ticks[type] ?? clock),
    },
    localization: { timeFormatter: (time: Time) => formatMoment(millisecondsOf(time)) },
  };
}
