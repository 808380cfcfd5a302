/** The numbers of a decision, each in its unit. */
import { formatNumber, formatPercent } from "./format";

type Unit = "share" | "seconds" | "flag";

const units: Record<string, Unit> = {
  drawdown: "share",
  daily_loss: "share",
  token_exposure: "share",
  exposure: "share",
  momentum: "share",
  atr: "share",
  max_atr: "share",
  price_age: "seconds",
  kill_switch: "flag",
  wallet_paused: "flag",
};

const writers: Record<Unit, (value: number) => string> = {
  share: (value) => formatPercent(100 * value, 2),
  seconds: (value) => `${formatNumber(Math.round(value * 10) / 10)} s`,
  flag: (value) => (value === 0 ? "no" : "yes"),
};

/** `exposure` 0.0611 is 6.1 %. A name may carry its condition: `breakout: atr <= 0.25`. */
export function formatMeasure(name: string, value: number | null): string {
  if (value === null) return "";
  const condition = name.split(": ")[1];
  const unit = units[condition?.split(" ")[0] ?? name];
  return unit === undefined ? formatNumber(value) : writers[unit](value);
}
