/** The bars that a chart shows, outside React's tree: live candles never render a component. */
import { createStore } from "zustand/vanilla";
import { type ChartCandles, isTimeframe, olderBars, type Timeframe, widthOf } from "@/api/candles";
import { live } from "@/api/live";
import { own } from "@/lib/own";
import { adopt, type Bars, catchUp, prepend } from "./bars";

export interface Shown {
  /** Null until candles are here. */
  token: string | null;
  timeframe: Timeframe | null;
  /** Whether bars are as long as the platform's own candles. */
  isOwn: boolean;
  bars: Bars | null;
  older: "more" | "loading" | "none" | "failed";
}

const nothing: Shown = {
  token: null,
  timeframe: null,
  isOwn: true,
  bars: null,
  older: "more",
};

const MOST = 20_000;

export class BarStore {
  readonly state = createStore<Shown>(() => nothing);

  /** Follows the live candles until the returned function is called. */
  follow(): () => void {
    return live.subscribe((now, before) => {
      const { token } = this.state.getState();
      if (token !== null && own(now.series, token) !== own(before.series, token)) this.catchUp();
    });
  }

  /** Takes over the newest page; the bars of another token or timeframe are forgotten. */
  adopt(token: string, page: ChartCandles) {
    if (!isTimeframe(page.timeframe)) return;
    const before = this.state.getState();
    const isSame = before.token === token && before.timeframe === page.timeframe;
    this.state.setState({
      token,
      timeframe: page.timeframe,
      isOwn: page.timeframe === page.timeframes[0],
      bars: adopt(isSame ? before.bars : null, page, widthOf(page.timeframe)),
      older: isSame ? before.older : "more",
    });
    this.catchUp();
  }

  /** Asks for what is before the first bar, once at a time; until there is nothing. */
  async loadOlder() {
    const { token, timeframe, bars, older } = this.state.getState();
    const first = bars?.bars[0]?.time;
    if (token === null || timeframe === null || first === undefined) return;
    if (older === "loading" || older === "none" || bars === null) return;
    if (bars.bars.length >= MOST) return;
    this.state.setState({ older: "loading" });
    try {
      const page = await olderBars(token, timeframe, first);
      this.takeOlder(token, timeframe, page);
    } catch {
      // Said on the chart, with a button to try again.
      if (this.isStill(token, timeframe)) this.state.setState({ older: "failed" });
    }
  }

  private takeOlder(token: string, timeframe: Timeframe, page: ChartCandles) {
    const { bars } = this.state.getState();
    if (!this.isStill(token, timeframe) || bars === null) return;
    const older = page.candles.length === 0 ? "none" : "more";
    this.state.setState({ bars: prepend(bars, page), older });
  }

  private isStill(token: string, timeframe: Timeframe): boolean {
    const now = this.state.getState();
    return now.token === token && now.timeframe === timeframe;
  }

  private catchUp() {
    const { token, bars, isOwn } = this.state.getState();
    const told = token === null ? undefined : own(live.getState().series, token);
    if (told === undefined || bars === null) return;
    const after = catchUp(bars, told, isOwn);
    if (after !== bars) this.state.setState({ bars: after });
  }
}
